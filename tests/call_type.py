"""A neutral case type that is no dossier: anybody may hand in, answers lead to units and limits, a handled case may come back.

The family ``tests.call`` is declared on import. It has no papers that are required, no fee, no result, no supplement.
"""

from pathlib import Path
from tempfile import mkdtemp

from tests import world
from tinhso.kernel.cases import api as cases
from tinhso.kernel.cases.types import CaseRef, Channel
from tinhso.kernel.ledger.types import Actor

CODE = "test-call"

PACK = """
type: test-call
family: tests.call
effective_from: 2025-07-01
title: { vi: Gọi thử, en: Test call }
summary: { vi: Để thử., en: For tests. }
field: { code: thu, vi: Thử, en: Tests }
channels: [online, counter]
legal_basis: [{ vi: Luật thử, en: Test law }]
words:
  duration: { vi: 5 ngày làm việc, en: 5 working days }
  fee: { vi: Không, en: None }
  result: { vi: Trả lời, en: An answer }
guide: [{ heading: { vi: A, en: A }, text: { vi: B, en: B } }]
places:
  receiving: { kind: commune-psc, area: commune }
  responsible:
    kind: commune-economic
    area: commune
    instead:
      - { when: data.sort == 'people', kind: commune-social, legal_basis: Luật thử }
      - { when: data.sort == 'power', kind: utility, speciality: power }
clock:
  limit: { working_days: 5 }
  limits:
    - { when: data.sort == 'power', limit: { working_hours: 8 }, legal_basis: Luật khẩn }
    - { when: data.sort == 'people', limit: { working_days: 10 }, legal_basis: Luật người }
  supplement_mode: pause
  warn_days: 1
  legal_basis: Luật thử
form:
  pages:
    - id: what
      title: { vi: Việc gì, en: What }
      fields:
        - { name: commune, label: { vi: Nơi, en: Where }, widget: area, required: true }
        - name: sort
          label: { vi: Loại, en: Sort }
          widget: choice
          required: true
          choices: [{ value: road, vi: Đường, en: Road }, { value: people, vi: Người, en: People },
                    { value: power, vi: Điện, en: Power }]
papers: []
steps:
  - { id: filed, title: { vi: Mới, en: New }, public: { vi: Mới, en: New }, phase: filed, status: 1, at: receiving,
      role: tests.desk }
  - { id: working, title: { vi: Làm, en: Work }, public: { vi: Làm, en: Work }, phase: open, status: 4, at: responsible,
      role: tests.worker }
  - { id: answered, title: { vi: Đã trả lời, en: Answered }, public: { vi: Xong, en: Done }, phase: done, status: 9,
      at: applicant, outcome: granted, limit: { calendar_days: 5 }, then: close }
  - { id: closed, title: { vi: Đóng, en: Closed }, public: { vi: Đóng, en: Closed }, phase: ended, status: 10 }
moves:
  - { id: take, title: { vi: Nhận, en: Take }, from: [filed], to: working, by: tests.desk, does: amend,
      input: [{ name: sort, label: { vi: Loại, en: Sort }, widget: choice,
                choices: [{ value: road, vi: Đường, en: Road }, { value: people, vi: Người, en: People },
                          { value: power, vi: Điện, en: Power }] }] }
  - { id: resort, title: { vi: Đổi loại, en: Sort again }, from: [working], by: tests.worker, does: amend,
      input: [{ name: sort, label: { vi: Loại, en: Sort }, widget: choice, required: true,
                choices: [{ value: road, vi: Đường, en: Road }, { value: people, vi: Người, en: People }] }] }
  - { id: answer, title: { vi: Trả lời, en: Answer }, from: [working], to: answered, by: tests.worker }
  - { id: again, title: { vi: Làm lại, en: Again }, from: [answered], to: working, by: applicant, does: reopen,
      when: [{ expression: case.reopened < 1, why: { vi: Một lần, en: Once } },
             { expression: case.days_handled <= 3, why: { vi: Muộn, en: Too late } }] }
  - { id: close, title: { vi: Đóng, en: Close }, from: [answered], to: closed, by: system }
"""

FAMILY = cases.Family(
    code="tests.call",
    roles=frozenset({"tests.desk", "tests.worker"}),
    unit_kinds=frozenset({"commune-psc", "commune-economic", "commune-social", "utility"}),
    effects=frozenset(),
    bearers=True,
    code_mark="TG",
)
cases.declare_family(FAMILY, desks={"tests.desk": "to_receive", "tests.worker": "to_review"})
ROLES = {
    **world.ROLES,
    "intake": ("tests.desk", "commune-psc"),
    "head": ("tests.worker", "commune-economic"),
    "consulted": ("tests.worker", "commune-social"),
}


def load(text: str = PACK) -> None:
    """Load the pack (or a changed text of it) into the database."""
    path = Path(mkdtemp(prefix="tinhso-pack-")) / "test-call.yaml"
    path.write_text(text, "utf-8")
    cases.load_packs(world.SYSTEM, [path])


def filed(actor: Actor, sort: str = "road", key: str = "k1", commune: str = world.KHANH_HAU) -> CaseRef:
    """A call that ``actor`` has handed in online."""
    return cases.file_case(actor, CODE, {"commune": commune, "sort": sort}, {}, Channel.ONLINE, actor.party, key)
