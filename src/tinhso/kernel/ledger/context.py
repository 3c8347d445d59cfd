"""Who is acting: set by an operation, needed by every write."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from django.db import transaction

from tinhso.kernel.ledger.types import Actor, NoActor

P = ParamSpec("P")
R = TypeVar("R")

_actor: ContextVar[Actor | None] = ContextVar("tinhso_actor", default=None)


def acting_now() -> bool:
    """Whether an operation is running here."""
    return _actor.get() is not None


def current_actor() -> Actor:
    """The actor of the operation that is running; NoActor outside one."""
    actor = _actor.get()
    if actor is None:
        raise NoActor
    return actor


@contextmanager
def named(actor: Actor) -> Iterator[Actor]:
    """Name the actor without opening a transaction: for jobs that hold many short transactions of their own."""
    if not isinstance(actor, Actor):
        raise NoActor(got=type(actor).__name__)
    token = _actor.set(actor)
    try:
        yield actor
    finally:
        _actor.reset(token)


@contextmanager
def acting(actor: Actor) -> Iterator[Actor]:
    """Act as ``actor`` in one transaction; what is inside happens wholly or not at all.

    Nested, it joins the transaction around it: a failure inside undoes the outer operation too, which keeps "one
    operation, one transaction" true and saves the savepoints. NoActor when ``actor`` is not an Actor.
    """
    outermost = not acting_now()
    with named(actor), transaction.atomic(savepoint=outermost):
        yield actor


def operation(fn: Callable[Concatenate[Actor, P], R]) -> Callable[Concatenate[Actor, P], R]:
    """Make ``fn(actor, ...)`` an operation: a transaction with an actor. The only place from which rows may be written.

    Raises NoActor when the first positional argument is not an Actor. Operations nest (see :func:`acting`).
    """

    @wraps(fn)
    def run(actor: Actor, /, *args: P.args, **kwargs: P.kwargs) -> R:
        with acting(actor):
            return fn(actor, *args, **kwargs)

    return run
