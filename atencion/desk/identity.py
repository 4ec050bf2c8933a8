"""Verifying a customer blind: what can be asked of them, and whether an answer is what the store has.

The stored value leaves this module in no form; an answer that cannot be such a datum is refused and does not count.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from atencion.data.customer_search import key_of
from atencion.data.customers import CustomerCard
from atencion.data.validation import Invalid, birth_date, email, identifier, phone, postcode
from atencion.errors import Refused
from atencion.i18n import _
from atencion.text import clean_line


@dataclass(frozen=True)
class Question:
    """A datum asked of the customer. `right` is None until it is answered."""

    datum: str
    label: str
    right: bool | None = None


def question_label(datum: str) -> str:
    """How a datum is asked for."""
    return {
        "birth_date": _("Fecha de nacimiento"),
        "postcode": _("Código postal"),
        "nif": _("Documento de identidad (NIF, NIE o CIF)"),
        "phone": _("Teléfono de contacto"),
        "email": _("Correo electrónico"),
        "contract_number": _("Número de contrato"),
    }[datum]


def choose_questions(card: CustomerCard, preferred: Sequence[str], count: int, *, found_by: str) -> tuple[str, ...]:
    """The data to ask, as the organisation prefers among those on file.

    What the customer was found by comes last: it was said already, or the phone itself told it. Raises Refused when too
    little is on file.
    """
    on_file = [datum for datum in preferred if _STORED[datum](card)]
    fresh = [datum for datum in on_file if not _said_already(card, datum, found_by)]
    chosen = [*fresh, *(datum for datum in on_file if datum not in fresh)][:count]
    if len(chosen) < count:
        raise Refused(
            _("No constan datos bastantes de este cliente para comprobar su identidad por teléfono."),
            remedy=_("Atienda sin datos del contrato, o indíquele cómo acreditarse por otro medio."),
        )
    return tuple(chosen)


def is_right(card: CustomerCard, datum: str, answer: str, today: date) -> bool:
    """Whether the answer is one of the values on file. Raises Refused if it cannot be such a datum at all."""
    try:
        return _NORMAL[datum](answer, today) in _STORED[datum](card)
    except Invalid as problem:
        raise Refused(
            _("Eso no parece la respuesta a «{question}»: {problem}. No cuenta como fallo.").format(
                question=question_label(datum), problem=problem
            ),
            remedy=_("Escriba lo que dice el cliente y pulse Intro."),
        ) from None


def _said_already(card: CustomerCard, datum: str, query: str) -> bool:
    try:
        return bool(query) and _NORMAL[datum](query, date.max) in _STORED[datum](card)
    except Invalid:
        return False


def _contract_number(text: str, _today: date) -> str:
    key = key_of(text)
    if not key:
        raise Invalid(_("está vacío"))
    return key


_NORMAL: dict[str, Callable[[str, date], str]] = {
    "birth_date": lambda text, today: birth_date(text, today).isoformat(),
    "postcode": lambda text, _today: postcode(text),
    "nif": lambda text, _today: identifier(text).normal,
    "phone": lambda text, _today: phone(text).normal,
    "email": lambda text, _today: email(clean_line(text, 320)).normal,
    "contract_number": _contract_number,
}

# Only what is in force proves anything: whoever has an old number of somebody's may be somebody else by now.
_STORED: dict[str, Callable[[CustomerCard], set[str]]] = {
    "birth_date": lambda card: {card.birth_date.isoformat()} if card.birth_date else set(),
    "postcode": lambda card: {one.postcode for one in card.addresses if one.postcode and one.valid_to is None},
    "nif": lambda card: {document.normal for document in card.documents},
    "phone": lambda card: {one.normal for one in card.phones},
    "email": lambda card: {one.normal for one in card.emails},
    "contract_number": lambda card: {key_of(contract.number) for contract in card.contracts},
}
