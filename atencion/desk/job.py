"""An action of a protocol about to be done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from atencion.data.agents import StoredAgent
from atencion.data.personal_values import Occasion
from atencion.desk.surroundings import Surroundings
from atencion.errors import Refused
from atencion.i18n import _
from atencion.scripts.actions import ACTIONS
from atencion.scripts.organisation import Organisation
from atencion.scripts.run import Run


@dataclass(frozen=True)
class Job:
    """Its parameters, what the journal says of it, and in which contact: `run` is where that is, this entry included.

    `phone` is that of the customer: the one they call from or, if it is not known, the one on file. `contract` is the
    number of the one in hand, empty if there is none.
    """

    action: str
    params: Mapping[str, str]
    body: Mapping[str, object]
    occasion: Occasion
    run: Run
    around: Surroundings
    agent: StoredAgent
    phone: str | None = None
    contract: str = ""

    @property
    def organisation(self) -> Organisation:
        """Who attends."""
        return self.around.organisation

    def refused(self, why: str, expected: str = "") -> Refused:
        """That it cannot be done, and what would be needed."""
        message = _("No se puede hacer «{title}»: {why}.").format(title=ACTIONS[self.action].title(), why=why)
        return Refused(message, remedy=expected)

    def customer(self) -> int:
        """Whom it is about. Raises Refused if nobody is picked."""
        if self.occasion.customer_id is None:
            raise self.refused(_("no hay ningún cliente elegido"), _("buscar antes al cliente"))
        return self.occasion.customer_id

    def department(self) -> str:
        """The department it names, or none. Raises Refused if the organisation has no such one."""
        name = self.params.get("department", "")
        if name and name not in self.organisation.department:
            known = ", ".join(self.organisation.department)
            raise self.refused(_("el departamento «{id}» no existe").format(id=name), known)
        return name

    def asked(self) -> bool:
        """Whether it was the customer who asked for it."""
        return self.params.get("asked") == "yes"

    def improves(self) -> bool:
        """Whether what is offered is part of the solution and better than what the customer has."""
        return self.params.get("improves") == "yes"
