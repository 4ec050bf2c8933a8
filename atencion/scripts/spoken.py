"""How values are said in Spanish: the filters of texts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation

from atencion.text import fold

_MONTHS = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio",
    "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
)  # fmt: skip
_DAYS = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")

_ALPHABET = {
    "a": "Antonio", "b": "Burgos", "c": "Carmen", "d": "Dolores", "e": "Enrique", "f": "Francia", "g": "Gerona",
    "h": "Historia", "i": "Inés", "j": "José", "k": "kilo", "l": "Lorenzo", "m": "Madrid", "n": "Navarra",
    "ñ": "ñandú", "o": "Oviedo", "p": "París", "q": "queso", "r": "Ramón", "s": "sábado", "t": "Toledo",
    "u": "Ulises", "v": "Valencia", "w": "Washington", "x": "xilófono", "y": "yegua", "z": "Zaragoza",
}  # fmt: skip
"""The spelling alphabet that Spanish telephone operators use."""

_NEUTRAL = {
    "abonado": "persona abonada",
    "abonados": "personas abonadas",
    "afectado": "persona afectada",
    "afectados": "personas afectadas",
    "agente": "agente",
    "bienvenido": "le damos la bienvenida",
    "cliente": "clienta o cliente",
    "clientes": "clientela",
    "consumidor": "persona consumidora",
    "consumidores": "personas consumidoras",
    "empleado": "persona del equipo",
    "empleados": "plantilla",
    "estimado": "hola",
    "inquilino": "persona arrendataria",
    "interesado": "persona interesada",
    "interesados": "personas interesadas",
    "juntos": "en común",
    "propietario": "propiedad",
    "responsable": "persona responsable",
    "solicitante": "persona solicitante",
    "supervisor": "persona responsable",
    "todos": "todas las personas",
    "trabajador": "persona trabajadora",
    "trabajadores": "personal",
    "usuario": "persona usuaria",
    "usuarios": "personas usuarias",
    "vecino": "vecindario",
    "vecinos": "vecindario",
}
"""Words whose gender can be avoided, and how."""


def amount(value: object) -> str:
    """1234.5 -> 1.234,50 €; what is no number stays as it is."""
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return str(value)
    return f"{number:,.2f}".replace(",", " ").replace(".", ",").replace(" ", ".") + "\u00a0€"


def long_date(value: object) -> str:
    """9 de marzo de 2026"""
    day = _date(value)
    return str(value) if day is None else f"{day.day} de {_MONTHS[day.month - 1]} de {day.year}"


def short_date(value: object) -> str:
    """09/03/2026"""
    day = _date(value)
    return str(value) if day is None else f"{day:%d/%m/%Y}"


def weekday(value: object) -> str:
    """lunes 9 de marzo"""
    day = _date(value)
    return str(value) if day is None else f"{_DAYS[day.weekday()]} {day.day} de {_MONTHS[day.month - 1]}"


def hour(value: object) -> str:
    """9:30"""
    at = _time(value)
    return str(value) if at is None else f"{at.hour}:{at.minute:02}"


def phone_groups(value: object) -> str:
    """+34612345678 -> 612 345 678, the groups in which it is read aloud."""
    text = str(value)
    digits = text.removeprefix("+34")
    if digits.isdigit() and len(digits) == 9:
        return f"{digits[:3]} {digits[3:6]} {digits[6:]}"
    return text


def spelled(value: object) -> str:
    """A key letter by letter, as it is given over the phone."""
    return " ".join(str(value))


def alphabet(value: object) -> str:
    """B7 -> B de Burgos, 7"""
    said = []
    for char in str(value):
        word = _ALPHABET.get(char.lower()) or _ALPHABET.get(fold(char))
        said.append(f"{char.upper()} de {word}" if word else char)
    return ", ".join(one for one in said if one.strip())


def neutral(value: object) -> str:
    """A word, or a doublet such as usuario/a, in a form that names no gender: persona usuaria."""
    word = re.sub(r"(/-?a[s]?|\(a[s]?\)|@s?)$", "", str(value).strip())
    found = _NEUTRAL.get(fold(word))
    if found is None:
        return str(value)
    return found[:1].upper() + found[1:] if word[:1].isupper() else found


def listed(value: object) -> str:
    """a, b y c; «e» before an i that sounds."""
    parts = [str(one) for one in value] if isinstance(value, Sequence) and not isinstance(value, str) else [str(value)]
    if len(parts) < 2:
        return "".join(parts)
    joint = "e" if re.match(r"h?i(?![aeo])", fold(parts[-1])) else "y"
    return f"{', '.join(parts[:-1])} {joint} {parts[-1]}"


def lowered(value: object) -> str:
    """Its first letter small, to go on a sentence; a word of capitals, such as SMS, stays as it is."""
    text = str(value)
    first = re.match(r"\w+", text)
    if first is not None and len(first[0]) > 1 and first[0].isupper():
        return text
    return text[:1].lower() + text[1:]


def _date(value: object) -> date | None:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


def _time(value: object) -> time | None:
    if isinstance(value, datetime):
        return value.time()
    if isinstance(value, time):
        return value
    try:
        return time.fromisoformat(str(value))
    except ValueError:
        return None
