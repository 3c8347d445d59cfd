"""The pure machine of the case room: a declaration (pack) in, facts out; no Django, no database, no clock of its own.

``pack.load`` compiles a YAML declaration into a :class:`definition.Definition`; ``decide`` turns a wish (a move) into facts
(:mod:`events`) or refuses it with a reason; ``state.evolve`` folds facts into a :class:`state.CaseState`; ``clock`` explains
how much time is used and left. Operations, bulk import and the demo all call the same functions.
"""
