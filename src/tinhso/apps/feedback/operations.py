"""Sending a report, and what happens besides when it moves: joined, parted, answered, made public, taken back.

All but :func:`send` and :func:`follow_main` are effects (``kernel.cases.types.Effect``), inside the move's own transaction.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from tinhso.apps.feedback.events import ReportAnswered, ReportJoined, ReportParted
from tinhso.apps.feedback.models import Report
from tinhso.apps.feedback.queries import TYPE
from tinhso.kernel.cases import api as cases
from tinhso.kernel.cases.types import CaseRef, Channel, Moment, MoveRefused, NoSuchCase, Outcome, Phase
from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.ledger.types import Actor, Entry
from tinhso.lib import clock
from tinhso.lib.problems import Invalid


@ledger.operation
def send(actor: Actor, data: Mapping[str, Any], photos: Sequence[str], request_key: str) -> CaseRef:
    """Hand in a report: ``photos`` are ids of files that this very actor has stored. A repeat gives the first one's case.

    A citizen who has signed in, or a bearer (``identity.bearer``). Raises Invalid with every fault, MayNotFile, NoUnit.
    """
    ref = cases.file_case(actor, TYPE, data, {"photos": list(photos)}, Channel.ONLINE, actor.party, request_key)
    Report.objects.get_or_create(
        case_id=ref.id,
        defaults={
            "code": ref.code,
            "commune": str(data["commune"]),
            "category": str(data["category"]),
            "latitude": data.get("latitude"),
            "longitude": data.get("longitude"),
            "filed_at": clock.now(),
        },
    )
    return ref


def _report(at: Moment) -> Report:
    return Report.objects.select_for_update(of=("self",)).get(case_id=at.case)


def note_place(at: Moment) -> Outcome | None:
    """Commune and category as the office has put them right."""
    Report.objects.filter(case_id=at.case).update(commune=str(at.data["commune"]), category=str(at.data["category"]))
    return None


def join(at: Moment) -> Outcome:
    """Join it to the report whose code is given: an open one, joined to none itself, that this official may see."""
    report = _report(at)
    code = str(at.input["main"]).strip().upper()
    try:
        row = cases.case_row(at.actor, code)
    except NoSuchCase as fault:
        raise Invalid([("main", "choice", {})]) from fault
    main = Report.objects.select_for_update(of=("self",)).filter(case_id=row.ref.id).first()
    closed = row.phase in (Phase.DONE, Phase.ENDED)
    if main is None or closed or main.pk == report.pk or main.main_id is not None or report.joined.exists():
        raise Invalid([("main", "choice", {})])
    report.main = main
    report.save(update_fields=["main"])
    return Outcome(events=(ReportJoined(at.case, str(main.case_id)),))


def part(at: Moment) -> Outcome | None:
    """Undo a joining."""
    report = _report(at)
    if report.main is None:
        return None
    main, report.main = report.main, None
    report.save(update_fields=["main"])
    return Outcome(events=(ReportParted(at.case, str(main.case_id)),))


def keep_answer(at: Moment) -> Outcome | None:
    """The handler's answer, for the review."""
    Report.objects.filter(case_id=at.case).update(answer=str(at.input["answer"]))
    return None


def publish(at: Moment) -> Outcome:
    """Answer, and let anybody read what the official has written, with the photos he has chosen."""
    report = _report(at)
    given = {file.id for paper in cases.papers_of(at.case) if paper.code == "photos" for file in paper.files}
    chosen = [str(photo) for photo in at.input.get("photos", ())]
    if not given.issuperset(chosen):
        raise Invalid([("photos", "choice", {})])
    report.public_text, report.public_place = str(at.input["public_text"]), str(at.input["public_place"])
    report.photos, report.published_at = chosen, at.at
    return _answered(at, report)


def answer_only(at: Moment) -> Outcome:
    """Answer the reporters; nobody else reads it."""
    return _answered(at, _report(at))


def _answered(at: Moment, report: Report) -> Outcome:
    report.answer, report.answered_at = str(at.input["answer"]), at.at
    report.save(update_fields=["answer", "answered_at", "public_text", "public_place", "photos", "published_at"])
    public = report.published_at is not None
    told = ReportAnswered(at.case, report.category, report.commune, public, len(report.photos), 1 + report.joined.count())
    return Outcome(events=(told,))


def take_back(at: Moment) -> Outcome | None:
    """It is looked at again: until the new answer the old one is not public. A joined report stands for itself from now on."""
    report = _report(at)
    report.published_at, report.answered_at = None, None
    main, report.main = report.main, None
    report.save(update_fields=["published_at", "answered_at", "main"])
    return Outcome(events=(ReportParted(at.case, str(main.case_id)),)) if main else None


def follow_main(actor: Actor, entries: Sequence[Entry]) -> None:
    """A main report is answered, or ended without: those joined to it are answered with it, or stand for themselves again."""
    for entry in entries:
        answered = entry.kind == "cases.finished" and entry.data.get("phase") == Phase.DONE
        if not answered and entry.kind != "cases.ended":
            continue
        move = "answer_joined" if answered else "release"
        for case_id in Report.objects.filter(main__case_id=entry.data["case"], case__step="joined").values_list(
            "case", flat=True
        ):
            try:
                cases.perform(actor, str(case_id), move, {}, request_key=f"{move}:{case_id}:{entry.id}")
            except MoveRefused:  # somebody has parted it meanwhile: nothing is left to do
                continue
