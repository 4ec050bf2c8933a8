"""The outbox of a desk: sends what is due, and lets a person see and decide what could not be."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from atencion.data import case_documents, cases, outbox
from atencion.data.outbox import StoredMessage
from atencion.desk.case_work import Change
from atencion.desk.paper import to_pdf
from atencion.desk.senders import GatewaySender, InDoubt, Letter, NotSent, PostSender, Sender, SmtpSender
from atencion.desk.surroundings import Surroundings
from atencion.errors import Refused
from atencion.i18n import _
from atencion.scripts.cases import CaseStatus

if TYPE_CHECKING:
    from atencion.data.connection import Connection
    from atencion.desk.case_answers import CaseAnswers

LEASE = timedelta(minutes=5)
"""How long a desk has to send what it took before another may take it."""

PENDING, SENT, FAILED, DOUBTFUL, WITHDRAWN = "pending", "sent", "failed", "doubtful", "withdrawn"


@dataclass(frozen=True, slots=True)
class Sendings:
    """How a round of sending ended."""

    sent: int = 0
    put_off: int = 0
    failed: int = 0
    doubtful: int = 0


class Outbox:
    """What is to be sent. Any number of desks may send at once: each message is taken by one."""

    def __init__(self, around: Surroundings, answers: CaseAnswers) -> None:
        self._around = around
        self._answers = answers

    def messages(self, state: str = "", limit: int = 50) -> list[StoredMessage]:
        """Messages, of a state or of all, the latest first."""
        with self._around.store.reading() as connection:
            return outbox.list_messages(connection, state, limit)

    def attempts(self, message_id: int) -> list[outbox.Attempt]:
        """The tries of a message."""
        with self._around.store.reading() as connection:
            return outbox.attempts_of(connection, message_id)

    def retry(self, message_id: int) -> None:
        """Have a failed or doubtful message tried again. Raises Refused if it is neither."""
        with self._around.store.writing() as connection:
            if not outbox.retry_message(connection, message_id, self._around.clock()):
                raise Refused(_("El mensaje {id} no está fallido ni en duda.").format(id=message_id))

    def send_due(
        self,
        senders: Mapping[str, Sender] | None = None,
        *,
        limit: int = 1_000,
        on_each: Callable[[StoredMessage, str], None] = lambda message, outcome: None,
    ) -> Sendings:
        """Send all that is due now, one message after the other, each outcome on disk before the next."""
        ways = self.senders() if senders is None else senders
        repeatable = [channel for channel, way in ways.items() if way.repeatable]
        counts = {SENT: 0, PENDING: 0, FAILED: 0, DOUBTFUL: 0, WITHDRAWN: 0}
        for _number in range(limit):
            with self._around.store.writing() as connection:
                message = outbox.take_message(connection, self._around.clock(), LEASE, repeatable)
            if message is None:
                break
            outcome = self._send(message, ways.get(message.channel))
            counts[outcome] += 1
            on_each(message, outcome)
        return Sendings(counts[SENT], counts[PENDING], counts[FAILED], counts[DOUBTFUL])

    def senders(self) -> dict[str, Sender]:
        """The ways out that the organisation and the environment give."""
        sending = self._around.catalogue.sending
        found: dict[str, Sender] = {
            "email": SmtpSender(os.environ.get("ATENCION_SMTP") or sending.smtp, sending.sender),
            "post": PostSender(self._post_folder()),
        }
        for channel, gateway in sending.gateways.items():
            url = os.environ.get(f"ATENCION_GATEWAY_{channel.upper()}", "")
            found[channel] = GatewaySender(gateway, url)
        return found

    def _post_folder(self) -> Path:
        from atencion.resources import state_folder

        return state_folder() / "post"

    def _send(self, message: StoredMessage, way: Sender | None) -> str:
        at = self._around.clock()
        if not self._holds(message):
            with self._around.store.writing() as connection:
                outbox.set_outcome(connection, message.id, WITHDRAWN, at=at, next_at=None)
            return WITHDRAWN
        try:
            if way is None:
                raise NotSent(_("no hay por dónde enviar «{channel}»").format(channel=message.channel), for_good=True)
            letter = self._letter(message)
            way.send(letter, lambda: self._handing(message.id))
        except NotSent as error:
            next_at = None if error.for_good else self._around.catalogue.sending.next_try(message.attempts, at)
            state = FAILED if next_at is None else PENDING
            with self._around.store.writing() as connection:
                outbox.set_outcome(connection, message.id, state, at=at, detail=str(error), next_at=next_at)
            return state
        except InDoubt as error:
            with self._around.store.writing() as connection:
                outbox.set_outcome(connection, message.id, DOUBTFUL, at=at, detail=str(error), next_at=None)
            return DOUBTFUL
        with self._around.store.writing() as connection:
            outbox.set_outcome(connection, message.id, SENT, at=self._around.clock(), next_at=None)
            self._tell_case(connection, message)
        return SENT

    def _holds(self, message: StoredMessage) -> bool:
        """Whether what it says still does: how a case ended does not once the case was reopened, or ended anew."""
        if message.document_id is None or not message.case_key:
            return True
        with self._around.store.reading() as connection:
            document = case_documents.get_document(connection, message.document_id)
            case = cases.case_by_key(connection, message.case_key)
            if document is None or not document.ends_case or case is None or case.merged_into_id is not None:
                return True
            return bool(case.decision) and document.id == _last_end(connection, case.id)

    def _handing(self, message_id: int) -> None:
        with self._around.store.writing() as connection:
            outbox.set_handing(connection, message_id)

    def _letter(self, message: StoredMessage) -> Letter:
        if message.recipient is None or message.body is None:
            raise NotSent(_("la ley ha hecho bloquear o destruir sus datos"), for_good=True)
        pdf = b""
        if message.document_id is not None and message.channel in ("email", "post"):
            with self._around.store.reading() as connection:
                document = case_documents.get_document(connection, message.document_id)
            if document is None or not document.intact:
                raise NotSent(_("el documento no es el que se registró"), for_good=True)
            text = document.text or ""
            if message.channel == "post":
                text = f"{text}\n\n{message.recipient}"
            pdf = to_pdf(text, language=document.language, footer=f"SHA-256 {document.hash}")
        at = self._around.local(message.created_at)
        return Letter(message.idempotency_key, message.recipient, message.subject, message.body, at, pdf)

    def _tell_case(self, connection: Connection, message: StoredMessage) -> None:
        """A case whose answer has been sent has been told, on the same commit."""
        if message.document_id is None or not message.case_key:
            return
        case = cases.hold_case(connection, message.case_key)
        if case is None or case.merged_into_id is not None or case.status != CaseStatus.RESOLVED:
            return
        if message.document_id == _last_end(connection, case.id):
            change = Change(connection, self._around, case, None, self._around.clock())
            self._answers.told(change, message.channel)
            change.written()


def _last_end(connection: Connection, case_id: int) -> int | None:
    """The document that told last how a case ended."""
    ends = [one.id for one in case_documents.documents_of(connection, case_id) if one.ends_case]
    return ends[-1] if ends else None
