"""The part of a pack that asks and charges: fields, papers, fees; and the expressions in them."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError

from tinhso.kernel.cases.engine.definition import FeeRule, FieldRule, PaperCondition, Requirement
from tinhso.kernel.cases.engine.pack_text import At, PackText
from tinhso.kernel.cases.types import ConditionRule, FormField, FormPage, PaperRule, Words
from tinhso.lib import expressions
from tinhso.lib.expressions import Expression, ExpressionInvalid, Names, NoAnswer

_SHAPES: Mapping[str, Mapping[str, Any]] = {
    "text": {"type": "string", "maxLength": 200},
    "textarea": {"type": "string", "maxLength": 4000},
    "number": {"type": "number"},
    "date": {"type": "string", "format": "date"},
    "choice": {"type": "string"},
    "choices": {"type": "array", "items": {"type": "string"}, "uniqueItems": True, "maxItems": 50},
    "yesno": {"type": "boolean"},
    "area": {"type": "string", "pattern": "^[0-9]{2,5}$"},
    "phone": {"type": "string", "pattern": "^0[0-9]{9,10}$"},
    "identifier": {"type": "string", "pattern": "^[0-9]{12}$"},
    "money": {"type": "integer", "minimum": 0},
    "official": {"type": "string", "maxLength": 100},
    "unit": {"type": "string", "maxLength": 100},
    "papers": {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 50, "uniqueItems": True},
    "file": {"type": "string", "maxLength": 100},
    "files": {"type": "array", "items": {"type": "string", "maxLength": 100}, "maxItems": 20, "uniqueItems": True},
}
"""What each widget's answer looks like; a field's own ``schema`` narrows it."""

_LITERAL = re.compile(r"data\.(\w+)\s*(?:[=!]=\s*|in\s*\[)((?:'[^']*'|\"[^\"]*\")(?:\s*,\s*(?:'[^']*'|\"[^\"]*\"))*)")
_SAMPLES: Mapping[str, Any] = {"string": "x", "number": 1.0, "integer": 1, "boolean": True, "array": ["x"]}


def words(raw: Mapping[str, str] | None) -> Words:
    """Text of the pack."""
    return Words(raw["vi"].strip(), raw["en"].strip()) if raw else Words("", "")


def maybe_words(raw: Mapping[str, str] | None) -> Words | None:
    """Text of the pack, if there is any."""
    return words(raw) if raw else None


def day(raw: str | None) -> date | None:
    """A date of the pack; the schema has checked its form."""
    return date.fromisoformat(raw) if raw else None


def sample(field: FormField) -> Any:
    """A value of the field's type, for trying expressions out."""
    if field.choices and field.schema["type"] == "string":
        return field.choices[0][0]
    return _SAMPLES[field.schema["type"]]


def field_of(pack: PackText, raw: Mapping[str, Any], at: At, choices: tuple[tuple[str, Words], ...] = ()) -> FormField:
    """A question of a form or of a move. ``choices`` stand in where the field gives none."""
    choices = tuple((c["value"], words(c)) for c in raw.get("choices", ())) or choices
    shape = {**_SHAPES[raw["widget"]], **raw.get("schema", {})}
    if raw["widget"] == "choice" and choices:
        shape["enum"] = [value for value, _ in choices]
    elif raw["widget"] == "choices" and choices:
        shape["items"] = {"enum": [value for value, _ in choices]}
    elif raw["widget"] in ("choice", "choices"):
        pack.fault(at, f"field '{raw['name']}' offers nothing to choose from", "Add 'choices:' with values and words")
    try:
        Draft202012Validator.check_schema(shape)
    except SchemaError as fault:
        pack.fault((*at, "schema"), f"the schema of '{raw['name']}' is not valid: {fault.message}", "See JSON Schema 2020-12")
    if shape.get("type") not in _SAMPLES:
        pack.fault((*at, "schema"), f"the type of '{raw['name']}' is not known", f"Use one of: {', '.join(_SAMPLES)}")
        shape["type"] = "string"
    return FormField(
        name=raw["name"],
        label=words(raw["label"]),
        schema=shape,
        widget=raw["widget"],
        required=raw.get("required", False),
        help=maybe_words(raw.get("help")),
        unit=raw.get("unit"),
        choices=choices,
        prefill=raw.get("prefill"),
        visible=raw.get("visible"),
    )


class FormReader:
    """Reads pages, papers and fees, and compiles their expressions against the fields read so far."""

    def __init__(self, pack: PackText) -> None:
        self.pack = pack
        self.fields: dict[str, FieldRule] = {}

    def names(self) -> dict[str, Any]:
        """The form's fields with a sample of each."""
        return {name: sample(rule.field) for name, rule in self.fields.items()}

    def expression(self, at: At, source: str, names: Names | None = None) -> Expression | None:
        """Compile, or note why not and give None."""
        try:
            compiled = expressions.compile(source, names if names is not None else {"data": self.names()})
        except ExpressionInvalid as fault:
            place = f" at column {fault.column}" if fault.column else ""
            self.pack.fault(at, f"expression '{source}'{place}: {fault.what}", self._remedy(fault.what, names))
            return None
        self._check_choices(at, source)
        return compiled

    def _remedy(self, what: str, names: Names | None) -> str:
        if what.startswith("unknown name"):
            known = names or {"data": self.names()}
            return "Known here: " + ", ".join(f"{root}.{name}" for root, members in known.items() for name in members)
        return "See docs/decisions/0006-expressions.md for what may be written"

    def _check_choices(self, at: At, source: str) -> None:
        for match in _LITERAL.finditer(source):
            rule = self.fields.get(match.group(1))
            known = [value for value, _ in rule.field.choices] if rule else []
            for literal in re.findall(r"['\"]([^'\"]*)['\"]", match.group(2)):
                if known and literal not in known:
                    what = f"expression '{source}': {match.group(1)} is never '{literal}'"
                    self.pack.fault(at, what, f"Write one of: {', '.join(known)}")

    def pages(self, raw: list[dict[str, Any]]) -> tuple[FormPage, ...]:
        """The form's pages. A question may depend only on earlier ones, so that answers settle from top to bottom."""
        pages: list[FormPage] = []
        for n, page in enumerate(raw):
            at: At = ("form", "pages", n)
            if page["id"] in {p.id for p in pages}:
                self.pack.fault((*at, "id"), f"two pages are called '{page['id']}'", "Rename one of them")
            conditions = self._visible(at, page)
            fields = tuple(self._field((*at, "fields", m), f, page["id"], conditions) for m, f in enumerate(page["fields"]))
            pages.append(FormPage(page["id"], words(page["title"]), fields, maybe_words(page.get("help")), page.get("visible")))
        return tuple(pages)

    def _visible(self, at: At, raw: Mapping[str, Any]) -> tuple[Expression, ...]:
        if "visible" not in raw:
            return ()
        compiled = self.expression((*at, "visible"), raw["visible"])
        return (compiled,) if compiled else ()

    def _field(self, at: At, raw: Mapping[str, Any], page: str, conditions: tuple[Expression, ...]) -> FormField:
        field = field_of(self.pack, raw, at)
        if field.name in self.fields:
            self.pack.fault((*at, "name"), f"two fields are called '{field.name}'", "Rename one of them")
        self.fields[field.name] = FieldRule(field, page, (*conditions, *self._visible(at, raw)))
        return field

    def papers(self, raw: list[dict[str, Any]]) -> tuple[dict[str, PaperCondition], tuple[PaperRule, ...]]:
        """The papers, with when each is asked for."""
        conditions: dict[str, PaperCondition] = {}
        rules = []
        for n, paper in enumerate(raw):
            at: At = ("papers", n)
            if paper["code"] in conditions or paper["code"] in self.fields:
                self.pack.fault((*at, "code"), f"'{paper['code']}' already names a paper or a field", "Rename one of them")
            visible = self._visible(at, paper)
            conditions[paper["code"]] = PaperCondition(paper["code"], visible[0] if visible else None)
            rules.append(
                PaperRule(
                    code=paper["code"],
                    title=words(paper["title"]),
                    required=paper["required"],
                    help=maybe_words(paper.get("help")),
                    formats=tuple(paper.get("formats", ("pdf", "jpg", "png"))),
                    max_bytes=paper.get("max_megabytes", 20) * 1024 * 1024,
                    max_files=paper.get("max_files", 5),
                    visible=paper.get("visible"),
                )
            )
        return conditions, tuple(rules)

    def fees(self, raw: list[dict[str, Any]], section: str = "fees") -> tuple[FeeRule, ...]:
        """The fee rules, or those of what a person gets (``benefits``); those of one code may not overlap in time."""
        names = {"data": self.names(), "case": {"channel": "online"}, "age": self._ages()}
        rules: list[FeeRule] = []
        for n, fee in enumerate(raw):
            at: At = (section, n)
            amount = self.expression((*at, "amount"), fee["amount"], names)
            when = self.expression((*at, "when"), fee["when"], names) if "when" in fee else None
            begins, ends = date.fromisoformat(fee["effective_from"]), day(fee.get("effective_to"))
            check_dates(self.pack, at, begins, ends)
            for other in rules:
                if other.code == fee["code"] and _overlap(other, begins, ends) and not (when or other.when):
                    what = f"two rules for '{fee['code']}' are in force at the same time"
                    self.pack.fault((*at, "effective_from"), what, "End the earlier one where the later begins, or add 'when:'")
            if amount is not None:
                self._check_amount((*at, "amount"), amount, names)
                title, collect = words(fee["title"]), fee.get("collect", "never")
                rules.append(FeeRule(fee["code"], title, begins, ends, amount, when, collect, fee["legal_basis"]))
        return tuple(rules)

    def _check_amount(self, at: At, amount: Expression, names: Names) -> None:
        try:
            value = amount.evaluate(names)
        except NoAnswer:
            return
        if isinstance(value, bool) or not isinstance(value, int | float):
            what = f"the amount '{amount.source}' is not a number"
            self.pack.fault(at, what, "Give whole đồng, or an expression that yields them")

    def conditions(self, raw: list[dict[str, Any]]) -> tuple[Requirement, ...]:
        """What must hold for the applicant to get what he asks for."""
        names = {"data": self.names(), "age": self._ages()}
        rules: list[Requirement] = []
        for n, one in enumerate(raw):
            at: At = ("conditions", n)
            given = [key for key in ("expression", "all", "any") if key in one]
            if len(given) != 1:
                self.pack.fault(at, f"condition '{one['code']}' needs one of 'expression', 'all', 'any'", "Give exactly one")
                continue
            if one["code"] in {rule.public.code for rule in rules}:
                self.pack.fault((*at, "code"), f"two conditions are called '{one['code']}'", "Rename one of them")
            sources = [one[given[0]]] if given[0] == "expression" else one[given[0]]
            tests = [test for source in sources if (test := self.expression((*at, given[0]), source, names))]
            when = self.expression((*at, "when"), one["when"], names) if "when" in one else None
            self._check_asked(at, one, tests, when)
            begins, ends = day(one.get("effective_from")), day(one.get("effective_to"))
            if begins is not None:
                check_dates(self.pack, at, begins, ends)
            read = dict.fromkeys(name for test in [when, *tests] if test for _, name in sorted(test.reads))
            public = ConditionRule(one["code"], words(one["title"]), words(one["unmet"]), one["legal_basis"], tuple(read))
            rules.append(Requirement(public, begins, ends, when, tuple(tests), every=given[0] != "any"))
        return tuple(rules)

    def _ages(self) -> dict[str, int]:
        """The form's dates, from each of which ``age.<name>`` gives whole years."""
        return {name: 1 for name, rule in self.fields.items() if rule.field.widget == "date"}

    def _check_asked(self, at: At, raw: Mapping[str, Any], tests: list[Expression], when: Expression | None) -> None:
        """A question that is not asked of everybody would leave the condition open for ever for those it is not asked of."""
        for name in sorted({name for test in tests for _, name in test.reads}):
            if self.fields[name].visible and when is None:
                what = f"condition '{raw['code']}' reads '{name}', which is not asked of everybody"
                self.pack.fault(at, what, "Add 'when:' so that it counts only for those who are asked")


def check_dates(pack: PackText, at: At, begins: date, ends: date | None) -> None:
    """Note an end that does not come after its beginning."""
    if ends is not None and ends <= begins:
        pack.fault((*at, "effective_to"), f"{ends} is not after {begins}", "'effective_to' is the first day it no longer holds")


def _overlap(rule: FeeRule, begins: date, ends: date | None) -> bool:
    return (rule.effective_to is None or begins < rule.effective_to) and (ends is None or rule.effective_from < ends)
