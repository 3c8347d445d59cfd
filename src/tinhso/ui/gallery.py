"""Invented examples for the living page of components: every state of every component, with long names too."""

from datetime import date, datetime, timedelta
from typing import Any

from tinhso.kernel.cases.types import (
    CaseRef,
    CaseRow,
    Channel,
    ClockVerdict,
    ClockView,
    FormField,
    HistoryItem,
    Phase,
    TimeLeft,
    WaitsFor,
    Words,
)
from tinhso.kernel.files.types import Verdict
from tinhso.kernel.organisation.types import DayCount, Reason
from tinhso.lib.clock import TZ
from tinhso.ui import forms, words

_LONG = "Trung tâm Phục vụ hành chính công phường Khánh Hậu"
_TITLE = Words("Cấp giấy phép xây dựng nhà ở riêng lẻ", "Permit to build a private house")


def _at(day: int, hour: int = 8, minute: int = 45) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=TZ)


def _days() -> tuple[DayCount, ...]:
    days, number = [], 0
    for offset in range(26):
        day = date(2026, 11, 2) + timedelta(days=offset)
        kind, counted = "counted", None
        if day.weekday() > 4:
            kind = "weekend"
        elif day == date(2026, 11, 2):
            kind = "start"
        elif date(2026, 11, 19) <= day <= date(2026, 11, 23):
            kind = "paused"
        elif day == date(2026, 11, 24):
            kind = "holiday"
        else:
            number += 1
            counted = number
        if day == date(2026, 11, 27):
            kind = "due"
        note = ("Ngày Văn hóa Việt Nam", "Vietnam Culture Day") if kind == "holiday" else (None, None)
        days.append(DayCount(day, counted, kind, *note))
    return tuple(days)


REASONS = (
    Reason("deadline.first_day_not_counted", (("day", "2026-11-02"),), "Bộ luật Dân sự 2015, điều 147"),
    Reason("deadline.weekends_skipped", (("days", "6"),)),
    Reason("cases.clock.paused", (("since", "2026-11-19"), ("until", "2026-11-23"))),
    Reason(
        "deadline.after_cut_off", (("cut_off", "15:00"), ("counts_from", "2026-11-03T07:30+07:00")), "NĐ 61/2018/NĐ-CP, điều 18"
    ),
)


def _clock(state: TimeLeft, segments: tuple[tuple[str, float], ...], left: int | None, used: float = 12) -> ClockView:
    return ClockView(
        state=state,
        due=_at(27, 17, 0),
        started=_at(2),
        stopped=_at(26) if state is TimeLeft.STOPPED else None,
        verdict=ClockVerdict.ON_TIME if state is TimeLeft.STOPPED else None,
        used=used,
        total=15,
        unit="day",
        segments=segments,
        reasons=REASONS,
        days=_days(),
        working_days_left=left,
        if_resumed_today=_at(27, 17, 0) if state is TimeLeft.PAUSED else None,
    )


CLOCKS = (
    _clock(TimeLeft.ON_TRACK, (("run", 0.3), ("left", 0.7)), 11, 4),
    _clock(TimeLeft.SOON, (("run", 0.2), ("pause", 0.1), ("run", 0.5), ("left", 0.2)), 2),
    _clock(TimeLeft.TODAY, (("run", 0.95), ("left", 0.05)), 0, 14),
    _clock(TimeLeft.LATE, (("run", 0.88), ("over", 0.12)), -2, 17),
    _clock(TimeLeft.PAUSED, (("run", 0.667), ("pause", 0.166), ("left", 0.167)), None),
    _clock(TimeLeft.STOPPED, (("run", 0.8), ("left", 0.2)), None),
)


_WAITS = {Phase.WAITING: WaitsFor.APPLICANT, Phase.ENDED: WaitsFor.NOBODY}


def _row(clock: ClockView, phase: Phase, status: int, applicant: str) -> CaseRow:
    return CaseRow(
        ref=CaseRef("c", f"H53.24-20261102-000{status:04}", 1),
        family="services.dossier",
        type_code="construction-permit-house",
        type_version="2025-07-01",
        type_title=_TITLE,
        applicant=applicant,
        step="handling",
        step_title=Words("Thẩm định", "Examination"),
        phase=phase,
        status=status,
        channel=Channel.ONLINE,
        due=clock.due,
        received_at=_at(2),
        filed_at=_at(1, 20, 12),
        clock=clock,
        handler="Trần Quốc Bảo",
        unit="Phòng Kinh tế, Hạ tầng và Đô thị",
        marks=("supplemented", "unpaid"),
        waits_for=_WAITS.get(phase, WaitsFor.OFFICE),
        outcome="refused" if phase is Phase.ENDED else "",
    )


ROWS = (
    _row(CLOCKS[4], Phase.WAITING, 5, "Nguyễn Thị Hồng Thắm"),
    _row(CLOCKS[0], Phase.OPEN, 4, "Công ty Trách nhiệm hữu hạn Một thành viên Xây dựng Khánh Hậu"),
    _row(CLOCKS[3], Phase.OPEN, 4, "Lê Văn Út"),
    _row(CLOCKS[5], Phase.DONE, 9, "Phạm Thị Ngọc Hân"),
    _row(CLOCKS[5], Phase.ENDED, 3, "Huỳnh Tấn Phát"),
)

FIELDS = (
    FormField("name", Words("Họ và tên", "Full name"), {"maxLength": 100}, "text", True, prefill="party.name"),
    FormField(
        "area", Words("Diện tích lô đất", "Area of the plot"), {"minimum": 10}, "number", True,
        help=Words("Ghi theo giấy chứng nhận.", "As in the certificate."), unit="m²",
    ),
    FormField(
        "kind", Words("Bạn muốn làm gì?", "What do you want to do?"), {}, "choice", True,
        choices=(("new", Words("Xây mới", "Build a new house")), ("repair", Words("Sửa chữa", "Repair"))),
    ),
    FormField("born", Words("Ngày sinh", "Date of birth"), {}, "date", True),
    FormField("note", Words("Ghi chú", "Note"), {"maxLength": 500}, "textarea"),
    FormField("truth", Words("Tôi cam đoan lời khai là đúng.", "What I say is true."), {"const": True}, "yesno", True),
)  # fmt: skip

HISTORY = (
    HistoryItem(_at(1, 20, 12), "cases.filed", {}, "Nguyễn Thị Hồng Thắm", "", True),
    HistoryItem(_at(2), "cases.received", {"due": "2026-11-23T17:00:00+07:00"}, "Lê Minh Tâm", _LONG, True),
    HistoryItem(_at(12, 9, 5), "cases.task_closed", {"outcome": "agree"}, "Chi nhánh Văn phòng đăng ký đất đai", "", True),
    HistoryItem(
        _at(19, 14, 20), "cases.supplement_requested", {"answer_due": "2026-12-04"}, "Trần Quốc Bảo", "Phòng Kinh tế", True
    ),
)


def everything(desk: bool) -> dict[str, Any]:
    """What the page of components shows, in the light of the citizen's pages or of the desk."""
    errors: list[forms.FieldError] = [("area", "minimum", {"limit": 10}), ("born", "no_such_date", {})]
    typed = {"area": "9,5", "born": "31/02/2026", "name": "Nguyễn Thị Hồng Thắm"}
    return {
        "room": "ui/base_desk.html" if desk else "ui/base_citizen.html",
        "is_desk": desk,
        "clocks": CLOCKS,
        "rows": ROWS,
        "statuses": range(1, 11),
        "verdicts": [words.signature_verdict(v) for v in Verdict],
        "reasons": REASONS,
        "days": _days(),
        "history": HISTORY,
        "form": forms.draw(FIELDS, {}, errors=errors, typed=typed),
        "steps": ["Chủ đầu tư", "Thửa đất", "Ngôi nhà", "Cam kết"],
        "tab": "",
    }
