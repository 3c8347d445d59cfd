"""The console of the province's IT people: officials' accounts and roles, deliveries, payment messages, jobs, the record.

Thin: each room of the kernel decides itself who may do what; the role ``console.admin`` only opens these screens.
"""
