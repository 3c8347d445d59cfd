"""Screens of reports from the street: anybody's (``public``), the reporter's (``reporter``) and the official's (``desk``)."""
