"""What everything that is done at a desk needs of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from atencion.data.engine import Store
from atencion.desk.outgoing import Outgoing
from atencion.scripts.catalogue import Catalogue
from atencion.scripts.organisation import Organisation


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The store, what the organisation has decided, the time, where new keys of cases come from and messages go to."""

    store: Store
    catalogue: Catalogue
    clock: Callable[[], datetime]
    new_key: Callable[[], str]
    outgoing: Outgoing | None = None

    @property
    def organisation(self) -> Organisation:
        """Who attends."""
        return self.catalogue.organisation

    def binds(self, ref: str) -> bool:
        """Whether a norm binds the organisation; one that its folder does not have does not."""
        norm = self.catalogue.norms.get(ref)
        return norm is not None and norm.enabled

    def local(self, moment: datetime) -> datetime:
        """A moment in the organisation's zone."""
        return moment.astimezone(self.organisation.local_zone)
