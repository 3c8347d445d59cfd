"""Reports from the street in the model province: sent, joined, worked on and answered through the product's own operations."""

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from random import Random
from typing import Any

from PIL import Image, ImageDraw

from tinhso.apps.feedback import operations, queries
from tinhso.config.demo.hours import DAY, OfficeHours
from tinhso.config.demo.province import Model, Office
from tinhso.kernel.cases import api as cases
from tinhso.kernel.cases.types import MoveRefused
from tinhso.kernel.files import api as files
from tinhso.kernel.identity import api as identity
from tinhso.lib.masking import masked

NUMBER = 42
NEAR = 9
"""They come from so many communes."""
MATTERS = (
    # category, what is reported, where, what was done
    ("road", "Ổ gà sâu giữa đường, trời mưa không thấy, đã có người té xe.", "Trước cổng trường tiểu học", "Đã vá ổ gà."),
    ("road", "Nắp vỉa hè vỡ, người đi bộ phải xuống lòng đường.", "Gần chợ", "Đã thay tấm vỉa hè vỡ."),
    ("light", "Cả dãy đèn đường tắt ba đêm liền.", "Đoạn qua khu phố 3", "Đã thay bóng và dây bị đứt."),
    ("water", "Cống nghẹt, mưa một lúc là ngập đến bánh xe.", "Ngã tư gần bưu điện", "Đã nạo vét hố ga và khơi cống."),
    ("rubbish", "Rác đổ thành đống ở bãi đất trống, bốc mùi.", "Cuối hẻm, cạnh bãi đất trống", "Đã dọn, đặt biển cấm đổ rác."),
    ("tree", "Cành cây khô to sắp gãy trên đường học sinh đi.", "Trước nhà văn hóa", "Đã cắt cành khô."),
    ("order", "Quán bày bàn ghế hết vỉa hè mỗi tối.", "Đoạn gần công viên", "Đã nhắc nhở, quán đã thu gọn."),
    ("danger", "Mất nắp hố ga giữa đường, rất nguy hiểm, gọi tôi 0900000001.", "Trước cửa hàng xăng dầu", "Đã đậy nắp mới."),
)
FORWARD = ("accept", "assign", "begin", "submit", "publish")


@dataclass
class Told:
    """One report on its way."""

    office: Office
    number: int
    matter: tuple[str, str, str, str]
    point: tuple[float, float] | None
    case: str = ""
    code: str = ""
    main: "Told | None" = None
    moves: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    @property
    def secret(self) -> str:
        """What the reporter was given."""
        return f"demo-report-secret-{self.number:04}"

    def send(self) -> None:
        """Somebody without an account sends it, with a photo."""
        actor = identity.bearer(self.secret)
        category, text, place, _ = self.matter
        photo = files.store(actor, "hien-truong.jpg", _photo(self.number), f"upload:{actor.id}", allowed=("jpg",))
        data: dict[str, Any] = {
            "category": category,
            "description": text,
            "commune": self.office.commune.code,
            "place": f"{place}, {self.office.commune.title}",
        }
        if self.point:
            data |= {"latitude": self.point[0], "longitude": self.point[1]}
        ref = operations.send(actor, data, [photo.id], f"demo:{self.secret}")
        self.case, self.code = ref.id, ref.code

    def move(self, name: str) -> None:
        """The next thing that the office, or the reporter, does with it; what the story has overtaken is left out."""
        staff = {role: self.office.staff[f"feedback.{role}"][0] for role in ("intake", "head", "handler")}
        who = {"accept": "intake", "reject": "intake", "join": "intake", "begin": "handler", "submit": "handler"}.get(
            name, "head"
        )
        actor = identity.bearer(self.secret) if name == "reopen" else staff[who].actor
        try:
            cases.perform(actor, self.case, name, self._input(name, f"account:{staff['handler'].account}"))
        except MoveRefused:
            return

    def _input(self, name: str, handler: str) -> dict[str, Any]:
        category, text, place, done = self.matter
        answer = f"{done} Cảm ơn bạn đã phản ánh."
        row = queries.report_of(self.case)
        photos = [str(paper.files[0].id) for paper in cases.papers_of(self.case) if paper.files] if name == "publish" else []
        given: dict[str, dict[str, Any]] = {
            "accept": {"category": category, "commune": self.office.commune.code},
            "reject": {"reason": "Việc trong khuôn viên nhà riêng, không phải nơi công cộng."},
            "join": {"main": self.main.code if self.main and row else ""},
            "assign": {"assignee": handler},
            "submit": {"answer": answer},
            "publish": {"public_text": masked(text), "public_place": place, "answer": answer, "photos": photos},
            "reopen": {"reason": "Mưa xong chỗ đó lại hỏng như cũ."},
        }
        return given.get(name, {})


def happenings(model: Model, seed: int, hours: OfficeHours, end: datetime) -> list[tuple[datetime, Callable[[], None]]]:
    """What happens to some dozens of reports, and when; they stand in every state at the end."""
    source = Random(seed + 22)  # noqa: S311  a story, not a secret
    found: list[tuple[datetime, Callable[[], None]]] = []
    last = hours.number(end)
    told: list[Told] = []
    for number in range(NUMBER):
        office = model.seat if number % 2 == 0 else source.choice(model.offices[:NEAR])
        one = Told(office, number, MATTERS[number % len(MATTERS)], _point(office, source))
        told.append(one)
        names = _way(number, told)
        at = last - source.uniform(0.5, 2) - sum(_slow(name) for name in names)
        found.append((hours.instant(at), one.send))
        for name in names:
            at += _slow(name) * source.uniform(0.9, 1.0)
            found.append((hours.instant(at), partial(one.move, name)))
    return found


def _way(number: int, told: list[Told]) -> list[str]:
    """How far the story of this report goes."""
    kind = number % 10
    if kind == 8:
        return ["reject"]
    if kind == 9:  # the same matter as one that is still with the office
        one, open_ones = told[-1], [t for t in told[:-1] if t.number % 10 in (0, 1) and t.office is told[-1].office]
        if open_ones:
            one.main, one.matter, one.point = open_ones[-1], open_ones[-1].matter, open_ones[-1].point
            return ["join"]
        return []
    if kind == 7:
        return [*FORWARD, "reopen"]
    return list(FORWARD[: {0: 0, 1: 1, 2: 2, 3: 3, 4: 4}.get(kind, 5)])


def _slow(name: str) -> float:
    return {"submit": DAY * 1.2, "begin": 2.0, "reopen": DAY, "join": 0.4}.get(name, 1.5)


def _point(office: Office, source: Random) -> tuple[float, float] | None:
    commune = office.commune
    if commune.latitude is None or commune.longitude is None or source.random() < 0.3:
        return None
    return (
        round(commune.latitude + source.uniform(-0.01, 0.01), 5),
        round(commune.longitude + source.uniform(-0.01, 0.01), 5),
    )


def _photo(number: int) -> bytes:
    """A drawing in the place of a photo: a road with something dark in it."""
    source = Random(number)  # noqa: S311  a drawing
    picture = Image.new("RGB", (640, 480), (168, 184, 196))
    draw = ImageDraw.Draw(picture)
    draw.polygon([(0, 480), (640, 480), (400, 180), (240, 180)], fill=(110, 112, 116))
    x, y = source.randint(230, 380), source.randint(280, 400)
    draw.ellipse([x - 60, y - 22, x + 60, y + 22], fill=(58, 54, 50))
    kept = io.BytesIO()
    picture.save(kept, "JPEG", quality=70)
    return kept.getvalue()
