"""What is told once an attempt is over: the score with its evidence, what went well, what to change, both paths.

As lines of plain text, in the order in which a person takes it in, and as plain data.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from atencion.i18n import _, ngettext
from atencion.scripts.journal import Kind, Recorded
from atencion.scripts.regulation import NormCard
from atencion.training.rubric import WHOLE, Rubric
from atencion.training.scenario import Scenario
from atencion.training.scoring import Judged, Score, Shown, Verdict

TOLD = 3
"""Strengths and changes that are told."""

BAR = 20
"""Cells of a whole bar."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Something on the timeline: who, when (seconds from the opening), what, and the checks it was evidence of."""

    seq: int
    at: int
    lane: str
    text: str
    checks: tuple[str, ...]


def strengths(score: Score) -> tuple[Judged, ...]:
    """The best that was achieved, the weightiest first."""
    done = [one for one in score.judged if one.verdict is Verdict.ACHIEVED and not one.check.critical]
    return tuple(sorted(done, key=lambda one: -one.check.weight)[:TOLD])


def changes(score: Score) -> tuple[Judged, ...]:
    """What is to change first: critical errors, then what lost most."""
    lost = [one for one in score.judged if one.verdict in (Verdict.NOT, Verdict.PARTLY)]
    order = sorted(lost, key=lambda one: (not one.check.critical, one.verdict is Verdict.PARTLY, -one.check.weight))
    return tuple(order[:TOLD])


def timeline(entries: Sequence[Recorded], score: Score) -> tuple[Moment, ...]:
    """What happened, in three lanes: customer, agent, system."""
    if not entries:
        return ()
    began = entries[0].at
    fed: dict[int, list[str]] = {}
    for one in score.judged:
        for seq in one.seqs:
            fed.setdefault(seq, []).append(one.check.id)
    return tuple(
        Moment(
            entry.seq,
            int((entry.at - began).total_seconds()),
            _lane(entry.kind),
            entry.value or _happened(entry),
            tuple(fed.get(entry.seq, ())),
        )
        for entry in entries
        if entry.kind not in _SILENT
    )


def lines(
    score: Score,
    rubric: Rubric,
    entries: Sequence[Recorded],
    norm: Callable[[str], NormCard],
    scenario: Scenario | None = None,
) -> Iterator[str]:
    """The debrief as plain text."""
    yield _("Resultado: {result}").format(result=_("apto") if score.passed else _("no apto"))
    yield _("Puntos: {points} de 100").format(points=_hundred(score.points))
    if score.critical:
        yield _("Sin los errores críticos serían {points}.").format(points=_hundred(score.points_without_critical))
    if score.waits:
        yield ngettext(
            "{n} comprobación espera a quien forma.", "{n} comprobaciones esperan a quien forma.", len(score.waits)
        ).format(n=len(score.waits))
    yield _("No es una evaluación oficial hasta que la firme quien forma.")
    yield ""
    for element, shown in score.elements.items():
        if shown is not Shown.NO_EVIDENCE:
            yield f"{element}: {_shown(shown)}"
    yield ""
    for one in score.criteria:
        text = rubric.criterion(one.id)
        if one.points is None or one.mark is None:
            yield f"{one.id}  {'·' * BAR}  {_('sin evidencia')}"
            continue
        full = one.points * BAR // WHOLE
        evidence = ", ".join(map(str, one.seqs))
        told = _("entradas {seqs}").format(seqs=evidence) if evidence else ""
        yield f"{one.id}  {'█' * full}{'░' * (BAR - full)}  {one.mark}/5  {told}".rstrip()
        if text is not None:
            yield f"       {text.marks[one.mark - 1]}"
    yield from _group(_("Errores críticos"), score.critical, norm)
    yield from _group(_("Lo mejor"), strengths(score), norm, short=True)
    yield from _group(_("Qué cambiar"), changes(score), norm)
    if scenario is not None:
        yield ""
        yield _("El mejor camino: {path}").format(path=" → ".join(scenario.ideal))
    yield _("El suyo: {path}").format(path=" → ".join(score.path))
    target = _(" (objetivo {seconds} s)").format(seconds=score.target) if score.target else ""
    yield _("Tiempo: {seconds} s").format(seconds=score.seconds) + target
    yield ""
    lanes = {"customer": _("cliente"), "agent": _("agente"), "system": _("sistema")}
    for moment in timeline(entries, score):
        marks = f"  [{', '.join(moment.checks)}]" if moment.checks else ""
        yield f"{moment.seq:4}  {moment.at // 60:02}:{moment.at % 60:02}  {lanes[moment.lane]:8}  {moment.text}{marks}"


def _group(
    title: str, judged: Sequence[Judged], norm: Callable[[str], NormCard], *, short: bool = False
) -> Iterator[str]:
    if not judged:
        return
    yield ""
    yield title
    for one in judged:
        seqs = f"  ({_('entradas {seqs}').format(seqs=', '.join(map(str, one.seqs)))})" if one.seqs else ""
        yield f"  - {one.check.label}{seqs}"
        if not short:
            yield "    " + _("Se esperaba: {expected}").format(expected=one.check.expected)
            by = f" ({norm(one.check.norm).label})" if one.check.norm else ""
            yield "    " + _("Regla: {rule}").format(rule=one.check.rule) + by


def _shown(shown: Shown) -> str:
    return {Shown.DEMONSTRATED: _("demostrado"), Shown.NOT_DEMONSTRATED: _("no demostrado")}.get(
        shown, _("sin evidencia")
    )


def _hundred(points: int) -> str:
    return f"{points // 100},{points % 100:02}"


def _lane(kind: str) -> str:
    if kind == Kind.HEARD:
        return "customer"
    return "system" if kind in _SYSTEM else "agent"


def _happened(entry: Recorded) -> str:
    told = " ".join(
        f"{key}={value}" for key, value in entry.body.items() if key in _TOLD_KEYS and value not in ("", None)
    )
    return f"{entry.kind} {told}".strip()


_SYSTEM = frozenset({Kind.VERIFIED, Kind.LOCKED, Kind.SHOWED, Kind.DID})
_SILENT = frozenset({Kind.OPENED, Kind.PRACTISED})
_TOLD_KEYS = frozenset(
    {"field", "option", "to", "article", "outcome", "department", "case", "disposition", "datum", "right"}
)
