"""Loading case types."""

import logging
from collections.abc import Iterable
from pathlib import Path

from tinhso.kernel.cases.engine import pack
from tinhso.kernel.cases.engine.definition import Definition
from tinhso.kernel.cases.engine.running import TypeLoaded
from tinhso.kernel.cases.families import families
from tinhso.kernel.cases.models import CaseTypeVersion
from tinhso.kernel.cases.types import CaseType, PackInvalid
from tinhso.kernel.ledger import api as ledger
from tinhso.kernel.ledger.types import Actor, ActorKind
from tinhso.lib import clock
from tinhso.lib.problems import NotAllowed

log = logging.getLogger(__name__)


@ledger.operation
def load_packs(actor: Actor, paths: Iterable[Path]) -> list[CaseType]:
    """Load declarations, all or none; cases that run keep the version they began under.

    Raises :class:`PackInvalid` with the faults of *all* files at once in ``params["faults"]``; NotAllowed unless the system
    acts.
    """
    if actor.kind is not ActorKind.SYSTEM:
        raise NotAllowed(what="load_packs")
    read: list[tuple[Path, Definition]] = []
    faults: list[object] = []
    for path in paths:
        try:
            read.append((path, pack.load(path, families())))
        except PackInvalid as fault:
            own = fault.params.get("faults")
            faults += own if isinstance(own, list | tuple) else [fault]
    if faults:
        first = faults[0]
        named = {name: getattr(first, name, "") for name in ("file", "line", "what", "remedy")}
        raise PackInvalid(faults=faults, **named)
    return [_keep(path, definition) for path, definition in read]


def _keep(path: Path, definition: Definition) -> CaseType:
    public = definition.public
    _, new = CaseTypeVersion.objects.get_or_create(
        code=public.code,
        version=public.version,
        defaults={
            "family": public.family,
            "effective_from": public.effective_from,
            "effective_to": public.effective_to,
            "source": definition.text,
            "origin": str(path),
            "loaded_at": clock.now(),
        },
    )
    if new:
        ledger.append(
            f"case-type:{public.code}",
            TypeLoaded(
                type_code=public.code,
                type_version=public.version,
                family=public.family,
                effective_from=public.effective_from,
                effective_to=public.effective_to,
            ),
        )
    return public
