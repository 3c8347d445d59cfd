"""What no procedure declares of its forms: who applies, asked at the counter; and how chosen files are taken in."""

from collections.abc import Callable, Iterable

from tinhso.kernel.cases.types import FormField, PaperRule, Words
from tinhso.kernel.files import api as files
from tinhso.lib.problems import Invalid, Problem
from tinhso.ui import words
from tinhso.ui.access import Request

APPLICANT_FIELDS = (
    FormField("name", Words("Họ và tên", "Full name"), {"type": "string"}, "text", required=True),
    FormField(
        "identifier", Words("Số định danh cá nhân", "Personal identification number"), {"type": "string"}, "identifier", True
    ),
    FormField("phone", Words("Số điện thoại", "Phone number"), {"type": "string"}, "phone", required=True),
    FormField("address", Words("Nơi ở hiện nay", "Present address"), {"type": "string"}, "text", required=True),
    FormField("email", Words("Thư điện tử", "E-mail"), {"type": "string"}, "email"),
)
"""Name, identifier, phone, address, e-mail: the facts of ``identity.Party``."""


def take_papers(
    request: Request, rules: Iterable[PaperRule], owner: str, attach: Callable[[str, str], object]
) -> dict[str, str]:
    """Store the files chosen for each paper (fields ``paper-<code>``) for ``owner``, and ``attach(code, file id)`` them.

    One bad file does not lose the good ones: gives what is wrong, in words, by the code of its paper.
    """
    faults: dict[str, str] = {}
    for rule in rules:
        for upload in request.FILES.getlist(f"paper-{rule.code}"):
            name, content = upload.name or rule.code, upload.read(rule.max_bytes + 1)
            try:
                ref = files.store(request.actor, name, content, owner, allowed=rule.formats, max_bytes=rule.max_bytes)
                attach(rule.code, ref.id)
            except Invalid as problem:
                _path, code, params = problem.errors[0]
                faults[rule.code] = words.field_fault(code, params)
            except Problem as problem:
                title, _why, now = words.problem(problem.code, problem.params)
                faults[rule.code] = f"{title}. {now}"
    return faults
