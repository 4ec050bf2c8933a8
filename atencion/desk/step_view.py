"""A step as it is shown: its words, what to write down, what to make sure of, what to choose."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from atencion.desk.doing_view import DoingView, doing_view
from atencion.desk.speech import Speech
from atencion.i18n import _
from atencion.scripts.actions import Due
from atencion.scripts.catalogue import Catalogue
from atencion.scripts.fields import CapturedField, Option
from atencion.scripts.organisation import ChannelRules
from atencion.scripts.protocol import Choice, ChoiceOption, Escalate, Knowledge, Resolve, Timer, WrapUp
from atencion.scripts.regulation import NormCard
from atencion.scripts.run import Run
from atencion.scripts.spoken import amount
from atencion.scripts.texts import after_greeting
from atencion.scripts.values import Absent, FieldType, Value


@dataclass(frozen=True)
class FieldView:
    """A field to fill in; `text` is what it holds, as it would be typed, `allow` the answers that are no value.

    `proposed` is what an answer begins with: the articles chosen for it, if it can hold them; else its help says so.
    """

    name: str
    type: FieldType
    label: str
    help: str
    required: bool
    personal: bool
    purpose: str
    allow: tuple[str, ...]
    options: tuple[Option, ...]
    bounds: tuple[Value | None, Value | None]
    text: str
    proposed: str = ""


@dataclass(frozen=True)
class CheckView:
    """A check to tick, or that the journal proves by itself; `norm` is the one that makes it mandatory."""

    id: str
    label: str
    met: bool
    proved_by_journal: bool
    norm: NormCard | None


@dataclass(frozen=True)
class StepView:
    """The current step. Times in seconds. `outcomes`, `departments` and `dispositions` are ids; empty means all.

    `language` is that of the words, `wanted` that of the contact, `missing` the data they lack, `manners` those of the
    channel, `answer` the field that a message says. `doing` is what leaving the step does in the store.
    """

    id: str
    kind: str
    title: str
    words: str
    language: str
    wanted: str
    missing: tuple[str, ...]
    manners: ChannelRules
    hint: str
    said: bool
    done: bool
    fields: tuple[FieldView, ...]
    answer: str
    checks: tuple[CheckView, ...]
    options: tuple[ChoiceOption, ...]
    chosen: str | None
    outcomes: tuple[str, ...]
    departments: tuple[str, ...]
    dispositions: tuple[str, ...]
    query: str
    knowledge: tuple[str, ...]
    norms: tuple[NormCard, ...]
    criteria: tuple[str, ...]
    target: int | None
    limit: int | None
    timers: tuple[Timer, ...]
    optional: bool
    mandatory: NormCard | None
    doing: tuple[DoingView, ...]


def step_view(run: Run, speech: Speech, catalogue: Catalogue, due: tuple[Due, ...], now: datetime) -> StepView | None:
    """The current step of a run; None at its end. `due` are the actions that leaving it does, `now` is local."""
    step = run.current
    if step is None:
        return None
    state = run.state(step.id)
    answer = run.protocol.answer_field(step)
    manners = catalogue.organisation.channel.get(run.channel) or ChannelRules(id="phone", name=run.channel)
    quotes = "\n\n".join(run.quotes_here) if manners.written and not state.said else ""
    return StepView(
        id=step.id,
        kind=step.kind,
        title=step.title,
        words=after_greeting(speech.words, quotes) if speech.words else "",
        language=speech.language,
        wanted=run.language,
        missing=speech.missing,
        manners=manners,
        hint=step.hint or "",
        said=state.said,
        done=run.is_handed_over(step) if isinstance(step, Escalate) else state.done,
        fields=tuple(_field(run, name, quotes if name == answer else "") for name in step.capture),
        answer=answer or "",
        checks=tuple(
            CheckView(
                one.check.id,
                one.check.label,
                one.met,
                one.proved,
                catalogue.norm(one.check.mandatory) if one.check.mandatory else None,
            )
            for one in run.checks(step.id)
        ),
        options=step.options if isinstance(step, Choice) else (),
        chosen=state.chosen,
        outcomes=step.outcomes if isinstance(step, Resolve) else (),
        departments=step.departments if isinstance(step, Escalate) else (),
        dispositions=step.dispositions if isinstance(step, WrapUp) else (),
        query=str(run.values.get(step.query, "")) if isinstance(step, Knowledge) and step.query else "",
        knowledge=step.knowledge,
        norms=tuple(catalogue.norm(ref) for ref in step.norms),
        criteria=step.criteria,
        target=step.time.target if step.time else None,
        limit=step.time.limit if step.time else None,
        timers=step.timers,
        optional=step.optional,
        mandatory=catalogue.norm(step.mandatory) if step.mandatory else None,
        doing=tuple(doing_view(one, catalogue, now) for one in due),
    )


def _field(run: Run, name: str, proposed: str) -> FieldView:
    field = run.protocol.fields[name]
    fits = not proposed or _fits(field, name, proposed)
    unfit = "" if fits else _("Lo que eligió no cabe aquí tal cual: cuéntelo con sus palabras.")
    return FieldView(
        name=name,
        type=field.type,
        label=field.label,
        help=" ".join(filter(None, (unfit, field.help))),
        required=field.required,
        personal=field.personal,
        purpose=field.purpose or "",
        allow=tuple(_ABSENT[one] for one in field.allow),
        options=field.options,
        bounds=field.bounds,
        text=_typed_text(field.type, run.values.get(name)),
        proposed=proposed if fits else "",
    )


def _fits(field: CapturedField, name: str, text: str) -> bool:
    try:
        field.accept(text, name, {})
    except ValueError:
        return False
    return True


def _typed_text(kind: FieldType, value: Value | None) -> str:
    if value is None:
        return ""
    if isinstance(value, Absent):
        return _ABSENT[value]
    if isinstance(value, tuple):
        return ", ".join(value)
    if isinstance(value, bool):
        return "s" if value else "n"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if kind is FieldType.AMOUNT:
        return amount(value).removesuffix("\u00a0€")
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return str(value)


_ABSENT = {
    Absent.NOT_ON_RECORD: "no consta",
    Absent.NOT_GIVEN: "no lo facilita",
    Absent.NOT_APPLICABLE: "no aplica",
}
