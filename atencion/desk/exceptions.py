"""What an agent may not decide alone: asked of a supervisor in a case, approved or refused with a reason, used once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from atencion.data import case_exceptions
from atencion.data.agents import AgentRole
from atencion.data.case_exceptions import NewException, StoredException
from atencion.desk.case_work import Change, changing, needed
from atencion.desk.case_writing import check_cents, money_told
from atencion.desk.surroundings import Surroundings
from atencion.errors import Refused
from atencion.i18n import _
from atencion.scripts.cases import OPEN_STATES, CaseRefused

if TYPE_CHECKING:
    from atencion.data.agents import StoredAgent


class Exceptions:
    """The exceptions of a desk."""

    def __init__(self, around: Surroundings) -> None:
        self._around = around

    def ask(
        self, key: str, what: str, why: str, agent: StoredAgent, *, amount_cents: int | None = None
    ) -> StoredException:
        """Ask for something beyond one's limits in a case: a promise, an act or, with an amount, a compensation.

        Raises Refused if it is not said what or why or the amount is none, CaseRefused if the case is settled.
        """
        if amount_cents is not None:
            check_cents(amount_cents)
        with changing(self._around, key, agent) as change:
            if change.case.status not in OPEN_STATES:
                raise CaseRefused(_("El expediente ya está resuelto."), _("Reábralo primero."))
            new = NewException(
                change.case.id,
                agent.id,
                needed(what, _("Falta decir qué excepción se pide.")),
                needed(why, _("Falta decir por qué se pide.")),
                amount_cents,
                change.case.customer_id,
            )
            exception_id = case_exceptions.ask_exception(change.connection, new, at=change.at)
            change.note("exception_asked", new.what, exception=exception_id, amount=amount_cents)
        return self.get(exception_id)

    def decide(self, exception_id: int, supervisor: StoredAgent, *, approved: bool, reason: str) -> StoredException:
        """Approve or refuse it, with a reason that whoever asked sees at home.

        Raises Refused if there is none, it is decided already or the reason is missing, and for whoever is no
        supervisor.
        """
        if supervisor.role is not AgentRole.SUPERVISOR:
            raise Refused(_("Una excepción la decide supervisión."))
        asked = self.get(exception_id)
        with changing(self._around, asked.case_key, supervisor) as change:
            reason = needed(reason, _("Falta decir por qué se decide así."))
            state = "approved" if approved else "refused"
            if not case_exceptions.decide_exception(
                change.connection,
                exception_id,
                state,
                by=supervisor.id,
                reason=reason,
                at=change.at,
                customer_id=change.case.customer_id,
            ):
                raise Refused(_("Esa excepción ya está decidida."))
            change.note(f"exception_{state}", reason, exception=exception_id)
        return self.get(exception_id)

    def get(self, exception_id: int) -> StoredException:
        """An exception. Raises Refused if there is none of that number."""
        with self._around.store.reading() as connection:
            found = case_exceptions.get_exception(connection, exception_id)
        if found is None:
            raise Refused(_("No hay ninguna excepción {id}.").format(id=exception_id))
        return found

    def waiting(self, limit: int = 100) -> list[StoredException]:
        """What waits for a supervisor, the longest waiting first."""
        with self._around.store.reading() as connection:
            return case_exceptions.waiting_exceptions(connection, limit)

    def news(self, agent: StoredAgent, limit: int = 20) -> list[StoredException]:
        """What became of what an agent asked for and they have not seen, the latest first."""
        with self._around.store.reading() as connection:
            return case_exceptions.exception_news(connection, agent.id, limit)

    def see_news(self, agent: StoredAgent, ids: Iterable[int]) -> None:
        """An agent has seen these."""
        with self._around.store.writing() as connection:
            case_exceptions.see_exception_news(connection, agent.id, list(ids), self._around.clock())


def allow_compensation(change: Change, cents: int) -> None:
    """Raise CaseRefused if a compensation is more than whoever grants it may grant and no supervisor has approved it
    for this case; an approval serves once. Refused if it is no amount.
    """
    check_cents(cents)
    limit = change.around.organisation.most_compensation
    is_supervisor = change.agent is not None and change.agent.role is AgentRole.SUPERVISOR
    if limit is None or is_supervisor or cents <= limit * 100:
        return
    used = case_exceptions.use_exception(change.connection, change.case.id, cents, change.at)
    if used is None:
        raise CaseRefused(
            _("Una compensación de más de {limit} la aprueba supervisión.").format(limit=money_told(int(limit * 100))),
            _("Pida una excepción por ese importe y espere a que se apruebe."),
        )
    change.note("exception_used", exception=used, amount=cents)


def exception_label(exception: StoredException) -> str:
    """How it stands, in a word."""
    if exception.used_at is not None:
        return _("aprobada y usada")
    return {"waiting": _("pendiente"), "approved": _("aprobada"), "refused": _("rechazada")}[exception.state]
