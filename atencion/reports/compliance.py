"""Each obligation of the law: on how many it was measured, how many kept it, and each breach with its case."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from atencion.data import compliance
from atencion.data import compliance_contacts as contacts
from atencion.data.compliance import Breach, Measured, Window
from atencion.data.compliance_contacts import Waits
from atencion.desk import Desk
from atencion.desk.case_answers import COMPLETE_IT
from atencion.i18n import _, ngettext
from atencion.scripts.deadlines import end_of_day

if TYPE_CHECKING:
    from atencion.data.connection import Connection

LIKED = "ley-10-2025/18.1"


@dataclass(frozen=True, slots=True)
class Obligation:
    """One line of the report. `kept` of `total`; `error` is the margin, in percentage points, where it is estimated.

    `value` is a measure that is not a count, as it is told; `note` what has to be known to read the line.
    """

    norm: str
    article: str
    label: str
    title: str
    measured: str
    total: int
    kept: int
    breaches: tuple[Breach, ...] = ()
    error: float = 0.0
    value: str = ""
    fulfilled: bool = True
    note: str = ""

    @property
    def share(self) -> float | None:
        """How many of a hundred kept it; None if there was nothing to measure."""
        return None if self.total == 0 else 100 * self.kept / self.total


@dataclass(frozen=True, slots=True)
class ComplianceReport:
    """All obligations that are proved, over some days of the organisation's zone, both included."""

    organisation: str
    first: date
    last: date
    made_at: datetime
    obligations: tuple[Obligation, ...]

    @property
    def breached(self) -> int:
        """How many breaches there are, of all obligations."""
        return sum(one.total - one.kept for one in self.obligations)


def measure_compliance(desk: Desk, first: date, last: date, *, limit: int = 1_000) -> ComplianceReport:
    """Measure what the store proves of the days from `first` to `last`; at most `limit` breaches of each are named."""
    zone = desk.organisation.local_zone
    start = end_of_day(first - timedelta(days=1), zone)
    window = Window(start, end_of_day(last, zone), desk.now(), limit)
    with desk.store.reading() as connection:
        opened = compliance.opened(connection, window)
        lines = [
            *_terms(desk, compliance.terms(connection, window)),
            *_of_attention(desk, connection, window),
            *_of_opening(desk, connection, window),
            *_of_answers(desk, connection, window),
            *_of_guards(desk, connection, window),
            _satisfaction(desk, connection, window, opened),
        ]
    kept = tuple(one for one in lines if one is not None)
    return ComplianceReport(desk.organisation.legal_name, first, last, desk.now(), kept)


def document(report: ComplianceReport) -> dict[str, Any]:
    """The report as one JSON document; moments in UTC."""
    return {
        "organisation": report.organisation,
        "from": report.first.isoformat(),
        "to": report.last.isoformat(),
        "made_at": report.made_at.isoformat(),
        "breached": report.breached,
        "obligations": [
            {
                "norm": one.norm,
                "article": one.article,
                "label": one.label,
                "title": one.title,
                "measured": one.measured,
                "total": one.total,
                "kept": one.kept,
                "breached": one.total - one.kept,
                "share": None if one.share is None else round(one.share, 2),
                "value": one.value or None,
                "fulfilled": one.fulfilled,
                "error": round(one.error, 2),
                "note": one.note or None,
                "breaches": [
                    {
                        "case": breach.case_key or None,
                        "interaction": breach.interaction_id,
                        "due_at": breach.due_at.isoformat() if breach.due_at else None,
                        "ended_at": breach.ended_at.isoformat() if breach.ended_at else None,
                    }
                    for breach in one.breaches
                ],
            }
            for one in report.obligations
        ],
    }


def percentile(waits: Sequence[tuple[int, int]], share: float) -> int | None:
    """The wait that `share` of a hundred did not exceed, by nearest rank; None if nobody waited."""
    total = sum(calls for _wait, calls in waits)
    rank, seen = math.ceil(total * share / 100), 0
    for wait, calls in sorted(waits):
        seen += calls
        if seen >= rank > 0:
            return wait
    return None


def mean_of_fastest(waits: Sequence[tuple[int, int]], share: float) -> float | None:
    """The mean of the fastest `share` of a hundred; None if nobody waited."""
    left = wanted = math.floor(sum(calls for _wait, calls in waits) * share / 100)
    total = 0
    for wait, calls in sorted(waits):
        taken = min(calls, left)
        total += wait * taken
        left -= taken
    return total / wanted if wanted else None


def _of_attention(desk: Desk, connection: Connection, window: Window) -> list[Obligation | None]:
    """Who attends, and how soon."""
    staff = ngettext("{n} persona atendió.", "{n} personas atendieron.", people := contacts.staff(connection, window))
    elsewhere = _("Los intentos de práctica se guardan aparte y no dicen de quién son: se prueba con otros registros.")
    return [
        _line(
            desk,
            "ley-10-2025/8.2",
            _("llamadas en las que el agente dijo quién era"),
            contacts.identified_agents(connection, window),
        ),
        _line(
            desk,
            "ley-10-2025/8.3",
            _("peticiones de supervisión atendidas a tiempo o con devolución de llamada"),
            contacts.supervisors(connection, window),
        ),
        _waits(desk, contacts.waits(connection, window)),
        _line(
            desk,
            "ley-10-2025/9.2",
            _("formación de quienes atienden: no se mide aquí"),
            Measured(0, 0),
            value=staff.format(n=people),
            note=elsewhere,
        ),
        _line(
            desk,
            "lopdgdd/11",
            _("llamadas en las que se informó antes de pedir datos"),
            contacts.first_layers(connection, window),
        ),
    ]


def _of_opening(desk: Desk, connection: Connection, window: Window) -> list[Obligation | None]:
    """What a case has from its beginning: language, key, receipt, lock."""
    locking = [kind.id for kind in desk.organisation.case_types if kind.locks]
    return [
        _line(
            desk,
            "ley-10-2025/8.6",
            _("asuntos de contactos en los que se pidió otra lengua, en esa lengua"),
            contacts.languages(connection, window),
        ),
        _line(
            desk,
            "ley-10-2025/11.1",
            _("expedientes con clave y justificante"),
            compliance.receipts(connection, window),
        ),
        _line(
            desk,
            "ley-10-2025/11.2",
            _("expedientes abiertos en un contacto en el que se dijo su clave"),
            contacts.told_keys(connection, window),
        ),
        _line(
            desk,
            "ley-10-2025/12.1",
            _("asuntos de contactos grabados cuyo justificante dice cómo obtener la grabación"),
            compliance.recorded(connection, window),
        ),
        _line(
            desk,
            "ley-10-2025/12.2",
            _("justificantes enviados por el medio del asunto o el elegido"),
            compliance.receipts_sent(connection, window),
        ),
        _line(
            desk,
            "ley-10-2025/4.4",
            _("reclamaciones sobre un contrato que impidieron su corte"),
            compliance.locked(connection, window, locking),
        ),
    ]


def _of_answers(desk: Desk, connection: Connection, window: Window) -> list[Obligation | None]:
    """What is asked of the customer, answered and told."""
    answers, told = compliance.answers(connection, window), compliance.told(connection, window)
    return [
        _line(
            desk,
            "ley-10-2025/13.1",
            _("respuestas que contestan a cada cuestión con sus motivos"),
            answers.reasoned,
        ),
        _line(
            desk,
            COMPLETE_IT,
            _("plazos para completar que se dejaron pasar enteros"),
            compliance.completions(connection, window, COMPLETE_IT),
        ),
        _line(
            desk,
            "ley-10-2025/13.4",
            _("no completados cuyo cliente fue avisado de la consecuencia"),
            answers.lapses_warned,
        ),
        _line(
            desk,
            "ley-10-2025/13.5",
            _("respuestas por el medio del asunto o el elegido"),
            told.by_channel,
        ),
        _line(
            desk,
            "ley-10-2025/13.6",
            _("respuestas en la lengua del asunto"),
            told.in_language,
        ),
        _line(
            desk,
            "ley-10-2025/13.7",
            _("respuestas no favorables del todo que dicen a quién acudir"),
            answers.bodies_told,
        ),
    ]


def _of_guards(desk: Desk, connection: Connection, window: Window) -> list[Obligation | None]:
    """What must not be done while a matter is pending."""
    continuity = [
        f"{kind.id}/{one.id}" for kind in desk.organisation.case_types for one in kind.subtypes if one.continuity
    ]
    return [
        _line(
            desk,
            "ley-10-2025/16.2",
            _("ofertas pedidas, o hechas sin ningún asunto de continuidad pendiente"),
            compliance.offers(connection, window, continuity),
        ),
        _line(
            desk,
            "ley-10-2025/18.2",
            _("encuestas de asuntos ya resueltos y comunicados"),
            compliance.surveys(connection, window),
        ),
    ]


def _satisfaction(
    desk: Desk, connection: Connection, window: Window, opened: dict[tuple[str, str], int]
) -> Obligation | None:
    """How the attention was liked: the marks of each survey, and bad service told apart from bad attention."""
    norm = desk.catalogue.norms.get(LIKED)
    if norm is None:
        return None
    low = norm.values.get("low", 2)
    told = [
        _("{survey}: {n} respuestas, media {mean}").format(
            survey=one.survey, n=one.answers, mean=f"{one.mean:.2f}".replace(".", ",")
        )
        for one in contacts.survey_figures(connection, window)
    ]
    complaints = {kind.id: kind for kind in desk.organisation.case_types if kind.locks}
    for (type_, subtype), cases in sorted(opened.items()):
        if type_ in complaints:
            known = {one.id: one.label for one in complaints[type_].subtypes}
            which = known.get(subtype, subtype) or _("sin subclase")
            told.append(f"{complaints[type_].label}: {which}, {cases}")
    return _line(
        desk,
        LIKED,
        _("contactos con una nota de {low} o menos de los que consta la causa").format(low=low),
        contacts.dissatisfied(connection, window, low, list(complaints)),
        value="; ".join(told),
        note=_("La causa es lo que dijo el cliente o la queja que dejó."),
    )


def _terms(desk: Desk, found: dict[str, Measured]) -> list[Obligation | None]:
    refs = {ref for kind in desk.organisation.case_types for ref in kind.terms}
    refs |= {ref for kind in desk.organisation.case_types for one in kind.subtypes for ref in one.terms or ()}
    lines: list[Obligation | None] = []
    for ref in sorted(refs | set(found)):
        measured = found.get(ref, Measured(0, 0))
        error = 100 * measured.estimated / measured.total if measured.total else 0.0
        notes = [_("Plazos con festivos sin cotejar: {n}.").format(n=measured.estimated)] if measured.estimated else []
        if measured.stopped:
            notes.append(_("Plazos detenidos, que no cuentan: {n}.").format(n=measured.stopped))
        lines.append(
            _line(desk, ref, _("plazos que han vencido o se han cumplido"), measured, error=error, note=" ".join(notes))
        )
    return lines


def _waits(desk: Desk, waits: Waits) -> Obligation | None:
    norm = desk.catalogue.norms.get("ley-10-2025/10.3")
    if norm is None or not norm.enabled:
        return None
    limit, share = norm.values.get("seconds", 180) * 1000, norm.values.get("share", 95)
    # Whoever gave up before the limit was not kept waiting beyond it; whoever gave up later was not attended.
    late = [(wait, calls) for wait, calls in waits.abandoned if wait >= limit]
    counted = [*waits.answered, *late]
    total = sum(calls for _wait, calls in counted)
    kept = sum(calls for wait, calls in waits.answered if wait < limit)
    p95, mean = percentile(counted, share), mean_of_fastest(counted, share)
    value = ""
    if p95 is not None and mean is not None:
        value = _("percentil {share}: {p95} s; media del {share} % más rápido: {mean} s").format(
            share=share, p95=round(p95 / 1000), mean=round(mean / 1000)
        )
    everyone = total + waits.unknown
    return Obligation(
        norm.norm,
        norm.article,
        norm.label,
        norm.title,
        _("llamadas atendidas antes de {seconds} s").format(seconds=limit // 1000),
        total,
        kept,
        error=100 * waits.unknown / everyone if everyone else 0.0,
        value=value,
        fulfilled=p95 is None or p95 < limit,
        note=_("Se exige al percentil, la lectura prudente de «de media».") if total else "",
    )


def _line(
    desk: Desk, ref: str, measured: str, found: Measured, *, error: float = 0.0, value: str = "", note: str = ""
) -> Obligation | None:
    norm = desk.catalogue.norms.get(ref)
    if norm is None or not norm.enabled:
        return None
    if norm.binding_from is not None and desk.now().date() < norm.binding_from:
        binding = _("Exigible desde el {day}.").format(day=f"{norm.binding_from:%d/%m/%Y}")
        note = f"{note} {binding}".strip()
    return Obligation(
        norm.norm,
        norm.article,
        norm.label,
        norm.title,
        measured,
        found.total,
        found.total - found.breached,
        found.breaches,
        error,
        value,
        fulfilled=found.breached == 0,
        note=note,
    )
