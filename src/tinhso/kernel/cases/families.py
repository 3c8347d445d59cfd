"""The families of case types this installation knows: the vocabulary of an app, and what its names do.

An app declares its family once, from its ``declarations.py``. A pack may use no other names, so what a pack says can always be
done; what an app leaves undone is refused here, at start, not in the middle of a case.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tinhso.kernel.cases.engine.definition import BUILTIN_EFFECTS, Family
from tinhso.kernel.cases.types import Effect, EntryPoints, FactSource, Moment

DESKS = frozenset({"to_receive", "to_assign", "mine", "to_review", "to_sign", "to_number", "to_return"})
"""Work lists in which a step may wait for a role."""


@dataclass(frozen=True, slots=True)
class Declared:
    """A family and the functions behind its names. ``desks`` says in which work list a step waits, by the step's role."""

    family: Family
    effects: Mapping[str, Effect]
    facts: FactSource
    desks: Mapping[str, str] = field(default_factory=dict)
    entry: EntryPoints = field(default_factory=EntryPoints)


_declared: dict[str, Declared] = {}


def no_facts(moment: Moment) -> Mapping[str, object]:
    """The fact source of a family that adds none."""
    return {}


def declare_family(
    family: Family,
    *,
    effects: Mapping[str, Effect] | None = None,
    facts: FactSource = no_facts,
    desks: Mapping[str, str] | None = None,
    entry: EntryPoints | None = None,
) -> None:
    """Make a family of case types known.

    ``effects`` gives a function for each name in ``family.effects``; ``facts`` the values of ``family.facts``; ``desks`` the
    work list (:data:`DESKS`) in which a step of a role waits, where the kind of step does not already say it; ``entry`` the
    names of the app's routes.

    Raises ``TypeError`` for a name without a function, a function without a name, an unknown list, or a second family with the
    same code.
    """
    effects, desks = effects or {}, desks or {}
    if unequal := family.effects - BUILTIN_EFFECTS ^ set(effects):
        raise TypeError(f"family {family.code}: effects and their functions differ in {sorted(unequal)}")
    if strange := {*desks.values()} - DESKS:
        raise TypeError(f"family {family.code}: no such work list: {sorted(strange)}")
    if family.code in _declared and _declared[family.code].family != family:
        raise TypeError(f"family {family.code} is declared twice")
    _declared[family.code] = Declared(family, effects, facts, desks, entry or EntryPoints())


def declared(code: str) -> Declared:
    """The declared family of this code; ``KeyError`` when no installed app declares it."""
    return _declared[code]


def families() -> dict[str, Family]:
    """Every declared family by its code: the vocabulary that packs are read with."""
    return {code: known.family for code, known in _declared.items()}


def entry_points(code: str) -> EntryPoints:
    """The routes of the app that handles this family."""
    return _declared[code].entry
