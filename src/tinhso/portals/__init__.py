"""Screens across apps: the citizen's portal, the official's desk."""
