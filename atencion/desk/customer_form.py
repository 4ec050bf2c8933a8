"""The form of a customer: what is typed field by field, whether it can be, and the customer it makes.

Each field is checked by itself, so that it is told while it is being typed. Several phones, e-mails or documents stand
in one field, parted by commas, the primary one first; what stands after a phone is what it is: 612 345 678 trabajo.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from atencion.data import validation
from atencion.data.customers import (
    AddressRecord,
    ContactKind,
    ContactRecord,
    CustomerKind,
    CustomerRecord,
    IdentifierKind,
    IdentifierRecord,
)
from atencion.data.languages import LANGUAGES, language_code
from atencion.data.provinces import is_province, province_of
from atencion.data.search.query import PARTICLES
from atencion.data.validation import Invalid
from atencion.errors import Refused
from atencion.i18n import _
from atencion.scripts.spoken import phone_groups
from atencion.text import clean_line, fold

T = TypeVar("T")

FIELDS = (
    "given_name", "surnames", "company_name", "document", "birth_date", "phones", "emails", "street", "postcode",
    "town", "province", "language", "treatment", "accessibility",
)  # fmt: skip
"""The fields, in the order they are asked."""


@dataclass(frozen=True, slots=True)
class FieldCheck:
    """What is to be said of a field: a problem, or `note`, how what was typed is understood."""

    problem: str = ""
    note: str = ""


class FormInvalid(Refused):
    """Some fields cannot be as they are. `problems` tells why, by field."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        self.problems = dict(problems)
        told = "; ".join(f"{field_label(name)}: {problem}" for name, problem in self.problems.items() if name)
        super().__init__(_("Hay datos que no valen: {problems}.").format(problems=told), remedy=_("Corríjalos."))


def field_label(name: str) -> str:
    """How a field is called."""
    return {
        "given_name": _("Nombre"),
        "surnames": _("Apellidos"),
        "company_name": _("Empresa"),
        "document": _("Documento"),
        "birth_date": _("Nacimiento"),
        "phones": _("Teléfonos"),
        "emails": _("Correos"),
        "street": _("Dirección"),
        "postcode": _("Código postal"),
        "town": _("Población"),
        "province": _("Provincia"),
        "language": _("Idioma"),
        "treatment": _("Trato"),
        "accessibility": _("Accesibilidad"),
        "kind": _("Clase"),
        "external_id": _("Código"),
    }.get(name, name)


def check_field(name: str, text: str, today: date) -> FieldCheck:
    """What is to be said of one field as it stands; nothing of an empty one."""
    if not text.strip():
        return FieldCheck()
    try:
        read = _READERS[name](text, today)
    except Invalid as problem:
        return FieldCheck(problem=str(problem))
    return FieldCheck(note=_note(name, read))


def read_form(texts: Mapping[str, str], today: date, base: CustomerRecord | None = None) -> CustomerRecord:
    """The customer that the fields tell of; what the form does not ask stays as in `base`. Raises FormInvalid."""
    values, problems = _read(texts, today)
    if not any(values.get(name) for name in ("given_name", "surnames", "company_name")):
        problems.setdefault("given_name", _("no tiene nombre"))
    elif values.get("given_name") and not (values.get("surnames") or values.get("company_name")):
        problems.setdefault("surnames", _("faltan los apellidos"))
    postcode, province = str(values.get("postcode") or ""), str(values.get("province") or "")
    if province and postcode and not is_province(province, postcode):
        message = _("el código postal {code} es de {province}")
        problems.setdefault("province", message.format(code=postcode, province=province_of(postcode)))
    if problems:
        raise FormInvalid(problems)
    return _customer(values, base or CustomerRecord())


def read_what_is_good(texts: Mapping[str, str], today: date) -> CustomerRecord:
    """The customer that the fields tell of so far, those that are no good left out: to look for twins while typing."""
    return _customer(_read(texts, today)[0], CustomerRecord())


def sort_out(typed: str, today: date) -> dict[str, str]:
    """What was typed to look for somebody, in the field where it belongs."""
    typed = clean_line(typed, 200)
    for name in ("phones", "document", "emails") if typed else ():
        if not check_field(name, typed, today).problem:
            return {name: typed}
    if not typed or any(char.isdigit() or char == "@" for char in typed):
        return {}
    given_name, surnames = _names_apart(typed)
    return {"given_name": _capitals(given_name), "surnames": _capitals(surnames)}


def form_texts(customer: CustomerRecord) -> dict[str, str]:
    """The fields as they stand for a customer."""
    address = customer.address or AddressRecord()
    return {
        "given_name": customer.given_name,
        "surnames": customer.surnames,
        "company_name": customer.company_name,
        "document": ", ".join(_document_text(part) for part in customer.documents),
        "birth_date": f"{customer.birth_date:%d/%m/%Y}" if customer.birth_date else "",
        "phones": ", ".join(f"{phone_groups(part.normal)} {_label(part.label)}".strip() for part in customer.phones),
        "emails": ", ".join(part.value for part in customer.emails),
        "street": address.street,
        "postcode": address.postcode,
        "town": address.town,
        "province": address.province,
        "language": LANGUAGES.get(customer.language, customer.language),
        "treatment": _("tú") if customer.treatment == "tu" else _("usted"),
        "accessibility": customer.accessibility,
    }


def _names_apart(typed: str) -> tuple[str, str]:
    """A given name and surnames: these stand before a comma, or are the last two words, with particles."""
    surnames, comma, given_name = typed.partition(",")
    if comma:
        return given_name.strip(), surnames.strip()
    parts: list[str] = []
    joined = ""
    for word in typed.split():
        joined = f"{joined} {word}".strip()
        if fold(word) not in PARTICLES:
            parts.append(joined)
            joined = ""
    given = max(1, len(parts) - 2)
    return " ".join(parts[:given]), " ".join([*parts[given:], joined]).strip()


def _capitals(name: str) -> str:
    return " ".join(word.lower() if fold(word) in PARTICLES else word.title() for word in name.split())


def _read(texts: Mapping[str, str], today: date) -> tuple[dict[str, object], dict[str, str]]:
    values: dict[str, object] = {}
    problems: dict[str, str] = {}
    for name in FIELDS:
        text = texts.get(name, "")
        if not text.strip():
            continue
        try:
            values[name] = _READERS[name](text, today)
        except Invalid as problem:
            problems[name] = str(problem)
    return values, problems


def _customer(values: Mapping[str, object], base: CustomerRecord) -> CustomerRecord:
    documents: tuple[IdentifierRecord, ...] = values.get("document", ())  # type: ignore[assignment]
    company = str(values.get("company_name", ""))
    has_cif = any(part.kind is IdentifierKind.CIF for part in documents)
    named = values.get("given_name") or values.get("surnames")
    is_company = has_cif or (bool(company) and not (named and documents))
    postcode = str(values.get("postcode", ""))
    address = AddressRecord(
        street=str(values.get("street", "")),
        postcode=postcode,
        town=str(values.get("town", "")),
        province=str(values.get("province", "")) or province_of(postcode),
        primary=base.address.primary if base.address else True,
    )
    others = tuple(part for part in base.addresses if part is not base.address)
    is_somewhere = bool(address.street or address.postcode or address.town)
    contacts = (*_as_known(values.get("phones", ()), base.phones), *_as_known(values.get("emails", ()), base.emails))
    born = values.get("birth_date")
    return replace(
        base,
        kind=CustomerKind.COMPANY if is_company else CustomerKind.PERSON,
        given_name=str(values.get("given_name", "")),
        surnames=str(values.get("surnames", "")),
        company_name=company,
        birth_date=born if isinstance(born, date) else None,
        language=str(values.get("language", "") or "es"),
        treatment=str(values.get("treatment", "") or "usted"),
        accessibility=str(values.get("accessibility", "")),
        identifiers=(*documents, *(part for part in base.identifiers if part not in base.documents)),
        contacts=(*contacts, *(part for part in base.contacts if part.valid_to is not None and _gone(part, contacts))),
        addresses=(address, *others) if is_somewhere else others,
    )


def _as_known(typed: object, known: tuple[ContactRecord, ...]) -> tuple[ContactRecord, ...]:
    """Contacts as typed, those that are known as they are on file; which is primary changes only with the first, and
    what one is called, only if it was shown and is another.
    """
    parts: tuple[ContactRecord, ...] = typed  # type: ignore[assignment]
    same_first = bool(parts and known) and parts[0].normal == known[0].normal
    by_normal = {part.normal: part for part in known}
    return tuple(
        replace(
            by_normal.get(part.normal, part),
            label=_told_label(part, by_normal.get(part.normal)),
            primary=by_normal[part.normal].primary if same_first and part.normal in by_normal else n == 0,
        )
        for n, part in enumerate(parts)
    )


def _told_label(part: ContactRecord, known: ContactRecord | None) -> str:
    if known is not None and (part.kind is ContactKind.EMAIL or part.label == _label(known.label)):
        return known.label
    return part.label


def _gone(part: ContactRecord, now: tuple[ContactRecord, ...]) -> bool:
    """Whether a contact that ended is still ended: it may have been given again."""
    return not any((one.kind, one.normal) == (part.kind, part.normal) for one in now)


def _line(text: str, _today: date) -> str:
    return clean_line(text)


def _documents(text: str, _today: date) -> tuple[IdentifierRecord, ...]:
    return tuple(_document(piece) for piece in _pieces(text))


def _document(text: str) -> IdentifierRecord:
    word, _space, rest = text.partition(" ")
    if rest and fold(word).startswith(("pasap", "passp")):
        return validation.passport(rest)
    return validation.identifier(text)


def _document_text(part: IdentifierRecord) -> str:
    return _("pasaporte {number}").format(number=part.value) if part.kind is IdentifierKind.PASSPORT else part.value


def _phones(text: str, _today: date) -> tuple[ContactRecord, ...]:
    found = []
    for n, piece in enumerate(_pieces(text)):
        match = _LABELLED.fullmatch(piece)
        number, label = (match["number"], match["label"]) if match else (piece, "")
        part = validation.phone(number.strip(), _label(_BRACKETS.sub(r"\1", label.strip())))
        found.append(replace(part, primary=n == 0))
    return _once(found)


def _label(text: str) -> str:
    """What a phone is, in a field where commas part phones: what it came with may be the name of a column."""
    return clean_line(re.sub(r"\s*[,;]\s*", " ", text), 40)


def _emails(text: str, _today: date) -> tuple[ContactRecord, ...]:
    return _once([replace(validation.email(piece), primary=n == 0) for n, piece in enumerate(_pieces(text))])


def _once(parts: list[ContactRecord]) -> tuple[ContactRecord, ...]:
    first: dict[str, ContactRecord] = {}
    for part in parts:
        first.setdefault(part.normal, part)
    return tuple(first.values())


def _language(text: str, _today: date) -> str:
    code = language_code(text)
    if code is not None:
        return code
    raise Invalid(_("el idioma «{value}» no está en la lista").format(value=clean_line(text, 40)))


def _treatment(text: str, _today: date) -> str:
    wanted = fold(text.strip())
    if wanted in ("tu", "usted"):
        return wanted
    raise Invalid(_("el trato «{value}» no es ni tú ni usted").format(value=clean_line(text, 40)))


def _pieces(text: str) -> list[str]:
    return [piece.strip() for piece in re.split(r"[,;]", text) if piece.strip()]


def _note(name: str, read: object) -> str:
    if name == "phones" and isinstance(read, tuple):
        return ", ".join(phone_groups(part.normal) for part in read)
    if name == "document" and isinstance(read, tuple):
        return ", ".join(part.kind.label for part in read)
    if name == "postcode":
        return province_of(str(read))
    return ""


_BRACKETS = re.compile(r"^\((.*)\)$")
# A label may be numbered (Teléfono 2); more digits are another phone, which is not to be lost in a label.
_LABELLED = re.compile(r"(?P<number>\+?[\d\s().\-/]*\d\)?)\s*(?P<label>\(?(?:\D+\d{1,2})?\D*)")
_READERS: dict[str, Callable[[str, date], object]] = {
    **dict.fromkeys(FIELDS, _line),
    "document": _documents,
    "birth_date": validation.birth_date,
    "phones": _phones,
    "emails": _emails,
    "postcode": lambda text, _today: validation.postcode(text),
    "language": _language,
    "treatment": _treatment,
}
