"""An outage that reaches many: one answer to all who gave notice of it, at once (Ley 10/2025 art. 13.9)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from atencion.data import callback_promises, case_documents, cases, customers, outbox
from atencion.data.cases import CaseFilter
from atencion.desk.case_work import ANSWER, Change, changing
from atencion.desk.case_writing import clean_address, write_paper
from atencion.desk.surroundings import Surroundings
from atencion.errors import Refused
from atencion.i18n import _
from atencion.scripts.cases import LONGEST, OPEN_STATES, Move
from atencion.text import clean_text

if TYPE_CHECKING:
    from atencion.data.agents import StoredAgent

MOST = 100_000
"""Notices that one answer reaches."""


@dataclass(frozen=True, slots=True)
class OutageAnswer:
    """Whom one answer reached: the keys of the cases it is on its way to, and of those with no way to be told."""

    told: tuple[str, ...]
    untold: tuple[str, ...]


class Outages:
    """The outages of a desk."""

    def __init__(self, around: Surroundings) -> None:
        self._around = around

    def answer(
        self, cause: str, restoration: str, agent: StoredAgent | None, *, department: str = "", region: str = ""
    ) -> OutageAnswer:
        """Tell the cause and when service is expected back to all who gave notice of an outage that is pending.

        Each by the way they chose or came by, and those who came by another than a digital one at least by SMS. Doing
        it again tells all of them anew. Raises Refused if cause or restoration is missing.
        """
        cause, restoration = (clean_text(text, LONGEST).strip() for text in (cause, restoration))
        if not cause or not restoration:
            raise Refused(_("Faltan la causa o el tiempo estimado de reposición."))
        with self._around.store.reading() as connection:
            found = cases.list_cases(connection, CaseFilter(department=department), MOST)
        kinds = {
            (kind.id, one.id)
            for kind in self._around.organisation.case_types
            for one in kind.subtypes
            if one.continuity
        }
        told: list[str] = []
        untold: list[str] = []
        for case in found:
            if case.status not in OPEN_STATES or (case.type, case.subtype) not in kinds:
                continue
            if region and case.region != region:
                continue
            (told if self._tell(case.key, cause, restoration, agent) else untold).append(case.key)
        return OutageAnswer(tuple(told), tuple(untold))

    def _tell(self, key: str, cause: str, restoration: str, agent: StoredAgent | None) -> bool:
        with changing(self._around, key, agent) as change:
            change.move(Move.ANSWER)
            written = write_paper(change, "answer", {"causa": cause, "reposicion": restoration})
            by_sms = written.message_id is None and self._send_sms(change, written.document_id)
            reached = written.message_id is not None or by_sms
            if reached:
                change.end_clocks((ANSWER,))
            change.note("answered", told=False, document=written.document_id, outage=True, reached=reached)
        return reached

    def _send_sms(self, change: Change, document_id: int) -> bool:
        phone = self._phone(change)
        document = case_documents.get_document(change.connection, document_id)
        if not phone or document is None or document.text is None:
            return False
        message = outbox.NewMessage(
            idempotency_key=f"case-{change.case.key}-outage-{document_id}-sms",
            channel="sms",
            recipient=phone,
            subject=document.text.partition("\n")[0],
            body=document.text,
            case_id=change.case.id,
            document_id=document_id,
            customer_id=change.case.customer_id,
        )
        message_id = outbox.queue_message(change.connection, message, at=change.at)
        if message_id is not None:
            change.note("queued", message=message_id, channel="sms")
        return True

    def _phone(self, change: Change) -> str:
        """The number the customer called from, or else one that is on file, if it can take a message."""
        numbers: list[str] = []
        if change.case.opened_by_interaction is not None:
            numbers.append(
                callback_promises.phone_of_interaction(change.connection, change.case.opened_by_interaction)[0]
            )
        customer_id = change.case.customer_id
        customer = customers.card(change.connection, customer_id) if customer_id is not None else None
        if customer is not None:
            numbers += [one.value for one in customer.contacts if one.kind is customers.ContactKind.PHONE]
        for number in filter(None, numbers):
            try:
                return clean_address("sms", number)
            except Refused:
                continue
        return ""
