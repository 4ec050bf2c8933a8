"""The score of an interaction: a fold over its journal and the state of its store. Whole numbers only.

Nothing here asks the clock, the network or the locale: the same journal, rubric and scenario give the same score, to
the byte. Adding what was sought never lowers it; words that are not recognised wait for the trainer.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple

from atencion.scripts.journal import Kind, Recorded
from atencion.scripts.model import CRITERIA_PER_ELEMENT
from atencion.scripts.run import Run
from atencion.scripts.values import Value
from atencion.training import speech_acts
from atencion.training.rubric import WHOLE, Check, Rubric
from atencion.training.scenario import Scenario
from atencion.training.signs import Rung, Scene, Seen, watch
from atencion.training.speech_acts import Recogniser

VERSION = "1"
"""Of this way of scoring: pinned in every score."""


class Verdict(StrEnum):
    """How a check ended."""

    ACHIEVED = "achieved"
    PARTLY = "partly"
    NOT = "not"
    NO_OCCASION = "no_occasion"
    WAITS = "waits"


class Shown(StrEnum):
    """What an element of the standard has been shown to be."""

    DEMONSTRATED = "demonstrated"
    NOT_DEMONSTRATED = "not_demonstrated"
    NO_EVIDENCE = "no_evidence"


POINTS = {Verdict.ACHIEVED: WHOLE, Verdict.PARTLY: WHOLE // 2, Verdict.NOT: 0}
"""What a check that counts gives, of 10 000."""


@dataclass(frozen=True, slots=True)
class CaseState:
    """A case as the store has it once the interaction is over."""

    key: str
    type: str
    department: str
    status: str


@dataclass(frozen=True, slots=True)
class Pinned:
    """By which texts it was scored: their names, versions and hashes."""

    protocol: str
    protocol_hash: str
    rubric: str
    rubric_hash: str
    acts_hash: str
    scenario: str = ""
    scenario_hash: str = ""
    seed: int = 0


class Judged(NamedTuple):
    """A check and how it ended: the rung and the journal entries it stands on."""

    check: Check
    verdict: Verdict
    rung: Rung | None
    seqs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CriterionScore:
    """A criterion: points of 10 000 and a mark from 1 to 5, both None while nothing of it counts."""

    id: str
    points: int | None
    mark: int | None
    seqs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """The whole score. `points` is nothing if a critical error was made; the score without it is kept beside."""

    pinned: Pinned
    judged: tuple[Judged, ...]
    criteria: tuple[CriterionScore, ...]
    elements: Mapping[str, Shown]
    points: int
    points_without_critical: int
    passed: bool
    seconds: int
    target: int | None
    limit: int | None
    steps: Mapping[str, tuple[int, int | None]]
    path: tuple[str, ...]

    @property
    def critical(self) -> tuple[Judged, ...]:
        """The critical errors that were made."""
        return tuple(one for one in self.judged if one.check.critical and one.verdict is Verdict.NOT)

    @property
    def for_trainer(self) -> tuple[Judged, ...]:
        """What only a trainer can say, whether they have or not."""
        return tuple(one for one in self.judged if one.rung is Rung.PERSON)

    @property
    def waits(self) -> tuple[Judged, ...]:
        """What a trainer has not said yet."""
        return tuple(one for one in self.judged if one.verdict is Verdict.WAITS)

    def document(self) -> dict[str, Any]:
        """As plain data, the same on any machine."""
        return {
            "result": {
                "passed": self.passed,
                "points": self.points,
                "points_without_critical": self.points_without_critical,
                "waits_for_trainer": len(self.waits),
                "elements": {element: str(shown) for element, shown in self.elements.items()},
            },
            "criteria": [
                {"id": one.id, "points": one.points, "score": one.mark, "evidence": list(one.seqs)}
                for one in self.criteria
            ],
            "checks": [
                {
                    "id": one.check.id,
                    "criterion": one.check.criterion,
                    "verdict": str(one.verdict),
                    "rung": str(one.rung) if one.rung else None,
                    "evidence": list(one.seqs),
                    "weight": one.check.weight,
                    "critical": one.check.critical,
                    "norm": one.check.norm,
                }
                for one in self.judged
            ],
            "critical": [{"id": one.check.id, "evidence": list(one.seqs)} for one in self.critical],
            "time": {
                "seconds": self.seconds,
                "target": self.target,
                "limit": self.limit,
                "steps": {step: {"seconds": spent, "target": target} for step, (spent, target) in self.steps.items()},
            },
            "path": list(self.path),
            "pinned": {
                "scenario": self.pinned.scenario,
                "scenario_hash": self.pinned.scenario_hash,
                "seed": self.pinned.seed,
                "protocol": self.pinned.protocol,
                "protocol_hash": self.pinned.protocol_hash,
                "rubric": self.pinned.rubric,
                "rubric_hash": self.pinned.rubric_hash,
                "acts_hash": self.pinned.acts_hash,
                "scoring": VERSION,
                "recognition": speech_acts.VERSION,
            },
        }

    @property
    def hash(self) -> str:
        """The SHA-256 of its canonical form."""
        text = json.dumps(self.document(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def score(
    run: Run,
    entries: Sequence[Recorded],
    recogniser: Recogniser,
    rubric: Rubric,
    pinned: Pinned,
    *,
    scenario: Scenario | None = None,
    caller: int | None = None,
    cases: Sequence[CaseState] = (),
    verdicts: Mapping[str, Verdict] = MappingProxyType({}),
) -> Score:
    """The score of an interaction. Without a scenario it is a real one: only what holds of any is looked at.

    `run` is the fold of the same entries; `caller` the customer who really called, if that is known; `cases` those that
    the interaction opened; `verdicts` what a trainer said of checks that wait for one: of any other they say nothing.
    """
    seen = watch(entries, recogniser, scenario.secrets if scenario else ())
    checks = checks_of(rubric, scenario)
    facts, stands_on = _facts(run, seen, caller, cases)
    if any("debidos" in check.names for check in checks):
        facts["debidos"] = len(run.owed)  # the one fact that takes long to reckon
    scene = Scene(seen, facts, stands_on, recogniser.forbidden)
    judged = tuple([_judge(check, scene) for check in checks])
    if verdicts:
        judged = tuple([_decided(one, verdicts) for one in judged])
    of_criterion: dict[str, list[Judged]] = {}
    for one in judged:
        of_criterion.setdefault(one.check.criterion, []).append(one)
    criteria = tuple([_criterion(criterion, of_criterion[criterion], rubric) for criterion in sorted(of_criterion)])
    whole = _points([one for one in judged if not one.check.critical])
    failed = any(one.check.critical and one.verdict is Verdict.NOT for one in judged)
    steps = {
        step: (int(spent), found.time.target if (found := run.protocol.by_id.get(step)) and found.time else None)
        for step, spent in run.seconds.items()
    }
    return Score(
        pinned,
        judged,
        criteria,
        _elements(criteria, rubric),
        0 if failed else whole or 0,
        whole or 0,
        not failed and whole is not None and whole >= rubric.pass_from,
        sum(spent for spent, _target in steps.values()),
        scenario.time.target if scenario else None,
        scenario.time.limit if scenario else None,
        steps,
        tuple(run.path),
    )


def checks_of(rubric: Rubric, scenario: Scenario | None) -> tuple[Check, ...]:
    """What is looked at: all that is general of a real interaction; of a practice, what its scenario says."""
    if scenario is None:
        return (*rubric.general, *rubric.critical)
    general = [check for check in rubric.general if check.id in scenario.general]
    critical = [check for check in rubric.critical if check.id in scenario.critical]
    return (*general, *scenario.checks, *critical)


def criteria_of(rubric: Rubric, scenario: Scenario | None) -> tuple[str, ...]:
    """The criteria that are looked at."""
    return tuple(sorted({check.criterion for check in checks_of(rubric, scenario)}))


def _judge(check: Check, scene: Scene) -> Judged:
    if check.occasion is not None and not check.occasion.found(scene).met:
        return Judged(check, Verdict.NO_OCCASION, None, ())
    met = check.met.found(scene)
    if met.met:
        return Judged(check, Verdict.ACHIEVED, met.rung, met.seqs)
    partly = check.partly.found(scene) if check.partly is not None else None
    if partly is not None and partly.met:
        return Judged(check, Verdict.PARTLY, partly.rung, partly.seqs)
    if not met.seqs and check.met.acts and scene.unrecognised:
        return Judged(check, Verdict.WAITS, Rung.PERSON, scene.unrecognised)
    return Judged(check, Verdict.NOT, met.rung, met.seqs)


def _decided(one: Judged, verdicts: Mapping[str, Verdict]) -> Judged:
    if one.verdict is not Verdict.WAITS:
        return one
    return one._replace(verdict=verdicts.get(one.check.id, one.verdict))


def _points(judged: Sequence[Judged]) -> int | None:
    """Weighted points of those that count; None if none does."""
    weights = points = 0
    for one in judged:
        if one.verdict in POINTS:
            weights += one.check.weight
            points += one.check.weight * POINTS[one.verdict]
    return points // weights if weights else None


def _criterion(criterion: str, mine: Sequence[Judged], rubric: Rubric) -> CriterionScore:
    failed = any(one.check.critical and one.verdict is Verdict.NOT for one in mine)
    points = _points([one for one in mine if not one.check.critical])
    if failed:
        points = 0
    seqs = tuple(sorted({seq for one in mine for seq in one.seqs}))
    return CriterionScore(criterion, points, None if points is None else rubric.mark(points), seqs)


def _elements(criteria: Sequence[CriterionScore], rubric: Rubric) -> dict[str, Shown]:
    found: dict[str, Shown] = {}
    for element in CRITERIA_PER_ELEMENT:
        marks = [one.mark for one in criteria if one.id.startswith(f"IC{element}.") and one.mark is not None]
        if not marks:
            found[f"EC{element}"] = Shown.NO_EVIDENCE
        elif min(marks) >= rubric.enough:
            found[f"EC{element}"] = Shown.DEMONSTRATED
        else:
            found[f"EC{element}"] = Shown.NOT_DEMONSTRATED
    return found


def _facts(
    run: Run, seen: Sequence[Seen], caller: int | None, cases: Sequence[CaseState]
) -> tuple[dict[str, Value | None], dict[str, tuple[int, ...]]]:
    """What was so at the end, and the entries each fact stands on."""
    of_kind: dict[str, list[int]] = {}
    others: list[int] = []
    in_hand: object = None
    for one in seen:
        of_kind.setdefault(one.kind, []).append(one.seq)
        if one.kind == Kind.IDENTIFIED:
            in_hand = one.body.get("customer")
        elif one.kind == Kind.DROPPED:
            in_hand = None
        if caller is not None and in_hand not in (None, caller) and one.kind in _TOUCHES:
            others.append(one.seq)
    opened = of_kind.get(Kind.ESCALATED, []) + [
        one.seq for one in seen if one.kind == Kind.DID and one.body.get("action") == "open_case"
    ]
    last = cases[-1] if cases else None
    own: dict[str, Value | None] = {
        "expedientes": len(cases),
        "expediente.tipo": last.type if last else None,
        "expediente.departamento": last.department if last else None,
        "cliente.correcto": caller is not None and run.customer == caller,
        "cliente.ajeno": bool(others),
        "tipificacion": run.disposition,
        "demandas": len(run.demands),
        "segundos": int(sum(run.seconds.values())),
    }
    stands_on = {
        "expedientes": tuple(opened),
        "expediente.tipo": tuple(opened),
        "expediente.departamento": tuple(opened),
        "expediente.abierto": tuple(opened),
        "escalado": tuple(of_kind.get(Kind.ESCALATED, ())),
        "cliente.correcto": tuple(of_kind.get(Kind.IDENTIFIED, ())),
        "cliente.verificado": tuple(of_kind.get(Kind.VERIFIED, ())),
        "cliente.bloqueado": tuple(of_kind.get(Kind.LOCKED, ())),
        "cliente.registrado": tuple(of_kind.get(Kind.REGISTERED, ())),
        "cliente.ajeno": tuple(others),
        "tipificacion": tuple(of_kind.get(Kind.CLOSED, ())),
        "resultado": tuple(of_kind.get(Kind.RESOLVED, []) + opened),
        "resuelto": tuple(of_kind.get(Kind.RESOLVED, ())),
        "articulo.leido": tuple(of_kind.get(Kind.TOLD, ())),
    }
    for one in seen:
        if one.kind == Kind.CAPTURED:
            stands_on[str(one.body.get("field"))] = (one.seq,)
    return {**run.known(), **own}, stands_on


_TOUCHES = frozenset({Kind.VERIFIED, Kind.DID, Kind.ESCALATED})

FACTS = frozenset(
    [
        "expedientes",
        "expediente.tipo",
        "expediente.departamento",
        "cliente.correcto",
        "cliente.ajeno",
        "tipificacion",
        "debidos",
        "demandas",
        "segundos",
    ]
)
"""What conditions of checks may name besides a protocol's fields and what the journal tells."""
