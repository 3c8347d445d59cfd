"""Providers, one module each; and the sandbox bank, a small separate program that plays the other side."""
