"""Channels, one module each."""
