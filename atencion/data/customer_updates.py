"""A datum of a customer changed in a contact. What it was before stays on record, no longer the preferred one."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from atencion.data.connection import Connection
from atencion.data.customers import AddressRecord, ContactRecord, CustomerCard, card, update_customer
from atencion.data.sql import Statement
from atencion.errors import Refused
from atencion.i18n import _


def set_preference(
    connection: Connection,
    customer_id: int,
    *,
    language: str | None = None,
    treatment: str | None = None,
    at: datetime,
) -> None:
    """Change the language or the form of address of a customer; None leaves it."""
    known = _card(connection, customer_id)
    wanted = replace(known, language=language or known.language, treatment=treatment or known.treatment)
    update_customer(connection, customer_id, wanted, at=at)


def set_contact(connection: Connection, customer_id: int, contact: ContactRecord, *, at: datetime) -> None:
    """Make this the phone or e-mail by which a customer is reached; the others stay."""
    known = _card(connection, customer_id)
    update_customer(connection, customer_id, replace(known, contacts=(*known.contacts, contact)), at=at)
    _PREFER_CONTACT.run(connection, customer_id=customer_id, kind=str(contact.kind), normal=contact.normal)


def set_address(
    connection: Connection,
    customer_id: int,
    *,
    street: str | None = None,
    postcode: str | None = None,
    town: str | None = None,
    at: datetime,
) -> None:
    """Make the customer's address another, of the parts given and the rest of the one known; that one stays."""
    known = _card(connection, customer_id)
    before = known.addresses[0] if known.addresses else AddressRecord()
    same_province = postcode is None or postcode[:2] == before.postcode[:2]
    _ADD_ADDRESS.run(
        connection,
        customer_id=customer_id,
        street=before.street if street is None else street,
        postcode=before.postcode if postcode is None else postcode,
        town=before.town if town is None else town,
        province=before.province if same_province else "",  # The first two digits of a postcode are its province.
        primary=False,
    )
    _PREFER_LATEST_ADDRESS.run(connection, customer_id=customer_id)
    _TOUCH.run(connection, customer_id=customer_id, at=at)


def _card(connection: Connection, customer_id: int) -> CustomerCard:
    known = card(connection, customer_id)
    if known is None:
        raise Refused(_("Ese cliente ya no está en el almacén."))
    return known


_PREFER_CONTACT = Statement(
    """
    UPDATE contact_point SET is_primary = (normal = :normal) WHERE customer_id = :customer_id AND kind = :kind
    """
)
_ADD_ADDRESS = Statement(
    """
    INSERT INTO address (customer_id, street, postcode, town, province, is_primary)
    VALUES (:customer_id, :street, :postcode, :town, :province, :primary)
    """
)
_PREFER_LATEST_ADDRESS = Statement(
    """
    UPDATE address SET is_primary = (id = (SELECT max(id) FROM address WHERE customer_id = :customer_id))
    WHERE customer_id = :customer_id
    """
)
_TOUCH = Statement("UPDATE customer SET updated_at = :at WHERE id = :customer_id")
