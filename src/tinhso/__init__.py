"""Tỉnh Số: runs a Vietnamese province's digital government and proves its numbers."""

__version__ = "0.1.0"
