"""What an organisation says of itself in `organisation.yaml`: name, hours, departments, reasons and outcomes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from atencion.errors import Refused
from atencion.i18n import _
from atencion.scripts.model import Identifier, Line, NormRef, Seconds, Strict, YesNo, invalid
from atencion.scripts.templates import Context, Missing, Plain
from atencion.scripts.texts import Words
from atencion.scripts.values import Value
from atencion.text import clean_line

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAYS: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Datum = Literal["birth_date", "postcode", "nif", "phone", "email", "contract_number"]
"""What a customer can be asked to prove who they are."""

END_OF_DAY = 24 * 60

TRANSFER_NAMES = ("departamento", "extension", "clave", "agente", "resumen")
"""What the texts of a transfer may name."""


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
    GSM-7 or 70 UCS-2 characters, of which a text should take no more than `segments`; `answer_within` is the
    organisation's aim. `public` ones are read by everybody: no personal datum is asked for or given there. `protocol`
    is the one proposed first to whoever has opened none yet.
    """

    id: Identifier
    name: Line
    written: YesNo = False
    public: YesNo = False
    limit: Annotated[int, Field(ge=1, le=100_000)] | Literal["sms"] | None = None
    segments: Annotated[int, Field(ge=1, le=255)] = 1
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
    """Why a demand is handed over, to whom as a rule, and which kind of case it opens.

    `supervisor`: the customer asks for one, or is not content, which starts the minutes of Ley 10/2025 art. 8.3.
    """

    id: Identifier
    label: Line
    department: Identifier
    case_type: Identifier
    case_subtype: Identifier | None = None
    urgent: YesNo = False
    supervisor: YesNo = False


class EscalationRoute(Strict):
    """Who takes what is handed over for some reasons, and who does when they are closed or do not speak the language.

    Without `hours` it is open when its department is; without `languages` it speaks all of them.
    """

    id: Identifier
    department: Identifier
    reasons: tuple[Identifier, ...] = ()
    level: Annotated[int, Field(ge=1, le=9)] = 1
    skill: Identifier | None = None
    languages: tuple[Annotated[str, Field(pattern=r"^[a-z]{2}$")], ...] = ()
    hours: tuple[OpenHours, ...] = ()
    then: Identifier | None = None


class WarmTransfer(Strict):
    """What is said when a demand is passed on with the customer on the line: to them, to the colleague, and to both.

    Texts may name `departamento`, `extension`, `clave`, `agente` and `resumen`.
    """

    customer: Words
    colleague: Words
    together: Words

    @model_validator(mode="after")
    def _known(self) -> Self:
        for text in (self.customer, self.colleague, self.together):
            for name in text.names:
                if name not in TRANSFER_NAMES:
                    raise invalid(
                        _("el texto nombra «{name}», que no existe").format(name=name), ", ".join(TRANSFER_NAMES)
                    )
        return self


class Outcome(Strict):
    """How a demand can end; `settled` if the customer has nothing more to wait for, `case` if a case is open of it."""

    id: Identifier
    label: Line
    settled: YesNo
    case: YesNo = False


class Disposition(Strict):
    """Why the customer called, as it is counted: a group and a label."""

    id: Identifier
    label: Line
    group: Line


Priority = Literal["urgent", "high", "normal", "low"]


class CaseSubtype(Strict):
    """A kind of case within a type. What it does not say is as the type says.

    `continuity`: the matter is the continuity of a basic service. `terms` are the articles whose terms run.
    """

    id: Identifier
    label: Line
    terms: tuple[NormRef, ...] | None = None
    department: Identifier | None = None
    priority: Priority | None = None
    continuity: YesNo = False


class CaseType(Strict):
    """A kind of case. `locks`: while it is pending, the contract it is about may not be cut off."""

    id: Identifier
    label: Line
    terms: tuple[NormRef, ...] = ()
    department: Identifier | None = None
    priority: Priority = "normal"
    locks: YesNo = False
    subtypes: tuple[CaseSubtype, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseKind:
    """A type, or a type and a subtype, with what the organisation has decided about it."""

    type: str
    subtype: str
    label: str
    terms: tuple[str, ...]
    department: str
    priority: Priority
    continuity: bool
    locks: bool


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
    advertising_purpose: Line | None = None
    """The purpose of consents under which customers are offered things; whoever takes it back is offered nothing."""
    compensation_limit: Identifier | None = None
    """The one of `limits` that an agent may grant as compensation; more is for a supervisor to approve."""
    identity: IdentityRules
    departments: Annotated[tuple[Department, ...], Field(min_length=1)]
    escalation_reasons: Annotated[tuple[EscalationReason, ...], Field(min_length=1)]
    escalation_routes: tuple[EscalationRoute, ...] = ()
    warm_transfer: WarmTransfer | None = None
    escalation_outcome: Identifier
    outcomes: Annotated[tuple[Outcome, ...], Field(min_length=1)]
    dispositions: Annotated[tuple[Disposition, ...], Field(min_length=1)]
    case_types: Annotated[tuple[CaseType, ...], Field(min_length=1)]
    targets: Targets

    @property
    def most_compensation(self) -> Decimal | None:
        """What an agent may grant by themselves, in euros; None if there is no limit."""
        return self.limits[self.compensation_limit] if self.compensation_limit is not None else None

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

    @cached_property
    def route(self) -> dict[str, EscalationRoute]:
        """Escalation routes by id."""
        return {one.id: one for one in self.escalation_routes}

    def route_for(self, reason: str, language: str, at: datetime) -> EscalationRoute | None:
        """The first route for a reason that is open at a local moment and speaks the language; the last of its chain if
        none is; None if there is no route for the reason.
        """
        route = next((one for one in self.escalation_routes if reason in one.reasons), None)
        passed: set[str] = set()
        while route is not None and not self._serves(route, language, at):
            passed.add(route.id)
            following = self.route.get(route.then or "")
            if following is None or following.id in passed:
                return route
            route = following
        return route

    def takes(self, reason: str, language: str, at: datetime, allowed: Collection[str] = ()) -> str:
        """The department that a reason's demand goes to at a local moment: its route's, if it is one of those `allowed`
        (none allows all), or else the reason's own.
        """
        route = self.route_for(reason, language, at)
        if route is None or (allowed and route.department not in allowed):
            return self.reason[reason].department
        return route.department

    def _serves(self, route: EscalationRoute, language: str, at: datetime) -> bool:
        if route.languages and language not in route.languages:
            return False
        if route.hours:
            return any(hours.holds(at) for hours in route.hours)
        department = self.department.get(route.department)
        return department is None or department.open_at(at)

    def case_kind(self, type_id: str, subtype_id: str = "") -> CaseKind:
        """A kind of case by its ids. Raises Refused, naming those there are, if there is no such one."""
        kind = self.case_type.get(type_id)
        if kind is None:
            known = ", ".join(self.case_type)
            raise Refused(
                _("La clase de expediente «{id}» no existe.").format(id=clean_line(type_id, 60)),
                remedy=_("Las que hay: {kinds}.").format(kinds=known),
            )
        subtype = next((one for one in kind.subtypes if one.id == subtype_id), None)
        if subtype_id and subtype is None:
            known = ", ".join(one.id for one in kind.subtypes)
            raise Refused(
                _("«{type}» no tiene la subclase «{id}».").format(type=kind.label, id=clean_line(subtype_id, 60)),
                remedy=_("Las que hay: {kinds}.").format(kinds=known) if known else "",
            )
        terms, department = kind.terms, kind.department
        if subtype is not None:
            terms = kind.terms if subtype.terms is None else subtype.terms
            department = subtype.department or kind.department
        return CaseKind(
            kind.id,
            subtype_id,
            f"{kind.label}: {subtype.label}" if subtype else kind.label,
            terms,
            department or self.departments[0].id,
            (subtype.priority if subtype else None) or kind.priority,
            bool(subtype and subtype.continuity),
            kind.locks,
        )

    def salutation(self, at: datetime) -> str:
        """What is said at a local moment: the first greeting whose hour has not come."""
        minute = at.hour * 60 + at.minute
        return next((one.say for one in self.greetings if minute < one.until), self.greetings[-1].say)
