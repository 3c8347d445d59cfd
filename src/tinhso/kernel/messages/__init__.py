"""Floor 5. Notices to people through channels."""
