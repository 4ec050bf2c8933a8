"""What whoever attends has to see at once of a customer: that they come first, and what may not be done meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from atencion.desk.case_keys import spoken_key
from atencion.desk.surroundings import Surroundings
from atencion.i18n import _
from atencion.scripts.actions import PRESUME_VULNERABLE

if TYPE_CHECKING:
    from atencion.data.connection import Connection
    from atencion.scripts.run import Run

VULNERABLE = "ley-10-2025/15.2"


def first_told(around: Surroundings, run: Run) -> str:
    """That the customer of a contact comes first and by which norm, as it is told; empty if it is not known."""
    norm = around.catalogue.norms.get(VULNERABLE) if PRESUME_VULNERABLE in run.did else None
    if norm is None or not norm.enabled:
        return ""
    return _("Atención prioritaria ({norm})").format(norm=norm.label)


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
