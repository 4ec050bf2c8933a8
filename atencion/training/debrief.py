"""What is told once an attempt is over: the score with its evidence, what went well, what to change, both paths.

As rows of plain text, in the order in which a person takes it in, and as plain data.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any

from atencion.desk.journal_words import happened
from atencion.i18n import _, ngettext
from atencion.scripts.journal import Kind, Recorded
from atencion.scripts.organisation import Organisation
from atencion.scripts.protocol import Protocol
from atencion.scripts.values import FieldType
from atencion.training.rubric import MARKS, WHOLE, Rubric
from atencion.training.scenario import Scenario
from atencion.training.scoring import POINTS, CriterionScore, Judged, Score, Shown, Verdict
from atencion.training.signs import Rung

TOLD = 3
"""Strengths and changes that are told."""

BAR = 20
"""Cells of a whole bar."""

CUSTOMER, AGENT, SYSTEM = "customer", "agent", "system"


@dataclass(frozen=True, slots=True)
class Moment:
    """Something on the timeline: who, when (seconds from the opening), what, and the checks it was evidence of."""

    seq: int
    at: int
    lane: str
    text: str
    checks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TrainerMark:
    """What the trainer gave a criterion, from 1 to 5, at an entry of the journal, with a word if any."""

    criterion: str
    mark: int
    seq: int
    words: str = ""


@dataclass(frozen=True, slots=True)
class Signature:
    """Who answers for the result, since when (local time), and whether it is still the one they signed."""

    by: str
    at: datetime
    holds: bool


@dataclass(frozen=True, slots=True)
class Lost:
    """A check that lost points: how many of 10 000, or all of them if it is critical. `norm` is how it is named."""

    judged: Judged
    points: int
    norm: str


@dataclass(frozen=True, slots=True)
class Pair:
    """A step of the best way and the one of the learner's beside it: their ids and titles, empty if there is none."""

    ideal: str
    own: str
    ideal_title: str
    own_title: str


@dataclass(frozen=True)
class Debrief:
    """All of it. `own` is what the learner said of themselves, by criterion, before seeing the score."""

    score: Score
    rubric: Rubric
    scenario: Scenario | None
    own: Mapping[str, int]
    trainer: tuple[TrainerMark, ...]
    moments: tuple[Moment, ...]
    lost: tuple[Lost, ...]
    paths: tuple[Pair, ...]
    signature: Signature | None = None

    @property
    def is_official(self) -> bool:
        """Whether a trainer has signed this very result."""
        return self.signature is not None and self.signature.holds

    @property
    def strengths(self) -> tuple[Judged, ...]:
        """The best that was achieved, the weightiest first."""
        done = [one for one in self.score.judged if one.verdict is Verdict.ACHIEVED and not one.check.critical]
        return tuple(sorted(done, key=lambda one: -one.check.weight)[:TOLD])

    @property
    def changes(self) -> tuple[Lost, ...]:
        """What is to change first: critical errors, then what lost most."""
        return self.lost[:TOLD]

    def trainer_mark(self, criterion: str) -> int | None:
        """The last mark that the trainer gave a criterion."""
        return next((one.mark for one in reversed(self.trainer) if one.criterion == criterion), None)

    def document(self) -> dict[str, Any]:
        """As plain data, beside the score's own document."""
        signed = self.signature
        return {
            "signature": {"by": signed.by, "at": signed.at.isoformat(), "holds": signed.holds} if signed else None,
            "self_assessment": dict(sorted(self.own.items())),
            "trainer": [
                {"criterion": one.criterion, "mark": one.mark, "entry": one.seq, "words": one.words}
                for one in self.trainer
            ],
            "strengths": [one.check.id for one in self.strengths],
            "changes": [one.judged.check.id for one in self.changes],
            "lost": [
                {
                    "check": one.judged.check.id,
                    "label": one.judged.check.label,
                    "verdict": str(one.judged.verdict),
                    "points": one.points,
                    "expected": one.judged.check.expected,
                    "rule": one.judged.check.rule,
                    "norm": one.judged.check.norm,
                    "evidence": list(one.judged.seqs),
                }
                for one in self.lost
            ],
            "ideal": list(self.scenario.ideal) if self.scenario else [],
            "beside": [[one.ideal or None, one.own or None] for one in self.paths],
            "timeline": [
                {"entry": one.seq, "at": one.at, "lane": one.lane, "text": one.text, "checks": list(one.checks)}
                for one in self.moments
            ],
        }


def lost_points(score: Score, norms: Mapping[str, str]) -> tuple[Lost, ...]:
    """Every check that lost points, critical errors first and then what lost most; `norms` are names by id."""
    total = sum(one.check.weight for one in score.judged if one.verdict in POINTS and not one.check.critical)
    found = []
    for one in score.judged:
        if one.verdict in (Verdict.NOT, Verdict.PARTLY):
            points = one.check.weight * (WHOLE - POINTS[one.verdict]) // total if total else 0
            norm = norms.get(one.check.norm or "", one.check.norm or "")
            found.append(Lost(one, WHOLE if one.check.critical else points, norm))
    return tuple(sorted(found, key=lambda one: (not one.judged.check.critical, -one.points)))


def beside(ideal: Sequence[str], own: Sequence[str], protocol: Protocol) -> tuple[Pair, ...]:
    """The best way and the learner's, step by step, those that are the same side by side."""

    def title(step: str) -> str:
        found = protocol.by_id.get(step)
        return found.title if found is not None else step

    found: list[Pair] = []
    for _kind, a, b, c, d in SequenceMatcher(None, ideal, own, autojunk=False).get_opcodes():
        for n in range(max(b - a, d - c)):
            best = ideal[a + n] if a + n < b else ""
            went = own[c + n] if c + n < d else ""
            found.append(Pair(best, went, title(best), title(went)))
    return tuple(found)


def timeline(
    entries: Sequence[Recorded], judged: Sequence[Judged], protocol: Protocol, organisation: Organisation
) -> tuple[Moment, ...]:
    """What happened, in three lanes: customer, agent, system."""
    fed: dict[int, list[str]] = {}
    for one in judged:
        for seq in one.seqs:
            fed.setdefault(seq, []).append(one.check.id)
    return tuple(
        Moment(
            entry.seq,
            int((entry.at - entries[0].at).total_seconds()),
            lane_of(entry.kind),
            _text(entry, protocol, organisation),
            tuple(fed.get(entry.seq, ())),
        )
        for entry in entries
        if entry.kind not in _SILENT
    )


def lane_of(kind: str) -> str:
    """Whose lane an entry of this kind is in."""
    if kind == Kind.HEARD:
        return CUSTOMER
    return SYSTEM if kind in _SYSTEM else AGENT


# As rows of text


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the debrief; `look` says what it is: "title", "strong", "quiet", "wrong" or nothing in particular."""

    text: str
    look: str = ""


def lines(debrief: Debrief) -> Iterator[str]:
    """All of the debrief as plain text."""
    for section in (result_rows, point_rows, path_rows, timeline_rows):
        yield from (row.text for row in section(debrief))
        yield ""


def result_rows(debrief: Debrief) -> Iterator[Row]:
    """How it ended, and the score of each criterion as a bar, with its checks and the evidence behind each."""
    yield from heading_rows(debrief)
    for one in debrief.score.criteria:
        yield Row("")
        yield from _criterion_rows(debrief, one)


def heading_rows(debrief: Debrief) -> Iterator[Row]:
    """How it ended, and who answers for it."""
    score = debrief.score
    result = _("Resultado: {result}").format(result=_("apto") if score.passed else _("no apto"))
    points = _("Puntos: {points} de 100").format(points=hundred(score.points))
    yield Row(f"{result}   {points}", "strong" if score.passed else "wrong")
    if score.critical:
        without = hundred(score.points_without_critical)
        yield Row(_("Sin los errores críticos serían {points}.").format(points=without))
    target = _(" (objetivo {seconds} s)").format(seconds=score.target) if score.target else ""
    yield Row(_("Tiempo: {seconds} s").format(seconds=score.seconds) + target)
    if score.waits:
        told = ngettext(
            "{n} comprobación espera a quien forma.", "{n} comprobaciones esperan a quien forma.", len(score.waits)
        )
        yield Row(told.format(n=len(score.waits)))
    shown = [f"{element} {_shown(one)}" for element, one in score.elements.items() if one is not Shown.NO_EVIDENCE]
    if shown:
        yield Row("   ".join(shown))
    yield _signature_row(debrief.signature)


def said_about(debrief: Debrief, check: str) -> Iterator[str]:
    """What a trainer has to know of a check that waits for them: what was expected, its rule, and what was said."""
    judged = next(one for one in debrief.score.judged if one.check.id == check)
    yield _("Se esperaba: {expected}").format(expected=judged.check.expected)
    yield _("Regla: {rule}").format(rule=judged.check.rule)
    for moment in debrief.moments:
        if moment.seq in judged.seqs:
            yield f"{moment.seq} · {clock(moment.at)} · «{moment.text}»"


def verdict_words(verdict: Verdict) -> str:
    """How a check ended, in words."""
    return {
        Verdict.ACHIEVED: _("cumplida"),
        Verdict.PARTLY: _("a medias"),
        Verdict.NOT: _("no cumplida"),
        Verdict.NO_OCCASION: _("sin ocasión"),
        Verdict.WAITS: _("espera"),
    }[verdict]


def _signature_row(signed: Signature | None) -> Row:
    if signed is None:
        return Row(_("No es una evaluación oficial hasta que la firme quien forma."), "quiet")
    told = _("Firmada por {name} el {at:%d/%m/%Y} a las {at:%H:%M}.").format(name=signed.by, at=signed.at)
    if signed.holds:
        return Row(told, "strong")
    changed = _("La nota ha cambiado desde entonces: no es una evaluación oficial.")
    return Row(f"{told} {changed}", "wrong")


def _criterion_rows(debrief: Debrief, one: CriterionScore) -> Iterator[Row]:
    text = debrief.rubric.criterion(one.id)
    marks = []
    if one.id in debrief.own:
        marks.append(_("usted {mark}/5").format(mark=debrief.own[one.id]))
    trainer = debrief.trainer_mark(one.id)
    if trainer is not None:
        marks.append(_("quien forma {mark}/5").format(mark=trainer))
    beside_it = "   ".join(marks)
    if one.points is None or one.mark is None:
        none = _("sin evidencia")
        yield Row(f"{one.id}  {'·' * BAR}  {none}   {beside_it}".rstrip(), "strong")
    else:
        left = _waiting_cells(debrief.score, one.id)
        full = one.points * (BAR - left) // WHOLE
        bar = f"{'█' * full}{'░' * (BAR - left - full)}{'·' * left}"
        mark = _("{mark} provisional") if left else "{mark}"
        told = mark.format(mark=f"{one.mark}/{MARKS}")
        yield Row(f"{one.id}  {bar}  {told}   {beside_it}".rstrip(), "strong")
    if text is not None:
        yield Row(f"   {text.text}", "quiet")
        if one.mark is not None:
            yield Row(f"   {one.mark}: {text.marks[one.mark - 1]}")
    for judged in debrief.score.judged:
        if judged.check.criterion == one.id and judged.verdict is not Verdict.NO_OCCASION:
            yield Row(f"   {_SIGNS[judged.verdict]} {judged.check.label}{_evidence(judged)}")
    for given in debrief.trainer:
        if given.criterion == one.id and given.words:
            yield Row(_("   Quien forma, en la entrada {seq}: {words}").format(seq=given.seq, words=given.words))


def _waiting_cells(score: Score, criterion: str) -> int:
    """How much of the bar of a criterion nobody can say yet: the part of its checks that wait for the trainer."""
    judged = [one for one in score.judged if one.check.criterion == criterion]
    waiting = sum(one.check.weight for one in judged if one.verdict is Verdict.WAITS)
    counted = sum(one.check.weight for one in judged if one.verdict in POINTS and not one.check.critical)
    return max(1, BAR * waiting // (waiting + counted)) if waiting else 0


def point_rows(debrief: Debrief) -> Iterator[Row]:
    """Three strengths, three changes, and each lost point with what was expected, the rule and its norm."""
    if debrief.strengths:
        yield Row(_("Lo mejor"), "title")
        for one in debrief.strengths:
            yield Row(f"  ✓ {one.check.label}{_evidence(one)}")
        yield Row("")
    if not debrief.lost:
        yield Row(_("No se ha perdido ningún punto."))
        return
    yield Row(_("Qué cambiar"), "title")
    for change in debrief.changes:
        yield Row(f"  → {change.judged.check.label}: {change.judged.check.expected}")
    yield Row("")
    yield Row(_("Cada punto perdido"), "title")
    for lost in debrief.lost:
        check = lost.judged.check
        cost = _("hace fallar el intento") if check.critical else f"−{hundred(lost.points)}"
        half = _(" (a medias)") if lost.judged.verdict is Verdict.PARTLY else ""
        look = "wrong" if check.critical else "strong"
        yield Row(f"  {_SIGNS[lost.judged.verdict]} {check.label}{half}  {cost}{_evidence(lost.judged)}", look)
        yield Row("    " + _("Se esperaba: {expected}").format(expected=check.expected))
        yield Row("    " + _("Regla: {rule}").format(rule=check.rule) + (f" ({lost.norm})" if lost.norm else ""))


def path_rows(debrief: Debrief) -> Iterator[Row]:
    """The best path beside the learner's."""
    best, own = _("El mejor camino"), _("El suyo")
    width = max([len(one.ideal_title) for one in debrief.paths] + [len(best)]) + 2
    if debrief.scenario is not None:
        yield Row(f"  {best:<{width}}  {own}", "title")
    else:
        yield Row(_("El camino"), "title")
    for one in debrief.paths:
        if debrief.scenario is None:
            yield Row(f"  {one.own_title}")
            continue
        sign = " " if one.ideal == one.own else "≠"
        yield Row(f"{sign} {one.ideal_title or '—':<{width}}  {one.own_title or '—'}", "" if sign == " " else "strong")


def timeline_rows(debrief: Debrief) -> Iterator[Row]:
    """What happened, moment by moment, each with its lane and the checks it was evidence of."""
    yield Row(_("Línea del tiempo"), "title")
    lanes = lane_names()
    width = max(map(len, lanes.values()))
    for moment in debrief.moments:
        marks = f"  [{', '.join(moment.checks)}]" if moment.checks else ""
        text = " ".join(moment.text.split())
        yield Row(f"{moment.seq:4}  {clock(moment.at)}  {lanes[moment.lane]:{width}}  {text}{marks}")


def lane_names() -> dict[str, str]:
    """The lanes as they are called."""
    return {CUSTOMER: _("cliente"), AGENT: _("agente"), SYSTEM: _("sistema")}


def clock(seconds: int) -> str:
    """A moment of the call, in minutes and seconds."""
    return f"{seconds // 60:02}:{seconds % 60:02}"


def hundred(points: int) -> str:
    """Points of 10 000 as points of 100."""
    return f"{points // 100},{points % 100:02}"


_SIGNS = {
    Verdict.ACHIEVED: "✓",
    Verdict.PARTLY: "½",
    Verdict.NOT: "✕",
    Verdict.WAITS: "…",
    Verdict.NO_OCCASION: "·",
}


def _evidence(judged: Judged) -> str:
    if not judged.seqs:
        return ""
    seqs = ", ".join(map(str, judged.seqs))
    told = ngettext("entrada {seqs}", "entradas {seqs}", len(judged.seqs)).format(seqs=seqs)
    rung = {
        Rung.STATE: _("almacén"),
        Rung.EVENT: _("hecho"),
        Rung.CHOICE: _("elección"),
        Rung.WORDS: _("palabras"),
        Rung.PERSON: _("quien forma"),
    }.get(judged.rung or Rung.EVENT, "")
    return f"  ({rung}: {told})"


def _shown(shown: Shown) -> str:
    return {Shown.DEMONSTRATED: _("demostrado"), Shown.NOT_DEMONSTRATED: _("no demostrado")}.get(
        shown, _("sin evidencia")
    )


def _text(entry: Recorded, protocol: Protocol, organisation: Organisation) -> str:
    """What was said, or what happened and about what."""
    if entry.kind in _WORDS and entry.value:
        return entry.value
    about = []
    for key, value in entry.body.items():
        if key not in _TOLD_KEYS or value in ("", None):
            continue
        name = str(value)
        if key == "to" and name in protocol.by_id:
            name = protocol.by_id[name].title
        elif key == "field" and name in protocol.fields:
            name = protocol.fields[name].label
        elif key == "disposition" and name in organisation.disposition:
            name = organisation.disposition[name].label
        elif key == "department" and name in organisation.department:
            name = organisation.department[name].name
        elif key == "outcome" and name in organisation.outcome:
            name = organisation.outcome[name].label
        about.append(name)
    told = " · ".join([happened(entry.kind), *about])
    return f"{told}: {_value(entry, protocol)}" if entry.value else told


def _value(entry: Recorded, protocol: Protocol) -> str:
    """What was noted of a field, as it is shown to choose from; any other value as it is."""
    field = protocol.fields.get(str(entry.body.get("field", "")))
    if field is None or not entry.value:
        return entry.value or ""
    if field.type is FieldType.YES_NO:
        return {"yes": _("sí"), "no": _("no")}.get(entry.value, entry.value)
    return field.labels.get(entry.value, entry.value)


_WORDS = frozenset({Kind.SAID, Kind.SENT, Kind.UTTERED, Kind.HEARD})
_SYSTEM = frozenset({Kind.VERIFIED, Kind.LOCKED, Kind.SHOWED, Kind.DID, Kind.ADVANCED})
_SILENT = frozenset({Kind.OPENED, Kind.PRACTISED})
_TOLD_KEYS = frozenset(
    {"field", "option", "to", "article", "outcome", "department", "case", "disposition", "datum", "right", "action"}
)
