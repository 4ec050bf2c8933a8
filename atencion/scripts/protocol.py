"""The protocol language: what an agent says, asks, checks and does, step by step, with branches.

A protocol is a list of steps. Each step has one `kind`, which is its main verb; everything else is common to all.
After a step comes the first branch of `next` whose condition holds, or the step below it where there is no `next`.
"""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from atencion.i18n import _
from atencion.scripts.model import (
    Criterion,
    Identifier,
    Line,
    NormRef,
    Seconds,
    Slug,
    Strict,
    When,
    Words,
    YesNo,
    invalid,
)
from atencion.scripts.values import FieldType

END = "end"
"""The name that ends a conversation, where a branch could name a step."""


class Option(Strict):
    """One thing to choose: an option of a choice field or of a choice step."""

    id: Identifier
    label: Line
    hint: Line | None = None
    goto: Identifier | None = None


class CapturedField(Strict):
    """A datum that the agent writes down. `personal` ones are a person's, and say what they are asked for."""

    type: FieldType
    label: Line
    help: Line | None = None
    required: YesNo = True
    personal: YesNo = False
    purpose: Line | None = None
    opens_demand: YesNo = False
    options: tuple[Option, ...] = ()

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.type is FieldType.CHOICE) != bool(self.options):
            raise invalid(_("las opciones (options) van con el tipo choice, y solo con él"))
        if self.personal and not self.purpose:
            raise invalid(_("un dato personal necesita decir para qué se pide (purpose)"))
        return self

    @cached_property
    def labels(self) -> dict[str, str]:
        """Option ids and their labels."""
        return {option.id: option.label for option in self.options}


class Check(Strict):
    """Something that must have been done: ticked by the agent, or proved by the journal (`proof`, a condition).

    `mandatory` names the norm that asks for it; without it the step cannot be left.
    """

    id: Identifier
    label: Line
    proof: When | None = None
    mandatory: NormRef | None = None


class Branch(Strict):
    """Where to go when a condition holds."""

    when: When | None = None
    goto: Identifier


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
                raise invalid(_("«else» tiene que ser la última rama"))
            branches.append({"goto": branch["else"]})
            return tuple(branches)
        if isinstance(branch, dict) and "when" not in branch:
            raise invalid(_("la rama {number} no dice cuándo (when)").format(number=number))
        branches.append(branch)
    raise invalid(_("falta la última rama: «- else: paso»"))


Branches = Annotated[tuple[Branch, ...], BeforeValidator(_branches)]


class Timing(Strict):
    """Seconds a step should take and may take; they inform, and never cut anything off."""

    target: Seconds
    limit: Seconds | None = None


class StepBase(Strict):
    """What every kind of step has."""

    kind: str
    id: Identifier
    title: Line
    say: Words | None = None
    hint: Line | None = None
    capture: tuple[Identifier, ...] = ()
    checks: tuple[Check, ...] = ()
    knowledge: tuple[Slug, ...] = ()
    norms: tuple[NormRef, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    time: Timing | None = None
    mandatory: NormRef | None = None
    next: Branches | None = None

    needs: ClassVar[tuple[str, ...]] = ()

    @model_validator(mode="after")
    def _complete(self) -> Self:
        for key in self.needs:
            if not getattr(self, key):
                raise invalid(_("un paso «{kind}» necesita «{key}»").format(kind=self.kind, key=key))
        return self


class Greeting(StepBase):
    """Opens the conversation: who speaks, for whom, and what must be told first."""

    kind: Literal["greeting"]
    needs = ("say",)


class Identify(StepBase):
    """Finds the customer and verifies blind that it is them."""

    kind: Literal["identify"]


class Ask(StepBase):
    """Asks, and writes down the answer."""

    kind: Literal["ask"]
    needs = ("capture",)


class Knowledge(StepBase):
    """Looks for the answer. `query` names the field whose text is searched first."""

    kind: Literal["knowledge"]
    query: Identifier | None = None


class Choice(StepBase):
    """A fork that the agent decides; each option may say where it leads."""

    kind: Literal["choice"]
    options: tuple[Option, ...] = Field(min_length=2)


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


class Farewell(StepBase):
    """Says goodbye."""

    kind: Literal["farewell"]
    needs = ("say",)


class WrapUp(StepBase):
    """After the customer has gone: the disposition, and what is still owed."""

    kind: Literal["wrap_up"]
    dispositions: tuple[Identifier, ...] = ()


Step = Greeting | Identify | Ask | Knowledge | Choice | Resolve | Escalate | Checklist | Farewell | WrapUp


class Validity(Strict):
    """When a protocol may be used."""

    from_: date = Field(alias="from")
    to: date | None = None
    review_by: date | None = None


class Protocol(Strict):
    """A whole protocol. `id` is its path below the protocols' folder, without the ending.

    `recording` names the yes/no field that says whether the customer lets the contact be recorded, and `answer_by` the
    choice whose options are the channels they can be answered by.
    """

    id: Annotated[str, Field(pattern=r"^[a-z0-9_]+(/[a-z0-9][a-z0-9-]*)+$")]
    version: Annotated[str, Field(pattern=r"^\d{1,4}\.\d{1,4}\.\d{1,4}$")]
    title: Line
    description: Line | None = None
    channels: Annotated[tuple[Identifier, ...], Field(min_length=1)]
    language: Annotated[str, Field(pattern=r"^[a-z]{2}$")] = "es"
    author: Line
    approved_by: Line | None = None
    valid: Validity
    change_note: Line | None = None
    criteria: tuple[Criterion, ...] = ()
    recording: Identifier | None = None
    answer_by: Identifier | None = None
    fields: dict[Identifier, CapturedField] = Field(default_factory=dict)
    steps: Annotated[tuple[Annotated[Step, Field(discriminator="kind")], ...], Field(min_length=1, max_length=300)]

    @cached_property
    def by_id(self) -> dict[str, Step]:
        """Steps by their id."""
        return {step.id: step for step in self.steps}

    @cached_property
    def below(self) -> dict[str, str]:
        """The step that stands below each one, or END."""
        ids = [step.id for step in self.steps]
        return dict(zip(ids, [*ids[1:], END], strict=True))

    def exits(self, step: Step) -> tuple[str, ...]:
        """Every step that may come straight after this one, END included, in the order they are tried."""
        targets = [option.goto for option in step.options if option.goto] if isinstance(step, Choice) else []
        if isinstance(step, Choice) and len(targets) == len(step.options):
            return tuple(dict.fromkeys(targets))
        following = [branch.goto for branch in step.next] if step.next else [self.below[step.id]]
        return tuple(dict.fromkeys([*targets, *following]))
