"""Composition root: settings, urls, wsgi, the list of apps, injected channels, the `tinhso` command."""
