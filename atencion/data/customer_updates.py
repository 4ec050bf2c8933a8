"""A datum of a customer changed in a contact, as an edit with its history. What it was before stays on record."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from atencion.data.connection import Connection
from atencion.data.customer_edits import Edit, edit_customers
from atencion.data.customers import AddressRecord, ContactRecord, CustomerCard, card
from atencion.data.origins import NewOrigin, OriginKind, add_origin
from atencion.data.personal_values import Occasion
from atencion.errors import Refused
from atencion.i18n import _


def set_preference(
    connection: Connection,
    occasion: Occasion,
    *,
    language: str | None = None,
    treatment: str | None = None,
    on: date,
) -> None:
    """Change the language or the form of address of a customer; None leaves it. `on` is today where the customer is."""
    known = _card(connection, occasion)
    wanted = replace(known, language=language or known.language, treatment=treatment or known.treatment)
    _edit(connection, occasion, Edit(known, wanted), on)


def set_contact(connection: Connection, occasion: Occasion, contact: ContactRecord, *, on: date) -> None:
    """Make this the phone or e-mail by which a customer is reached; the others stay."""
    known = _card(connection, occasion)
    preferred = replace(contact, primary=True)
    contacts = []
    for one in known.contacts:
        if (one.kind, one.normal) == (contact.kind, contact.normal):
            preferred = replace(one, primary=True, valid_to=None)
        else:
            contacts.append(replace(one, primary=False) if one.kind is contact.kind else one)
    wanted = replace(known, contacts=(preferred, *contacts))
    _edit(connection, occasion, Edit(known, wanted), on)


def set_address(
    connection: Connection,
    occasion: Occasion,
    *,
    street: str | None = None,
    postcode: str | None = None,
    town: str | None = None,
    on: date,
) -> None:
    """Make the customer's address another, of the parts given and the rest of the one known, which ends today."""
    known = _card(connection, occasion)
    before = known.address or AddressRecord()
    same_province = postcode is None or postcode[:2] == before.postcode[:2]
    address = AddressRecord(
        street=before.street if street is None else street,
        postcode=before.postcode if postcode is None else postcode,
        town=before.town if town is None else town,
        province=before.province if same_province else "",  # The first two digits of a postcode are its province.
        primary=True,
    )
    others = (replace(one, primary=False) for one in known.addresses if one.id != before.id)
    _edit(connection, occasion, Edit(known, replace(known, addresses=(address, *others)), ends=True), on)


def _edit(connection: Connection, occasion: Occasion, edit: Edit, on: date) -> None:
    origin = NewOrigin(OriginKind.CALL, occasion.at, occasion.agent_id, occasion.interaction_id)
    edit_customers(connection, [edit], origin_id=add_origin(connection, origin), at=occasion.at, on=on)


def _card(connection: Connection, occasion: Occasion) -> CustomerCard:
    known = None if occasion.customer_id is None else card(connection, occasion.customer_id)
    if known is None:
        raise Refused(_("Ese cliente ya no está en el almacén."))
    return known
