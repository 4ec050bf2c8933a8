"""Why a contract may not be cut off, nor its debt collected, while a case is pending (Ley 10/2025 arts. 4.4, 13.8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from atencion.data import case_parts
from atencion.desk.case_keys import spoken_key
from atencion.desk.surroundings import Surroundings
from atencion.i18n import _

if TYPE_CHECKING:
    from atencion.data.connection import Connection


def locks_told(connection: Connection, around: Surroundings, contract_ids: list[int]) -> dict[int, tuple[str, ...]]:
    """What locks each of some contracts, a line for each case and norm, to be shown to whoever attends."""
    found: dict[int, tuple[str, ...]] = {}
    for lock in case_parts.locks_of_contracts(connection, contract_ids):
        told = _("No se corta ni se cobra lo discutido: {key} ({norm})").format(
            key=spoken_key(lock.case_key), norm=around.catalogue.norm(lock.norm).label
        )
        found[lock.contract_id] = (*found.get(lock.contract_id, ()), told)
    return found
