"""Chosen files taken in at one place, whatever the form: each stored for its owner, each fault told beside its own paper."""

from collections.abc import Callable, Iterable

from tinhso.kernel.cases.types import PaperRule
from tinhso.kernel.files import api as files
from tinhso.kernel.ledger.types import Actor
from tinhso.lib.problems import Invalid, Problem
from tinhso.ui import words
from tinhso.ui.access import Request

_MIME = {"pdf": "application/pdf", "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png"}


def accepted(formats: Iterable[str]) -> str:
    """What a file box lets one choose: the endings, and the kinds by which a telephone offers its camera."""
    given = list(formats)
    return ",".join([*(f".{kind}" for kind in given), *dict.fromkeys(_MIME[kind] for kind in given if kind in _MIME)])


def take_papers(
    request: Request,
    rules: Iterable[PaperRule],
    owner: str,
    attach: Callable[[str, str], object],
    *,
    actor: Actor | None = None,
) -> dict[str, str]:
    """Store the files chosen for each paper (fields ``paper-<code>``) for ``owner``, and ``attach(code, file id)`` them.

    ``actor`` hands them in; who sends the request, if it is nobody else (a bearer). One bad file does not lose the good ones:
    gives what is wrong, in words, by the code of its paper.
    """
    faults: dict[str, str] = {}
    for rule in rules:
        for upload in request.FILES.getlist(f"paper-{rule.code}"):
            name, content = upload.name or rule.code, upload.read(rule.max_bytes + 1)
            try:
                ref = files.store(actor or request.actor, name, content, owner, allowed=rule.formats, max_bytes=rule.max_bytes)
                attach(rule.code, ref.id)
            except Invalid as problem:
                _path, code, params = problem.errors[0]
                faults[rule.code] = words.field_fault(code, params)
            except Problem as problem:
                title, _why, now = words.problem(problem.code, problem.params)
                faults[rule.code] = f"{title}. {now}"
    return faults
