"""What whoever attends has to see at once of a customer: that they come first, and what may not be done meanwhile."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from atencion.desk.case_keys import spoken_key
from atencion.desk.surroundings import Surroundings
from atencion.i18n import _
from atencion.scripts.actions import PRESUME_VULNERABLE

if TYPE_CHECKING:
    from atencion.data.connection import Connection
    from atencion.scripts.run import Run

VULNERABLE, OLDER = "ley-10-2025/15.2", "ley-10-2025/10.6"


def first_in_line(around: Surroundings, *, vulnerable: bool, born: date | None) -> str:
    """The norm by which a customer comes first: they say they are vulnerable, or are old enough; empty if none."""
    if vulnerable and around.binds(VULNERABLE):
        return VULNERABLE
    if born is None or not around.binds(OLDER):
        return ""
    today = around.local(around.clock()).date()
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return OLDER if age >= around.catalogue.norms[OLDER].values.get("age", 65) else ""


def first_told(around: Surroundings, run: Run, born: date | None) -> str:
    """That the customer of a contact comes first and by which norm, as it is told; empty if it is not known."""
    norm = first_in_line(around, vulnerable=PRESUME_VULNERABLE in run.did, born=born)
    return _("Atención prioritaria ({norm})").format(norm=around.catalogue.norm(norm).label) if norm else ""


def locks_told(connection: Connection, around: Surroundings, contract_ids: list[int]) -> dict[int, tuple[str, ...]]:
    """Why contracts may not be cut off, nor what is disputed collected, while a case is pending (Ley 10/2025 arts. 4.4
    and 13.8): a line for each case and norm.
    """
    from atencion.data import case_parts

    found: dict[int, tuple[str, ...]] = {}
    for lock in case_parts.locks_of_contracts(connection, contract_ids):
        told = _("No se corta ni se cobra lo discutido: {key} ({norm})").format(
            key=spoken_key(lock.case_key), norm=around.catalogue.norm(lock.norm).label
        )
        found[lock.contract_id] = (*found.get(lock.contract_id, ()), told)
    return found
