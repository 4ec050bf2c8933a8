"""What an agent is told of customers that may be the one being written: why they look alike, and nothing to recognise
them by that was not typed already. Who has to decide on a pair is shown both, side by side.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from atencion.data.customer_merge import Parts, own_parts
from atencion.data.customers import ContactKind, CustomerRecord, IdentifierKind
from atencion.data.languages import LANGUAGES
from atencion.data.twin_search import Twin
from atencion.data.twins import SUSPECT, Reason
from atencion.desk.customer_view import mask_name
from atencion.errors import Refused
from atencion.i18n import _
from atencion.scripts.spoken import phone_groups


@dataclass(frozen=True, slots=True)
class TwinView:
    """A customer that may be the one being written. `sure` if it would be suspected anywhere."""

    customer_id: int
    name: str
    score: int
    sure: bool
    why: str


@dataclass(frozen=True, slots=True)
class Beside:
    """A kind of datum of two customers: what both have, and what only the one or the other has."""

    label: str
    both: str
    one: str
    other: str


class TwinsFound(Refused):
    """There is somebody in the store who may well be this customer; writing it all the same has to be said."""

    def __init__(self, twins: Sequence[TwinView]) -> None:
        self.twins = tuple(twins)
        first = twins[0]
        super().__init__(
            _("Puede que ya esté: {name} ({why}).").format(name=first.name, why=first.why),
            remedy=_("Elija a esa persona, o regístrela de nuevo si es otra."),
        )


def twin_view(twin: Twin, typed: str) -> TwinView:
    """A twin as it may be shown before anybody is verified; `typed` is the name as it was written."""
    likeness = twin.likeness
    name = mask_name(twin.name, typed)
    return TwinView(twin.customer_id, name, likeness.score, likeness.score >= SUSPECT, tell_reasons(likeness.reasons))


def tell_datum(name: str, value: str) -> str:
    """A datum that a merge settles, as it is told; `value` is as it is kept."""
    if name == "birth_date" and value:
        return f"{date.fromisoformat(value):%d/%m/%Y}"
    words = {
        "kind": {"person": _("persona"), "company": _("empresa")},
        "language": LANGUAGES,
        "treatment": {"tu": _("tú"), "usted": _("usted")},
    }
    return words.get(name, {}).get(value, value)


def beside(one: CustomerRecord, other: CustomerRecord) -> list[Beside]:
    """What two customers can be told apart by, the most telling first; of what neither has, nothing."""
    ours, theirs = own_parts(one, other), own_parts(other, one)
    shared = own_parts(one, replace(one, **vars(ours)))
    labels = (_("Documento"), _("Teléfono"), _("Correo"), _("Dirección"))
    told = map(Beside, labels, *map(_in_words, (shared, ours, theirs)))
    return [kind for kind in told if kind.both or kind.one or kind.other]


def _in_words(parts: Parts) -> tuple[str, str, str, str]:
    """Documents, phones, e-mails and addresses, each in a line: those in force first, and those that ended said so."""
    contacts = {kind: [part for part in parts.contacts if part.kind is kind] for kind in ContactKind}
    return (
        _line((part.value, part.valid_to) for part in parts.identifiers if part.kind is not IdentifierKind.CODE),
        _line((phone_groups(part.normal), part.valid_to) for part in contacts[ContactKind.PHONE]),
        _line((part.value, part.valid_to) for part in contacts[ContactKind.EMAIL]),
        _line((part.line, part.valid_to) for part in parts.addresses),
    )


def _line(values: Iterable[tuple[str, date | None]]) -> str:
    by_age = sorted(values, key=lambda value: value[1] is not None)
    return " · ".join(_("{value} (antes)").format(value=told) if ended else told for told, ended in by_age if told)


def tell_moved(moved: Mapping[str, int]) -> str:
    """What passes over in a merge, by the table it is in; empty if nothing does."""
    words = {
        "identifier": _("documentos"),
        "contact_point": _("teléfonos y correos"),
        "address": _("direcciones"),
        "contract": _("contratos"),
        "invoice": _("facturas"),
        "customer_alert": _("avisos"),
        "interaction": _("contactos"),
        "service_case": _("expedientes"),
        "personal_value": _("anotaciones"),
        "consent_record": _("consentimientos"),
        "document_entry": _("entradas y salidas del registro"),
        "callback_promise": _("llamadas prometidas"),
        "loyalty_member": _("programas de fidelización"),
        "loyalty_offer": _("ofertas de fidelización"),
        "survey_request": _("encuestas pendientes"),
        "survey_answer": _("encuestas respondidas"),
    }
    return ", ".join(f"{words[table]} {count}" for table, count in moved.items() if count)


def tell_reasons(reasons: Sequence[Reason]) -> str:
    """Reasons, as they are told."""
    words = {
        Reason.SAME_DOCUMENT: _("mismo documento"),
        Reason.SAME_NAME: _("mismo nombre"),
        Reason.ALIKE_NAME: _("nombre parecido"),
        Reason.PART_OF_NAME: _("parte del nombre"),
        Reason.SAME_PHONE: _("mismo teléfono"),
        Reason.SAME_EMAIL: _("mismo correo"),
        Reason.SAME_BIRTH: _("misma fecha de nacimiento"),
        Reason.ALIKE_BIRTH: _("fecha de nacimiento parecida"),
        Reason.SAME_ADDRESS: _("misma dirección"),
        Reason.SAME_POSTCODE: _("mismo código postal"),
    }
    return ", ".join(words[reason] for reason in reasons)
