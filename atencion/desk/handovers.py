"""Handing cases over: who takes what, by route, hours and language; accepted, returned with a reason, or passed on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from atencion.data import case_parts, handovers
from atencion.data.cases import CaseSummary
from atencion.data.handovers import Handover
from atencion.desk.case_opening import add_handover
from atencion.desk.case_work import Change, changing
from atencion.desk.surroundings import Surroundings
from atencion.errors import Refused
from atencion.i18n import _
from atencion.scripts.cases import LONGEST, CaseRefused, Move
from atencion.text import clean_line, clean_text

if TYPE_CHECKING:
    from atencion.data.agents import StoredAgent
    from atencion.scripts.organisation import EscalationRoute, Organisation


class Handovers:
    """The handovers of a desk."""

    def __init__(self, around: Surroundings) -> None:
        self._around = around

    def route(self, reason: str, language: str = "es") -> EscalationRoute | None:
        """The route that is open now for a reason, in a language; None if the organisation has none for it."""
        return self._around.organisation.route_for(reason, language, self._around.local(self._around.clock()))

    def hand_over(
        self,
        key: str,
        reason: str,
        summary: str,
        agent: StoredAgent | None,
        *,
        department: str = "",
        warm: bool = False,
        version: int | None = None,
    ) -> CaseSummary:
        """Give a case to whoever the route of a reason leads to now, or to a department; again passes it on."""
        organisation = self._around.organisation
        if reason not in organisation.reason:
            raise Refused(
                _("El motivo «{id}» no existe.").format(id=clean_line(reason, 60)),
                remedy=", ".join(organisation.reason),
            )
        if department and department not in organisation.department:
            raise Refused(
                _("El departamento «{id}» no existe.").format(id=clean_line(department, 60)),
                remedy=", ".join(organisation.department),
            )
        summary = clean_text(summary, LONGEST).strip()
        if not summary:
            raise Refused(_("Falta el resumen."), remedy=_("Quien lo reciba tiene que saber de qué va."))
        with changing(self._around, key, agent, version) as change:
            change.move(Move.ESCALATE)
            route = None if department else self.route(reason, change.case.language)
            to = department or (route.department if route is not None else organisation.reason[reason].department)
            level = route.level if route is not None else 1
            add_handover(change, to, summary, reason, route=route.id if route else "", level=level, warm=warm)
        return change.case

    def accept(self, key: str, agent: StoredAgent, comment: str = "") -> CaseSummary:
        """Take a case that waits: it is one's own from now on. Raises CaseRefused if somebody was first."""
        with changing(self._around, key, agent) as change:
            change.move(Move.ACCEPT)
            _decide(change, "accepted", agent, comment)
            change.set(owner_id=agent.id)
            change.note("accepted", comment or None)
        return change.case

    def give_back(self, key: str, reason: str, agent: StoredAgent) -> CaseSummary:
        """Return a case that waits to whoever gave it, with the reason, which they see at home."""
        reason = clean_text(reason, LONGEST).strip()
        if not reason:
            raise Refused(_("Falta decir por qué se devuelve."))
        with changing(self._around, key, agent) as change:
            change.move(Move.RETURN)
            waiting = [
                one for one in handovers.handovers_of_case(change.connection, change.case.id) if one.state == "waiting"
            ]
            _decide(change, "returned", agent, reason)
            change.set(owner_id=waiting[-1].agent_id)
            change.note("returned", reason)
        return change.case

    def waiting(self, department: str = "", limit: int = 100) -> list[Handover]:
        """What waits to be taken, of a department or of all, the most urgent first."""
        with self._around.store.reading() as connection:
            return handovers.waiting_handovers(connection, department, limit)

    def news(self, agent: StoredAgent, limit: int = 20) -> list[Handover]:
        """What became of what an agent handed over and they have not seen, the latest first."""
        with self._around.store.reading() as connection:
            return handovers.news_of_agent(connection, agent.id, limit)

    def see_news(self, agent: StoredAgent, ids: Iterable[int]) -> None:
        """An agent has seen these."""
        with self._around.store.writing() as connection:
            handovers.see_news(connection, agent.id, list(ids), self._around.clock())

    def count_tasks(self, agent: StoredAgent) -> int:
        """How many things an agent, or anybody of their department, has to do."""
        with self._around.store.reading() as connection:
            return case_parts.count_tasks(connection, agent.id, agent.department)


def _decide(change: Change, state: str, agent: StoredAgent, comment: str) -> None:
    """Whoever was waited for has come, or will not. Raises CaseRefused if nobody was."""
    if not handovers.decide_handover(
        change.connection,
        change.case.id,
        state,
        by=agent.id,
        comment=comment,
        at=change.at,
        customer_id=change.case.customer_id,
    ):
        raise CaseRefused(_("Ese expediente no espera a nadie."))


def handover_told(organisation: Organisation, handover: Handover) -> str:
    """To whom a case was handed over, and whether the customer was passed on after speaking to them."""
    department = organisation.department.get(handover.department)
    told = _("Derivado de viva voz a {department}") if handover.warm else _("Derivado sin hablar antes a {department}")
    return told.format(department=department.name if department is not None else handover.department)
