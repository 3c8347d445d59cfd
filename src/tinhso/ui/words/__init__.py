"""Words for codes, in the reader's language: what happened, why, and what to do now.

The kernel speaks in codes and parameters; this room says them. Every function here is total: a code without words gets a
safe, general sentence and is logged, so that a forgotten one is found and nobody sees a code. ``tests/house`` holds that
every declared code has words.
"""

from tinhso.ui.words.faults import KNOWN_FAULTS, field_fault
from tinhso.ui.words.filling import of
from tinhso.ui.words.history import KNOWN_HISTORY, Happening, history
from tinhso.ui.words.notices import KNOWN_NOTICES, notice
from tinhso.ui.words.problems import KNOWN_PROBLEMS, problem
from tinhso.ui.words.reasons import KNOWN_REASONS, reason
from tinhso.ui.words.states import (
    Standing,
    charge_state,
    due_sentence,
    fact,
    fact_name,
    mark,
    purpose,
    road,
    signature_verdict,
    standing,
    status,
    time_left,
)

__all__ = [
    "KNOWN_FAULTS",
    "KNOWN_HISTORY",
    "KNOWN_NOTICES",
    "KNOWN_PROBLEMS",
    "KNOWN_REASONS",
    "Happening",
    "Standing",
    "charge_state",
    "due_sentence",
    "fact",
    "fact_name",
    "field_fault",
    "history",
    "mark",
    "notice",
    "of",
    "problem",
    "purpose",
    "reason",
    "road",
    "signature_verdict",
    "standing",
    "status",
    "time_left",
]
