"""The protocol language: what an agent says, asks, checks and does, step by step, with branches.

A protocol is a list of steps. Each step has one `kind`, which is its main verb; everything else is common to all.
After a step comes the first branch of `next` whose condition holds, or the step below it where there is no `next`.
These models are of the effective protocol: `includes` has put in what other files bring, and the steps of each moment
and each sub-protocol stand in a side path of their own, with ids such as `enfado.escuchar`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cached_property
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from atencion.i18n import _
from atencion.scripts.actions import DoingItem
from atencion.scripts.fields import CapturedField, Option
from atencion.scripts.model import (
    Count,
    Criterion,
    Identifier,
    Line,
    NormRef,
    Seconds,
    Slug,
    Strict,
    When,
    YesNo,
    invalid,
    shaped,
)
from atencion.scripts.texts import LANGUAGES, REGISTERS, Say

END = "end"
"""The name that ends a conversation, or a side path, where a branch could name a step."""

StepId = Annotated[
    str,
    shaped(
        r"^[a-z][a-z0-9_]{0,59}(\.[a-z][a-z0-9_]{0,59}){0,4}$",
        lambda: _("minúsculas sin tildes, números y _, como sin_identidad"),
    ),
]
FragmentRef = Annotated[
    str,
    shaped(
        r"^common/[a-z0-9][a-z0-9-]*(@\d{1,4})?$", lambda: _("un fragmento, como common/opening o common/opening@1")
    ),
]
Version = Annotated[str, shaped(r"^\d{1,4}\.\d{1,4}\.\d{1,4}$", lambda: _('tres números, como "1.0.0"'))]
ProtocolId = Annotated[
    str,
    shaped(r"^[a-z0-9_]+(/[a-z0-9][a-z0-9-]*)+$", lambda: _("canal/nombre, en minúsculas y con guiones")),
]
Language = Literal["es", "ca", "eu", "gl", "en"]
Register = Literal["formal", "familiar"]
assert Language.__args__ == tuple(LANGUAGES) and Register.__args__ == REGISTERS  # type: ignore[attr-defined]


class Check(Strict):
    """Something that must have been done: ticked by the agent, or proved by the journal (`proof`, a condition).

    `mandatory` names the norm that asks for it; without it the step cannot be left.
    """

    id: Identifier
    label: Line
    proof: When | None = None
    mandatory: NormRef | None = None


class Branch(Strict):
    """Where to go when a condition holds; at most `times` in a contact, so that a loop back is bounded."""

    when: When | None = None
    goto: StepId
    times: Count | None = None


def _branches(value: Any) -> Any:
    """`next: step`, or a list of {when, goto} that ends with {else: step}, as branches."""
    if isinstance(value, str):
        return ({"goto": value},)
    if not isinstance(value, list) or not value:
        raise invalid(_("se esperaba un paso, o una lista de condiciones que acabe en «else»"))
    branches: list[Any] = []
    for number, branch in enumerate(value, start=1):
        if isinstance(branch, dict) and set(branch) == {"else"}:
            if number != len(value):
                raise invalid(_("«else» tiene que ser la última rama"), _("ponerla al final de la lista"))
            branches.append({"goto": branch["else"]})
            return tuple(branches)
        if isinstance(branch, dict) and "when" not in branch:
            raise invalid(_("la rama {number} no dice cuándo (when)").format(number=number), "{when: …, goto: …}")
        branches.append(branch)
    raise invalid(_("falta la última rama"), _("añadir «- else: paso»"))


Branches = Annotated[tuple[Branch, ...], BeforeValidator(_branches)]


class Timing(Strict):
    """Seconds a step should take and may take; they inform, and never cut anything off."""

    target: Seconds
    limit: Seconds | None = None


class Timer(Strict):
    """What the agent is told when a step has lasted so many seconds: a hint, a warning, or a way out to offer.

    `offer` names a moment, or a step that may be jumped to.
    """

    after: Seconds
    hint: Line | None = None
    warn: Line | None = None
    offer: Identifier | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not (self.hint or self.warn or self.offer):
            raise invalid(_("el aviso no dice nada"), _("añadir «hint», «warn» u «offer»"))
        return self


class Repeat(Strict):
    """The step starts anew while a condition holds, `times` times in all at most."""

    while_: When = Field(alias="while")
    times: Count


class StepBase(Strict):
    """What every kind of step has."""

    kind: str
    id: StepId
    title: Line
    say: Say | None = None
    hint: Line | None = None
    capture: tuple[Identifier, ...] = ()
    checks: tuple[Check, ...] = ()
    knowledge: tuple[Slug, ...] = ()
    norms: tuple[NormRef, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    time: Timing | None = None
    timers: tuple[Timer, ...] = ()
    mandatory: NormRef | None = None
    optional: YesNo = False
    only_if: When | None = None
    channels: tuple[Identifier, ...] = ()
    jump: YesNo = False
    leave: YesNo = True
    locked: YesNo = False
    repeat: Repeat | None = None
    do: tuple[DoingItem, ...] = ()
    next: Branches | None = None

    needs: ClassVar[tuple[str, ...]] = ()

    @model_validator(mode="after")
    def _complete(self) -> Self:
        for key in self.needs:
            if not getattr(self, key):
                raise invalid(
                    _("un paso «{kind}» necesita «{key}»").format(kind=self.kind, key=key),
                    _("añadir «{key}: …»").format(key=key),
                )
        if self.mandatory and self.optional:
            raise invalid(_("un paso no puede ser a la vez obligatorio y opcional"), _("solo «mandatory» o «optional»"))
        return self


class Greeting(StepBase):
    """Opens the conversation: who speaks, for whom, and what must be told first."""

    kind: Literal["greeting"]
    needs = ("say",)


class Identify(StepBase):
    """Finds the customer and verifies blind that it is them."""

    kind: Literal["identify"]


class Ask(StepBase):
    """Asks, and writes down the answer. Passed over when all that it asks for is already known."""

    kind: Literal["ask"]
    needs = ("capture",)


class Knowledge(StepBase):
    """Looks for the answer. `query` names the field whose text is searched first."""

    kind: Literal["knowledge"]
    query: Identifier | None = None


class ChoiceOption(Option):
    """One way of a fork; it may say where it leads."""

    goto: StepId | None = None


class Choice(StepBase):
    """A fork that the agent decides; each option may say where it leads."""

    kind: Literal["choice"]
    options: tuple[ChoiceOption, ...] = Field(min_length=2)


class Resolve(StepBase):
    """Settles the demand. `outcomes` limits the organisation's outcomes to those that fit here."""

    kind: Literal["resolve"]
    outcomes: tuple[Identifier, ...] = ()


class Escalate(StepBase):
    """Hands the demand over to a department, with a case whose key the customer gets.

    `outcome` is how the demand counts from then on; the organisation's `escalation_outcome` if not said.
    """

    kind: Literal["escalate"]
    departments: tuple[Identifier, ...] = ()
    outcome: Identifier | None = None


class Checklist(StepBase):
    """Things to make sure of, one by one."""

    kind: Literal["checklist"]
    needs = ("checks",)


class Message(StepBase):
    """Says or writes something, and nothing else."""

    kind: Literal["message"]
    needs = ("say",)


class Action(StepBase):
    """Does something in the store, shown before it is done."""

    kind: Literal["action"]
    needs = ("do",)


class Call(StepBase):
    """Runs the steps of a fragment and comes back: then `next` says where to go."""

    kind: Literal["call"]
    run: FragmentRef


class Farewell(StepBase):
    """Says goodbye."""

    kind: Literal["farewell"]
    needs = ("say",)


class WrapUp(StepBase):
    """After the customer has gone: the disposition, and what is still owed."""

    kind: Literal["wrap_up"]
    dispositions: tuple[Identifier, ...] = ()


Step = (
    Greeting
    | Identify
    | Ask
    | Knowledge
    | Choice
    | Resolve
    | Escalate
    | Checklist
    | Message
    | Action
    | Call
    | Farewell
    | WrapUp
)
Steps = Annotated[tuple[Annotated[Step, Field(discriminator="kind")], ...], Field(min_length=1, max_length=300)]


class SidePath(Strict):
    """Steps off the main way, after which the contact goes on where it was: a moment, or a sub-protocol.

    A moment opens from any step; its `hint` says when. The id of a sub-protocol is that of the step that calls it.
    """

    id: StepId
    title: Line
    hint: Line | None = None
    moment: YesNo = False
    steps: Steps


class Validity(Strict):
    """When a protocol may be used."""

    from_: date = Field(alias="from")
    to: date | None = None
    review_by: date | None = None


class Protocol(Strict):
    """A whole protocol. `id` is its path below the protocols' folder, without the ending.

    `recording` names the yes/no field that says whether the customer lets the contact be recorded, `contract` the field
    that holds the number of the contract in hand, `answer_by` the choice whose options are the channels they can be
    answered by. `continuity`: it is about the continuity of a basic service, and nothing is offered meanwhile (Ley
    10/2025 art. 16.2).
    """

    id: ProtocolId
    version: Version
    title: Line
    description: Line | None = None
    channels: Annotated[tuple[Identifier, ...], Field(min_length=1)]
    language: Language = "es"
    languages: tuple[Language, ...] = ()
    register_: Register = Field("formal", alias="register")
    author: Line
    approved_by: Line | None = None
    status: Literal["draft", "review", "published", "retired"] = "published"
    valid: Validity
    change_note: Line | None = None
    criteria: tuple[Criterion, ...] = ()
    roles: tuple[Identifier, ...] = ()
    recording: Identifier | None = None
    contract: Identifier | None = None
    answer_by: Identifier | None = None
    continuity: YesNo = False
    fields: dict[Identifier, CapturedField] = Field(default_factory=dict)
    steps: Steps
    paths: tuple[SidePath, ...] = ()

    @model_validator(mode="after")
    def _four_eyes(self) -> Self:
        if self.approved_by == self.author:
            raise invalid(
                _("quien aprueba un protocolo no puede ser quien lo escribe"), _("otra persona"), under="approved_by"
            )
        return self

    @cached_property
    def by_id(self) -> dict[str, Step]:
        """Every step by its id, those of side paths included."""
        return {step.id: step for step in self.all_steps()}

    @cached_property
    def path(self) -> dict[str, SidePath]:
        """The side paths by their id."""
        return {path.id: path for path in self.paths}

    @cached_property
    def moments(self) -> tuple[SidePath, ...]:
        """The side paths that open from any step."""
        return tuple(path for path in self.paths if path.moment)

    @cached_property
    def below(self) -> dict[str, str]:
        """The step that stands below each one, or END."""
        found: dict[str, str] = {}
        for steps in (self.steps, *(path.steps for path in self.paths)):
            ids = [step.id for step in steps]
            found.update(zip(ids, [*ids[1:], END], strict=True))
        return found

    def answer_field(self, step: Step) -> str | None:
        """The field of a step in which the answer is written, if one is."""
        return next((name for name in step.capture if self.fields[name].answer), None)

    def writes(self, step_id: str) -> bool:
        """Whether in a step, on a channel that is written, something is written to the customer."""
        step = self.by_id.get(step_id)
        return step is not None and (step.say is not None or self.answer_field(step) is not None)

    def all_steps(self) -> Iterator[Step]:
        """The steps of the main way, then those of each side path."""
        yield from self.steps
        for path in self.paths:
            yield from path.steps

    def exits(self, step: Step) -> tuple[str, ...]:
        """Every step that may come straight after this one, END included, in the order they are tried."""
        targets = [option.goto for option in step.options if option.goto] if isinstance(step, Choice) else []
        again = [step.id] if step.repeat else []
        if isinstance(step, Choice) and len(targets) == len(step.options):
            return tuple(dict.fromkeys([*again, *targets]))
        following = [branch.goto for branch in step.next] if step.next else [self.below[step.id]]
        return tuple(dict.fromkeys([*again, *targets, *following]))
