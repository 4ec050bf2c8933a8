"""Attempts written down beside a scenario, in NAME.test.yaml: what an agent would do, and the score it must get.

A second attempt is often the first with something changed: `like` names it, `replace` gives other answers for the step
that was played that time, `without` leaves words out.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, model_validator

from atencion.data.engine import StoreKind
from atencion.desk.desk import Record
from atencion.desk.play import StepAnswers, require_current, step_acts
from atencion.errors import AtencionError, Problem
from atencion.i18n import _
from atencion.scripts.answers import Texts
from atencion.scripts.document import Document, parse, read_file
from atencion.scripts.model import Identifier, Line, Seconds, Strict, invalid, validate
from atencion.scripts.run import RunStatus
from atencion.training.afterwards import debrief_of
from atencion.training.attempt import PracticeCall, PracticeDesk, opened
from atencion.training.debrief import Debrief
from atencion.training.library import Library, LoadedScenario
from atencion.training.planting import PracticeClock
from atencion.training.scoring import Score, Verdict

READING = 350
"""Milliseconds that a word takes to be said."""
ACTING = 2_000
"""Milliseconds that anything else takes."""


class Spoken(StepAnswers):
    """What is done in a step, and what is said in one's own words before the rest."""

    talk: Texts = ()
    wait: Seconds = 0


class Expected(Strict):
    """The exact score: points of 10 000, marks by criterion, checks that are not achieved, critical errors."""

    points: Annotated[int, Field(ge=0, le=10_000)]
    without_critical: Annotated[int, Field(ge=0, le=10_000)] | None = None
    marks: dict[Line, Annotated[int, Field(ge=1, le=5)]] = Field(default_factory=dict)
    ending: Line | None = None
    lost: tuple[Line, ...] = ()
    critical: tuple[Line, ...] = ()


class Rehearsal(Strict):
    """One attempt. `end` cuts it after so many steps."""

    name: Identifier
    seed: Annotated[int, Field(ge=0)] | None = None
    like: Identifier | None = None
    steps: tuple[Spoken, ...] = ()
    replace: dict[Line, Spoken] = Field(default_factory=dict)
    end: Annotated[int, Field(ge=1)] | None = None
    then: tuple[Spoken, ...] = ()
    expect: Expected

    @model_validator(mode="after")
    def _has_steps(self) -> Rehearsal:
        if bool(self.steps) == (self.like is not None):
            raise invalid(_("un intento tiene sus pasos en «steps», o es como otro: «like»"))
        return self


class Rehearsals(Strict):
    """A file of attempts."""

    attempts: Annotated[tuple[Rehearsal, ...], Field(min_length=1)]

    def steps(self, one: Rehearsal) -> tuple[Spoken, ...]:
        """The steps of an attempt, those of the one it is like among them. Raises Refused if there is no such one."""
        if one.like is None:
            return one.steps
        base = next((other for other in self.attempts if other.name == one.like and other.like is None), None)
        if base is None:
            raise AtencionError(_("No hay ningún intento «{name}» con sus pasos.").format(name=one.like))
        steps = [one.replace.get(step.step, step) for step in base.steps[: one.end]]
        return (*steps, *one.then)


class SpokenAnswers(Strict):
    """A file of answers for `practice run`."""

    steps: Annotated[tuple[Spoken, ...], Field(min_length=1)]


@dataclass(frozen=True)
class Outcome:
    """How an attempt ended: what is told of it, its record, how the customer left, and why it stopped if refused."""

    debrief: Debrief
    record: Record
    ending: str
    refusal: str = ""

    @property
    def score(self) -> Score:
        """Its score."""
        return self.debrief.score


def read_rehearsals(path: Path) -> tuple[Rehearsals, Document]:
    """The attempts of a file. Raises ProblemsFound."""
    document = parse(read_file(path), str(path))
    return validate(Rehearsals, document), document


def read_spoken(path: Path) -> tuple[Spoken, ...]:
    """The steps of a file of answers. Raises ProblemsFound."""
    return validate(SpokenAnswers, parse(read_file(path), str(path))).steps


def rehearse(
    library: Library,
    loaded: LoadedScenario,
    steps: tuple[Spoken, ...],
    *,
    seed: int | None = None,
    url: str | None = None,
) -> Outcome:
    """Play an attempt without a terminal, in a store that is thrown away unless `url` names one, and score it.

    What is refused ends it there; what was done until then is scored.
    """
    with tempfile.TemporaryDirectory(prefix="atencion-practice-") as folder:
        where = url or str(shutil.copy(_empty_store(library.catalogue.folder), Path(folder) / "practice.db"))
        with opened(where, library.catalogue.folder, library, loaded, seed=seed) as (desk, call, clock):
            refusal = ""
            try:
                for step in steps:
                    require_current(call, step)
                    _play(call, clock, step)
                    if call.run.status is RunStatus.CLOSED:
                        break
            except AtencionError as error:
                refusal = f"{call.run.step}: {error.message} {error.remedy}".strip()
            record = desk.record_of(call.id)
            return Outcome(debrief_of(desk, library, record), record, call.other.ended, refusal)


@cache
def _scratch() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="atencion-practice-")


@cache
def _empty_store(protocols: Path) -> Path:
    """A practice store with the organisation's articles and nobody in it, to be copied for each attempt."""
    path = Path(_scratch().name) / f"{len(list(Path(_scratch().name).iterdir()))}.db"
    PracticeDesk.open(str(path), protocols, kind=StoreKind.PRACTICE).close()
    return path


def _play(call: PracticeCall, clock: PracticeClock, step: Spoken) -> None:
    clock.advance(step.wait * 1000)
    if step.wait:
        call.wait()
    for words in step.talk:
        clock.advance(READING * len(words.split()))
        call.utter(words)
    for where, act in step_acts(call, step):
        said = where == ("say",)
        clock.advance(READING * len(call.speech().words.split()) if said else ACTING)
        act()


def differences(
    library: Library, loaded: LoadedScenario, rehearsals: Rehearsals, document: Document
) -> Iterator[Problem]:
    """Play every attempt and tell where it is not what its file says, then the checks that are never seen both ways."""
    seen: dict[str, set[Verdict]] = {}
    for number, one in enumerate(rehearsals.attempts):
        outcome = rehearse(library, loaded, rehearsals.steps(one), seed=one.seed)
        for judged in outcome.score.judged:
            seen.setdefault(judged.check.id, set()).add(judged.verdict)
        if outcome.refusal and not outcome.ending:
            message = _("«{name}» se queda a medias: {why}").format(name=one.name, why=outcome.refusal)
            yield document.problem(("attempts", number, "name"), message)
        for key, wanted, given in _compared(one.expect, outcome):
            message = _("«{name}»: {key} es {given}").format(name=one.name, key=key, given=given)
            yield document.problem(("attempts", number, "expect", key), message, str(wanted))
    for check, verdicts in sorted(seen.items()):
        if Verdict.ACHIEVED not in verdicts or Verdict.NOT not in verdicts:
            message = _("la comprobación «{name}» no se ve cumplida y fallada en los intentos").format(name=check)
            yield document.problem(("attempts",), message, _("un intento en que se cumpla y otro en que no"))


def _compared(expect: Expected, outcome: Outcome) -> Iterator[tuple[str, Any, Any]]:
    score = outcome.score
    found: list[tuple[str, Any, Any]] = [("points", expect.points, score.points)]
    if expect.without_critical is not None:
        found.append(("without_critical", expect.without_critical, score.points_without_critical))
    marks = {one.id: one.mark for one in score.criteria if one.id in expect.marks}
    found.append(("marks", expect.marks, marks))
    lost = sorted(one.check.id for one in score.judged if one.verdict in (Verdict.NOT, Verdict.PARTLY))
    found.append(("lost", sorted(expect.lost), lost))
    found.append(("critical", sorted(expect.critical), sorted(one.check.id for one in score.critical)))
    if expect.ending is not None:
        found.append(("ending", expect.ending, outcome.ending))
    return ((key, wanted, given) for key, wanted, given in found if wanted != given)
