"""The business: one room per noun of the field, blind to each other."""
