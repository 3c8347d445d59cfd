"""Reports from the street (phản ánh, kiến nghị): sent without an account, handled by an office, answered in public.

Its words: a *report* is a case of the type ``street-report``; its *reporter* is a citizen who has signed in, or the *bearer* of
a secret link; a report may be *joined* to another about the same matter, its *main* one, and gets that one's answer; what is
*public* of it an official has written, nothing else of it is ever shown to others.
"""
