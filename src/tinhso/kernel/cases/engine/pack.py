"""Reading a case type's declaration: YAML in, :class:`Definition` out, or every fault at once with its line and its remedy."""

import hashlib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from tinhso.kernel.cases.engine.clock import describe
from tinhso.kernel.cases.engine.definition import (
    ClockRule,
    Definition,
    ExtensionRule,
    Family,
    LimitRule,
    Requirement,
    SupplementMode,
    SupplementRule,
)
from tinhso.kernel.cases.engine.pack_flow import FlowReader, check_whole
from tinhso.kernel.cases.engine.pack_form import FormReader, check_dates, day, maybe_words, words
from tinhso.kernel.cases.engine.pack_text import Fault, PackText, read
from tinhso.kernel.cases.types import CaseType, Channel, FormPage, PackInvalid, PaperRule, PartRule, ResultRule, Stage
from tinhso.kernel.organisation.types import WorkingTime

__all__ = ["Fault", "load"]


def load(source: Path | str, families: Mapping[str, Family], name: str | None = None) -> Definition:
    """Compile a declaration (a path, or its text with a ``name`` for messages) with the declared families' vocabulary.

    Raises ``PackInvalid``: ``params["faults"]`` is a list of ``Fault(file, line, what, remedy)``; ``file``, ``line``, ``what``
    and ``remedy`` repeat the first one. ``OSError`` when the file can't be read."""
    file = name or (str(source) if isinstance(source, Path) else "pack")
    text = _text(source, file)
    pack = read(text, file)
    _refuse(pack)
    family = families.get(pack.data["family"])
    if family is None:
        known = ", ".join(sorted(families)) or "none"
        pack.fault(("family",), f"no app declares the family '{pack.data['family']}'", f"Known: {known}")
        raise _invalid(pack)
    definition = _build(pack, family, text)
    _refuse(pack)
    return definition


def _text(source: Path | str, file: str) -> str:
    if isinstance(source, str):
        return source
    try:
        return source.read_text("utf-8")
    except UnicodeDecodeError as fault:
        where = source.read_bytes()[: fault.start].count(b"\n") + 1
        pack = PackText(file, faults=[Fault(file, where, "the file is not UTF-8 text", "Save it as UTF-8")])
        raise _invalid(pack) from fault


def _refuse(pack: PackText) -> None:
    if pack.faults:
        raise _invalid(pack)


def _invalid(pack: PackText) -> PackInvalid:
    faults = sorted(pack.faults, key=lambda f: f.line)
    first = faults[0]
    return PackInvalid(faults=faults, file=first.file, line=first.line, what=first.what, remedy=first.remedy)


def _build(pack: PackText, family: Family, text: str) -> Definition:
    raw = pack.data
    form = FormReader(pack)
    pages = form.pages(raw["form"]["pages"])
    conditions, papers = form.papers(raw["papers"])
    fees = form.fees(raw.get("fees", []))
    benefits = form.fees(raw.get("benefits", []), "benefits")
    requirements = form.conditions(raw.get("conditions", []))
    flow = FlowReader(pack, family, form)
    flow.read(raw)
    check_whole(flow)
    return Definition(
        public=_public(pack, text, pages, papers, flow, requirements),
        family=family,
        field_code=raw["field"]["code"],
        initial=next(iter(flow.steps)),
        steps=flow.steps,
        moves=flow.moves,
        places=flow.places,
        fields=form.fields,
        papers=conditions,
        clock=_clock(form, raw["clock"]),
        supplements=_supplements(raw.get("supplement", _NOTHING_ASKED)),
        extension=_extension(pack),
        tasks=flow.tasks,
        fees=fees,
        results=_results(pack, family, flow, pages),
        conditions=requirements,
        benefits=benefits,
        source=pack.file,
        text=text,
    )


def _public(
    pack: PackText,
    text: str,
    pages: tuple[FormPage, ...],
    papers: tuple[PaperRule, ...],
    flow: FlowReader,
    requirements: tuple[Requirement, ...],
) -> CaseType:
    raw = pack.data
    begins, ends = date.fromisoformat(raw["effective_from"]), day(raw.get("effective_to"))
    check_dates(pack, (), begins, ends)
    digest = hashlib.sha256(text.encode()).hexdigest()
    return CaseType(
        code=raw["type"],
        version=f"{begins}.{digest[:12]}",
        family=raw["family"],
        effective_from=begins,
        effective_to=ends,
        title=words(raw["title"]),
        summary=words(raw["summary"]),
        guide=tuple((words(part["heading"]), words(part["text"])) for part in raw["guide"]),
        field=words(raw["field"]),
        national_code=raw.get("national_code", ""),
        pages=pages,
        papers=papers,
        steps=tuple(step.rule for step in flow.steps.values()),
        moves=tuple(move.rule for move in flow.moves.values()),
        duration=words(raw["words"]["duration"]),
        fee=words(raw["words"]["fee"]),
        result=words(raw["words"]["result"]),
        legal_basis=tuple(words(basis) for basis in raw["legal_basis"]),
        keywords=tuple(raw.get("keywords", ())),
        channels=tuple(Channel(c) for c in raw["channels"]),
        icon=raw.get("icon", "file-text"),
        stages=_stages(pack, flow),
        conditions=tuple(rule.public for rule in requirements),
        parts=tuple(
            PartRule(kind, rule.title, rule.at or "", describe(rule.limit), rule.after)
            for step in flow.steps.values()
            for kind in step.parts
            for rule in [flow.tasks[kind]]
        ),
    )


def _stages(pack: PackText, flow: FlowReader) -> tuple[Stage, ...]:
    """The way as applicants see it: when it is declared at all, every step has its one place on it."""
    raw = pack.data.get("stages", ())
    told = [step for stage in raw for step in stage["steps"]]
    for n, stage in enumerate(raw):
        for m, step in enumerate(stage["steps"]):
            if step not in flow.steps:
                pack.fault(("stages", n, "steps", m), f"there is no step '{step}'", f"Known: {', '.join(sorted(flow.steps))}")
            elif told.count(step) > 1:
                pack.fault(("stages", n, "steps", m), f"step '{step}' is in two stages", "Leave it in one of them")
    if raw and (missing := [step for step in flow.steps if step not in told]):
        pack.fault(("stages",), f"no stage has the step '{missing[0]}'", "Put each step into one stage")
    return tuple(Stage(words(stage["title"]), tuple(stage["steps"])) for stage in raw)


_NOTHING_ASKED: Mapping[str, Any] = {"max": 0, "corrections_max": 0, "answer_within": {"working_days": 1}, "late_above": 0}
"""For types that never ask the applicant for more."""


def _clock(form: FormReader, raw: Mapping[str, Any]) -> ClockRule:
    return ClockRule(
        limit=WorkingTime(**raw["limit"]),
        supplement_mode=SupplementMode(raw["supplement_mode"]),
        warn_days=raw["warn_days"],
        legal_basis=raw["legal_basis"],
        extension_moves_kpi=raw.get("extension_moves_kpi", False),
        limits=tuple(
            LimitRule(when, WorkingTime(**rule["limit"]), rule["legal_basis"])
            for n, rule in enumerate(raw.get("limits", ()))
            if (when := form.expression(("clock", "limits", n, "when"), rule["when"])) is not None
        ),
    )


def _supplements(raw: Mapping[str, Any]) -> SupplementRule:
    within = WorkingTime(**raw["answer_within"])
    return SupplementRule(raw["max"], within, raw["corrections_max"], raw["late_above"])


def _extension(pack: PackText) -> ExtensionRule | None:
    raw = pack.data.get("extension")
    if raw is None:
        return None
    limits = [pack.data["clock"], *pack.data["clock"].get("limits", ())]
    if any("working_hours" in rule["limit"] for rule in limits):
        pack.fault(
            ("extension",), "a limit in hours cannot be extended by days", "Remove 'extension:' or give the limit in days"
        )
    return ExtensionRule(raw["notice_days"], raw["max_days"], raw["legal_basis"])


def _results(pack: PackText, family: Family, flow: FlowReader, pages: tuple[FormPage, ...]) -> dict[str, ResultRule]:
    results: dict[str, ResultRule] = {}
    for n, raw in enumerate(pack.data.get("results", ())):
        if raw["template"] not in family.templates:
            known = ", ".join(sorted(family.templates)) or "none"
            pack.fault(("results", n, "template"), f"there is no template '{raw['template']}'", f"Known: {known}")
        if raw["code"] in results:
            pack.fault(("results", n, "code"), f"two results are called '{raw['code']}'", "Rename one of them")
        known_here = {
            "issuer": ("place", [*flow.places]),
            "pages": ("page", [page.id for page in pages]),
            "encloses": ("paper", [paper["code"] for paper in pack.data["papers"]]),
        }
        for key, (kind, names) in known_here.items():
            given = raw.get(key, ())
            for name in [given] if isinstance(given, str) else given:
                if name not in names:
                    pack.fault(("results", n, key), f"there is no {kind} '{name}'", f"Known: {', '.join(names)}")
        results[raw["code"]] = ResultRule(
            raw["code"],
            words(raw["title"]),
            raw["template"],
            raw["number_series"],
            raw.get("valid_months"),
            issuer=raw.get("issuer"),
            statement=maybe_words(raw.get("statement")),
            pages=tuple(raw.get("pages", ())),
            encloses=tuple(raw.get("encloses", ())),
        )
    return results
