"""One module per outside library or service; each imports what is heavy only when it is first used."""
