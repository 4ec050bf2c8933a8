"""Example conversations: what a protocol does with given answers, checked without a store.

They stand beside the protocol, in a file of the same name that ends in `.test.yaml`: whoever writes a protocol says
what it must do, and is told where it does not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from atencion.errors import AtencionError, Problem
from atencion.i18n import _
from atencion.scripts import acts, values
from atencion.scripts import document as documents
from atencion.scripts.actions import ACTIONS, Due
from atencion.scripts.answers import StepDone
from atencion.scripts.decide import StepRefused, take
from atencion.scripts.document import Document, Loc
from atencion.scripts.expectations import Expected, differences
from atencion.scripts.expressions import WORLD_FACTS, Known, fact_family
from atencion.scripts.fields import SOURCES
from atencion.scripts.journal import Entry, Kind
from atencion.scripts.model import Line, Strict, invalid, validate
from atencion.scripts.organisation import Organisation
from atencion.scripts.protocol import Language, Protocol, WrapUp
from atencion.scripts.run import Run, RunStatus, fold
from atencion.scripts.templates import Context, Missing
from atencion.scripts.texts import after_greeting
from atencion.scripts.values import FieldType, Value
from atencion.scripts.ways import due_actions, exit_taken

SAMPLE_KEY = "482719362"
SAMPLE_AGENT: Mapping[str, str] = MappingProxyType(
    {"nombre": "Marina Soto", "alias": "Marina", "codigo": "A001", "departamento": "Atención al cliente"}
)
SAMPLE_CUSTOMER: Mapping[str, str] = MappingProxyType(
    {"nombre": "Ana", "apellidos": "García Lago", "nombre_completo": "Ana García Lago"}
)
"""Nobody's names, for the texts of examples."""


def _clock(value: object) -> datetime:
    try:
        return datetime.fromisoformat(str(value)).replace(tzinfo=None)
    except ValueError:
        raise invalid(_('se esperaba un momento como "2026-12-07T10:00"')) from None


class ExampleStep(StepDone):
    """What is done in one step; `customer` is how the search for the customer ends."""

    customer: Literal["verified", "found", "locked", "registered", "nobody"] | None = None


class Example(Strict):
    """One conversation. `facts` are what the store knows; `clock` is local time."""

    name: Line
    channel: Line | None = None
    language: Language | None = None
    clock: Annotated[datetime, BeforeValidator(_clock)] = datetime(2026, 11, 24, 10, 0)
    facts: dict[Line, str] = Field(default_factory=dict)
    steps: Annotated[tuple[ExampleStep, ...], Field(min_length=1)]
    expect: Expected = Expected()


class Examples(Strict):
    """A file of example conversations."""

    tests: Annotated[tuple[Example, ...], Field(min_length=1)]


@dataclass(frozen=True)
class ExamplesFile:
    """Example conversations with the places they stand at."""

    examples: Examples
    document: Document


@dataclass
class Played:
    """How an example went: what came out, the exits that were taken, and where it differs from what was expected."""

    name: str
    run: Run
    said: dict[str, list[str]] = field(default_factory=dict)
    did: list[str] = field(default_factory=list)
    exits: set[tuple[str, str]] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Whether all came out as expected."""
        return not self.problems


def read_examples(text: str, file: str) -> ExamplesFile:
    """The examples of a text. Raises ProblemsFound with all that is wrong in it."""
    document = documents.parse(text, file)
    return ExamplesFile(validate(Examples, document), document)


def play_examples(protocol: Protocol, organisation: Organisation, file: ExamplesFile) -> list[Played]:
    """Every example of a file, played."""
    return [
        _Playing(protocol, organisation, example, file.document, ("tests", number)).played()
        for number, example in enumerate(file.examples.tests)
    ]


def untaken(protocol: Protocol, played: Iterable[Played]) -> list[tuple[str, str]]:
    """The exits that no example takes, of steps that have more than one."""
    taken = {way for one in played for way in one.exits}
    return [way for way in forks(protocol) if way not in taken]


def forks(protocol: Protocol) -> list[tuple[str, str]]:
    """The exits of the steps that have more than one, as (step, step it leads to)."""
    return [
        (step.id, target)
        for step in protocol.all_steps()
        if len(exits := protocol.exits(step)) > 1 and not isinstance(step, WrapUp)
        for target in exits
    ]


def sample_context(organisation: Organisation, run: Run, at: datetime, facts: Known) -> Context:
    """All that texts may name, of people who are nobody."""
    verified, channel = run.verified, organisation.channel.get(run.channel)

    def known(name: str, label: str) -> object:
        return facts.get(name) if facts.get(name) is not None else Missing(label)

    customer = {key: SAMPLE_CUSTOMER[key] if verified else Missing(key) for key in SAMPLE_CUSTOMER}
    names: dict[str, object] = {
        **organisation.speech(at),
        "canal": channel.name if channel else run.channel,
        "agente": SAMPLE_AGENT,
        "cliente": {
            **customer,
            "verificado": verified,
            "tratamiento": facts.get("cliente.tratamiento") or "usted",
            "idioma": facts.get("cliente.idioma") or run.language,
        },
        "contrato": {
            "numero": known("contrato.numero", _("número de contrato")),
            "producto": known("contrato.producto", _("producto")),
            "cuota": known("contrato.cuota", _("cuota")),
            "ultima_factura": known("contrato.ultima_factura", _("última factura")),
            "inicio": known("contrato.inicio", _("inicio del contrato")),
        },
        "expediente": {
            "clave": run.case or Missing(_("clave del expediente")),
            "departamento": getattr(organisation.department.get(run.case_department or ""), "name", "")
            or Missing(_("departamento")),
        },
        **run.context(),
    }
    return names  # type: ignore[return-value]


class _Playing:
    """One example in hand."""

    def __init__(
        self, protocol: Protocol, organisation: Organisation, example: Example, document: Document, at: Loc
    ) -> None:
        self.protocol, self.organisation = protocol, organisation
        self.example, self.document, self.loc = example, document, at
        self.now = example.clock
        body = {"channel": example.channel or protocol.channels[0], "direction": "inbound"}
        opened = Entry(1, self._moment(), Kind.OPENED, "", {**body, "language": example.language or protocol.language})
        self.result = Played(example.name, fold(protocol, [opened]))

    def played(self) -> Played:
        refused: AtencionError | None = None
        number = 0
        try:
            self._check_facts()
            for number, step in enumerate(self.example.steps):  # noqa: B007 (read when one is refused)
                self._step(step)
        except AtencionError as error:
            refused = error
        told = differences(self.example.expect, self.run, self.result.said, self.result.did, refused)
        if refused is not None and self.example.expect.refused is None:
            told = [(("steps", number), refused.message, refused.remedy)]
        self.result.problems = [
            self.document.problem((*self.loc, *loc), message.rstrip("."), expected) for loc, message, expected in told
        ]
        return self.result

    @property
    def run(self) -> Run:
        return self.result.run

    def _moment(self) -> datetime:
        return self.now.replace(tzinfo=UTC)

    def _facts(self) -> Known:
        given = {name: value for name, value in self._given().items() if self.run.verified or not _personal(name)}
        agent = {"agente.codigo": "A001", "agente.rol": "agent", "agente.departamento": "atencion"}
        return {**self.organisation.facts(self.now), **agent, **given}

    def _given(self) -> dict[str, Value]:
        return {name: values.typed(kind, values.parse(kind, text)) for name, text, kind in self._typed_facts()}

    def _typed_facts(self) -> Iterator[tuple[str, str, FieldType]]:
        for name, text in self.example.facts.items():
            family = fact_family(name)
            kind = WORLD_FACTS.get(name) or SOURCES.get(name) or (family[2] if family else "text")
            yield name, text, FieldType(kind)

    def _check_facts(self) -> None:
        for name, text, kind in self._typed_facts():
            if name not in WORLD_FACTS and name not in SOURCES and fact_family(name) is None:
                known = ", ".join((*WORLD_FACTS, *SOURCES))
                raise StepRefused(self.run.step, _("el hecho «{name}» no existe").format(name=name), known)
            try:
                values.parse(kind, text)
            except ValueError as error:
                raise StepRefused(self.run.step, _("«{name}» no vale así").format(name=name), str(error)) from error

    def _context(self) -> Context:
        return sample_context(self.organisation, self.run, self.now, self._facts())

    def _do(self, *wanted: acts.Act) -> None:
        self.now += timedelta(seconds=1)
        self.result.run = take(self.run, wanted, self._moment(), self._facts())[1]

    def _step(self, done: ExampleStep) -> None:
        if self.run.status is RunStatus.CLOSED or done.step != self.run.step:
            message = _("La conversación está en «{now}», no en «{step}».")
            raise StepRefused(self.run.step, message.format(now=self.run.step, step=done.step))
        if done.language is not None:
            self._do(acts.Speak(done.language))
        self._say(done)
        for note in done.note:
            self._do(acts.Note(note))
        for name, text in done.fields.items():
            self._do(acts.Capture(name, text))
        self._do(*(acts.Tick(check) for check in done.tick))
        if done.choose is not None:
            self._do(acts.Choose(done.choose))
        self._about_the_customer(done)
        self._about_the_demand(done)
        self._leave(done)

    def _say(self, done: ExampleStep) -> None:
        words = done.send or self._words()
        if not words or done.say is False or (done.is_left_undone and not done.say):
            return
        self.result.said.setdefault(self.run.step, []).append(words)
        self._do(acts.Send(words) if done.send or self._is_written else acts.Say(words))

    def _words(self) -> str:
        run, step = self.run, self.run.current
        if step is None or step.say is None:
            return ""
        own = self.protocol.language
        variant = step.say.pick(language=run.language, channel=run.channel, register=run.register, own=own)
        words = variant.template.render(self._context()) if variant else ""
        return after_greeting(words, "\n\n".join(run.quotes_here)) if words and self._is_written else words

    @property
    def _is_written(self) -> bool:
        channel = self.organisation.channel.get(self.run.channel)
        return channel is not None and channel.written

    def _about_the_customer(self, done: ExampleStep) -> None:
        wrong, right = acts.Answer("nif", False), acts.Answer("nif", True)
        match done.customer:
            case "nobody":
                self._do(acts.LookUp("nadie", 0))
            case "found":
                self._do(acts.Pick(1))
            case "registered":
                self._do(acts.Register(1))
            case "verified":
                self._do(acts.Pick(1), acts.Challenge(("nif",), 3), right)
            case "locked":
                self._do(acts.Pick(1), acts.Challenge(("nif",), 3), wrong, wrong, wrong)

    def _about_the_demand(self, done: ExampleStep) -> None:
        if done.not_found:
            self._do(acts.NotFound("una pregunta"))
        elif done.article is not None:
            use = acts.Quote if self._is_written else acts.Tell
            self._do(use(done.article, "1.0.0", "0" * 64, "Lo que dice el artículo."))
        if done.outcome is not None:
            known = self.organisation.outcome.get(done.outcome)
            if known is None:
                message = _("El resultado «{id}» no existe.").format(id=done.outcome)
                raise StepRefused(self.run.step, message, ", ".join(self.organisation.outcome))
            self._do(acts.Resolve(done.outcome, known.settled, done.summary or "", known.case))
        if done.escalate is not None:
            self._escalate(done)

    def _escalate(self, done: ExampleStep) -> None:
        handover = done.escalate
        assert handover is not None
        why = self.organisation.reason.get(handover.reason)
        if why is None:
            message = _("El motivo «{id}» no existe.").format(id=handover.reason)
            raise StepRefused(self.run.step, message, ", ".join(self.organisation.reason))
        outcome = getattr(self.run.current, "outcome", None) or self.organisation.escalation_outcome
        to = handover.department or why.department
        self._do(acts.Escalate(to, why.id, SAMPLE_KEY, outcome, handover.summary))

    def _leave(self, done: ExampleStep) -> None:
        if done.disposition is not None:
            self._do(acts.Close(done.disposition))
        elif done.cut_off is not None:
            self._do(acts.CutOff(done.cut_off))
        elif done.moment is not None:
            self._do(acts.OpenMoment(done.moment))
        elif done.jump is not None:
            self._do(acts.Jump(done.jump))
        elif done.back is not None:
            self._do(acts.Back(done.back))
        elif done.skip is not None:
            self._do(acts.Skip(done.skip))
        elif not isinstance(self.run.current, WrapUp):
            due = due_actions(self.run, self._facts(), self._context())
            taken = (self.run.step, exit_taken(self.run, self._facts()))
            self._do(acts.Advance(tuple(self._prepared(one) for one in due)))
            self.result.exits.add(taken)
            self.result.did += [one.action for one in due]

    def _prepared(self, due: Due) -> Due:
        spec = ACTIONS[due.action]
        if spec.verified and not self.run.verified:
            message = _("No se puede hacer «{title}»: la identidad no está comprobada.").format(title=spec.title())
            raise StepRefused(self.run.step, message, _("comprobar antes quién es"))
        if due.action == "open_case":
            return Due(due.number, due.action, due.params, {"case": SAMPLE_KEY})
        return due.in_hand()


def _personal(name: str) -> bool:
    return name.startswith(("cliente.", "contrato."))
