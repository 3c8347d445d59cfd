"""The text of a pack: YAML with the line of every value, held against the schema; all faults gathered, none hidden.

The YAML is 1.2 in spirit: only ``true`` and ``false`` are truth values (``no`` and ``on`` are words), dates stay text, a key
written twice is a fault, and aliases are not allowed.
"""

import difflib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError

At = tuple[str | int, ...]
"""Where in the declaration: ``("moves", 3, "to")``."""

_SCHEMA = Draft202012Validator(
    json.loads(Path(__file__).with_name("pack.schema.json").read_text("utf-8")), format_checker=FormatChecker(("date",))
)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a pack: where, what, and what to do about it."""

    file: str
    line: int
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}. {self.remedy}."


@dataclass
class PackText:
    """A parsed declaration. ``data`` is plain Python, ``lines`` gives the line of each place in it."""

    file: str
    data: Any = None
    lines: dict[At, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def fault(self, at: At, what: str, remedy: str) -> None:
        """Note a fault at the nearest place whose line is known."""
        while at and at not in self.lines:
            at = at[:-1]
        self.faults.append(Fault(self.file, self.lines.get(at, 1), what, remedy))


class _Loader(yaml.SafeLoader):
    """Plain scalars as YAML 1.2's core schema reads them, without dates; no aliases, which can grow without bound."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.get_event().start_mark  # type: ignore[no-untyped-call] # PyYAML's stubs leave it untyped
            raise yaml.MarkedYAMLError(problem="aliases (*name) are not allowed", problem_mark=mark)
        return super().compose_node(parent, index)


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag.rpartition(":")[2] in ("int", "float", "null")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
for _first, _word in (("t", "true"), ("f", "false")):
    _Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(f"^{_word}$"), [_first])


def read(text: str, file: str) -> PackText:
    """Parse and hold against the schema. The result's ``faults`` say what is wrong; ``data`` is None when it can't be read."""
    pack = PackText(file)
    try:
        node = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as fault:
        mark = fault.problem_mark or fault.context_mark
        what = f"the YAML cannot be read: {fault.problem or fault.context}"
        pack.faults.append(Fault(file, mark.line + 1 if mark else 1, what, "Check indentation, colons and quotes on this line"))
        return pack
    except yaml.YAMLError as fault:
        pack.faults.append(Fault(file, 1, f"the YAML cannot be read: {fault}", "Save the file as UTF-8 text"))
        return pack
    if not isinstance(node, yaml.MappingNode):
        pack.faults.append(Fault(file, 1, "the file holds no declaration", "Begin with 'type: …' and the other keys"))
        return pack
    pack.data = _plain(node, (), pack, _Loader(""))
    for error in sorted(_SCHEMA.iter_errors(pack.data), key=lambda e: [str(p) for p in e.absolute_path]):
        for place, what, remedy in _explained(error):
            pack.fault(place, what, remedy)
    return pack


def _plain(node: yaml.Node, at: At, pack: PackText, loader: _Loader) -> Any:
    pack.lines[at] = node.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*at, n), pack, loader) for n, item in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        plain: dict[str, Any] = {}
        for key, value in node.value:
            name = str(key.value)
            if name in plain:
                pack.faults.append(Fault(pack.file, key.start_mark.line + 1, f"'{name}' is written twice", "Keep one of them"))
            plain[name] = _plain(value, (*at, name), pack, loader)
            pack.lines[(*at, name)] = key.start_mark.line + 1
        return plain
    return loader.construct_object(node)


def _explained(error: ValidationError) -> Iterator[tuple[At, str, str]]:
    """A schema's complaint in words that help: the place, what is wrong, what to do."""
    at: At = tuple(error.absolute_path)
    here = _name(at)
    expected: Any = error.validator_value
    instance: Any = error.instance
    if error.validator == "additionalProperties":
        schema: Any = error.schema
        known = list(schema.get("properties", {}))
        for extra in sorted(set(instance) - set(known)):
            near = difflib.get_close_matches(extra, known, 1)
            remedy = f"Did you mean '{near[0]}'?" if near else f"Allowed here: {', '.join(known)}"
            yield (*at, extra), f"unknown key '{extra}' in {here}", remedy.rstrip("?") if near else remedy
    elif error.validator == "required":
        missing = next(name for name in expected if name not in instance)
        yield at, f"{here} lacks '{missing}'", f"Add '{missing}: …'"
    elif error.validator == "enum":
        allowed = ", ".join(map(str, expected))
        yield at, f"{here} is '{error.instance}'", f"Write one of: {allowed}"
    elif error.validator == "format":
        yield at, f"{here} is '{error.instance}', which is not a date", "Write it as 2026-07-01"
    elif error.validator == "oneOf" and at and at[-1] != "to":
        yield at, f"{here} needs either 'expression' with 'why', or 'guard'", "Give one of the two"
    else:
        yield at, f"{here}: {error.message}", f"See '{error.validator}' in pack.schema.json"


def _name(at: At) -> str:
    return ".".join(str(part + 1) if isinstance(part, int) else part for part in at) or "the declaration"
