"""Writes of files: storing, signing, publishing."""
