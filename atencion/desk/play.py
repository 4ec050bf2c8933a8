"""A whole interaction played from a file of answers, without a terminal: what a person would type, step by step.

docs/answers.md describes the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from atencion.data.agents import StoredAgent
from atencion.desk.desk import Desk
from atencion.desk.interaction import Interaction
from atencion.errors import AtencionError, Problem, ProblemsFound, Refused
from atencion.i18n import _, ngettext
from atencion.scripts import acts
from atencion.scripts.answers import StepDone, Texts, listed
from atencion.scripts.decide import StepRefused
from atencion.scripts.document import Document, Loc, parse, read_file
from atencion.scripts.model import Line, Strict, invalid, validate
from atencion.scripts.protocol import WrapUp
from atencion.scripts.run import RunStatus


def _by_datum(value: Any) -> Any:
    return {datum: listed(answers) for datum, answers in value.items()} if isinstance(value, dict) else value


FIRST = "first"
"""Written as `article`: the first result of the search."""


class StepAnswers(StepDone):
    """What is done in one step: besides the rest, what is typed to find the customer and the answer."""

    lookup: Line | None = None
    pick: Annotated[int, Field(ge=1, le=20)] | None = None
    identity: Annotated[dict[Line, Texts], BeforeValidator(_by_datum)] = Field(default_factory=dict)
    search: Line | None = None

    @model_validator(mode="after")
    def _finds(self) -> StepAnswers:
        if self.pick is not None and self.lookup is None:
            raise invalid(_("«pick» elige un resultado de «lookup», que falta"))
        if self.article is not None and self.not_found and not self.nobody:
            raise invalid(_("«article» y «not_found» se contradicen"))
        return self

    @property
    def nobody(self) -> bool:
        """Whether the search for the customer is meant to end with nobody."""
        return self.not_found and self.lookup is not None and self.pick is None


class Answers(Strict):
    """A file of answers: who attends, from which phone the call comes, and the steps in the order they are played."""

    agent: Line | None = None
    phone: Line | None = None
    channel: Line | None = None
    language: Line | None = None
    steps: Annotated[tuple[StepAnswers, ...], Field(min_length=1)]


@dataclass(frozen=True)
class AnswersFile:
    """Answers with the places they stand at, so that a refusal can name its line."""

    answers: Answers
    document: Document


@dataclass(frozen=True)
class Refusal:
    """Why the playing stopped: the place in the file and what was expected, the step the call is in, and all told."""

    problem: Problem
    step: str
    told: str
    exit_code: int = 1


@dataclass(frozen=True)
class Played:
    """How it ended. The interaction is on disk whatever happened."""

    interaction: Interaction
    refusal: Refusal | None

    @property
    def is_open(self) -> bool:
        """Whether the call can be gone on with."""
        return self.interaction.run.status is not RunStatus.CLOSED


def read_answers(path: Path) -> AnswersFile:
    """The answers of a file. Raises ProblemsFound with all that is wrong in it."""
    document = parse(read_file(path), str(path))
    return AnswersFile(validate(Answers, document), document)


def open_for(desk: Desk, file: AnswersFile, protocol_id: str, agent: str | None = None) -> Interaction:
    """A new interaction for the answers, attended by `agent` or, if not said, by the one the file names.

    Raises Refused or ProblemsFound if there is no such agent or protocol.
    """
    answers = file.answers
    return desk.open_interaction(
        _who_attends(desk, file, agent),
        protocol_id,
        channel=answers.channel,
        language=answers.language,
        phone=answers.phone,
    )


def take_up(desk: Desk, file: AnswersFile, protocol_id: str, number: int, agent: str | None = None) -> Interaction:
    """An interaction left open, to go on with; attended by who had it unless `agent` or the file say otherwise.

    Raises Refused if it is closed, unknown or led by another protocol.
    """
    summary = desk.record_of(number).summary
    if summary.protocol_id != protocol_id:
        message = _("La interacción {number} se lleva con «{its}», no con «{given}».")
        raise Refused(message.format(number=number, its=summary.protocol_id, given=protocol_id))
    if agent is None and file.answers.agent is None:
        agent = next((one.code for one in desk.agents() if one.id == summary.agent_id), None)
    return desk.resume(number, _who_attends(desk, file, agent))


def play(call: Interaction, file: AnswersFile) -> Played:
    """Play the answers on an open interaction until it closes, they end or one is refused.

    Answers for steps that the call has already been through, from its beginning to the step it is in, are passed over:
    a file that was mended plays on where it was refused.
    """
    steps = file.answers.steps
    behind = already_played(call, steps)
    for number, step in enumerate(steps[behind:], start=behind):
        loc: Loc = ("steps", number)
        where: Loc = ("step",)
        try:
            require_current(call, step)
            for where, act in step_acts(call, step):  # noqa: B007 (read when an act is refused)
                act()
        except AtencionError as error:
            return Played(call, _refusal(file, (*loc, *where), call, error))
    if call.run.status is not RunStatus.CLOSED:
        expected = _("las respuestas del paso «{step}»").format(step=call.run.step)
        over = StepRefused(call.run.step, _("Las respuestas se acaban y la llamada no se ha cerrado."), expected)
        return Played(call, _refusal(file, ("steps", len(steps) - 1), call, over))
    return Played(call, None)


def already_played(call: Interaction, steps: Sequence[StepAnswers]) -> int:
    """How many of the answers a call taken up has behind it: all that led to its step, or none."""
    names, path = [step.step for step in steps], call.run.path
    return len(path) - 1 if names[: len(path)] == path else 0


def _who_attends(desk: Desk, file: AnswersFile, agent: str | None) -> StoredAgent:
    try:
        return desk.agent(agent or file.answers.agent)
    except Refused as error:
        if agent is not None or file.answers.agent is None:
            raise
        problem = file.document.problem(("agent",), error.message.rstrip("."), error.remedy)
        raise ProblemsFound([problem]) from error


def require_current(call: Interaction, step: StepAnswers) -> None:
    """See that the answers are for the step in hand. Raises StepRefused."""
    now = call.run.step
    if call.run.status is RunStatus.CLOSED:
        raise StepRefused(now, _("La llamada ya está cerrada y sobran respuestas."), _("el final del fichero"))
    if step.step != now:
        message = _("La llamada está en «{now}», no en «{step}».").format(now=now, step=step.step)
        raise StepRefused(now, message, _("las respuestas del paso «{step}»").format(step=now))


Act = tuple[Loc, Callable[[], object]]


def step_acts(call: Interaction, step: StepAnswers) -> Iterator[Act]:
    """What is done in a step, each with where the answers ask for it. Read lazily: later ones see what earlier did."""
    if step.language is not None:
        yield ("language",), lambda: call.record(acts.Speak(step.language))
    if step.send is not None:
        yield ("send",), lambda: call.record(acts.Send(str(step.send)))
    elif step.say or (step.say is None and _is_to_be_said(call, step)):
        yield ("say",), lambda: call.record(_words(call))
    for number, text in enumerate(step.note):
        yield ("note", number), lambda text=text: call.record(acts.Note(text))  # type: ignore[misc]
    for name, value in step.fields.items():
        yield ("fields", name), lambda name=name, value=value: call.record(acts.Capture(name, value))  # type: ignore[misc]
    for number, check in enumerate(step.tick):
        yield ("tick", number), lambda check=check: call.record(acts.Tick(check))  # type: ignore[misc]
    if step.choose is not None:
        yield ("choose",), lambda: call.record(acts.Choose(str(step.choose)))
    yield from _about_the_customer(call, step)
    yield from _about_the_answer(call, step)
    yield _way_out(call, step)


def _words(call: Interaction) -> acts.Say | acts.Send:
    view = call.step_view()
    if view is None or not view.manners.written:
        return acts.Say()
    if view.missing:
        message = _("Al mensaje le falta: {data}.").format(data=", ".join(view.missing))
        raise StepRefused(view.id, message, "send: …")
    return acts.Send(view.words)


def _is_to_be_said(call: Interaction, step: StepAnswers) -> bool:
    return not step.is_left_undone and not call.run.state(call.run.step).said and bool(call.speech().words)


def _about_the_customer(call: Interaction, step: StepAnswers) -> Iterator[Act]:
    if step.lookup is not None:
        yield ("lookup",), lambda: _look_up(call, step)
    for datum, answers in step.identity.items():
        for number, answer in enumerate(answers):
            place = ("identity", datum, number)
            yield place, lambda datum=datum, answer=answer: call.identify(datum, answer)  # type: ignore[misc]


def _about_the_answer(call: Interaction, step: StepAnswers) -> Iterator[Act]:
    if step.not_found and not step.nobody:
        yield ("not_found",), lambda: call.not_found(_query(call, step))
    elif step.article not in (None, FIRST):
        yield ("article",), lambda: _tell(call, step)
    elif step.article == FIRST or step.search is not None:
        yield ("search",), lambda: _tell_first(call, _query(call, step))
    if step.outcome is not None:
        yield ("outcome",), lambda: call.resolve(str(step.outcome), step.summary or "")
    if step.escalate is not None:
        handover = step.escalate
        yield ("escalate",), lambda: call.escalate(handover.reason, handover.department, handover.summary)


def _way_out(call: Interaction, step: StepAnswers) -> Act:
    if step.disposition is not None:
        return ("disposition",), lambda: call.close(str(step.disposition))
    if step.cut_off is not None:
        return ("cut_off",), lambda: call.record(acts.CutOff(str(step.cut_off)))
    if step.moment is not None:
        return ("moment",), lambda: call.record(acts.OpenMoment(str(step.moment)))
    if step.jump is not None:
        return ("jump",), lambda: call.record(acts.Jump(str(step.jump)))
    if step.back is not None:
        return ("back",), lambda: call.record(acts.Back(str(step.back)))
    if step.skip is not None:
        return ("skip",), lambda: call.record(acts.Skip(str(step.skip)))
    if isinstance(call.run.current, WrapUp):
        return ("step",), lambda: None  # More may follow for this step; if nothing does, the file has ended too soon.
    return ("step",), lambda: call.record(acts.Advance())


def _look_up(call: Interaction, step: StepAnswers) -> None:
    query, wanted = str(step.lookup), step.pick or 1
    found = call.look_up(query).candidates
    if step.nobody or len(found) < wanted:
        call.record(acts.LookUp(query, len(found)))
        if not step.nobody:
            told = ngettext("{count} resultado", "{count} resultados", len(found)).format(count=len(found))
            message = _("La búsqueda «{query}» da {results}.").format(query=query, results=told)
            raise StepRefused(call.run.step, message, _("una búsqueda que dé con el cliente, o «not_found: yes»"))
        return
    call.pick(found[wanted - 1].customer_id, query)


def _tell(call: Interaction, step: StepAnswers) -> None:
    query = step.search or ""
    call.tell(str(step.article), query, len(call.search(query).found) if query else 0)


def _tell_first(call: Interaction, query: str) -> None:
    found = call.search(query).found
    if not found:
        message = _("Ningún artículo responde a «{query}».").format(query=query)
        raise StepRefused(call.run.step, message, _("otra búsqueda, o «not_found: yes»"))
    call.tell(found[0].article.id, query, len(found))


def _query(call: Interaction, step: StepAnswers) -> str:
    """What is searched for: the answers' own, or what the step brings from the demand."""
    view = call.step_view()
    query = step.search or (view.query if view is not None else "")
    if not query:
        raise StepRefused(call.run.step, _("Falta qué buscar."), "search: …")
    return query


def _refusal(file: AnswersFile, loc: Loc, call: Interaction, error: AtencionError) -> Refusal:
    step, message = call.run.step, error.message.rstrip(".")
    problem = file.document.problem(loc, message, error.remedy)
    told = _("paso «{step}»: {message}").format(step=step, message=message)
    wanted = error.remedy
    if isinstance(error, StepRefused) and error.expected:
        wanted = _("se esperaba {expected}").format(expected=error.expected)
    line = str(Problem(problem.file, problem.line, problem.column, told, wanted))
    return Refusal(problem, step, line, error.exit_code)
