"""Dossiers over HTTP, for programs of the person signed in: the same operations as the screens.

A create carries ``Idempotency-Key``: a repeat answers what the first one made. A change carries ``If-Match`` with the ``ETag``
last seen: when somebody was faster, 409 says who did what. Failures are problem+json. Sessions are those of the portal, with
its CSRF token.
"""

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import File, Header, Router, Schema, Status, UploadedFile
from pydantic import Field

from tinhso.kernel.cases import api as cases
from tinhso.kernel.cases.types import CaseRef, CaseType, Channel, Words
from tinhso.kernel.files import api as files
from tinhso.kernel.identity.types import Purpose
from tinhso.kernel.ledger.types import Actor, ActorKind
from tinhso.lib.problems import NotFound, Problem
from tinhso.lib.text import whole_number
from tinhso.ui.access import Policy, Request, Who

router = Router(tags=["dossiers"])
FAMILY = "services.dossier"

POLICIES = {
    "procedures": Policy(Who.PUBLIC, why="the catalogue of procedures is public by law"),
    "status": Policy(Who.PUBLIC, why="who has the code may see the status, nothing else", limit="look_up"),
    "create": Policy(Who.CITIZEN),
}
"""By operation; all others are for whoever is signed in."""


PROBLEMS = {
    "status": (404,),
    "upload": (415, 422),
    "create": (404, 409, 422, 428),
    "dossier": (404,),
    "move": (404, 409, 422, 428),
}
"""By operation: the failures that its callers meet beside those that any request may (see ``config.http``)."""
Key = Annotated[str, Header(alias="Idempotency-Key")]
Match = Annotated[str, Header(alias="If-Match")]


class KeyMissing(Problem):
    """A create without ``Idempotency-Key``: a repeat could not be told from a second wish."""

    code = "services.idempotency_key_missing"
    status = 428


class MatchMissing(Problem):
    """A change without ``If-Match``: it could overwrite what its sender has not seen."""

    code = "services.if_match_missing"
    status = 428


class Text(Schema):
    """Words in both languages."""

    vi: str
    en: str


class Procedure(Schema):
    """What may be asked for."""

    code: str
    version: str
    national_code: str
    title: Text
    summary: Text
    duration: Text
    fee: Text


class StoredOut(Schema):
    """A file handed in, to be named in a dossier."""

    id: str
    name: str
    media_type: str
    size: int
    sha256: str


class DossierIn(Schema):
    """What is handed in: answers by field, file ids by paper."""

    procedure: str
    data: dict[str, Any]
    papers: dict[str, list[str]] = Field(default_factory=dict)


class RefOut(Schema):
    """A dossier's code and version."""

    id: str
    code: str
    version: int


class StatusOut(Schema):
    """What anybody who has the code may know."""

    code: str
    procedure: Text
    status: int
    says: Text
    unit: str
    filed_on: date
    received_at: datetime | None
    due: datetime | None


class MoveIn(Schema):
    """What a move is given."""

    input: dict[str, Any] = Field(default_factory=dict)
    task: str | None = None


class DossierOut(RefOut):
    """A dossier as the person signed in may see it."""

    procedure: str
    procedure_version: str
    status: int
    step: str
    due: datetime | None
    data: dict[str, Any]
    moves: list[str]


def _text(words: Words) -> Text:
    return Text(vi=words.vi, en=words.en)


def _procedure(kind: CaseType) -> Procedure:
    return Procedure(
        code=kind.code,
        version=kind.version,
        national_code=kind.national_code,
        title=_text(kind.title),
        summary=_text(kind.summary),
        duration=_text(kind.duration),
        fee=_text(kind.fee),
    )


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _ref(response: HttpResponse, ref: CaseRef) -> RefOut:
    response["ETag"] = f'"{ref.version}"'
    return RefOut(id=ref.id, code=ref.code, version=ref.version)


@router.get("/procedures", response=list[Procedure], summary="What may be asked for")
def procedures(request: Request) -> list[Procedure]:
    """Every procedure that can be begun today."""
    return [_procedure(kind) for kind in cases.case_types(FAMILY)]


@router.get("/dossiers/{code}/status", response=StatusOut, summary="How far is it? (no account needed)")
def status(request: Request, code: str) -> StatusOut:
    """Status only: no name, no paper."""
    found = cases.public_status(code)
    return StatusOut(
        code=found.code,
        procedure=_text(found.type_title),
        status=found.status,
        says=_text(found.step_public),
        unit=found.unit_name,
        filed_on=found.filed_on,
        received_at=found.received_at,
        due=found.due,
    )


@router.post("/files", response={201: StoredOut}, summary="Hand in a file")
def upload(request: Request, file: File[UploadedFile]) -> Status[StoredOut]:
    """Store a file; a dossier or a move then names its id. Nobody else can name it."""
    actor = _actor(request)
    ref = files.store(actor, file.name or "file", file.read(files.MAX_BYTES + 1), f"upload:{actor.id}")
    return Status(201, StoredOut(id=ref.id, name=ref.name, media_type=ref.media_type, size=ref.size, sha256=ref.sha256))


@router.post("/dossiers", response={201: RefOut}, summary="Hand a dossier in")
def create(request: Request, response: HttpResponse, body: DossierIn, idempotency_key: Key = "") -> Status[RefOut]:
    """Hand a dossier in for oneself."""
    if not idempotency_key:
        raise KeyMissing
    actor = _actor(request)
    if actor.party is None:
        raise NotFound
    ref = cases.file_case(actor, body.procedure, body.data, body.papers, Channel.ONLINE, actor.party, f"api:{idempotency_key}")
    return Status(201, _ref(response, ref))


@router.get("/dossiers/{code}", response=DossierOut, summary="One dossier")
def dossier(request: Request, response: HttpResponse, code: str) -> DossierOut:
    """A dossier with what can be done now."""
    actor = _actor(request)
    view = cases.case_view(actor, code, Purpose.OWN if actor.kind is ActorKind.CITIZEN else Purpose.HANDLING)
    ref = _ref(response, view.ref)
    return DossierOut(
        **ref.dict(),
        procedure=view.type.code,
        procedure_version=view.type.version,
        status=view.status,
        step=view.step.id,
        due=view.clock.due,
        data=dict(view.data),
        moves=[option.rule.id for option in view.moves if option.enabled],
    )


@router.post("/dossiers/{code}/moves/{move}", response=RefOut, summary="Move a dossier")
def move(
    request: Request,
    response: HttpResponse,
    code: str,
    move: str,
    body: MoveIn,
    if_match: Match = "",
    idempotency_key: Key = "",
) -> RefOut:
    """Make a move that the dossier offers."""
    seen = whole_number(if_match.strip().strip('"'))
    if seen is None:
        raise MatchMissing
    actor = _actor(request)
    key = f"api:{idempotency_key}" if idempotency_key else None
    ref = cases.perform(actor, code, move, body.input, if_version=seen, request_key=key, task=body.task)
    return _ref(response, ref)
