"""What customers agreed to, in which words, and what they took back (GDPR art. 7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from atencion.data.connection import Connection
from atencion.data.personal_values import Occasion
from atencion.data.sql import Statement, moment_or_none
from atencion.errors import Refused
from atencion.i18n import _


@dataclass(frozen=True)
class Consent:
    """A consent. `text` is what it was asked in, None if hidden or destroyed by law; `given_at` is None for one that
    was taken back without being on record.
    """

    purpose: str
    text: str | None
    channel: str
    given_at: datetime | None
    withdrawn_at: datetime | None

    @property
    def holds(self) -> bool:
        """Whether it may be relied on."""
        return self.given_at is not None and self.withdrawn_at is None


def give_consent(connection: Connection, occasion: Occasion, *, purpose: str, text: str, channel: str) -> None:
    """Write down a consent of the customer of the occasion; one for the same purpose that held is replaced by it."""
    customer_id = _customer(occasion)
    _WITHDRAW.run(
        connection, customer_id=customer_id, purpose=purpose, at=occasion.at, interaction_id=occasion.interaction_id
    )
    _put(connection, occasion, purpose, occasion.put_value(connection, text), channel, given_at=occasion.at)


def withdraw_consent(connection: Connection, occasion: Occasion, *, purpose: str, channel: str) -> None:
    """Write down that the customer takes a consent back, be it on record or not: withdrawing needs no proof."""
    customer_id = _customer(occasion)
    withdrawn = _WITHDRAW.run(
        connection, customer_id=customer_id, purpose=purpose, at=occasion.at, interaction_id=occasion.interaction_id
    ).first()
    if withdrawn is None:
        _put(connection, occasion, purpose, None, channel, withdrawn_at=occasion.at)


def consents_of_customer(connection: Connection, customer_id: int) -> list[Consent]:
    """Every consent of a customer, the latest first."""
    return [
        Consent(
            purpose=row.purpose,
            text=row.content,
            channel=row.channel,
            given_at=moment_or_none(row.given_at),
            withdrawn_at=moment_or_none(row.withdrawn_at),
        )
        for row in _OF_CUSTOMER.run(connection, customer_id=customer_id)
    ]


def took_back(connection: Connection, customer_id: int, purpose: str) -> bool:
    """Whether the last that a customer said of a purpose is that they do not consent to it."""
    row = _LAST_OF_PURPOSE.run(connection, customer_id=customer_id, purpose=purpose).first()
    return row is not None and row.withdrawn_at is not None


def _put(
    connection: Connection,
    occasion: Occasion,
    purpose: str,
    text_value_id: int | None,
    channel: str,
    *,
    given_at: datetime | None = None,
    withdrawn_at: datetime | None = None,
) -> None:
    _PUT.run(
        connection,
        interaction_id=occasion.interaction_id,
        agent_id=occasion.agent_id,
        customer_id=occasion.customer_id,
        purpose=purpose,
        text_value_id=text_value_id,
        channel=channel,
        given_at=given_at,
        withdrawn_at=withdrawn_at,
        withdrawn_by=occasion.interaction_id if withdrawn_at else None,
    )


def _customer(occasion: Occasion) -> int:
    if occasion.customer_id is None:
        raise Refused(_("Un consentimiento es de alguien y no hay ningún cliente elegido."), remedy=_("buscarlo antes"))
    return occasion.customer_id


_PUT = Statement(
    """
    INSERT INTO consent_record (interaction_id, agent_id, customer_id, purpose, text_value_id, channel, given_at,
        withdrawn_at, withdrawn_by_interaction)
    VALUES (:interaction_id, :agent_id, :customer_id, :purpose, :text_value_id, :channel, :given_at, :withdrawn_at,
        :withdrawn_by)
    """
)
_WITHDRAW = Statement(
    """
    UPDATE consent_record SET withdrawn_at = :at, withdrawn_by_interaction = :interaction_id
    WHERE customer_id = :customer_id AND purpose = :purpose AND withdrawn_at IS NULL RETURNING id
    """
)
_LAST_OF_PURPOSE = Statement(
    """
    SELECT withdrawn_at FROM consent_record WHERE customer_id = :customer_id AND purpose = :purpose
    ORDER BY id DESC LIMIT 1
    """
)
_OF_CUSTOMER = Statement(
    """
    SELECT c.*, CASE WHEN v.blocked_at IS NULL THEN v.content END AS content
    FROM consent_record c LEFT JOIN personal_value v ON v.id = c.text_value_id
    WHERE c.customer_id = :customer_id ORDER BY c.id DESC
    """
)
