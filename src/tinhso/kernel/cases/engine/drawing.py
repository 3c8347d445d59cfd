"""A case type's process as a picture (SVG) for its page: a lane for each place, steps from top to bottom, moves as arrows.

No style attributes and no scripts, so the strictest content policy shows it; colours come from the page by class names
(``flow-step flow-open``, ``flow-move``, ``flow-lane``). Every arrow says in its title which moves it stands for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from tinhso.kernel.cases.engine.definition import Definition, Step
from tinhso.kernel.cases.types import Phase, Words

LANE, ROW, BOX_WIDTH, BOX_HEIGHT, HEAD = 190, 74, 160, 44, 40
"""Sizes in the picture's own units."""


@dataclass(frozen=True, slots=True)
class _Box:
    """A step's place in the picture, by its middle."""

    x: int
    y: int

    @property
    def top(self) -> int:
        return self.y - BOX_HEIGHT // 2

    @property
    def bottom(self) -> int:
        return self.y + BOX_HEIGHT // 2


def svg(definition: Definition, language: str, lanes: Mapping[str, str]) -> str:
    """The picture as text. ``lanes`` names the places (``receiving``, ``applicant``, a unit kind; ``end`` for the last lane) in
    ``language``; a place without a name shows its own."""
    names = _lanes(definition)
    boxes = {
        step.id: _Box(names.index(_lane(step)) * LANE + LANE // 2, HEAD + row * ROW + ROW // 2)
        for row, step in enumerate(definition.steps.values())
    }
    width, height = len(names) * LANE, HEAD + len(boxes) * ROW
    title = _said(definition.public.title, language)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="flow" viewBox="0 0 {width} {height}" role="img" '
        f"aria-label={quoteattr(title)} lang={quoteattr(language)}>",
        f"<title>{escape(title)}</title>",
        '<defs><marker id="flow-tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" '
        'orient="auto-start-reverse"><path class="flow-tip" d="M0 0L8 4L0 8z"/></marker></defs>',
        *(_drawn_lane(n, lanes.get(name, name), height) for n, name in enumerate(names)),
        *(_arrow(boxes[a], boxes[b], said) for (a, b), said in _arrows(definition, language).items()),
        *(_drawn_step(step, boxes[step.id], language) for step in definition.steps.values()),
        "</svg>",
    ]
    return "\n".join(parts)


def _said(words: Words, language: str) -> str:
    return words.en if language == "en" else words.vi


def _lane(step: Step) -> str:
    return step.rule.at or "end"


def _lanes(definition: Definition) -> list[str]:
    """Places in the order in which a case first comes to them; ends last."""
    found = dict.fromkeys(_lane(step) for step in definition.steps.values())
    return sorted(found, key=lambda lane: lane == "end")


def _arrows(definition: Definition, language: str) -> dict[tuple[str, str], list[str]]:
    """From where to where, and which moves go that way."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for move in definition.moves.values():
        for source in move.rule.sources:
            for branch in move.branches:
                arrows.setdefault((source, branch.step), []).append(_said(move.rule.title, language))
    for step in definition.steps.values():
        for branch in step.join:
            said = [_said(definition.tasks[kind].title, language) for kind in step.parts]
            arrows.setdefault((step.id, branch.step), []).extend(said)
    return arrows


def _drawn_lane(number: int, name: str, height: int) -> str:
    x = number * LANE
    return (
        f'<rect class="flow-lane" x="{x}" y="0" width="{LANE}" height="{height}"/>'
        f'<text class="flow-head" x="{x + LANE // 2}" y="{HEAD // 2 + 5}" text-anchor="middle">{escape(name)}</text>'
    )


def _drawn_step(step: Step, box: _Box, language: str) -> str:
    kind = f"flow-step flow-{step.phase.value}"
    radius = BOX_HEIGHT // 2 if step.phase in (Phase.FILED, Phase.ENDED) else 6
    return (
        f'<g class="{kind}"><title>{escape(_said(step.rule.public, language))}</title>'
        f'<rect x="{box.x - BOX_WIDTH // 2}" y="{box.top}" width="{BOX_WIDTH}" height="{BOX_HEIGHT}" rx="{radius}"/>'
        f'<text x="{box.x}" y="{box.y + 5}" text-anchor="middle">{escape(_said(step.rule.title, language))}</text></g>'
    )


def _arrow(start: _Box, end: _Box, moves: list[str]) -> str:
    """To the next row a line with a knee; farther down by the edge of the lane, where no line crosses a box; upwards a bow."""
    side = 1 if end.x >= start.x else -1
    begin = start.x + side * BOX_WIDTH // 2
    knee = end.top - (ROW - BOX_HEIGHT) // 2
    if end.y == start.y + ROW:
        path = f"M{start.x} {start.bottom}V{knee}H{end.x}V{end.top}"
    elif end.y > start.y:
        edge = begin + side * (4 + 3 * (start.y // ROW % 4))
        path = f"M{begin} {start.y + 8}H{edge}V{knee}H{end.x}V{end.top}"
    else:
        target = end.x + side * BOX_WIDTH // 2
        out = (max if side > 0 else min)(begin, target) + side * 12
        path = f"M{begin} {start.y - 8}H{out}V{end.y + 8}H{target}"
    return (
        f'<path class="flow-move" d="{path}" fill="none" marker-end="url(#flow-tip)">'
        f"<title>{escape('; '.join(moves))}</title></path>"
    )
