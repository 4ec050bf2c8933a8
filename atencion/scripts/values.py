"""Field types: what an agent types becomes a checked value, or a message that says what was expected.

A value has two forms: the canonical text that the journal keeps, and the typed value that conditions and
templates see. `parse` goes from what was typed to the canonical text; `typed` from there to the value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, time
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from atencion.i18n import _
from atencion.text import clean_line, clean_text, fold, fold_words


class Absent(StrEnum):
    """A real answer that is no value: there is none on record, the customer keeps it, it does not apply."""

    NOT_ON_RECORD = "no_consta"
    NOT_GIVEN = "no_facilita"
    NOT_APPLICABLE = "no_aplica"


Value = str | int | Decimal | date | time | bool | tuple[str, ...] | Absent


class FieldType(StrEnum):
    """What a field may hold. Each has a canonical text form, given in `_PARSERS`."""

    TEXT = "text"
    NOTE = "note"
    INTEGER = "integer"
    AMOUNT = "amount"
    DATE = "date"
    TIME = "time"
    PHONE = "phone"
    EMAIL = "email"
    NIF = "nif"
    IBAN = "iban"
    POSTCODE = "postcode"
    CHOICE = "choice"
    CHOICES = "choices"
    YES_NO = "yes_no"
    RATING = "rating"


def parse(kind: FieldType, raw: str, options: Mapping[str, str] | None = None) -> str:
    """What was typed as canonical text. `options` are the ids and labels of a choice.

    Raises ValueError whose text says, in the agent's language, what was expected.
    """
    if kind is FieldType.CHOICE:
        return _choice(raw, options or {})
    if kind is FieldType.CHOICES:
        return _choices(raw, options or {})
    return _PARSERS[kind](raw)


def absent(raw: str) -> Absent | None:
    """The answer that is no value, if that is what was typed: «no consta», «no lo facilita», «no aplica»."""
    return _ABSENT.get(" ".join(fold_words(raw)))


def typed(kind: FieldType, canonical: str) -> Value:
    """The value behind a canonical text."""
    return _TYPED.get(kind, str)(canonical)


def _line(raw: str) -> str:
    text = clean_line(raw).strip()
    if not text:
        raise ValueError(_("escriba algo"))
    return text


def _note(raw: str) -> str:
    text = clean_text(raw).strip()
    if not text:
        raise ValueError(_("escriba algo"))
    return text


def _integer(raw: str) -> str:
    text = re.sub(r"(?<=\d)\.(?=\d{3}\b)", "", raw.strip())
    if not re.fullmatch(r"[+-]?\d{1,15}", text):
        raise ValueError(_("un número entero, como 12"))
    return str(int(text))


def _amount(raw: str) -> str:
    """Spanish notation (1.234,56) and plain (1234.56): the last separator with one or two digits is the decimal one."""
    text = re.sub(r"[\s\u00a0€]|EUR", "", raw)
    if re.fullmatch(r"-?\d{1,3}(\.\d{3})+(,\d{1,2})?|-?\d{1,12}(,\d{1,2})?", text):
        text = text.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d{1,2})?", text):
        text = text.replace(",", "")
    elif not re.fullmatch(r"-?\d{1,12}\.\d{1,2}", text):
        raise ValueError(_("un importe en euros, como 12,40"))
    try:
        return str(Decimal(text).quantize(Decimal("0.01")))
    except InvalidOperation:
        raise ValueError(_("un importe en euros, como 12,40")) from None


def _date(raw: str) -> str:
    text = raw.strip()
    if match := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", text):
        year, month, day = match.groups()
    elif match := re.fullmatch(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})", text):
        day, month, year = match.groups()
    elif match := re.fullmatch(r"(\d{2})(\d{2})(\d{4})", text):
        day, month, year = match.groups()
    else:
        raise ValueError(_("una fecha como 31/12/1980"))
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        raise ValueError(_("una fecha que exista, como 31/12/1980")) from None


def _time(raw: str) -> str:
    match = re.fullmatch(r"(\d{1,2})(?:[:.h](\d{2})?)?", raw.strip().lower())
    if match is None or int(match[1]) > 23 or int(match[2] or 0) > 59:
        raise ValueError(_("una hora como 18:30"))
    return f"{int(match[1]):02}:{match[2] or '00'}"


def _phone(raw: str) -> str:
    import phonenumbers

    try:
        number = phonenumbers.parse(raw, "ES")
    except phonenumbers.NumberParseException:
        raise ValueError(_("un teléfono, como 612 345 678")) from None
    if not phonenumbers.is_valid_number(number):
        raise ValueError(_("un teléfono que exista, con nueve cifras o con su prefijo"))
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _email(raw: str) -> str:
    from email_validator import EmailNotValidError, validate_email

    try:
        return validate_email(raw.strip(), check_deliverability=False).normalized
    except EmailNotValidError:
        raise ValueError(_("un correo, como nombre@dominio.es")) from None


def _nif(raw: str) -> str:
    from stdnum.es import cif, nif

    text = re.sub(r"[.\s\-/]", "", raw).upper()
    if nif.is_valid(text):
        return str(nif.compact(text))
    if cif.is_valid(text):
        return str(cif.compact(text))
    raise ValueError(_("un NIF, NIE o CIF cuya letra cuadre, como 12345678Z"))


def _iban(raw: str) -> str:
    from stdnum import iban
    from stdnum.exceptions import ValidationError

    try:
        return str(iban.validate(re.sub(r"[\s.\-]", "", raw).upper()))
    except ValidationError:
        raise ValueError(_("un IBAN cuyas cifras de control cuadren, como ES91 2100 0418 4502 0005 1332")) from None


def _postcode(raw: str) -> str:
    text = raw.strip()
    if not re.fullmatch(r"(0[1-9]|[1-4]\d|5[0-2])\d{3}", text):
        raise ValueError(_("un código postal de cinco cifras, de 01 a 52"))
    return text


def _yes_no(raw: str) -> str:
    word = fold(raw.strip())
    if word in {"si", "s", "yes", "y", "true", "1"}:
        return "yes"
    if word in {"no", "n", "false", "0"}:
        return "no"
    raise ValueError(_("sí o no"))


def _choice(raw: str, options: Mapping[str, str]) -> str:
    wanted = fold(raw.strip())
    for option, label in options.items():
        if wanted in (fold(option), fold(label)):
            return option
    raise ValueError(_("una de estas opciones: {options}").format(options=", ".join(options.values())))


def _choices(raw: str, options: Mapping[str, str]) -> str:
    chosen = {_choice(part, options) for part in re.split(r"[,;\n]", raw) if part.strip()}
    if not chosen:
        raise ValueError(_("una o más de estas opciones: {options}").format(options=", ".join(options.values())))
    return ",".join(option for option in options if option in chosen)


_ABSENT: dict[str, Absent] = {
    "no consta": Absent.NOT_ON_RECORD,
    "no lo facilita": Absent.NOT_GIVEN,
    "no facilita": Absent.NOT_GIVEN,
    "no aplica": Absent.NOT_APPLICABLE,
    "no procede": Absent.NOT_APPLICABLE,
}

_PARSERS: dict[FieldType, Callable[[str], str]] = {
    FieldType.TEXT: _line,
    FieldType.NOTE: _note,
    FieldType.INTEGER: _integer,
    FieldType.AMOUNT: _amount,
    FieldType.DATE: _date,
    FieldType.TIME: _time,
    FieldType.IBAN: _iban,
    FieldType.RATING: _integer,
    FieldType.PHONE: _phone,
    FieldType.EMAIL: _email,
    FieldType.NIF: _nif,
    FieldType.POSTCODE: _postcode,
    FieldType.YES_NO: _yes_no,
}

_TYPED: dict[FieldType, Callable[[str], Value]] = {
    FieldType.INTEGER: int,
    FieldType.AMOUNT: Decimal,
    FieldType.RATING: int,
    FieldType.DATE: date.fromisoformat,
    FieldType.TIME: time.fromisoformat,
    FieldType.CHOICES: lambda text: tuple(text.split(",")),
    FieldType.YES_NO: lambda text: text == "yes",
}
