"""Answering cases: what is missing, the decision on each item with its reasons, and how the customer is told.

Nothing is closed because its time ran out (Ley 10/2025 art. 13.2): a case that is not completed is settled only by
somebody, once its term has passed, and only if the customer was warned (arts. 13.3 and 13.4).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from atencion.data import case_documents, case_events, case_parts, outbox
from atencion.data.cases import CaseSummary
from atencion.data.customer_search import key_of
from atencion.desk.case_keys import spoken_key
from atencion.desk.case_opening import NO_COLLECTION, NO_CUT_OFF, lock_against_cut_off
from atencion.desk.case_work import ANSWER, COMPLETION, RESOLUTION, Change, changing, needed, told_with_norm
from atencion.desk.case_writing import (
    check_channel,
    choose_answer,
    day_told,
    money_told,
    send_paper,
    told_answers,
    whom_to_turn_to,
    write_paper,
)
from atencion.desk.exceptions import allow_compensation
from atencion.desk.surroundings import Surroundings
from atencion.errors import Refused
from atencion.i18n import _
from atencion.scripts.cases import OPEN_STATES, Answer, CaseRefused, Decision, Move, check_answers, whole_decision
from atencion.scripts.deadlines import (
    end_of_day,
    month_later,
    next_working_day,
    working_days_left,
)

if TYPE_CHECKING:
    from atencion.data.agents import StoredAgent

COMPLETE_IT = "ley-10-2025/13.3"
WARNED = "ley-10-2025/13.4"
NOT_BY_TIME = "ley-10-2025/13.2"
LANGUAGE = "ley-10-2025/13.6"


class CaseAnswers:
    """Answering the cases of a desk."""

    def __init__(self, around: Surroundings) -> None:
        self._around = around

    # What is missing

    def ask(
        self, key: str, missing: str, agent: StoredAgent | None, *, told: bool = False, version: int | None = None
    ) -> CaseSummary:
        """Ask the customer for what is missing, warning of what follows if they do not give it.

        The term to answer stops, and starts anew once it is complete (art. 13.3). `told` if they have just been told in
        conversation; otherwise it is written to them, and it is refused if it would not reach them (art. 13.4).
        """
        with changing(self._around, key, agent, version) as change:
            change.move(Move.ASK)
            change.end_clocks((ANSWER, RESOLUTION), "void")
            clock = change.start_clock(COMPLETE_IT, change.at)
            if clock is None:
                raise Refused(_("La norma que da el plazo para completar está desactivada."))
            days = self._around.catalogue.known_norm(COMPLETE_IT).term
            missing = needed(missing, _("Falta decir qué tiene que completar el cliente."))
            more = {
                "falta": missing,
                "dias": days.days if days is not None else None,
                "ultimo_dia": day_told(clock.due_on),
            }
            written = write_paper(change, "request", more)
            if not told and written.message_id is None:
                raise _reaches_nobody(WARNED)
            change.note("asked", missing, warned=True, told=told, document=written.document_id)
        return change.case

    def complete(self, key: str, text: str, agent: StoredAgent | None) -> CaseSummary:
        """The customer has completed it: the term to answer starts anew, today, even if theirs had passed."""
        with changing(self._around, key, agent) as change:
            lapsed = change.case.decision == LAPSED
            late = lapsed or any(clock.due_at < change.at for clock in change.clocks((COMPLETION,)))
            change.note("completed", needed(text, _("Falta decir qué ha aportado el cliente.")), late=late)
            if lapsed:
                _take_up_again(change)
            else:
                change.move(Move.COMPLETE)
                change.end_clocks((COMPLETION,))
                change.start_terms(change.at)
        return change.case

    def lapse(self, key: str, agent: StoredAgent | None) -> CaseSummary:
        """The customer has not completed it in time: it counts as settled (art. 13.4), and they are told so."""
        with changing(self._around, key, agent) as change:
            change.move(Move.LAPSE)
            (clock,) = change.clocks((COMPLETION,))[:1] or (None,)
            if clock is None or change.at < clock.due_at:
                raise CaseRefused(
                    _("El cliente aún está en plazo para completarlo."),
                    _("Termina el {day}.").format(day=day_told(clock.due_on)) if clock else "",
                    norm=COMPLETE_IT,
                )
            warning = _warning(change)
            if warning is None:
                raise CaseRefused(_("No consta que se le avisara de las consecuencias."), norm=WARNED)
            change.end_clocks((COMPLETION,), "void")
            change.set(decision=LAPSED, resolved_at=change.at)
            change.note("lapsed", warning=warning.id, hash=warning.hash)
            write_paper(change, "lapse", {"ultimo_dia": day_told(clock.due_on)})
        return change.case

    # The answer

    def answer_outage(
        self, key: str, cause: str, restoration: str, agent: StoredAgent | None, *, told: bool = False
    ) -> CaseSummary:
        """Tell the cause of an outage and when service is expected back (art. 17.2).

        `told` if the customer has just been told in conversation; otherwise it is written to them.
        """
        with changing(self._around, key, agent) as change:
            change.move(Move.ANSWER)
            cause = needed(cause, _("Falta la causa."))
            restoration = needed(restoration, _("Falta el tiempo estimado de reposición."))
            written = write_paper(change, "answer", {"causa": cause, "reposicion": restoration})
            if not told and written.message_id is None:
                raise _reaches_nobody("ley-10-2025/17.2")
            change.end_clocks((ANSWER,))
            change.note("answered", told=told, document=written.document_id)
        return change.case

    def resolve(
        self,
        key: str,
        answers: Sequence[Answer],
        agent: StoredAgent | None,
        *,
        compensation_cents: int | None = None,
        version: int | None = None,
    ) -> CaseSummary:
        """Decide a case item by item, each with its reasons; what is not granted in full says whom to turn to.

        The answer goes out on the customer's channel if it can; otherwise somebody has to tell it (`notify`). Raises
        CaseRefused (art. 13.1) if an item is left out or one text answers items that differ, or if the compensation is
        beyond what the agent may grant and nobody approved it; ConcurrentCase if somebody else has changed the case
        since `version`.
        """
        with changing(self._around, key, agent, version) as change:
            change.move(Move.RESOLVE)
            items = case_parts.items_of(change.connection, change.case.id)
            by_item = check_answers({item.number: item.text for item in items}, answers)
            for number, answer in by_item.items():
                case_parts.answer_item(
                    change.connection,
                    change.case.id,
                    number,
                    str(answer.decision),
                    answer.reasons,
                    at=change.at,
                    customer_id=change.case.customer_id,
                )
                change.note("item_answered", number=number, decision=str(answer.decision))
            if compensation_cents is not None:
                allow_compensation(change, compensation_cents)
            decision = whole_decision(list(by_item.values()))
            bodies = "" if decision is Decision.ACCEPTED else whom_to_turn_to(change)
            change.end_clocks((COMPLETION,), "void")
            change.set(decision=str(decision), compensation_cents=compensation_cents, resolved_at=change.at)
            told_bodies = len(bodies.splitlines())
            change.note("resolved", decision=str(decision), compensation=compensation_cents, bodies=told_bodies)
            decided = case_parts.items_of(change.connection, change.case.id)
            papers = self._around.catalogue.papers.of(change.case.language)
            more = {
                "respuestas": told_answers(change, decided),
                "decision": papers.decisions[decision.value],
                "compensacion": money_told(compensation_cents) if compensation_cents else "",
                "organismos": bodies,
            }
            write_paper(change, "resolution", more)
            change.end_clocks((RESOLUTION,))
        return change.case

    def notify(
        self, key: str, channel: str, agent: StoredAgent | None, *, language: str = "", version: int | None = None
    ) -> CaseSummary:
        """The customer has been told the answer, by the matter's channel or the one they chose, in its language.

        The lock on the contract ends, unless the matter is before an out-of-court body (arts. 4.4, 13.5, 13.6, 13.8).
        """
        with changing(self._around, key, agent, version) as change:
            check_channel(change, channel)
            if language and language != change.case.language:
                raise CaseRefused(
                    _("El asunto se presentó en otra lengua y en ella se contesta."),
                    _("Es esta: {language}.").format(language=change.case.language),
                    norm=LANGUAGE,
                )
            self.told(change, channel)
        return change.case

    def told(self, change: Change, channel: str) -> None:
        """What telling the answer amounts to, in a case that is being changed."""
        change.move(Move.NOTIFY)
        change.end_clocks((ANSWER,))
        change.set(notified_at=change.at)
        change.note("notified", channel=channel, language=change.case.language)
        if not change.case.external_body and case_parts.unlock_contract(
            change.connection, change.case.id, NO_CUT_OFF, change.at
        ):
            change.note("unlocked", norm=NO_CUT_OFF)

    def choose_answer(
        self, key: str, agent: StoredAgent | None, *, channel: str = "", address: str = "", language: str = ""
    ) -> CaseSummary:
        """The customer chooses where, or in which language, to be answered; what is resolved goes out there at once."""
        with changing(self._around, key, agent) as change:
            choose_answer(change, channel, address, language)
            if change.case.status == "resolved":
                documents = case_documents.documents_of(change.connection, change.case.id)
                # The latest, be it a lapse: what was decided before the case was reopened does not hold any more.
                last = next(one for one in reversed(documents) if one.ends_case)
                if last.text:
                    send_paper(change, last.id, last.kind, last.text, change.case.answered_by)
        return change.case

    def close(self, key: str, agent: StoredAgent | None) -> CaseSummary:
        """There is nothing more to do: only for a case of which the customer has been told."""
        with changing(self._around, key, agent) as change:
            try:
                change.move(Move.CLOSE)
            except CaseRefused as refusal:
                raise CaseRefused(refusal.message, refusal.remedy, norm=NOT_BY_TIME) from refusal
            change.note("closed")
        return change.case

    def reopen(self, key: str, reason: str, agent: StoredAgent | None, version: int | None = None) -> CaseSummary:
        """Take a settled case up again, for a reason: its terms start anew."""
        with changing(self._around, key, agent, version) as change:
            _take_up_again(change, needed(reason, _("Falta decir por qué se reabre.")))
        return change.case

    # Terms that stop or grow

    def stop(self, key: str, reason: str, agent: StoredAgent | None) -> CaseSummary:
        """Stop the terms of a case, for a reason that stays in its history."""
        with changing(self._around, key, agent) as change:
            running = change.clocks((ANSWER, RESOLUTION))
            if not running or change.case.status not in OPEN_STATES:
                raise CaseRefused(_("No corre ningún plazo que se pueda detener."))
            today, work = self._around.local(change.at).date(), change.work()
            for clock in running:
                term = self._around.catalogue.known_norm(clock.norm).term
                if term is None or term.hours is not None or clock.due_at <= change.at:
                    raise CaseRefused(_("Ese plazo no se puede detener: es de horas o ya ha vencido."))
                natural = (clock.due_on - today).days
                left = working_days_left(today, clock.due_on, work) if term.working else natural
                case_parts.save_clock(change.connection, replace(clock, state="stopped", left_days=left))
            change.note("stopped", needed(reason, _("Falta decir por qué se detiene.")))
        return change.case

    def resume(self, key: str, reason: str, agent: StoredAgent | None) -> CaseSummary:
        """Have the stopped terms run on, with the days that were left."""
        with changing(self._around, key, agent) as change:
            stopped = change.clocks(state="stopped")
            if not stopped or change.case.status not in OPEN_STATES:
                raise CaseRefused(_("No hay ningún plazo detenido."))
            for clock in map(change.run_on, stopped):
                case_parts.save_clock(change.connection, clock)
                change.note("clock_resumed", norm=clock.norm, due=clock.due_at.isoformat())
            change.note("resumed", needed(reason, _("Falta decir por qué se reanuda.")))
        return change.case

    def extend(self, key: str, reasons: str, agent: StoredAgent | None, *, told: bool = False) -> CaseSummary:
        """Take the longer term that a norm allows, once, telling the customer why before the first ends (RGPD 12.3).

        `told` if they have just been told in conversation; otherwise it is refused if what is written would not reach
        them.
        """
        with changing(self._around, key, agent) as change:
            for clock in change.clocks((ANSWER, RESOLUTION)):
                term = self._around.catalogue.known_norm(clock.norm).term
                if term is None or not term.extension_months:
                    continue
                if clock.extended or change.at >= clock.due_at:
                    raise CaseRefused(_("El plazo ya se amplió, o ha vencido."), norm=clock.norm)
                start = self._around.local(clock.started_at).date()
                last = month_later(start, (term.months or 0) + term.extension_months)
                day = next_working_day(last, change.work()) if term.rolls else last
                due_at = end_of_day(day, self._around.organisation.local_zone)
                reasons = needed(reasons, _("Falta decir los motivos."))
                case_parts.save_clock(change.connection, replace(clock, due_at=due_at, due_on=day, extended=True))
                written = write_paper(change, "extension", {"motivos": reasons, "ultimo_dia": day_told(day)})
                if not told and written.message_id is None:
                    raise _reaches_nobody(clock.norm)
                document = written.document_id
                change.note("extended", reasons, norm=clock.norm, due=due_at.isoformat(), told=told, document=document)
                break
            else:
                raise CaseRefused(_("Ninguna norma permite ampliar el plazo de este expediente."))
        return change.case

    # Outside the company

    def go_out(self, key: str, body: str, agent: StoredAgent | None) -> CaseSummary:
        """The matter is before an out-of-court body: collection and cut-off stop until it decides (art. 13.8)."""
        with changing(self._around, key, agent) as change:
            found = self._around.catalogue.bodies.body(body)
            change.set(external_body=found.id)
            change.note("went_out", body=found.id)
            if change.case.contract_id is not None and self._around.binds(NO_COLLECTION):
                case_parts.lock_contract(
                    change.connection, change.case.contract_id, change.case.id, NO_COLLECTION, change.at
                )
                change.note("locked", norm=NO_COLLECTION)
        return change.case

    def come_back(self, key: str, outcome: str, agent: StoredAgent | None) -> CaseSummary:
        """The out-of-court body has decided: what was locked for it is free."""
        with changing(self._around, key, agent) as change:
            if not change.case.external_body:
                raise CaseRefused(_("El expediente no está ante ningún organismo."))
            change.note("came_back", needed(outcome, _("Falta decir qué ha decidido.")), body=change.case.external_body)
            change.set(external_body="")
            for norm in (NO_COLLECTION, *((NO_CUT_OFF,) if change.case.notified_at else ())):
                if case_parts.unlock_contract(change.connection, change.case.id, norm, change.at):
                    change.note("unlocked", norm=norm)
        return change.case

    def check_cut_off(self, contract_number: str) -> None:
        """Whether a contract may be cut off or its debt collected. Raises CaseRefused while a pending case locks it."""
        with told_with_norm(self._around), self._around.store.reading() as connection:
            found = case_parts.contract_of_number(connection, key_of(contract_number))
            if found is None:
                raise Refused(_("No hay ningún contrato «{number}».").format(number=contract_number[:60]))
            for lock in case_parts.locks_of_contracts(connection, [found[0]]):
                key = spoken_key(lock.case_key)
                raise CaseRefused(
                    _("El contrato {number} no se puede cortar: está pendiente el expediente {key}.").format(
                        number=lock.contract_number, key=key
                    ),
                    norm=lock.norm,
                )


LAPSED = "lapsed"


def _warning(change: Change) -> case_documents.CaseDocument | None:
    """The latest warning of what follows if it is not completed; None if it was not told, nor sent without failing."""
    connection, case_id = change.connection, change.case.id
    asked = [one for one in case_documents.documents_of(connection, case_id) if one.kind == "request"]
    if not asked:
        return None
    last = asked[-1]
    events = case_events.read_events(connection, case_id)
    told = any(one.kind == "asked" and one.body.get("told") and one.body["document"] == last.id for one in events)
    messages = outbox.messages_of_case(connection, case_id)
    sent = any(one.document_id == last.id and one.state != "failed" for one in messages)
    return last if told or sent else None


def _take_up_again(change: Change, reason: str | None = None) -> None:
    """A settled case is decided anew: its terms begin again, and its contract is not cut off meanwhile."""
    change.move(Move.REOPEN)
    change.note("reopened", reason)
    change.set(decision="", resolved_at=None, notified_at=None)
    for item in case_parts.items_of(change.connection, change.case.id):
        case_parts.answer_item(change.connection, change.case.id, item.number, "", None, at=change.at, customer_id=None)
    change.end_clocks(state="void")
    change.start_terms(change.at)
    lock_against_cut_off(change)


def _reaches_nobody(norm: str) -> CaseRefused:
    return CaseRefused(
        _("No hay por dónde hacérselo llegar al cliente."),
        _("Dígaselo y anótelo, o dé una dirección de correo o un teléfono."),
        norm=norm,
    )
