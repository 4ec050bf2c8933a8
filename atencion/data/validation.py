"""What people write as a document, a phone, an e-mail, a date or a postcode: made regular, or refused with a reason."""

from __future__ import annotations

import re
from datetime import date
from functools import cache, lru_cache

from atencion.data.customer_search import key_of
from atencion.data.customers import ContactKind, ContactRecord, IdentifierKind, IdentifierRecord
from atencion.i18n import _
from atencion.text import clean_line

HOME_REGION = "ES"
"""Where a phone without its country is of."""


class Invalid(ValueError):
    """A datum that is not what it should be; `str()` is the reason, for a person."""


def identifier(text: str) -> IdentifierRecord:
    """A NIF, NIE or CIF with its control character right; dots, hyphens and spaces do not matter, nor the ES of its
    country or the first zeros.
    """
    kind, value, _key = document(text)
    return IdentifierRecord(kind, value)


def document(text: str) -> tuple[IdentifierKind, str, str]:
    """An `identifier` as its kind, its value and its normal form, for whoever reads a million of them."""
    if _PLAIN_NIF.fullmatch(text):
        if text[8] != _NIF_LETTERS[int(text[:8]) % 23]:
            raise _wrong_control(text)
        return IdentifierKind.NIF, text, text
    key = _NIF_WITHOUT_ZEROS.sub(lambda match: match[0].zfill(9), key_of(text).removeprefix("ES"))
    value = clean_line(text, 40)
    kind = next((kind for kind, shape in _SHAPES.items() if shape.fullmatch(key)), None)
    if kind is None:
        raise Invalid(_("el documento «{value}» no tiene forma de NIF, NIE ni CIF").format(value=value))
    if not _control_is_right(kind, key):
        raise _wrong_control(value)
    # As it was given, unless that has letters or lacks digits by which the same document would be another.
    return kind, value if key_of(value) == key else key, key


def passport(text: str) -> IdentifierRecord:
    """A passport of any country: five to twenty letters and digits."""
    if not re.fullmatch(r"[0-9A-Z]{5,20}", key_of(text)):
        raise Invalid(_("el pasaporte «{value}» no tiene forma de pasaporte").format(value=clean_line(text, 40)))
    return IdentifierRecord(IdentifierKind.PASSPORT, clean_line(text, 40))


def phone(text: str, label: str = "") -> ContactRecord:
    """A phone that can exist by its country's numbering plan; without a country, Spain's."""
    return ContactRecord(ContactKind.PHONE, *phone_parts(text), label)


def phone_parts(text: str) -> tuple[str, str]:
    """A `phone` as its value and its normal form, for whoever reads a million of them."""
    return clean_line(text, 60), _e164(text)


def email(text: str, label: str = "") -> ContactRecord:
    """An e-mail address well written; whether anybody reads it there is not asked."""
    return ContactRecord(ContactKind.EMAIL, *email_parts(text), label)


def email_parts(text: str) -> tuple[str, str]:
    """An `email` as its value and its normal form, for whoever reads a million of them."""
    value = clean_line(text, 320)
    local, at, domain = value.rpartition("@")
    simple = at and len(local) <= 64 and len(value) < 254 and domain.isascii() and _SIMPLE_LOCAL.fullmatch(local)
    if not (_domain_is_good(domain.lower()) if simple else _is_email(value)):
        raise Invalid(_("el correo «{value}» no está bien escrito").format(value=clean_line(text, 80)))
    return value, value.lower()


def birth_date(text: str, today: date) -> date:
    """A day, as day/month/year or year-month-day, of somebody who can be alive on `today`."""
    match = _DAY_FIRST.fullmatch(text.strip()) or _YEAR_FIRST.fullmatch(text.strip())
    try:
        born = date(int(match["year"]), int(match["month"]), int(match["day"])) if match else None
    except ValueError:
        born = None
    value = clean_line(text, 40)
    if _SHORT_YEAR.fullmatch(value):
        raise Invalid(_("a la fecha de nacimiento «{value}» le faltan cifras del año").format(value=value))
    if born is None:
        raise Invalid(_("la fecha de nacimiento «{value}» no existe o no es día/mes/año").format(value=value))
    if not today.year - 125 <= born.year or born > today:
        raise Invalid(_("la fecha de nacimiento «{value}» no puede ser").format(value=value))
    return born


def postcode(text: str) -> str:
    """A Spanish postcode, with the zero that spreadsheets take away put back."""
    digits = text.strip().zfill(5) if re.fullmatch(r"\d{4}", text.strip()) else text.strip()
    if not re.fullmatch(r"(0[1-9]|[1-4]\d|5[0-2])\d{3}", digits):
        raise Invalid(_("el código postal «{value}» no existe").format(value=clean_line(text, 40)))
    return digits


def _wrong_control(value: str) -> Invalid:
    message = _("la letra o el dígito de control del documento «{value}» no corresponde")
    return Invalid(message.format(value=clean_line(value, 40)))


_PLAIN_NIF = re.compile(r"[0-9]{8}[A-Z]")
_NIF_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"  # what stdnum would say, much sooner
_NIF_WITHOUT_ZEROS = re.compile(r"^\d{5,7}[A-Z]$")
_SHAPES = {
    IdentifierKind.NIF: re.compile(r"\d{8}[A-Z]|[KLM]\d{7}[A-Z]"),
    IdentifierKind.NIE: re.compile(r"[XYZ]\d{7}[A-Z]"),
    IdentifierKind.CIF: re.compile(r"[A-HJNP-SUVW]\d{7}[0-9A-J]"),
}
_SIMPLE_LOCAL = re.compile(r"[A-Za-z0-9_%+\-]+(\.[A-Za-z0-9_%+\-]+)*")
_DAY_FIRST = re.compile(r"(?P<day>\d{1,2})[/.\-](?P<month>\d{1,2})[/.\-](?P<year>\d{4})( 00?:00(:00)?)?")
_YEAR_FIRST = re.compile(r"(?P<year>\d{4})[/.\-](?P<month>\d{1,2})[/.\-](?P<day>\d{1,2})([ T]00:00(:00)?)?")
_SHORT_YEAR = re.compile(r"\d{1,2}[/.\-]\d{1,2}[/.\-]\d{2}")
_HOME_PHONE = re.compile(r"(?:\+34|0034)?([5-9]\d{8})")
_PHONE_MARKS = str.maketrans("", "", " .-()\u00a0/")


def _control_is_right(kind: IdentifierKind, key: str) -> bool:
    from stdnum.es import dni, nie, nif

    if key[0].isdigit():  # the check alone: its shape is known, and this is most of a file
        return bool(dni.calc_check_digit(key[:8]) == key[8])
    if kind is IdentifierKind.NIE:
        return bool(nie.calc_check_digit(key[:8]) == key[8])
    return bool(nif.is_valid(key))


def _e164(text: str) -> str:
    match = _HOME_PHONE.fullmatch(text.translate(_PHONE_MARKS))
    if match and _home_numbers().fullmatch(match[1]):
        return f"+34{match[1]}"  # what the library would say, much sooner
    import phonenumbers

    try:
        number = phonenumbers.parse(text, HOME_REGION)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_valid_number(number):
        raise Invalid(
            _("el teléfono «{value}» no existe en ningún plan de numeración").format(value=clean_line(text, 40))
        )
    number.extension = None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


@cache
def _home_numbers() -> re.Pattern[str]:
    """The national numbers that the library takes as valid at home, as one expression."""
    from phonenumbers import PhoneMetadata

    plan = PhoneMetadata.metadata_for_region(HOME_REGION)
    kinds = ("fixed_line", "mobile", "toll_free", "premium_rate", "shared_cost", "personal_number", "voip", "uan")
    patterns = (getattr(getattr(plan, kind), "national_number_pattern", None) for kind in kinds)
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns if pattern))


@lru_cache(maxsize=4096)
def _domain_is_good(domain: str) -> bool:
    return _is_email(f"a@{domain}")


def _is_email(value: str) -> bool:
    from email_validator import EmailNotValidError, validate_email

    try:
        validate_email(value, check_deliverability=False)
    except EmailNotValidError:
        return False
    return True
