"""Numbers: what the province reports, counted from the ledger's entries as they are sealed, for leaders and those who report.

Its words: a *measure* is fed by one kind of entry, or a few (so many dossiers received); an *indicator* is a formula of
measures (on time among finished); a *book* is an app's declaration of both, a YAML file; the *cube* holds the measures by
unit, day and the book's dimensions; an *edition* is one counting of a book from the first entry on: a changed book is
counted anew beside the old one, which is shown until the new one has caught up. Every figure opens down to its entries.
"""
