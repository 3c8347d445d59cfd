"""Expected failures: what happened, as a code and parameters; ``tinhso.ui.words`` says it in the person's language."""

from typing import ClassVar


class Problem(Exception):
    """An expected failure that a person must be told about.

    Subclasses set ``code`` (dotted, ``<room>.<name>``, stable: it is the ``type`` of RFC 9457 problem details and the
    key of the words in ``tinhso.ui``) and ``status`` (HTTP). ``params`` fill the words; they never hold personal data.
    """

    code: ClassVar[str] = "problem"
    status: ClassVar[int] = 400

    def __init__(self, **params: object) -> None:
        super().__init__(self.code, params)
        self.params = params

    def __str__(self) -> str:
        return f"{self.code} {self.params}" if self.params else self.code


class NotFound(Problem):
    """It does not exist, or this actor may not know that it does (the two are never told apart)."""

    code = "not_found"
    status = 404


class NotAllowed(Problem):
    """This actor may see the thing but not do this with it."""

    code = "not_allowed"
    status = 403


class Conflict(Problem):
    """The thing has changed since the actor looked at it."""

    code = "conflict"
    status = 409


class Invalid(Problem):
    """Input breaks its schema. ``errors`` is a list of (path, code, params): one for each field at fault."""

    code = "invalid"
    status = 422

    def __init__(self, errors: "list[tuple[str, str, dict[str, object]]]", **params: object) -> None:
        super().__init__(**params)
        self.errors = errors
