"""Telling people what happened: for the citizen who waits, the official who must act, and whoever keeps the system.

Its words: a *notice* is something one person was told, in the portal at least; a *delivery* is that notice on one *channel*
(portal, e-mail) and what became of it; a *recipient* is ``party:<id>`` or ``account:<id>``. Codes and parameters in, words
come from outside (the *renderer*), in the recipient's language.
"""
