"""What an organisation says of itself in `organisation.yaml`: name, hours, departments, reasons and outcomes."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from atencion.i18n import _
from atencion.scripts.model import Identifier, Line, Seconds, Strict, YesNo, invalid
from atencion.scripts.templates import Context, Missing, Plain
from atencion.scripts.values import Value

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAYS: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Datum = Literal["birth_date", "postcode", "nif", "phone", "email", "contract_number"]
"""What a customer can be asked to prove who they are."""

END_OF_DAY = 24 * 60


def _minute(value: object) -> int:
    hour, found, minute = str(value).partition(":")
    if not (found and hour.isdigit() and minute.isdigit() and len(minute) == 2):
        raise invalid(_('se esperaba una hora como "08:30"'))
    total = int(hour) * 60 + int(minute)
    if total > END_OF_DAY or int(minute) > 59:
        raise invalid(_("se esperaba una hora de 00:00 a 24:00"))
    return total


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError):
        raise invalid(_("se esperaba una zona horaria como Europe/Madrid")) from None
    return value


Minute = Annotated[int, BeforeValidator(_minute)]
"""Minutes since midnight; 24:00 is the end of the day."""


class ChannelRules(Strict):
    """A way to reach the organisation, and its manners.

    On a `written` one the agent writes; `limit` is how many characters a text may have, or `sms` for segments of 160
    GSM-7 or 70 UCS-2 characters; `answer_within` is the organisation's aim. `public` ones are read by everybody: no
    personal datum is asked for or given there. `protocol` is the one proposed first to whoever has opened none yet.
    """

    id: Identifier
    name: Line
    written: YesNo = False
    public: YesNo = False
    limit: Annotated[int, Field(ge=1, le=100_000)] | Literal["sms"] | None = None
    answer_within: Seconds | None = None
    protocol: Line | None = None


def _channel(value: object) -> object:
    return {"id": value, "name": value} if isinstance(value, str) else value


class OpenHours(Strict):
    """Hours of some days of the week, in the organisation's zone."""

    days: Annotated[tuple[Day, ...], Field(min_length=1)]
    from_: Minute = Field(alias="from")
    to: Minute

    def holds(self, at: datetime) -> bool:
        """Whether a local moment is within them."""
        return DAYS[at.weekday()] in self.days and self.from_ <= at.hour * 60 + at.minute < self.to


class Salutation(Strict):
    """What is said until an hour of the day."""

    until: Minute
    say: Line


class Privacy(Strict):
    """The first layer of information that is told when data are collected (LOPDGDD art. 11)."""

    controller: Line
    purpose: Line
    dpo: Line
    second_layer: Line
    say: Annotated[str, Field(min_length=1, max_length=2_000)]


class IdentityRules(Strict):
    """How a customer is verified: how many questions, how many wrong answers lock, which data, the preferred first."""

    questions: Annotated[int, Field(ge=1, le=4)] = 2
    wrong_answers: Annotated[int, Field(ge=1, le=10)] = 3
    data: Annotated[tuple[Datum, ...], Field(min_length=2)]
    locked_say: Annotated[str, Field(min_length=1, max_length=2_000)]

    @model_validator(mode="after")
    def _enough(self) -> Self:
        if len(set(self.data)) < self.questions:
            raise invalid(_("hay menos datos que preguntas"), _("más datos en «data», o menos «questions»"))
        return self


class Department(Strict):
    """Who takes what is escalated."""

    id: Identifier
    name: Line
    hours: tuple[OpenHours, ...] = ()
    extension: Line | None = None
    skills: tuple[Identifier, ...] = ()

    def open_at(self, at: datetime) -> bool:
        """Whether it attends at a local moment; without hours it always does."""
        return not self.hours or any(hours.holds(at) for hours in self.hours)


class EscalationReason(Strict):
    """Why a demand is handed over, to whom as a rule, and which kind of case it opens."""

    id: Identifier
    label: Line
    department: Identifier
    case_type: Identifier
    urgent: YesNo = False


class Outcome(Strict):
    """How a demand can end; `settled` if the customer has nothing more to wait for."""

    id: Identifier
    label: Line
    settled: YesNo


class Disposition(Strict):
    """Why the customer called, as it is counted: a group and a label."""

    id: Identifier
    label: Line
    group: Line


class CaseType(Strict):
    """A kind of case."""

    id: Identifier
    label: Line


class Targets(Strict):
    """Internal aims, in seconds. The law's deadlines are not here but with the norms."""

    answer_within: Seconds
    contact: Seconds
    wrap_up: Seconds


class Organisation(Strict):
    """Who attends, and all it has decided about how."""

    name: Line
    legal_name: Line
    sample: YesNo = False
    sector: Line
    region: Annotated[str, Field(pattern=r"^[A-Z]{2}(-[A-Z]{1,3})?$")]
    zone: Annotated[str, AfterValidator(_zone)]
    language: Annotated[str, Field(pattern=r"^[a-z]{2}$")] = "es"
    phone: Line
    email: Line
    web: Line
    privacy: Privacy
    hours: tuple[OpenHours, ...] = ()
    greetings: Annotated[tuple[Salutation, ...], Field(min_length=1)]
    channels: Annotated[tuple[Annotated[ChannelRules, BeforeValidator(_channel)], ...], Field(min_length=1)]
    limits: dict[Identifier, Annotated[Decimal, Field(ge=0, le=10**9)]] = Field(default_factory=dict)
    identity: IdentityRules
    departments: Annotated[tuple[Department, ...], Field(min_length=1)]
    escalation_reasons: Annotated[tuple[EscalationReason, ...], Field(min_length=1)]
    escalation_outcome: Identifier
    outcomes: Annotated[tuple[Outcome, ...], Field(min_length=1)]
    dispositions: Annotated[tuple[Disposition, ...], Field(min_length=1)]
    case_types: Annotated[tuple[CaseType, ...], Field(min_length=1)]
    targets: Targets

    @cached_property
    def local_zone(self) -> ZoneInfo:
        """The zone in which times are shown."""
        return ZoneInfo(self.zone)

    @cached_property
    def channel(self) -> dict[str, ChannelRules]:
        """Channels by id."""
        return {one.id: one for one in self.channels}

    @cached_property
    def department(self) -> dict[str, Department]:
        """Departments by id."""
        return {one.id: one for one in self.departments}

    @cached_property
    def reason(self) -> dict[str, EscalationReason]:
        """Escalation reasons by id."""
        return {one.id: one for one in self.escalation_reasons}

    @cached_property
    def outcome(self) -> dict[str, Outcome]:
        """Outcomes by id."""
        return {one.id: one for one in self.outcomes}

    @cached_property
    def disposition(self) -> dict[str, Disposition]:
        """Dispositions by id."""
        return {one.id: one for one in self.dispositions}

    @cached_property
    def case_type(self) -> dict[str, CaseType]:
        """Kinds of case by id."""
        return {one.id: one for one in self.case_types}

    def open_at(self, at: datetime) -> bool:
        """Whether it attends at a local moment; without hours it always does."""
        return not self.hours or any(hours.holds(at) for hours in self.hours)

    def facts(self, at: datetime) -> dict[str, Value | None]:
        """What conditions may ask of the clock and of the organisation's own decisions, at a local moment."""
        return {
            "hoy": at.date(),
            "hora": at.time().replace(second=0, microsecond=0),
            "dia": DAYS[at.weekday()],
            "horario.abierto": self.open_at(at),
            **{f"departamento.{one.id}.abierto": one.open_at(at) for one in self.departments},
            **{f"limite.{name}": limit for name, limit in self.limits.items()},
        }

    def speech(self, at: datetime) -> dict[str, Plain | Missing | Context]:
        """What texts may name of the clock and of the organisation, at a local moment."""
        return {
            "saludo": self.salutation(at),
            "hoy": at.date(),
            "ahora": at.time().replace(second=0, microsecond=0),
            "organizacion": {
                "nombre": self.name,
                "razon_social": self.legal_name,
                "telefono": self.phone,
                "correo": self.email,
                "web": self.web,
                "responsable": self.privacy.controller,
                "privacidad": self.privacy.say,
            },
        }

    def salutation(self, at: datetime) -> str:
        """What is said at a local moment: the first greeting whose hour has not come."""
        minute = at.hour * 60 + at.minute
        return next((one.say for one in self.greetings if minute < one.until), self.greetings[-1].say)
