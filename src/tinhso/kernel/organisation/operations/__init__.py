"""Writes of the organisation, one function per use case: facts from packs, units, people."""
