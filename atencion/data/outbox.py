"""What is to be sent, and each try to send it.

A message goes from `pending` to `sending` (a desk has taken it, for as long as its lease lasts), to `handing` (it is
being given to the server: from here on nobody can know whether it got there) and to `sent`. One whose desk died while
`sending` is taken up again; one that died while `handing` is `doubtful`: a person decides, and nothing is sent twice
by itself. `failed` ones have been tried as often as the organisation says, or were turned down for good. `withdrawn`
ones told how a case ended that was reopened before they could be sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from atencion.data.connection import Connection
from atencion.data.personal_values import put_value
from atencion.data.sql import Statement, moment, moment_or_none


@dataclass(frozen=True)
class NewMessage:
    """Something to send. The same idempotency key is never queued twice."""

    idempotency_key: str
    channel: str
    recipient: str
    subject: str
    body: str
    case_id: int | None = None
    document_id: int | None = None
    customer_id: int | None = None


@dataclass(frozen=True)
class StoredMessage:
    """A message in the outbox; texts are None if the law had them hidden or destroyed."""

    id: int
    idempotency_key: str
    channel: str
    case_id: int | None
    case_key: str
    document_id: int | None
    subject: str
    recipient: str | None
    body: str | None
    state: str
    attempts: int
    created_at: datetime
    next_at: datetime
    sent_at: datetime | None
    last_error: str


@dataclass(frozen=True)
class Attempt:
    """A try to send a message."""

    number: int
    at: datetime
    outcome: str
    detail: str


def queue_message(connection: Connection, new: NewMessage, *, at: datetime) -> int | None:
    """Put a message in the outbox; returns its id, or None if one of its idempotency key is there already."""
    if _KNOWN.run(connection, key=new.idempotency_key).first() is not None:
        return None
    about: dict[str, Any] = {"at": at, "customer_id": new.customer_id}
    found = _QUEUE.run(
        connection,
        key=new.idempotency_key,
        channel=new.channel,
        case_id=new.case_id,
        document_id=new.document_id,
        subject=new.subject,
        recipient_id=put_value(connection, new.recipient, **about),
        body_id=put_value(connection, new.body, **about),
        at=at,
    ).scalar()
    return None if found is None else int(found)


def take_message(connection: Connection, at: datetime, lease: timedelta, repeatable: list[str]) -> StoredMessage | None:
    """The next message to send, taken for this desk as long as the lease lasts; None if none is due.

    Those whose desk has died are seen to first: taken up again, unless they were being handed over on a channel that
    is not `repeatable`, where the other side would not know the same message again.
    """
    _DOUBT.run(connection, at=at, repeatable=repeatable)
    _TAKE_UP.run(connection, at=at)
    taken = _TAKE.run(connection, at=at, lease=at + lease).scalar()
    return None if taken is None else get_message(connection, int(taken))


def set_handing(connection: Connection, message_id: int) -> None:
    """The message is being given to the server."""
    _HANDING.run(connection, message_id=message_id)


def set_outcome(
    connection: Connection, message_id: int, state: str, *, at: datetime, detail: str = "", next_at: datetime | None
) -> None:
    """How a try ended: `sent`, `failed`, `doubtful`, `withdrawn`, or `pending` again, to be tried at `next_at`."""
    _OUTCOME.run(
        connection,
        message_id=message_id,
        state=state,
        sent_at=at if state == "sent" else None,
        next_at=next_at or at,
        detail=detail[:300],
    )
    _ATTEMPT.run(connection, message_id=message_id, at=at, outcome=state, detail=detail[:300])


def retry_message(connection: Connection, message_id: int, at: datetime) -> bool:
    """Have a failed or doubtful message tried again now; returns whether it was one."""
    return _RETRY.run(connection, message_id=message_id, at=at).scalar() is not None


def get_message(connection: Connection, message_id: int) -> StoredMessage | None:
    """The message of that id, or None."""
    row = _GET.run(connection, message_id=message_id).first()
    return None if row is None else _message(row)


def list_messages(connection: Connection, state: str = "", limit: int = 50) -> list[StoredMessage]:
    """Messages, of a state or of all, the latest first."""
    return [_message(row) for row in _LIST.run(connection, state=state, limit=limit)]


def messages_of_case(connection: Connection, case_id: int) -> list[StoredMessage]:
    """What was queued about a case, in order."""
    return [_message(row) for row in _OF_CASE.run(connection, case_id=case_id)]


def attempts_of(connection: Connection, message_id: int) -> list[Attempt]:
    """The tries of a message, in order."""
    return [
        Attempt(row.number, moment(row.at), row.outcome, row.detail)
        for row in _ATTEMPTS.run(connection, message_id=message_id)
    ]


def _message(row: Any) -> StoredMessage:
    return StoredMessage(
        id=row.id,
        idempotency_key=row.idempotency_key,
        channel=row.channel,
        case_id=row.case_id,
        case_key=row.key or "",
        document_id=row.document_id,
        subject=row.subject,
        recipient=row.recipient,
        body=row.body,
        state=row.state,
        attempts=row.attempts,
        created_at=moment(row.created_at),
        next_at=moment(row.next_at),
        sent_at=moment_or_none(row.sent_at),
        last_error=row.last_error,
    )


_KNOWN = Statement("SELECT id FROM outbox_message WHERE idempotency_key = :key")
_QUEUE = Statement(
    """
    INSERT INTO outbox_message (idempotency_key, channel, case_id, document_id, subject, recipient_value_id,
        body_value_id, state, attempts, created_at, next_at, last_error)
    VALUES (:key, :channel, :case_id, :document_id, :subject, :recipient_id, :body_id, 'pending', 0, :at, :at, '')
    ON CONFLICT (idempotency_key) DO NOTHING RETURNING id
    """
)
_DOUBT = Statement(
    """
    UPDATE outbox_message SET state = 'doubtful', lease_until = NULL, last_error = ''
    WHERE state = 'handing' AND lease_until < :at AND NOT (channel IN @repeatable)
    """
)
_TAKE_UP = Statement(
    """
    UPDATE outbox_message SET state = 'pending', lease_until = NULL
    WHERE state IN ('sending', 'handing') AND lease_until < :at
    """
)
_TAKE = Statement(
    """
    UPDATE outbox_message SET state = 'sending', lease_until = :lease, attempts = attempts + 1
    WHERE state = 'pending' AND id = (SELECT id FROM outbox_message WHERE state = 'pending' AND next_at <= :at
        ORDER BY next_at, id LIMIT 1)
    RETURNING id
    """
)
_HANDING = Statement("UPDATE outbox_message SET state = 'handing' WHERE id = :message_id")
_OUTCOME = Statement(
    """
    UPDATE outbox_message SET state = :state, sent_at = :sent_at, next_at = :next_at, last_error = :detail,
        lease_until = NULL
    WHERE id = :message_id
    """
)
_ATTEMPT = Statement(
    """
    INSERT INTO outbox_attempt (message_id, number, at, outcome, detail)
    SELECT id, (SELECT count(*) + 1 FROM outbox_attempt WHERE message_id = :message_id), :at, :outcome, :detail
    FROM outbox_message WHERE id = :message_id
    """
)
_RETRY = Statement(
    """
    UPDATE outbox_message SET state = 'pending', next_at = :at, attempts = 0
    WHERE id = :message_id AND state IN ('failed', 'doubtful') RETURNING id
    """
)
_MESSAGES = """
    SELECT m.*, s.key, CASE WHEN r.blocked_at IS NULL THEN r.content END AS recipient,
        CASE WHEN b.blocked_at IS NULL THEN b.content END AS body
    FROM outbox_message m JOIN personal_value r ON r.id = m.recipient_value_id
        JOIN personal_value b ON b.id = m.body_value_id LEFT JOIN service_case s ON s.id = m.case_id
"""
_GET = Statement(_MESSAGES + "WHERE m.id = :message_id")
_LIST = Statement(_MESSAGES + "WHERE (:state = '' OR m.state = :state) ORDER BY m.id DESC LIMIT :limit")
_OF_CASE = Statement(_MESSAGES + "WHERE m.case_id = :case_id ORDER BY m.id")
_ATTEMPTS = Statement("SELECT * FROM outbox_attempt WHERE message_id = :message_id ORDER BY number")
