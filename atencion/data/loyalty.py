"""Loyalty programmes: who was offered which, and who is in them."""

from __future__ import annotations

from atencion.data.connection import Connection
from atencion.data.personal_values import Occasion
from atencion.data.sql import Statement
from atencion.errors import Refused
from atencion.i18n import _


def offer(connection: Connection, occasion: Occasion, programme: str, *, asked: bool) -> None:
    """Write down that a programme was offered, or `asked` for. Refused if the customer is in it already."""
    if programme in programmes_of_customer(connection, occasion.customer_id):
        raise Refused(_("El cliente ya está en el programa «{programme}».").format(programme=programme))
    _OFFER.run(
        connection,
        interaction_id=occasion.interaction_id,
        agent_id=occasion.agent_id,
        customer_id=occasion.customer_id,
        programme=programme,
        asked=asked,
        at=occasion.at,
    )


def enrol(connection: Connection, occasion: Occasion, programme: str, *, asked: bool) -> None:
    """Take the customer into a programme, which they `asked` for or accepted.

    Refused if they are in it already, or nobody is picked.
    """
    if occasion.customer_id is None:
        raise Refused(_("No hay ningún cliente que dar de alta en el programa."), remedy=_("buscarlo antes"))
    enrolled = _ENROL.run(
        connection,
        interaction_id=occasion.interaction_id,
        agent_id=occasion.agent_id,
        customer_id=occasion.customer_id,
        programme=programme,
        asked=asked,
        at=occasion.at,
    ).first()
    if enrolled is None:
        raise Refused(_("El cliente ya está en el programa «{programme}».").format(programme=programme))


def programmes_of_customer(connection: Connection, customer_id: int | None) -> list[str]:
    """The programmes that a customer is in, by name; none for nobody."""
    return [] if customer_id is None else list(_PROGRAMMES.run(connection, customer_id=customer_id).scalars())


def offers_of_interaction(connection: Connection, interaction_id: int) -> list[str]:
    """The programmes that were offered in an interaction, in order."""
    return list(_OFFERS.run(connection, interaction_id=interaction_id).scalars())


_OFFER = Statement(
    """
    INSERT INTO loyalty_offer (interaction_id, agent_id, customer_id, programme, asked, offered_at)
    VALUES (:interaction_id, :agent_id, :customer_id, :programme, :asked, :at)
    """
)
_ENROL = Statement(
    """
    INSERT INTO loyalty_member (interaction_id, agent_id, customer_id, programme, asked, enrolled_at)
    VALUES (:interaction_id, :agent_id, :customer_id, :programme, :asked, :at)
    ON CONFLICT (customer_id, programme) DO NOTHING RETURNING id
    """
)
_PROGRAMMES = Statement("SELECT programme FROM loyalty_member WHERE customer_id = :customer_id ORDER BY programme")
_OFFERS = Statement("SELECT programme FROM loyalty_offer WHERE interaction_id = :interaction_id ORDER BY id")
