"""A whole interaction played from a file of answers, without a terminal: what a person would type, step by step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from atencion.data.agents import StoredAgent
from atencion.desk.desk import Desk
from atencion.desk.interaction import Interaction
from atencion.errors import AtencionError, Problem
from atencion.i18n import _
from atencion.scripts import acts
from atencion.scripts.decide import StepRefused
from atencion.scripts.document import Document, Loc, parse, read_file
from atencion.scripts.model import Identifier, Line, Slug, Strict, YesNo, validate
from atencion.scripts.protocol import WrapUp
from atencion.scripts.run import RunStatus


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _by_datum(value: Any) -> Any:
    return {datum: _listed(answers) for datum, answers in value.items()} if isinstance(value, dict) else value


Texts = Annotated[tuple[Annotated[str, Field(max_length=20_000)], ...], BeforeValidator(_listed)]
Text = Annotated[str, Field(min_length=1, max_length=20_000)]


class Escalation(Strict):
    """What is filled in to hand a demand over; the reason's department if none is named."""

    reason: Identifier
    department: Identifier | None = None
    summary: Text


class StepAnswers(Strict):
    """What is done in one step, in this order; then the call goes on by itself.

    The words are said unless `say: no`, or the step is left undone. `lookup` is typed in the search and `pick` is
    which result is taken. `identity` holds what the customer answers to each datum, or a list of answers given one
    after the other.
    """

    step: Identifier
    say: YesNo | None = None
    note: Texts = ()
    fields: dict[Identifier, Annotated[str, Field(max_length=20_000)]] = Field(default_factory=dict)
    lookup: Line | None = None
    pick: Annotated[int, Field(ge=1, le=20)] = 1
    identity: Annotated[dict[Identifier, Texts], BeforeValidator(_by_datum)] = Field(default_factory=dict)
    search: Line | None = None
    article: Slug | None = None
    not_found: Line | None = None
    outcome: Identifier | None = None
    summary: Text | None = None
    escalate: Escalation | None = None
    tick: Annotated[tuple[Identifier, ...], BeforeValidator(_listed)] = ()
    choose: Identifier | None = None
    skip: Line | None = None
    back: Identifier | None = None
    cut_off: Line | None = None
    disposition: Identifier | None = None


class Answers(Strict):
    """A file of answers: who attends, from which phone the call comes, and the steps in the order they are played."""

    agent: Line | None = None
    phone: Line | None = None
    steps: Annotated[tuple[StepAnswers, ...], Field(min_length=1)]


@dataclass(frozen=True)
class AnswersFile:
    """Answers with the places they stand at, so that a refusal can name its line."""

    answers: Answers
    document: Document


@dataclass(frozen=True)
class Refusal:
    """Why the playing stopped: the place in the file, the step the call is in, and what it expected."""

    problem: Problem
    step: str


@dataclass(frozen=True)
class Played:
    """How it ended. The interaction is on disk whatever happened; with a refusal it is open and can be resumed."""

    interaction: Interaction
    refusal: Refusal | None


def read_answers(path: Path) -> AnswersFile:
    """The answers of a file. Raises ProblemsFound with all that is wrong in it."""
    document = parse(read_file(path), str(path))
    return AnswersFile(validate(Answers, document), document)


def play(desk: Desk, file: AnswersFile, interaction: Interaction) -> Played:
    """Play the answers on an open interaction, from the step it is in, until they end or one is refused."""
    for number, step in enumerate(file.answers.steps):
        loc: Loc = ("steps", number)
        if interaction.run.step != step.step:
            expected = _("el paso «{step}»").format(step=interaction.run.step)
            message = _("la llamada está en «{now}», no en «{step}»").format(now=interaction.run.step, step=step.step)
            return Played(interaction, _refused(file, (*loc, "step"), message, expected, interaction))
        for where, act in _acts(interaction, step):
            try:
                act()
            except StepRefused as error:
                return Played(interaction, _refused(file, (*loc, *where), _said(error), error.expected, interaction))
            except AtencionError as error:
                if error.exit_code != 1:
                    raise
                return Played(interaction, _refused(file, (*loc, *where), _said(error), error.remedy, interaction))
    if interaction.run.status is not RunStatus.CLOSED:
        last: Loc = ("steps", len(file.answers.steps) - 1)
        message = _("las respuestas se acaban y la llamada sigue en «{step}»").format(step=interaction.run.step)
        expected = _("las respuestas del paso «{step}»").format(step=interaction.run.step)
        return Played(interaction, _refused(file, last, message, expected, interaction))
    return Played(interaction, None)


def open_for(desk: Desk, file: AnswersFile, protocol_id: str, agent: StoredAgent | None = None) -> Interaction:
    """A new interaction for the answers. Raises Refused if there is no such agent or protocol."""
    attends = agent or desk.agent(file.answers.agent)
    return desk.open_interaction(attends, protocol_id, phone=file.answers.phone)


def _acts(call: Interaction, step: StepAnswers) -> Iterator[tuple[Loc, Any]]:
    """What is done in a step, each with where the answers ask for it. Read lazily: later ones see what earlier did."""
    left_undone = step.skip is not None or step.back is not None or step.cut_off is not None
    if (step.say if step.say is not None else not left_undone) and call.words():
        yield ("step",), lambda: call.record(acts.Say())
    for number, text in enumerate(step.note):
        yield ("note", number), lambda text=text: call.record(acts.Note(text))
    for name, value in step.fields.items():
        yield ("fields", name), lambda name=name, value=value: call.record(acts.Capture(name, value))
    if step.lookup is not None:
        yield ("lookup",), lambda: _look_up(call, step)
    for datum, answers in step.identity.items():
        for answer in answers:
            if not call.run.verified and not call.run.locked:
                yield ("identity", datum), lambda datum=datum, answer=answer: call.identify(datum, answer)
    if step.article is not None:
        yield ("article",), lambda: call.tell(str(step.article), step.search or "")
    elif step.search is not None and step.not_found is None:
        yield ("search",), lambda: _tell_first(call, str(step.search))
    if step.not_found is not None:
        yield ("not_found",), lambda: call.not_found(str(step.not_found))
    if step.outcome is not None:
        yield ("outcome",), lambda: call.resolve(str(step.outcome), step.summary or "")
    if step.escalate is not None:
        handover = step.escalate
        yield ("escalate",), lambda: call.escalate(handover.reason, handover.department, handover.summary)
    for number, check in enumerate(step.tick):
        yield ("tick", number), lambda check=check: call.record(acts.Tick(check))
    if step.choose is not None:
        yield ("choose",), lambda: call.record(acts.Choose(str(step.choose)))
    if step.disposition is not None:
        yield ("disposition",), lambda: call.close(str(step.disposition), step.summary or "")
    elif step.cut_off is not None:
        yield ("cut_off",), lambda: call.record(acts.CutOff(str(step.cut_off)))
    elif step.back is not None:
        yield ("back",), lambda: call.record(acts.Back(str(step.back)))
    elif step.skip is not None:
        yield ("skip",), lambda: call.record(acts.Skip(str(step.skip)))
    elif not isinstance(call.run.current, WrapUp):
        yield ("step",), lambda: call.record(acts.Advance())


def _look_up(call: Interaction, step: StepAnswers) -> None:
    query = str(step.lookup)
    found = call.look_up(query)
    if len(found) < step.pick:
        call.nobody_found(query)
        raise StepRefused(
            call.run.step,
            _("La búsqueda «{query}» da {count} resultados.").format(query=query, count=len(found)),
            _("una búsqueda que encuentre al cliente"),
        )
    call.pick(found[step.pick - 1].customer_id, query)


def _tell_first(call: Interaction, query: str) -> None:
    found = call.search(query)
    if not found:
        call.not_found(query)
        raise StepRefused(
            call.run.step,
            _("Ningún artículo responde a «{query}».").format(query=query),
            _("otra búsqueda, o «not_found»"),
        )
    call.tell(found[0].article.id, query, len(found))


def _said(error: AtencionError) -> str:
    return error.message.rstrip(".")


def _refused(file: AnswersFile, loc: Loc, message: str, expected: str, call: Interaction) -> Refusal:
    step = call.run.step
    told = _("paso «{step}»: {message}").format(step=step, message=message)
    wanted = _("se esperaba {expected}").format(expected=expected) if expected else ""
    return Refusal(file.document.problem(loc, told, wanted), step)
