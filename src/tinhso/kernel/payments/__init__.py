"""Money owed to the province and what became of it: for the case engine, the counter, the citizen who pays by phone.

Its words: a *charge* is money owed for something (a *payable*, ``case:<uuid>``); a *settlement* is the money arriving, at
most one for each charge; a *provider* is who tells us that a transfer arrived; a *provider message* is what it told us,
kept whatever we thought of it (its *verdict*); a *collecting account* is the unit's bank account on a date.
"""
