"""A neutral case type for tests of the engine: somebody asks for something, it is examined, signed, paid and handed over.

The family ``tests.request`` is declared on import. Its effects are real but small: they store a PDF and record it.
"""

from pathlib import Path
from tempfile import mkdtemp

from tests import world
from tinhso.kernel.cases import api as cases
from tinhso.kernel.cases.types import CaseRef, Channel, Moment, NewDocument, NewResult, Outcome, Words
from tinhso.kernel.ledger.types import Actor

CODE = "test-request"

PACK = """
type: test-request
family: tests.request
national_code: "T1"
effective_from: 2025-07-01
title: { vi: Đề nghị thử, en: Test request }
summary: { vi: Để thử., en: For tests. }
field: { code: thu, vi: Thử, en: Tests }
channels: [online, counter]
legal_basis: [{ vi: Luật thử, en: Test law }]
words:
  duration: { vi: 15 ngày làm việc, en: 15 working days }
  fee: { vi: 75.000 đồng, en: "75,000 dong" }
  result: { vi: Giấy, en: Paper }
guide: [{ heading: { vi: A, en: A }, text: { vi: B, en: B } }]
places:
  receiving: { kind: commune-psc, area: commune }
  responsible: { kind: commune-economic, area: commune }
  commune-pc: { kind: commune-pc, area: commune }
  commune-office: { kind: commune-office, area: commune }
clock: { limit: { working_days: 15 }, supplement_mode: pause, warn_days: 3, legal_basis: Luật thử }
supplement: { max: 3, corrections_max: 1, answer_within: { working_days: 10 }, late_above: 1 }
extension: { notice_days: 1, max_days: 15, legal_basis: Luật thử }
form:
  pages:
    - id: what
      title: { vi: Bạn cần gì, en: What you need }
      fields:
        - { name: commune, label: { vi: Nơi, en: Where }, widget: area, required: true }
        - { name: subject, label: { vi: Việc, en: Subject }, widget: text, required: true, schema: { maxLength: 100 } }
        - { name: urgent, label: { vi: Gấp, en: Urgent }, widget: yesno }
        - { name: why, label: { vi: Vì sao gấp, en: Why urgent }, widget: text, required: true, visible: data.urgent }
papers:
  - { code: plan, title: { vi: Bản vẽ, en: Plan }, required: true, max_files: 2 }
  - { code: proof, title: { vi: Giấy tờ, en: Proof }, required: false }
fees:
  - { code: fee, title: { vi: Phí, en: Fee }, effective_from: 2025-07-01, amount: "75000", collect: result,
      legal_basis: Luật thử }
results:
  - { code: permit, title: { vi: Giấy phép, en: Permit }, template: test-permit, number_series: TP }
tasks:
  - kind: opinion
    title: { vi: Ý kiến, en: Opinion }
    limit: { working_days: 7 }
    unit_kinds: [land-office, utility, commune-social]
    role: services.consulted
    outcomes: [{ value: agree, vi: Đồng ý, en: Agrees }, { value: disagree, vi: Không, en: Does not }]
steps:
  - { id: filed, title: { vi: Mới nộp, en: Filed }, public: { vi: Đã nộp, en: Filed }, phase: filed, status: 1, at: receiving,
      role: services.intake, limit: { working_hours: 8 } }
  - { id: correcting, title: { vi: Chờ sửa, en: Correcting }, public: { vi: Sửa, en: Correct }, phase: filed, status: 5,
      at: applicant }
  - { id: assigning, title: { vi: Phân công, en: Assigning }, public: { vi: Đã nhận, en: Received }, phase: open, status: 2,
      at: responsible, role: services.head }
  - { id: handling, title: { vi: Giải quyết, en: Handling }, public: { vi: Đang làm, en: Handled }, phase: open, status: 4,
      at: responsible, role: services.handler }
  - { id: supplement, title: { vi: Bổ sung, en: Supplement }, public: { vi: Chờ bạn, en: For you }, phase: waiting, status: 5,
      at: applicant }
  - { id: review, title: { vi: Duyệt, en: Review }, public: { vi: Đang duyệt, en: Review }, phase: open, status: 4,
      at: responsible, role: services.head }
  - { id: signing, title: { vi: Ký, en: Signing }, public: { vi: Chờ ký, en: Signing }, phase: open, status: 4,
      at: commune-pc, role: services.signer }
  - { id: numbering, title: { vi: Cấp số, en: Numbering }, public: { vi: Cấp số, en: Number }, phase: open, status: 4,
      at: commune-office, role: services.clerk }
  - { id: payment, title: { vi: Nộp tiền, en: Payment }, public: { vi: Nộp tiền, en: Pay }, phase: waiting, status: 6,
      at: applicant }
  - { id: ready, title: { vi: Xong, en: Ready }, public: { vi: Đã xong, en: Ready }, phase: done, status: 9, at: receiving,
      role: services.intake, outcome: granted }
  - { id: returned, title: { vi: Đã trả, en: Returned }, public: { vi: Đã trả, en: Returned }, phase: ended, status: 10 }
  - { id: refused, title: { vi: Từ chối, en: Refused }, public: { vi: Từ chối, en: Refused }, phase: ended, status: 3,
      outcome: refused }
  - { id: withdrawn, title: { vi: Rút, en: Withdrawn }, public: { vi: Rút, en: Withdrawn }, phase: ended, status: 7,
      outcome: withdrawn }
  - { id: stopped, title: { vi: Dừng, en: Stopped }, public: { vi: Dừng, en: Stopped }, phase: ended, status: 8,
      outcome: stopped }
moves:
  - { id: receive, title: { vi: Nhận, en: Receive }, from: [filed], to: assigning, by: services.intake,
      when: [{ expression: facts.papers_missing == 0, why: { vi: Thiếu, en: Missing } }],
      effects: [tests.slip, cases.create_charge] }
  - { id: refuse, title: { vi: Từ chối, en: Refuse }, from: [filed], to: refused, by: services.intake,
      input: [{ name: reason, label: { vi: Lý do, en: Reason }, widget: textarea, required: true }] }
  - { id: ask_correction, title: { vi: Sửa, en: Correct }, from: [filed], to: correcting, by: services.intake,
      does: ask_supplement,
      input: [{ name: items, label: { vi: Gì, en: What }, widget: papers, required: true },
              { name: note, label: { vi: Ghi, en: Note }, widget: textarea, required: true }] }
  - { id: answer_correction, title: { vi: Gửi, en: Send }, from: [correcting], to: filed, by: applicant,
      counter: services.intake, does: answer_supplement,
      when: [{ expression: facts.papers_wanting == 0, why: { vi: Còn thiếu, en: Still missing } }] }
  - { id: assign, title: { vi: Giao, en: Assign }, from: [assigning], to: handling, by: services.head, does: assign,
      input: [{ name: assignee, label: { vi: Ai, en: Who }, widget: official, required: true },
              { name: note, label: { vi: Chỉ đạo, en: Note }, widget: textarea }] }
  - { id: reassign, title: { vi: Giao lại, en: Reassign }, from: [handling, supplement], by: services.head, at: responsible,
      does: assign, input: [{ name: assignee, label: { vi: Ai, en: Who }, widget: official, required: true }] }
  - { id: consult, title: { vi: Hỏi, en: Consult }, from: [handling], by: services.handler, assignee_only: true,
      does: open_task, task: opinion,
      input: [{ name: unit, label: { vi: Ai, en: Whom }, widget: unit, required: true },
              { name: question, label: { vi: Gì, en: What }, widget: textarea, required: true }] }
  - { id: answer_opinion, title: { vi: Trả lời, en: Answer }, from: [handling, supplement], by: services.consulted, at: task,
      does: close_task, task: opinion,
      input: [{ name: outcome, label: { vi: Ý kiến, en: Opinion }, widget: choice, required: true },
              { name: answer, label: { vi: Nội dung, en: Text }, widget: textarea, required: true },
              { name: file, label: { vi: Văn bản, en: Document }, widget: file }] }
  - { id: cancel_opinion, title: { vi: Thôi, en: Call off }, from: [handling, supplement], by: services.handler,
      at: responsible, assignee_only: true, does: cancel_task, task: opinion }
  - { id: visit, title: { vi: Xem thực địa, en: Visit }, from: [handling], by: services.handler, assignee_only: true,
      input: [{ name: visited_on, label: { vi: Ngày, en: Day }, widget: date, required: true },
              { name: findings, label: { vi: Nội dung, en: Findings }, widget: textarea, required: true },
              { name: file, label: { vi: Biên bản, en: Minutes }, widget: file }] }
  - { id: request_supplement, title: { vi: Bổ sung, en: Ask for more }, from: [handling], to: supplement,
      by: services.handler, assignee_only: true, does: ask_supplement, effects: [tests.slip],
      input: [{ name: items, label: { vi: Gì, en: What }, widget: papers, required: true },
              { name: note, label: { vi: Ghi, en: Note }, widget: textarea, required: true }] }
  - { id: answer_supplement, title: { vi: Gửi, en: Send }, from: [supplement], to: handling, by: applicant,
      counter: services.intake, does: answer_supplement,
      when: [{ expression: facts.papers_wanting == 0, why: { vi: Còn thiếu, en: Still missing } }],
      input: [{ name: note, label: { vi: Ghi, en: Note }, widget: textarea }] }
  - { id: extend, title: { vi: Gia hạn, en: Extend }, from: [handling, review], by: services.head, at: responsible,
      does: extend, input: [{ name: days, label: { vi: Ngày, en: Days }, widget: number, required: true,
              schema: { type: integer, minimum: 1 } },
              { name: reason, label: { vi: Lý do, en: Reason }, widget: textarea, required: true }] }
  - { id: draft_result, title: { vi: Trình, en: Draft }, from: [handling], to: review, by: services.handler,
      assignee_only: true, effects: [tests.draft],
      when: [{ expression: case.open_tasks == 0, why: { vi: Chưa trả lời, en: Unanswered } }] }
  - { id: send_back, title: { vi: Trả lại, en: Send back }, from: [review], to: handling, by: services.head,
      input: [{ name: note, label: { vi: Gì, en: What }, widget: textarea, required: true }] }
  - { id: approve, title: { vi: Duyệt, en: Approve }, from: [review], to: signing, by: services.head }
  - { id: sign, title: { vi: Ký, en: Sign }, from: [signing], to: numbering, by: services.signer, effects: [tests.sign],
      when: [{ expression: facts.result == 'draft', why: { vi: Chưa có, en: None } }] }
  - { id: number, title: { vi: Cấp số, en: Number }, from: [numbering], by: services.clerk, effects: [tests.number],
      to: [{ step: payment, when: facts.unpaid > 0 }, { step: ready }],
      when: [{ expression: facts.result == 'signed', why: { vi: Chưa ký, en: Unsigned } }] }
  - { id: pay, title: { vi: Đã nộp, en: Paid }, from: [payment], to: ready, by: system,
      when: [{ expression: facts.unpaid == 0, why: { vi: Chưa đủ, en: Not all } }] }
  - { id: return_result, title: { vi: Trả, en: Return }, from: [ready], to: returned, by: services.intake,
      input: [{ name: received_by, label: { vi: Ai, en: Who }, widget: text, required: true }] }
  - { id: collect, title: { vi: Nhận, en: Collect }, from: [ready], to: returned, by: applicant }
  - { id: withdraw, title: { vi: Rút, en: Withdraw }, from: [filed, correcting, assigning, handling, supplement, review],
      to: withdrawn, by: applicant, counter: services.intake, style: danger, effects: [cases.cancel_charge],
      input: [{ name: reason, label: { vi: Lý do, en: Reason }, widget: textarea }] }
  - { id: stop, title: { vi: Dừng, en: Stop }, from: [handling, supplement], to: stopped, by: services.head, at: responsible,
      style: danger, effects: [cases.cancel_charge],
      input: [{ name: reason, label: { vi: Lý do, en: Reason }, widget: textarea, required: true }] }
"""


def _paper(moment: Moment, name: str) -> str:
    return world.stored(moment.actor, f"case:{moment.case}", name).id


def _slip(moment: Moment) -> Outcome:
    return Outcome(documents=(NewDocument(moment.move, Words("Phiếu", "Slip"), _paper(moment, "phieu.pdf")),))


def _result(state: str, signed: tuple[str, ...] = (), number: str = "") -> "Effect":
    def effect(moment: Moment) -> Outcome:
        file = _paper(moment, "giay-phep.pdf")
        title = Words("Giấy phép", "Permit")
        return Outcome(result=NewResult("permit", title, file, state, number, signed, final=state == "numbered"))

    return effect


Effect = cases.Effect
EFFECTS = {
    "tests.slip": _slip,
    "tests.draft": _result("draft"),
    "tests.sign": _result("signed", ("Phạm Văn Hòa",)),
    "tests.number": _result("numbered", ("Phạm Văn Hòa", "Ủy ban nhân dân phường Khánh Hậu"), "12/GP"),
}
DESKS = {
    "services.intake": "to_receive",
    "services.head": "to_review",
    "services.handler": "mine",
    "services.signer": "to_sign",
    "services.clerk": "to_number",
    "services.consulted": "asked",
}
FAMILY = cases.Family(
    code="tests.request",
    roles=frozenset(DESKS),
    unit_kinds=frozenset({kind for kind, *_ in world.UNITS} | {"land-office", "utility"}),
    effects=frozenset(EFFECTS),
    templates=frozenset({"test-permit"}),
)
cases.declare_family(
    FAMILY,
    effects=EFFECTS,
    desks=DESKS,
)


def load(text: str = PACK) -> None:
    """Load the pack (or a changed text of it) into the database."""
    path = Path(mkdtemp(prefix="tinhso-pack-")) / "test-request.yaml"
    path.write_text(text, "utf-8")
    cases.load_packs(world.SYSTEM, [path])


def data(**changes: object) -> dict[str, object]:
    """Answers that fit the form."""
    return {"commune": world.KHANH_HAU, "subject": "Nhà số 3", **changes}


def filed(built: world.World, /, actor: Actor | None = None, key: str = "k1", **changes: object) -> CaseRef:
    """A case that Nguyễn Thị Hồng Thắm (or ``actor``) has handed in online."""
    applicant = actor or built.tham
    papers = {"plan": [world.stored(applicant).id]}
    assert applicant.party is not None
    return cases.file_case(applicant, CODE, data(**changes), papers, Channel.ONLINE, applicant.party, key)


PATH = (
    ("tam", "receive", {}),
    ("duc", "assign", {"assignee": "bao"}),
    ("bao", "draft_result", {}),
    ("duc", "approve", {}),
    ("hoa", "sign", {}),
    ("lan", "number", {}),
)
"""The shortest way from handing in to the fee: who makes which move. (``bao`` stands for his actor id.)"""


def advanced(built: world.World, ref: CaseRef, until: str) -> CaseRef:
    """The case after the move ``until`` of :data:`PATH`."""
    for who, move, given in PATH:
        wanted = {name: built.actor(value).id if name == "assignee" else value for name, value in given.items()}
        ref = cases.perform(built.actor(who), ref.id, move, wanted, if_version=ref.version)
        if move == until:
            return ref
    raise AssertionError(f"no such move on the path: {until}")
