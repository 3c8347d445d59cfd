"""Reports from the street in tests: the commune that answers them, a report sent, and the way to its answer."""

import io
from typing import Any

from django.conf import settings
from PIL import Image

from tests import world
from tinhso.apps.feedback import operations
from tinhso.kernel.cases import api as cases
from tinhso.kernel.cases.types import CaseRef
from tinhso.kernel.files import api as files
from tinhso.kernel.identity import api as identity
from tinhso.kernel.ledger.types import Actor
from tinhso.kernel.organisation import api as organisation

TYPE = "street-report"
PACK = settings.PACKS / "national" / "reports" / f"{TYPE}.yaml"
ANSWERS: dict[str, Any] = {
    "category": "road",
    "description": "Ổ gà sâu trước nhà ông Nguyễn Văn Tư, gọi tôi 0901234567.",
    "commune": world.KHANH_HAU,
    "place": "Đường Châu Văn Giác, gần số nhà 15",
    "latitude": 10.5331,
    "longitude": 106.4021,
}
ROLES = {
    **world.ROLES,
    "intake": ("feedback.intake", "commune-psc"),
    "head": ("feedback.head", "commune-economic"),
    "handler": ("feedback.handler", "commune-economic"),
}
SECRET = "a-secret-of-tests-0123456789"


def open_commune() -> world.World:
    """Khánh Hậu with calendar, pack and people who answer reports."""
    made = world.build(ROLES)
    organisation.load_calendar(world.SYSTEM)
    cases.load_packs(world.SYSTEM, [PACK])
    return made


def picture(colour: str = "grey") -> bytes:
    """A small JPEG."""
    kept = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(kept, "JPEG")
    return kept.getvalue()


def bearer(secret: str = SECRET) -> Actor:
    """Who has the secret."""
    return identity.bearer(secret)


def sent(actor: Actor, key: str = "r1", photos: int = 1, **changes: Any) -> CaseRef:
    """A report that ``actor`` has sent."""
    given = [files.store(actor, f"{n}.jpg", picture(), f"upload:{actor.id}", allowed=("jpg",)).id for n in range(photos)]
    return operations.send(actor, ANSWERS | changes, given, key)


WAY: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("tam", "accept", {"category": "road", "commune": world.KHANH_HAU}),
    ("duc", "assign", {}),
    ("bao", "begin", {}),
    ("bao", "submit", {"answer": "Đã vá mặt đường sáng nay."}),
)


def bring_to(made: world.World, ref: CaseRef, until: str) -> CaseRef:
    """The report after the move ``until`` of :data:`WAY`."""
    for who, move, given in WAY:
        more = {"assignee": made.bao.id} if move == "assign" else {}
        ref = cases.perform(made.actor(who), ref.id, move, given | more)
        if move == until:
            return ref
    raise AssertionError(until)


def publish(made: world.World, ref: CaseRef, **given: Any) -> CaseRef:
    """Answered in public."""
    said = {"public_text": "Ổ gà sâu trên đường.", "public_place": "Đường Châu Văn Giác", "answer": "Đã vá mặt đường."}
    return cases.perform(made.duc, ref.id, "publish", said | given)
