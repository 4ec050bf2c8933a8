"""A customer as a vCard, 3.0 (RFC 2426) or 4.0 (RFC 6350)."""

from __future__ import annotations

from atencion.data.customers import CustomerKind, CustomerRecord
from atencion.text import clean_line

LONGEST_LINE = 75
"""Bytes of a line before it is folded (RFC 6350, 3.2)."""


def vcard(customer: CustomerRecord, version: str) -> str:
    """The card, its lines folded and ended as the norm wants."""
    four = version == "4.0"
    name = _text(customer.name)
    lines = ["BEGIN:VCARD", f"VERSION:{version}", f"FN:{name}"]
    lines.append(f"N:{_text(customer.surnames)};{_text(customer.given_name)};;;")
    if four:
        lines.append(f"KIND:{'org' if customer.kind is CustomerKind.COMPANY else 'individual'}")
    if customer.company_name:
        lines.append(f"ORG:{_text(customer.company_name)}")
    if customer.external_id:
        lines.append(f"UID:{_text(customer.external_id)}")
    for n, phone in enumerate(customer.phones):
        first = (";PREF=1" if four else ";TYPE=PREF") if n == 0 else ""
        lines.append(f"TEL;VALUE=uri{first}:tel:{phone.normal}" if four else f"TEL{first}:{phone.normal}")
    for n, email in enumerate(customer.emails):
        first = (";PREF=1" if four else ";TYPE=PREF") if n == 0 else ""
        lines.append(f"EMAIL{first}:{_text(email.value)}")
    if address := customer.address:
        parts = map(_text, (address.street, address.town, address.province, address.postcode))
        street, town, province, postcode = parts
        lines.append(f"ADR:;;{street};{town};{province};{postcode};")
    if customer.birth_date:
        lines.append(f"BDAY:{customer.birth_date:%Y%m%d}" if four else f"BDAY:{customer.birth_date:%Y-%m-%d}")
    if four:
        lines.append(f"LANG:{_text(customer.language)}")
    lines += [f"X-NIF:{_text(part.value)}" for part in customer.documents if part.kind != "passport"]
    lines.append("END:VCARD")
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _text(value: str) -> str:
    value = clean_line(value)
    for mark in ("\\", ";", ","):
        value = value.replace(mark, f"\\{mark}")
    return value


def _folded(line: str) -> str:
    """The line in pieces of at most 75 bytes, none of which cuts a letter."""
    pieces, piece, size = [], "", 0
    for char in line:
        length = len(char.encode())
        if size + length > LONGEST_LINE:
            pieces.append(piece)
            piece, size = " ", 1
        piece, size = piece + char, size + length
    return "\r\n".join([*pieces, piece])
