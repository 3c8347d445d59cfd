"""Tables of the case engine: what one row is, and what the database itself refuses.

The engine's own state is one JSON value on :class:`Case`; everything that a list or a page filters by is a column beside it,
written in the same statement. Text typed by people lives here and never in the ledger.
"""

import uuid

from django.db import models
from django.db.models import F, Q

from tinhso.kernel.cases.types import Channel, Phase

PHASES = [phase.value for phase in Phase]
CHANNELS = [channel.value for channel in Channel]
PAPER_STATES = ["given", "accepted", "wanting"]
RESULT_STATES = ["none", "draft", "signed", "numbered"]
KEY = 80
"""Length of a unit's stable key, a role, a step id, a move id, a pseudonymous actor id."""


class CaseTypeVersion(models.Model):
    """One loaded version of a case type: the source text of its pack, never changed afterwards.

    A running case keeps its foreign key, so a newer pack can't change what it began
    under. It may be begun from ``effective_from`` until the day before ``effective_to``.
    """

    code = models.CharField(max_length=KEY)
    version = models.CharField(max_length=64)
    """Begins with the day it takes effect and ends with a hash of the source."""
    family = models.CharField(max_length=KEY)
    effective_from = models.DateField()
    effective_to = models.DateField(null=True)
    source = models.TextField()
    origin = models.CharField(max_length=300)
    """The file it was read from, so that a fault found later can be named."""
    loaded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="cases_type_version"),
            models.CheckConstraint(
                condition=Q(effective_to__isnull=True) | Q(effective_to__gt=F("effective_from")), name="cases_type_dates"
            ),
        ]
        indexes = [models.Index(fields=["code", "-effective_from"], name="cases_type_by_date")]


class Case(models.Model):
    """One case: somebody asked for something, and this is where the answer stands.

    ``version`` counts the entries of its ledger stream ``case:<id>``. ``state`` is the engine's whole state; the columns
    are its projection for lists. ``holder_unit`` is empty while the applicant holds it and when it has ended.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.CharField(max_length=60, unique=True)
    type = models.ForeignKey(CaseTypeVersion, on_delete=models.PROTECT, related_name="+")
    type_code = models.CharField(max_length=KEY)
    type_version = models.CharField(max_length=64)
    step = models.CharField(max_length=KEY)
    phase = models.CharField(max_length=10, choices=[(p, p) for p in PHASES])
    status = models.PositiveSmallIntegerField()
    channel = models.CharField(max_length=10, choices=[(c, c) for c in CHANNELS])
    party = models.ForeignKey("identity.Party", null=True, on_delete=models.PROTECT, related_name="+")
    """The applicant; null for a bearer, whom only his secret names."""
    applicant = models.CharField(max_length=200)
    """The applicant's name folded (no diacritics, lower case), so that a list can be searched by it; empty for a bearer."""
    filed_by = models.CharField(max_length=KEY)
    """Actor id of the account that filed it: the applicant's own, or the official's at the counter."""
    area = models.CharField(max_length=20, blank=True)
    """Statistical code of the area it is about; units are found from it."""
    receiving_unit = models.CharField(max_length=KEY)
    responsible_unit = models.CharField(max_length=KEY)
    holder_unit = models.CharField(max_length=KEY, blank=True)
    holder_role = models.CharField(max_length=KEY, blank=True)
    """The role that the step waits for: what the work lists of a person are drawn from."""
    desk = models.CharField(max_length=KEY)
    """The work list in which the step waits: ``to_receive``, ``to_sign``… (see ``queries.lists``)."""
    handler = models.CharField(max_length=KEY, blank=True)
    """Actor id of the official it is assigned to, whoever holds it at the moment."""
    holder = models.CharField(max_length=KEY, blank=True)
    """Actor id of the person for whom the step waits; empty when anyone of ``holder_role`` may take it."""
    filed_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    """The promised instant; null while no clock has started. Kept as it was when paused."""
    paused = models.BooleanField(default=False)
    finished_at = models.DateTimeField(null=True)
    """When the clock stopped with a verdict."""
    ended_at = models.DateTimeField(null=True)
    alarm_at = models.DateTimeField(null=True)
    """The next instant at which time alone makes something happen; null when nothing waits for time."""
    arrived_at = models.DateTimeField()
    """When it came to the unit, role or person that holds it now."""
    unread = models.BooleanField(default=True)
    """Nobody of the holding unit has opened it since it arrived."""
    version = models.PositiveIntegerField()
    state = models.JSONField()
    data = models.JSONField()
    found = models.JSONField(default=dict)
    """What officials established themselves, by name of the form's field: counts over what the form says."""
    given = models.JSONField(default=dict)
    """Code of each paper given, and its latest version."""
    wanting = models.JSONField(default=list)
    """What the open request asks for and has not been given yet: codes of papers and names of form fields."""
    result = models.CharField(max_length=10, default="none")
    """How far the result is: ``none``, ``draft``, ``signed``, ``numbered``."""
    unpaid = models.PositiveBigIntegerField(default=0)
    """Đồng still owed."""
    units = models.JSONField(default=list)
    """Keys of the units that act in it or did, as in :class:`Participation`: saves asking."""
    supplemented = models.BooleanField(default=False)
    """The applicant has answered a request and nobody has moved the case since."""
    consulting = models.PositiveSmallIntegerField(default=0)
    """How many opinions asked of others are still open."""
    extended = models.BooleanField(default=False)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(phase__in=PHASES), name="cases_case_phase"),
            models.CheckConstraint(condition=Q(channel__in=CHANNELS), name="cases_case_channel"),
            models.CheckConstraint(
                condition=Q(phase="ended", ended_at__isnull=False) | (~Q(phase="ended") & Q(ended_at__isnull=True)),
                name="cases_case_ended",
            ),
            models.CheckConstraint(condition=Q(version__gte=1), name="cases_case_version"),
            models.CheckConstraint(condition=Q(result__in=RESULT_STATES), name="cases_case_result"),
        ]
        indexes = [
            models.Index(fields=["holder_unit", "due_at", "id"], name="cases_by_holder"),
            models.Index(fields=["handler", "phase", "due_at", "id"], name="cases_by_handler"),
            models.Index(fields=["responsible_unit", "phase", "due_at", "id"], name="cases_by_responsible"),
            models.Index(fields=["receiving_unit", "phase", "due_at", "id"], name="cases_by_receiving"),
            models.Index(fields=["party", "-filed_at"], name="cases_by_party"),
            models.Index(fields=["alarm_at"], condition=Q(alarm_at__isnull=False), name="cases_by_alarm"),
        ]


class Participation(models.Model):
    """A unit takes part in a case and may therefore see it.

    Written when the case first reaches the unit. The parents of the receiving and the responsible unit take part from the
    start: leaders see what their people do. ``asked`` units (opinions) see the case only until it has ended.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="participations")
    unit = models.CharField(max_length=KEY)
    asked = models.BooleanField(default=False)
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "case", "asked"], name="cases_participation_once")]


class Task(models.Model):
    """Something running beside the main step, held by one unit, with its own deadline."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="tasks")
    key = models.CharField(max_length=20)
    """Its id within the case: ``t1``, ``t2``…"""
    kind = models.CharField(max_length=KEY)
    unit = models.CharField(max_length=KEY)
    asked_by = models.CharField(max_length=KEY)
    question = models.TextField()
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=KEY, blank=True)
    answer = models.TextField(blank=True)
    answered_by = models.CharField(max_length=KEY, blank=True)
    file = models.ForeignKey("files.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "key"], name="cases_task_key"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, outcome="") | (Q(closed_at__isnull=False) & ~Q(outcome="")),
                name="cases_task_closed",
            ),
        ]
        indexes = [models.Index(fields=["unit", "due_at"], condition=Q(closed_at__isnull=True), name="cases_task_open")]


class Supplement(models.Model):
    """One request to the applicant for more, numbered within the case, and when it was answered."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="supplements")
    number = models.PositiveSmallIntegerField()
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=KEY)
    items = models.JSONField(default=list)
    """What is wanted: codes of papers and names of form fields."""
    correction = models.BooleanField(default=False)
    """Asked before receipt, when no clock runs yet."""
    task = models.CharField(max_length=20, blank=True)
    """Key of the task for which it is asked; empty when it is for the case as a whole."""
    note = models.TextField(blank=True)
    due = models.DateField(null=True)
    answered_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)
    slip = models.ForeignKey("files.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="cases_supplement_number")]


class Paper(models.Model):
    """One file of one component of a case. A new hand-in of the same component is a new ``version``; earlier ones stay."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="papers")
    code = models.CharField(max_length=KEY)
    version = models.PositiveSmallIntegerField()
    place = models.PositiveSmallIntegerField(default=0)
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10)
    """``given``; then ``accepted`` or ``wanting`` (looked at and not good enough) by an official."""
    note = models.TextField(blank=True)
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=KEY)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "code", "version", "place"], name="cases_paper_place"),
            models.CheckConstraint(condition=Q(state__in=PAPER_STATES), name="cases_paper_state"),
        ]


class Document(models.Model):
    """A slip or letter that the province issued in a case (receipt, request for supplement, refusal, apology, stop)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="documents")
    kind = models.CharField(max_length=KEY)
    title_vi = models.CharField(max_length=300)
    title_en = models.CharField(max_length=300)
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=KEY, blank=True)
    public = models.BooleanField(default=True)
    """The applicant gets it; not so what officials put to a move (minutes of a visit)."""
    at = models.DateTimeField()
    verify_code = models.CharField(max_length=KEY, blank=True)


class Result(models.Model):
    """One version of what a case produces: a draft, the signed paper, the numbered one. The highest version counts."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="results")
    code = models.CharField(max_length=KEY)
    version = models.PositiveSmallIntegerField()
    title_vi = models.CharField(max_length=300)
    title_en = models.CharField(max_length=300)
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=KEY, blank=True)
    state = models.CharField(max_length=10)
    """``draft``, ``signed`` or ``numbered``."""
    signed = models.JSONField(default=list)
    """Names of those who signed, in order, as printed on the paper."""
    verify_code = models.CharField(max_length=KEY, blank=True)
    final = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "code", "version"], name="cases_result_version"),
            models.CheckConstraint(condition=Q(state__in=RESULT_STATES[1:]), name="cases_result_state"),
        ]


class Note(models.Model):
    """Text that somebody typed when making a move (a reason, a remark); ``entry`` is the stream version of its entry."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="notes")
    entry = models.PositiveIntegerField()
    field = models.CharField(max_length=KEY)
    text = models.TextField()
    by = models.CharField(max_length=KEY)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "entry", "field"], name="cases_note_once")]


class Draft(models.Model):
    """A form that its owner has begun and not handed in. The case it becomes takes over its id, so its files may be stored
    as ``case:<id>`` from the beginning."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.CharField(max_length=KEY)
    """Actor id of the account."""
    type = models.ForeignKey(CaseTypeVersion, on_delete=models.PROTECT, related_name="+")
    data = models.JSONField(default=dict)
    page = models.CharField(max_length=KEY, blank=True)
    updated_at = models.DateTimeField()
    filed_at = models.DateTimeField(null=True)
    """When it became a case, which has the same id; such a draft is shown no more."""

    class Meta:
        indexes = [models.Index(fields=["owner", "-updated_at"], name="cases_draft_by_owner")]


class DraftPaper(models.Model):
    """A file put to a draft."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="papers")
    code = models.CharField(max_length=KEY)
    place = models.PositiveSmallIntegerField()
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["draft", "code", "file"], name="cases_draft_file_once")]


class Sequence(models.Model):
    """A counter: the last number given in ``scope`` (a unit's code) on ``day``. Numbers are never given twice."""

    scope = models.CharField(max_length=KEY)
    day = models.DateField()
    last = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "day"], name="cases_sequence_scope")]
