"""What an agent is told of customers that may be the one being written: why they look alike, and nothing to recognise
them by that was not typed already.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from atencion.data.twin_search import Twin
from atencion.data.twins import SUSPECT, Reason
from atencion.desk.customer_form import LANGUAGES
from atencion.desk.customer_view import mask_name
from atencion.errors import Refused
from atencion.i18n import _


@dataclass(frozen=True, slots=True)
class TwinView:
    """A customer that may be the one being written. `sure` if it would be suspected anywhere."""

    customer_id: int
    name: str
    score: int
    sure: bool
    why: str


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
