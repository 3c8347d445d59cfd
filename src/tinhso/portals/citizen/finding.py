"""Finding a service by what people call it: without accents, in any order of words."""

from collections.abc import Iterable, Sequence

from tinhso.kernel.cases.types import CaseType
from tinhso.lib.text import fold

_IDLE = frozenset(
    {"toi", "muon", "can", "xin", "cho", "de", "la", "thi", "the", "nao", "o", "cua", "i", "want", "to", "a", "my", "for"}
)
"""Words that say nothing about what is wanted."""


def _tokens(text: str) -> list[str]:
    words = fold(text).replace(",", " ").replace("/", " ").split()
    return [word for word in words if word not in _IDLE] or words


def score(case_type: CaseType, wanted: Sequence[str]) -> float:
    """How well a service fits the words: title before keywords before the rest; nothing unless every word but one fits."""
    about = (case_type.summary, case_type.field)
    places = (
        (4.0, f"{case_type.title.vi} {case_type.title.en}"),
        (3.0, " ".join(case_type.keywords)),
        (1.0, " ".join([case_type.national_code, *(f"{words.vi} {words.en}" for words in about)])),
    )
    texts = [(weight, f" {fold(text)} ") for weight, text in places]
    best = [max((weight for weight, text in texts if f" {word}" in text), default=0.0) for word in wanted]
    missed = sum(1 for weight in best if not weight)
    if missed > len(wanted) // 3:
        return 0.0
    phrase = " ".join(wanted)
    return sum(best) + sum(weight for weight, text in texts if len(wanted) > 1 and phrase in text)


def find(types: Iterable[CaseType], query: str) -> list[CaseType]:
    """The services that fit what was typed, best first; all of them, by name, when nothing was."""
    wanted = _tokens(query)
    if not wanted:
        return sorted(types, key=lambda t: fold(t.title.vi))
    scored = [(score(case_type, wanted), case_type) for case_type in types]
    return [t for s, t in sorted(scored, key=lambda pair: (-pair[0], fold(pair[1].title.vi))) if s > 0]
