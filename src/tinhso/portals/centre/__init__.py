"""The operations centre: the province's figures for its leaders, each opening down to the records behind it.

Its words: a *figure* is an indicator's or measure's value for a unit and a span of days; a unit's figure counts the units
below it too.
"""
