"""The families of case types this installation knows: the vocabulary of an app, and what its names do.

An app declares its family once, from its ``declarations.py``. A pack may use no other names, so what a pack says can always be
done; what an app leaves undone is refused here, at start, not in the middle of a case.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tinhso.kernel.cases.engine.definition import BUILTIN_EFFECTS, Family
from tinhso.kernel.cases.types import Effect, FactSource

DESKS = frozenset({"to_receive", "to_review", "mine", "to_sign", "to_number", "asked"})
"""What a role does, named by the work list it mainly lives in: the counter (``to_receive``), who assigns and reviews
(``to_review``), who works on what is assigned to him (``mine``), who signs, who numbers, who is asked for opinions."""


@dataclass(frozen=True, slots=True)
class EntryPoints:
    """Names of an app's routes, so that portals can link to a case without knowing the app. Each takes what is in brackets."""

    guide: str = ""
    """Read about a type (``type_code``)."""
    start: str = ""
    """Begin a form (``type_code``)."""
    draft: str = ""
    """Go on with a form (``draft_id``)."""
    own: str = ""
    """The applicant's page of a case (``code``)."""
    desk: str = ""
    """The official's page of a case (``code``)."""
    own_file: str = ""
    """A file of a case for its applicant (``code``, ``file_id``)."""


@dataclass(frozen=True, slots=True)
class Declared:
    """A family and the functions behind its names. ``desks`` says what each role does."""

    family: Family
    effects: Mapping[str, Effect]
    facts: FactSource | None
    desks: Mapping[str, str] = field(default_factory=dict)
    entry: EntryPoints = field(default_factory=EntryPoints)


_declared: dict[str, Declared] = {}


def declare_family(
    family: Family,
    *,
    desks: Mapping[str, str],
    effects: Mapping[str, Effect] | None = None,
    facts: FactSource | None = None,
    entry: EntryPoints | None = None,
) -> None:
    """Make a family of case types known.

    ``desks`` says for each of the family's roles what it does (one of :data:`DESKS`): work lists are drawn from it. ``effects``
    gives a function for each name in ``family.effects``; ``facts`` the values of ``family.facts``; ``entry`` the names of the
    app's routes.

    Raises ``TypeError`` for a role without a desk, an unknown desk, a name without a function or a function without a name, or
    a second family with the same code.
    """
    effects = effects or {}
    if unequal := family.effects - BUILTIN_EFFECTS ^ set(effects):
        raise TypeError(f"family {family.code}: effects and their functions differ in {sorted(unequal)}")
    if bool(family.facts) != (facts is not None):
        raise TypeError(f"family {family.code}: facts are declared without a source, or a source without facts")
    if unequal := family.roles ^ set(desks):
        raise TypeError(f"family {family.code}: roles and their desks differ in {sorted(unequal)}")
    if strange := {*desks.values()} - DESKS:
        raise TypeError(f"family {family.code}: no such desk: {sorted(strange)}; there are {sorted(DESKS)}")
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


def desk_of_role(role: str) -> str | None:
    """What a role does, whichever family declares it; None for a role that is none of a family's."""
    return next((known.desks[role] for known in _declared.values() if role in known.desks), None)
