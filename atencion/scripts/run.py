"""The run: where a call is, folded from its journal. Pure: no clock, no store.

`fold(protocol, entries)` gives the run of a whole journal, `run.after(entry)` that of one entry more, `decide.take`
says what acts amount to. The same journal always folds into the same run: what was decided, such as where a branch
led, is in the entries.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from atencion.scripts.expressions import Known
from atencion.scripts.journal import Kind, Recorded, Scalar
from atencion.scripts.protocol import END, Check, Escalate, Knowledge, Protocol, Step, WrapUp
from atencion.scripts.templates import Chosen, Context, Missing, Plain
from atencion.scripts.values import Absent, FieldType, Value, typed
from atencion.text import holds, holds_number


class RunStatus(StrEnum):
    """Whether a call is in hand."""

    OPEN = "open"
    LEFT_OPEN = "left_open"
    CLOSED = "closed"


class Mark(StrEnum):
    """How a step stands in the rail."""

    DONE = "done"
    OWED = "owed"
    SKIPPED = "skipped"
    CURRENT = "current"
    AHEAD = "ahead"


class Debt(StrEnum):
    """What kind of thing is owed."""

    CHECK = "check"
    SKIPPED = "skipped"
    DEMAND = "demand"


@dataclass(frozen=True, slots=True)
class Demand:
    """One thing the customer wants. `text` is None if it was never written down, or destroyed by law."""

    number: int
    text: str | None = None
    outcome: str | None = None
    settled: bool = False
    case: str | None = None
    escalated: bool = False
    articles: tuple[str, ...] = ()

    @property
    def attended(self) -> bool:
        """Whether it ended one way or another, be it in the hands of a department."""
        return self.outcome is not None


@dataclass(frozen=True, slots=True)
class Owed:
    """Something that was left undone."""

    step: str
    title: str
    kind: Debt
    label: str
    norm: str | None = None


@dataclass(frozen=True, slots=True)
class Frame:
    """A side path that is open: which one, and the step it goes back to; none if the step that calls it says where."""

    path: str
    back: str = ""


@dataclass(frozen=True, slots=True)
class CheckState:
    """A check and whether it is met; `proved` ones are met by the journal and cannot be ticked."""

    check: Check
    met: bool
    proved: bool


@dataclass(frozen=True, slots=True)
class Quoted:
    """An article whose words no message sent has held yet: what its entry says of it, and the words; None if destroyed.

    `placed` if they were put in a message that was open; `at` is how long the path was, `stack` what was open.
    """

    body: Mapping[str, Scalar]
    words: str | None
    placed: bool
    at: int
    stack: tuple[Frame, ...]

    def is_in(self, text: str) -> bool:
        """Whether a text holds the words, however its lines are broken."""
        return holds(text, self.words or "")


@dataclass(frozen=True, slots=True)
class NoteTaken:
    """A note of the call; its text is None if destroyed by law."""

    at: datetime
    step: str
    text: str | None


class StepState(NamedTuple):
    """What happened in a step since it was last entered anew."""

    said: bool = False
    ticked: frozenset[str] = frozenset()
    chosen: str | None = None
    done: bool = False
    skipped: bool = False
    did: frozenset[int] = frozenset()


_UNTOUCHED = StepState()

_LEAD_NOWHERE = frozenset(
    {Kind.PRACTISED, Kind.UTTERED, Kind.HEARD, Kind.LOOKED_UP, Kind.SEARCHED, Kind.SHOWED, Kind.JUDGED, Kind.AMENDED}
)
"""Entries that tell of the call and change nothing of where it is."""


class Run:
    """Where a call is. Never changes: acts and entries lead to another run."""

    def __init__(self, protocol: Protocol) -> None:
        self.protocol = protocol
        self.status = RunStatus.OPEN
        self.seq = 0
        """The number of the last entry."""
        self.step = protocol.steps[0].id
        """The current step, or "end"."""
        self.path: list[str] = [self.step]
        self.stack: tuple[Frame, ...] = ()
        """The side paths that are open, the innermost last."""
        self.values: dict[str, Value] = {}
        """What was captured, by field."""
        self.demands: list[Demand] = []
        self.quoted: tuple[Quoted, ...] = ()
        """The articles chosen for a message that was not sent with their words."""
        self.notes: list[NoteTaken] = []
        self.seconds: dict[str, float] = {}
        """Time spent in each step, over all its visits."""
        self.visits: dict[str, int] = {self.step: 1}
        self.taken: dict[str, int] = {}
        """How many times each branch that has a bound was taken."""
        self.moments: tuple[str, ...] = ()
        """The moments that were opened, in order."""
        self.untold_keys: tuple[str, ...] = ()
        """The keys of what was handed over at any step, that nobody has told the customer yet."""
        self.cut_off = False
        """Whether the customer went away before the conversation ended."""
        self.channel = ""
        self.direction = ""
        self.language: str = protocol.language
        self.asked_language = ""
        """The language that the contact was opened in or changed to because somebody asked; empty if nobody did."""
        self.register: str = protocol.register_
        self.opened_at: datetime | None = None
        self.last_at: datetime | None = None
        self.customer: int | None = None
        self.verified = False
        self.locked = False
        self.registered: int | None = None
        """The customer that was written into the store in this call: nothing is on file that they did not just say."""
        self.questions: dict[str, bool | None] = {}
        """The data asked to verify the customer: right, wrong, or None while unanswered."""
        self.wrong = 0
        self.wrong_allowed = 0
        self.disposition: str | None = None
        self.why = ""
        """Why this step came: the option chosen or the condition that held; empty if it just stands below."""
        self.case: str | None = None
        """The key of the latest case opened in the call, and the department it went to."""
        self.case_department: str | None = None
        self.did: frozenset[str] = frozenset()
        """The actions that have been done in the contact, by name."""
        self._steps: dict[str, StepState] = {}
        self._stacks: list[tuple[Frame, ...]] = [()]
        """The side paths that were open at each step of the path."""
        self._seconds_before: dict[str, float] = {}
        """Time spent in each step before its present visit."""

    # What is known

    @property
    def current(self) -> Step | None:
        """The step in hand; None at the end."""
        return self.protocol.by_id.get(self.step)

    @property
    def previous(self) -> str | None:
        """The step before the current one on the path."""
        return self.path[-2] if len(self.path) > 1 else None

    @property
    def demand(self) -> Demand | None:
        """The demand in hand."""
        return self.demands[-1] if self.demands else None

    def is_handed_over(self, step: Escalate) -> bool:
        """Whether the step is done: the demand in hand is with a department that it hands demands over to."""
        demand = self.demand
        return self.state(step.id).done or (
            demand is not None
            and demand.escalated
            and demand.case == self.case
            and (not step.departments or self.case_department in step.departments)
        )

    @property
    def outcome(self) -> str | None:
        """How the demand in hand ended."""
        return self.demand.outcome if self.demand else None

    @property
    def recording(self) -> bool | None:
        """Whether the customer lets the contact be recorded; None while nobody asked."""
        asked = self.values.get(self.protocol.recording) if self.protocol.recording else None
        return asked if isinstance(asked, bool) else None

    @property
    def open_to_agent(self) -> bool:
        """Whether the data of the customer picked may be shown and changed: verified, or just said by themselves."""
        return self.customer is not None and (self.verified or self.customer == self.registered)

    @property
    def skipped(self) -> list[str]:
        """Steps of the path left undone, with a reason."""
        return [step for step in dict.fromkeys(self.path) if self.state(step).skipped]

    def state(self, step: str) -> StepState:
        """What happened in a step."""
        return self._steps.get(step, _UNTOUCHED)

    def call_seconds(self, now: datetime) -> float:
        """How long the call has lasted, time left open apart."""
        return sum(self.seconds.values()) + self._since(now)

    def step_seconds(self, now: datetime) -> float:
        """How long the current step has lasted in this visit."""
        spent = self.seconds.get(self.step, 0.0) - self._seconds_before.get(self.step, 0.0)
        return spent + self._since(now)

    @property
    def quotes_here(self) -> tuple[str, ...]:
        """The words of articles that wait for what this step writes: chosen in an earlier one, none since wrote."""
        since = list(zip(self.path, self._stacks, strict=True))[:-1]
        return tuple(
            one.words
            for one in self.quoted
            if one.words
            and not one.placed
            and one.stack == self.stack
            and one.at < len(self.path)
            and not any(self.protocol.writes(step) for step, stack in since[one.at :] if stack == one.stack)
        )

    def checks(self, step: str) -> tuple[CheckState, ...]:
        """The checks of a step and how they stand."""
        found = self.protocol.by_id[step]
        if not found.checks:
            return ()
        known, ticked = self.known(step), self.state(step).ticked
        return tuple(
            CheckState(check, check.proof.holds(known), True)
            if check.proof
            else CheckState(check, check.id in ticked, False)
            for check in found.checks
        )

    @property
    def owed(self) -> list[Owed]:
        """All that steps already left still lack, and the demands nobody attended."""
        left = [step for step in dict.fromkeys(self.path) if step != self.step and step != END]
        found = [debt for step in left for debt in self._debts(step)]
        if self.status is RunStatus.CLOSED or isinstance(self.current, WrapUp) or self.current is None:
            found += [
                Owed("", "", Debt.DEMAND, demand.text or str(demand.number))
                for demand in self.demands
                if not demand.attended
            ]
        return found

    def mark(self, step: str) -> Mark:
        """How a step of the path stands."""
        if step == self.step:
            return Mark.CURRENT
        if self.state(step).skipped:
            return Mark.SKIPPED
        return Mark.OWED if any(self._debts(step)) else Mark.DONE

    def known(self, step: str | None = None) -> Known:
        """All that the journal tells conditions, as seen from a step (the current one if not said)."""
        demand, step = self.demand or Demand(0), step or self.step
        return {
            **self.values,
            "canal": self.channel,
            "sentido": self.direction,
            "idioma": self.language,
            "registro": self.register,
            "cliente.encontrado": self.customer is not None,
            "cliente.verificado": self.verified,
            "cliente.bloqueado": self.locked,
            "cliente.registrado": self.customer is not None and self.customer == self.registered,
            "articulo.leido": bool(demand.articles),
            "resultado": demand.outcome,
            "resuelto": demand.settled,
            "escalado": demand.escalated,
            "expediente.abierto": demand.case is not None,
            "demandas.total": len(self.demands),
            "demandas.pendientes": sum(not one.attended for one in self.demands),
            "paso.dicho": self.state(step).said,
            "paso.veces": self.visits.get(step, 0),
            **{f"momento.{path.id}.abierto": path.id in self.moments for path in self.protocol.moments},
        }

    def context(self) -> dict[str, Plain | Missing | Context]:
        """The protocol's fields for its texts: each value, or what is missing."""
        found: dict[str, Plain | Missing | Context] = {}
        for name, field in self.protocol.fields.items():
            value = self.values.get(name)
            if value is None or isinstance(value, Absent):
                found[name] = Missing(field.label)
            elif isinstance(value, tuple):
                found[name] = tuple(Chosen(one, field.labels.get(one, one)) for one in value)
            elif field.type is FieldType.CHOICE:
                found[name] = Chosen(str(value), field.labels.get(str(value), str(value)))
            else:
                found[name] = value
        return found

    # What leads on

    def after(self, *entries: Recorded) -> Run:
        """The run once these entries have happened too."""
        following = copy.copy(self)
        following.path = list(self.path)
        following.values = dict(self.values)
        following.demands = list(self.demands)
        following.notes = list(self.notes)
        following.seconds = dict(self.seconds)
        following.visits = dict(self.visits)
        following.taken = dict(self.taken)
        following.questions = dict(self.questions)
        following._steps = dict(self._steps)
        following._stacks = list(self._stacks)
        following._seconds_before = dict(self._seconds_before)
        for entry in entries:
            following._apply(entry)
        return following

    # How entries change it

    def _apply(self, entry: Recorded) -> None:
        if entry.kind != Kind.RESUMED and self.status is RunStatus.OPEN:
            self._spend(entry.at)
        self.seq, self.last_at = entry.seq, entry.at
        if entry.kind in _LEAD_NOWHERE:
            return
        body, value, step = entry.body, entry.value, entry.step
        match entry.kind:
            case Kind.OPENED:
                self.opened_at, self.channel = entry.at, str(body.get("channel", ""))
                self.direction = str(body.get("direction", ""))
                self._speak(body)
            case Kind.SPOKE:
                self._speak(body)
            case Kind.SAID | Kind.SENT:
                self._set(step, said=True)
                self._told_keys(value)
            case Kind.CAPTURED:
                self._captured(body, value)
            case Kind.CHECKED:
                self._set(step, ticked=self.state(step).ticked | {str(body["check"])})
            case Kind.UNCHECKED:
                self._set(step, ticked=self.state(step).ticked - {str(body["check"])})
            case Kind.CHOSE:
                self._set(step, chosen=str(body["option"]))
            case Kind.DID:
                self._did(step, body)
            case Kind.ADVANCED:
                self._follow(body)
            case Kind.SKIPPED:
                self._set(step, skipped=True)
                self._follow(body)
            case Kind.JUMPED:
                self._set(step, skipped=not body["done"])
                self._follow(body)
            case Kind.MOMENT:
                self.moments = (*self.moments, str(body["moment"]))
                self._follow(body)
            case Kind.CUT_OFF:
                self._follow(body)
                self.cut_off = True
            case Kind.WENT_BACK:
                to = str(body["to"])
                at = len(self.path) - 1 - self.path[::-1].index(to)
                self.path, self.step, self.why = self.path[: at + 1], to, ""
                self._stacks = self._stacks[: at + 1]
                self.stack = self._stacks[-1]
                self._set(to, skipped=False)
                self.cut_off = False
            case Kind.NOTED:
                self.notes.append(NoteTaken(entry.at, step, value))
            case Kind.IDENTIFIED:
                self.customer, self.verified, self.questions = int(body["customer"] or 0), False, {}
            case Kind.REGISTERED:
                self.customer = self.registered = int(body["customer"] or 0)
                self.verified, self.questions = False, {}
            case Kind.DROPPED:
                self.customer, self.verified, self.questions = None, False, {}
            case Kind.CHALLENGED:
                self.questions = dict.fromkeys(str(body["data"]).split(","))
                self.wrong_allowed = int(body["wrong_answers"] or 0)
            case Kind.ANSWERED:
                self.questions[str(body["datum"])] = bool(body["right"])
                self.wrong += not body["right"]
            case Kind.VERIFIED:
                self.verified = True
            case Kind.LOCKED:
                self.locked = True
            case Kind.QUOTED:
                placed = bool(body.get("placed"))
                of = {key: found for key, found in body.items() if key != "placed"}
                self._unquote(of, value)  # Chosen twice, it is one article, and where it was chosen last.
                self.quoted = (*self.quoted, Quoted(of, value, placed, len(self.path), self.stack))
                self._answered(step)
            case Kind.TOLD:
                demand = self._demand()
                self.demands[-1] = replace(demand, articles=(*demand.articles, str(body["article"])))
                self._unquote(body, value)
                self._answered(step)
            case Kind.NOT_FOUND:
                self._answered(step)
            case Kind.RESOLVED:
                outcome, settled = str(body["outcome"]), bool(body["settled"])
                self.demands[-1] = replace(self._demand(), outcome=outcome, settled=settled)
                self._set(step, done=True)
            case Kind.ESCALATED:
                self.case, self.case_department = str(body["case"]), str(body["department"])
                if not isinstance(self.current, Escalate):  # a protocol that escalates says how the key is told
                    self.untold_keys = (*self.untold_keys, self.case)
                outcome = str(body["outcome"])
                self.demands[-1] = replace(
                    self._demand(), case=self.case, escalated=True, outcome=outcome, settled=False
                )
                self._set(step, done=True)
            case Kind.KEY_TOLD:
                self.untold_keys = tuple(key for key in self.untold_keys if key != body["case"])
            case Kind.LEFT_OPEN:
                self.status = RunStatus.LEFT_OPEN
            case Kind.RESUMED:
                self.status = RunStatus.OPEN
            case Kind.CLOSED:
                self.status, self.disposition = RunStatus.CLOSED, str(body["disposition"])

    def _captured(self, body: Mapping[str, object], value: str | None) -> None:
        name, absent = str(body["field"]), body.get("absent")
        field = self.protocol.fields[name]
        if body.get("taken_back"):
            self.values.pop(name, None)
            demand = self.demand
            if field.opens_demand and demand == Demand(len(self.demands), demand.text if demand is not None else None):
                self.demands.pop()  # Nothing was done about it: it was none.
            return
        if field.opens_demand:
            if name not in self.values:
                self.demands.append(Demand(len(self.demands) + 1, value))
            elif self.demands:
                self.demands[-1] = replace(self.demands[-1], text=value)
        if absent is not None:
            self.values[name] = Absent(str(absent))
        elif value is not None:
            self.values[name] = typed(field.type, value)

    def _speak(self, body: Mapping[str, object]) -> None:
        language = str(body.get("language") or self.language)
        if language != self.language:
            self.asked_language = language
        self.language = language
        self.register = str(body.get("register") or self.register)

    def _told_keys(self, words: str | None) -> None:
        """The keys that these words tell, however they are spelled, are not owed any more."""
        self.untold_keys = tuple(key for key in self.untold_keys if not holds_number(words or "", key))

    def _unquote(self, body: Mapping[str, Scalar], words: str | None) -> None:
        """An article waits for no message any more."""
        self.quoted = tuple(one for one in self.quoted if (one.body, one.words) != (body, words))

    def _did(self, step: str, body: Mapping[str, object]) -> None:
        self.did |= {str(body["action"])}
        self._set(step, did=self.state(step).did | {int(str(body["number"]))})
        if body.get("case"):
            self.case = str(body["case"])
            self.case_department = str(body.get("department") or "") or None
            self.demands[-1] = replace(self._demand(), case=self.case)

    def _follow(self, body: Mapping[str, object]) -> None:
        """Go where an entry says, with the side paths that are open from then on."""
        to = str(body["to"])
        self.stack = read_stack(str(body.get("stack") or ""))
        branch = body.get("branch")
        if branch:
            self.taken[str(branch)] = self.taken.get(str(branch), 0) + 1
        self.why = str(body.get("why") or "")
        if not body.get("resumed"):
            self._start(to)
        self.path.append(to)
        self._stacks.append(self.stack)
        self.step = to

    def _start(self, step: str) -> None:
        """A step that is on the path already starts anew: what it held was about something else."""
        if step in self.visits and step != END:
            self._steps.pop(step, None)
            for name in self.protocol.by_id[step].capture:
                if not self.protocol.fields[name].kept:
                    self.values.pop(name, None)
        self.visits[step] = self.visits.get(step, 0) + 1
        self._seconds_before[step] = self.seconds.get(step, 0.0)

    def _answered(self, step: str) -> None:
        """Articles may be searched for in any step; only that which is for it is done by it."""
        if isinstance(self.protocol.by_id.get(step), Knowledge):
            self._set(step, done=True)

    def _demand(self) -> Demand:
        """The demand in hand; a call in which nobody wrote one down has one all the same."""
        if not self.demands:
            self.demands.append(Demand(1))
        return self.demands[-1]

    def _set(self, step: str, **changes: object) -> None:
        self._steps[step] = self.state(step)._replace(**changes)  # type: ignore[arg-type]

    def _spend(self, at: datetime) -> None:
        if at != self.last_at and (spent := self._since(at)):
            self.seconds[self.step] = self.seconds.get(self.step, 0.0) + spent

    def _since(self, now: datetime) -> float:
        if self.last_at is None or self.status is not RunStatus.OPEN:
            return 0.0
        return max(0.0, (now - self.last_at).total_seconds())

    def _debts(self, step: str) -> Iterator[Owed]:
        found = self.protocol.by_id[step]
        title = found.title
        if self.state(step).skipped and not found.optional:
            yield Owed(step, title, Debt.SKIPPED, title)
        for state in self.checks(step):
            if not state.met:
                yield Owed(step, title, Debt.CHECK, state.check.label, state.check.mandatory)


def written_stack(stack: Iterable[Frame]) -> str:
    """Open side paths as an entry keeps them."""
    return ";".join(f"{frame.path}>{frame.back}" for frame in stack)


def read_stack(text: str) -> tuple[Frame, ...]:
    """Open side paths as an entry has them."""
    return tuple(Frame(*part.split(">", 1)) for part in text.split(";") if part)


def fold(protocol: Protocol, entries: Iterable[Recorded]) -> Run:
    """The run of a whole journal, in the order of its entries."""
    return Run(protocol).after(*entries)
