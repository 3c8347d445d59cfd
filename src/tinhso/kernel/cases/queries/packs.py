"""Case types: which version is in force on a day, and the compiled declaration of a version."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from django.db.models import Q

from tinhso.kernel.cases.engine import clock as clocks
from tinhso.kernel.cases.engine import drawing, form, pack
from tinhso.kernel.cases.engine.definition import Definition
from tinhso.kernel.cases.engine.eligibility import assess
from tinhso.kernel.cases.families import families
from tinhso.kernel.cases.models import CaseTypeVersion
from tinhso.kernel.cases.types import Assessment, CaseType, Channel, FormField, NoSuchType, PackInvalid, PaperRule
from tinhso.kernel.organisation import api as organisation
from tinhso.kernel.organisation.types import Deadline
from tinhso.kernel.payments.types import ChargeLine
from tinhso.lib import clock
from tinhso.lib.expressions import NoAnswer

_compiled: dict[tuple[str, str], Definition] = {}
"""Versions are immutable and their name holds a hash of their content, so one is compiled once in a process's life."""


def check_pack(path: Path) -> list[str]:
    """What is wrong with a declaration, each fault with file, line and remedy; nothing is loaded. Empty when all is well."""
    try:
        pack.load(path, families())
    except PackInvalid as fault:
        listed = fault.params.get("faults")
        return [str(one) for one in listed] if isinstance(listed, list | tuple) else [str(fault)]
    return []


def definition_of(code: str, version: str) -> Definition:
    """The compiled declaration of one version: no query once this process has seen it. Raises :class:`NoSuchType`."""
    known = _compiled.get((code, version))
    if known is None:
        row = CaseTypeVersion.objects.filter(code=code, version=version).first()
        if row is None:
            raise NoSuchType(code=code, version=version)
        known = compiled(row)
    return known


def compiled(row: CaseTypeVersion) -> Definition:
    """The compiled declaration of a loaded row."""
    key = (row.code, row.version)
    if key not in _compiled:
        _compiled[key] = pack.load(row.source, families(), name=row.origin)
    return _compiled[key]


def row_in_force(code: str, on: date | None = None) -> CaseTypeVersion:
    """The version with which a case of type ``code`` begins on a day (default: today): one query, without the text of the
    declaration, which is read when it is compiled.

    Of several, the one that takes effect last; of those, the one loaded last. Raises :class:`NoSuchType`.
    """
    rows = CaseTypeVersion.objects.filter(_in_force(on or clock.today()), code=code).defer("source")
    row = rows.order_by("-effective_from", "-id").first()
    if row is None:
        raise NoSuchType(code=code)
    return row


def _in_force(on: date) -> Q:
    return Q(effective_from__lte=on) & (Q(effective_to__isnull=True) | Q(effective_to__gt=on))


def case_type(code: str, on: date | None = None) -> CaseType:
    """The case type of this code as it is begun on a day (default: today). Raises :class:`NoSuchType`."""
    return compiled(row_in_force(code, on)).public


def case_types(family: str | None = None, on: date | None = None) -> list[CaseType]:
    """The case types that can be begun on a day (default: today), one version of each, by code.

    One query; a declaration's text is read only once in a process's life.
    """
    rows = CaseTypeVersion.objects.filter(_in_force(on or clock.today())).order_by("code", "-effective_from", "-id")
    if family is not None:
        rows = rows.filter(family=family)
    first: dict[str, CaseTypeVersion] = {}
    for row in rows.defer("source"):
        first.setdefault(row.code, row)
    return [compiled(row).public for row in first.values()]


def visible_fields(code: str, data: dict[str, object]) -> tuple[FormField, ...]:
    """The questions that are asked of a new case, given what is answered so far."""
    return form.visible_fields(compiled(row_in_force(code)), data)


def papers_asked(code: str, data: dict[str, object]) -> tuple[PaperRule, ...]:
    """The papers asked for with a new case, given these answers."""
    return form.papers(compiled(row_in_force(code)), data)


def validate_page(code: str, page: str | None, data: dict[str, object]) -> list[form.FieldError]:
    """What is wrong with the answers on a page of a new case's form (None: on all): (field, code, parameters)."""
    return form.validate(compiled(row_in_force(code)), data, page)


def fee_preview(code: str, data: dict[str, object], channel: Channel = Channel.ONLINE) -> tuple[ChargeLine, ...]:
    """What would have to be paid, by the rules of today; nothing as long as the answers it depends on are missing."""
    try:
        return form.fees(compiled(row_in_force(code)), data, clock.today(), channel)
    except NoAnswer:
        return ()


def assess_preview(code: str, data: dict[str, object]) -> Assessment | None:
    """Whether somebody who answers so fulfils the conditions of a type today; None for a type without conditions."""
    definition = compiled(row_in_force(code))
    return assess(definition, data, clock.today()) if definition.conditions else None


def condition_fields(code: str, data: dict[str, object]) -> tuple[FormField, ...]:
    """The questions that a type's conditions depend on, as they are asked given these answers; none is required."""
    definition = compiled(row_in_force(code))
    read = {name for rule in definition.conditions for name in rule.public.fields}
    asked = form.visible_fields(definition, data)
    return tuple(replace(field, required=False) for field in asked if field.name in read)


def process_drawing(code: str, language: str, lanes: Mapping[str, str], version: str | None = None) -> str:
    """The process of a type (as begun today, or of a version) as a picture (SVG); ``lanes`` names its places."""
    definition = compiled(row_in_force(code)) if version is None else definition_of(code, version)
    return drawing.svg(definition, language, lanes)


def due_preview(code: str, at: datetime | None = None, data: dict[str, object] | None = None) -> Deadline:
    """By when a case received at ``at`` (default: now) would be due, and why: what a person is told before handing in. With
    ``data``, by the time limit for these answers."""
    return clocks.due(compiled(row_in_force(code)), at or clock.now(), organisation.calendar(), data)
