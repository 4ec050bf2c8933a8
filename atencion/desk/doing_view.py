"""What leaving a step does in the store, in words, to be seen before it is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from atencion.desk.appointments import appointment_words, calling_hours
from atencion.i18n import _
from atencion.scripts.actions import ACTIONS, Due
from atencion.scripts.catalogue import Catalogue
from atencion.scripts.spoken import amount, phone_groups
from atencion.scripts.values import FieldType


@dataclass(frozen=True)
class DoingView:
    """Something that is done in the store when the step is left: what, and with which data."""

    title: str
    data: tuple[str, ...]


def doing_view(due: Due, catalogue: Catalogue, now: datetime) -> DoingView:
    """An action as it is told; `now` is local."""
    shown = (_shown(due, name, value, catalogue, now) for name, value in due.params.items())
    return DoingView(ACTIONS[due.action].title(), tuple(shown))


def _shown(due: Due, name: str, value: str, catalogue: Catalogue, now: datetime) -> str:
    organisation = catalogue.organisation
    param = ACTIONS[due.action].params[name]
    if param.refers_to == "case_type" and value in organisation.case_type:
        return organisation.case_type[value].label
    if param.refers_to == "department" and value in organisation.department:
        return organisation.department[value].name
    if param.options:
        return _options().get(value, value)
    if param.type is FieldType.PHONE:
        return phone_groups(value)
    if param.type is FieldType.AMOUNT:
        return amount(value)
    if due.action == "schedule_callback" and name == "when":
        return appointment_words(value, now, *calling_hours(catalogue, due.params.get("department", "")))
    return value


def _options() -> Mapping[str, str]:
    return {
        "email": _("correo electrónico"),
        "sms": _("SMS"),
        "post": _("correo postal"),
        "none": _("sin envío"),
        "in": _("entrada"),
        "out": _("salida"),
        "phone": _("teléfono"),
        "language": _("lengua"),
        "treatment": _("trato"),
        "address": _("dirección"),
        "postcode": _("código postal"),
        "town": _("municipio"),
        "normal": _("prioridad normal"),
        "high": _("prioridad alta"),
        "service": _("de servicio"),
        "commercial": _("comercial"),
        "supervisor": _("de supervisión"),
    }
