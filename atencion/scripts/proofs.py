"""Every text of a protocol as it would be said, with invented data, to be proof-read. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from atencion.scripts.fields import CapturedField
from atencion.scripts.organisation import Organisation
from atencion.scripts.protocol import Protocol, Step
from atencion.scripts.templates import Chosen, Context, Missing, Plain
from atencion.scripts.texts import REGISTERS, short_hash
from atencion.scripts.values import FieldType

DAY, NOW = date(2026, 11, 24), time(10, 30)
"""The moment in which invented data are set."""

_VALUES: dict[FieldType, Plain] = {
    FieldType.TEXT: "lo que diga",
    FieldType.NOTE: "lo que cuente, con sus palabras",
    FieldType.INTEGER: 3,
    FieldType.AMOUNT: Decimal("42.50"),
    FieldType.DATE: date(2026, 12, 1),
    FieldType.TIME: time(18, 0),
    FieldType.PHONE: "+34749000000",
    FieldType.EMAIL: "ejemplo@example.com",
    FieldType.NIF: "99999999R",
    FieldType.IBAN: "ES9121000418450200051332",
    FieldType.POSTCODE: "28001",
    FieldType.YES_NO: True,
    FieldType.RATING: 8,
}


@dataclass(frozen=True, slots=True)
class Proof:
    """A text of a step for one kind of contact.

    `variant` are the words that chose it and `language` its own; it is `lacking` if nobody wrote it in the language
    asked for. `hash` is what a translation of it writes as `of`. Without words the step has no text for such a contact.
    """

    step: str
    title: str
    words: str
    variant: str = ""
    language: str = ""
    lacking: bool = False
    hash: str = ""


def proof(
    protocol: Protocol, step: Step, organisation: Organisation, *, language: str, channel: str, register: str
) -> Proof | None:
    """A step's text for a kind of contact; None if the step says nothing."""
    if step.say is None:
        return None
    own = protocol.language
    variant = step.say.pick(language=language, channel=channel, register=register, own=own)
    if variant is None:
        return Proof(step.id, step.title, "", lacking=True)
    words = variant.template.render(sample_context(protocol, organisation, channel))
    spoken = variant.language or own
    hashed = short_hash(variant.template.source) if spoken == own else ""
    return Proof(step.id, step.title, words, variant.key, spoken, spoken != language, hashed)


def proofs(
    protocol: Protocol,
    organisation: Organisation,
    *,
    language: str | None = None,
    channel: str | None = None,
    register: str | None = None,
) -> Iterator[tuple[tuple[str, str, str], Proof]]:
    """Every text for every language, channel and form of address asked for, or promised if none is; a wording that is
    for several kinds of contact comes once, with the first."""
    seen: set[tuple[str, str, str]] = set()
    for spoken in [language] if language else promised(protocol):
        for one in [channel] if channel else protocol.channels:
            for form in [register] if register else REGISTERS:
                for step in protocol.all_steps():
                    if step.channels and one not in step.channels:
                        continue
                    found = proof(protocol, step, organisation, language=spoken, channel=one, register=form)
                    if found is None:
                        continue
                    key = (step.id, found.variant, spoken if found.lacking else "")
                    if key not in seen:
                        seen.add(key)
                        yield (spoken, one, form), found


def promised(protocol: Protocol) -> tuple[str, ...]:
    """The languages in which its texts are promised, its own first."""
    return tuple(dict.fromkeys((protocol.language, *protocol.languages)))


def sample_context(protocol: Protocol, organisation: Organisation, channel: str) -> Context:
    """Invented data for all that texts may name; what the organisation says of itself is its own."""
    names: dict[str, Plain | Missing | Context] = {
        **organisation.speech(datetime.combine(DAY, NOW)),
        "canal": organisation.channel[channel].name if channel in organisation.channel else channel,
        "agente": {"nombre": "Marina Olmedal", "alias": "Marina", "codigo": "A101", "departamento": "Atención"},
        "cliente": {
            "verificado": True,
            "nombre": "Ana",
            "apellidos": "Ejemplo Muestra",
            "nombre_completo": "Ana Ejemplo Muestra",
            "tratamiento": "usted",
            "idioma": protocol.language,
        },
        "contrato": {
            "numero": "EJ-0000001-1",
            "producto": "Producto de ejemplo",
            "cuota": Decimal("42.50"),
            "ultima_factura": Decimal("61.30"),
            "inicio": date(2024, 3, 1),
        },
        "expediente": {"clave": "482719362", "departamento": "Reclamaciones"},
    }
    return {**names, **{name: _value(field) for name, field in protocol.fields.items()}}


def _value(field: CapturedField) -> Plain:
    if field.options:
        chosen = tuple(Chosen(one, label) for one, label in field.labels.items())
        return chosen[0] if field.type is FieldType.CHOICE else chosen[:2]
    return _VALUES[field.type]
