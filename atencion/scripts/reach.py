"""What a contact can come to: whether a condition can ever hold, and how much is known of the customer at each step.

Conditions are tried with the values their names may have: those they are compared with and those beside them. What is
compared with another name, or reckoned with, may be anything; so nothing is said to be impossible that could happen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import islice, product

from atencion.scripts.expressions import JOURNAL_FACTS, WORLD_FACTS, Condition, Known, fact_family
from atencion.scripts.fields import CapturedField
from atencion.scripts.organisation import DAYS
from atencion.scripts.protocol import END, Call, Choice, Identify, Protocol, SidePath, Step
from atencion.scripts.texts import LANGUAGES, REGISTERS
from atencion.scripts.values import FieldType, Value

MAX_TRIES = 4_000
"""Combinations of values tried; a condition that needs more is taken to be possible."""

NOTICE = "organizacion.privacidad"
"""The words that tell who handles the data and what for (GDPR art. 13, LOPDGDD art. 11)."""

NOTICE_NORMS = frozenset({"rgpd/13", "lopdgdd/11"})

_NUMBERS = {FieldType.INTEGER, FieldType.AMOUNT, FieldType.RATING}


@dataclass(frozen=True, slots=True)
class State:
    """What is sure of the customer when a step comes: their identity is verified, they know who handles their data."""

    verified: bool = False
    informed: bool = False


def can_hold(
    protocol: Protocol, when: Condition | None, *, unless: Sequence[Condition] = (), given: Known | None = None
) -> bool:
    """Whether a condition can ever be true where none of the others is. No condition is always true."""
    conditions = [*([when] if when else []), *unless]
    tangled = frozenset[str]().union(*(one.tangled for one in conditions))
    settled = dict(given or {})
    free = {name for one in conditions for name in one.names} - tangled - settled.keys()
    literals: dict[str, set[Value]] = {name: set() for name in free}
    for one in conditions:
        for comparison in one.comparisons:
            if comparison.name in free:
                literals[comparison.name].update(comparison.literals)
    choices: dict[str, list[Value | None]] = {}
    tries = 1
    for name, found in sorted(literals.items()):
        values = list(islice(_values(protocol, name, found), MAX_TRIES + 1))
        choices[name], tries = values, tries * len(values)
        if tries > MAX_TRIES:
            return True
    for combination in product(*choices.values()):
        known = settled | dict(zip(choices, combination, strict=True))
        if (when is None or True in when.possible(known)) and all(False in one.possible(known) for one in unless):
            return True
    return False


def can_come(protocol: Protocol, step: Step, given: Known | None = None) -> list[str | None]:
    """Where each branch of a step leads, None for those that can never be taken."""
    found: list[str | None] = []
    before: list[Condition] = []
    for branch in step.next or ():
        possible = can_hold(protocol, branch.when, unless=before, given=given)
        found.append(branch.goto if possible else None)
        if branch.when is not None and branch.times is None:
            before.append(branch.when)
    return found


def states(protocol: Protocol, channel: str) -> dict[str, set[State]]:
    """What may be known of the customer at each step when it comes, on a channel. Steps that never come are left out.

    A moment opens from any step, so nothing is sure when it begins.
    """
    walk = _Walk(protocol, channel)
    walk.enter(protocol.steps[0].id, State())
    for path in protocol.moments:
        walk.enter(path.steps[0].id, State())
    walk.go_on()
    return walk.found


def informs(step: Step) -> bool:
    """Whether a step tells who handles the customer's data."""
    norms = {*step.norms, step.mandatory, *(check.mandatory for check in step.checks)}
    said = step.say is not None and any(NOTICE in variant.template.names for variant in step.say.variants)
    return said or bool(norms & NOTICE_NORMS)


class _Walk:
    def __init__(self, protocol: Protocol, channel: str) -> None:
        self.found: dict[str, set[State]] = {}
        self._protocol = protocol
        self._channel = channel
        self._entered: set[tuple[str, State]] = set()
        self._waiting: list[tuple[str, State]] = []
        self._possible: dict[tuple[str, bool], list[str | None]] = {}

    def enter(self, step: str, state: State) -> None:
        if (step, state) not in self._entered:
            self._entered.add((step, state))
            self._waiting.append((step, state))

    def go_on(self) -> None:
        while self._waiting:
            name, state = self._waiting.pop()
            step = self._protocol.by_id[name]
            if step.channels and self._channel not in step.channels:
                # It is passed over as if it were not there.
                self._leave(step, state)
                continue
            given = self._given(state)
            if step.only_if and not can_hold(self._protocol, step.only_if, given=given):
                self._leave(step, state)
                continue
            self.found.setdefault(name, set()).add(state)
            if step.only_if and can_hold(self._protocol, None, unless=[step.only_if], given=given):
                self._leave(step, state)
            for after in _after(step, state):
                self._leave(step, after)
                for one in self._protocol.steps if step in self._protocol.steps and step.leave else ():
                    if one.jump:
                        self.enter(one.id, after)

    def _given(self, state: State) -> dict[str, Value | None]:
        return {"cliente.verificado": state.verified, "canal": self._channel}

    def _leave(self, step: Step, state: State) -> None:
        if isinstance(step, Call):
            self.enter(self._protocol.path[step.id].steps[0].id, state)
        else:
            self._on(step, state)

    def _on(self, step: Step, state: State) -> None:
        for target in self._exits(step, state):
            if target != END:
                self.enter(target, state)
            elif (path := self._path_of(step)) is not None and not path.moment:
                self._on(self._protocol.by_id[path.id], state)

    def _exits(self, step: Step, state: State) -> Iterator[str]:
        options = step.options if isinstance(step, Choice) else ()
        yield from (option.goto for option in options if option.goto)
        if options and all(option.goto for option in options):
            return
        if not step.next:
            yield self._protocol.below[step.id]
            return
        key = (step.id, state.verified)
        if key not in self._possible:
            self._possible[key] = can_come(self._protocol, step, self._given(state))
        yield from (target for target in self._possible[key] if target is not None)

    def _path_of(self, step: Step) -> SidePath | None:
        return next((path for path in self._protocol.paths if step in path.steps), None)


def _after(step: Step, state: State) -> Iterable[State]:
    """What may be known once a step is done."""
    known = replace(state, informed=state.informed or informs(step))
    return (known, replace(known, verified=True)) if isinstance(step, Identify) else (known,)


def _values(protocol: Protocol, name: str, literals: set[Value]) -> Iterator[Value | None]:
    """Values that stand for all that a name may have."""
    yield None
    field = protocol.fields.get(name)
    if field is not None:
        yield from field.allow
        yield from _of_field(field, literals)
        return
    closed: Mapping[str, Sequence[str]] = {
        "canal": protocol.channels,
        "idioma": tuple(LANGUAGES),
        "registro": REGISTERS,
        "sentido": ("inbound", "outbound"),
        "dia": DAYS,
        "cliente.tipo": ("person", "company"),
    }
    if name in closed:
        yield from closed[name]
        return
    family = fact_family(name)
    kind = family[2] if family else JOURNAL_FACTS.get(name) or WORLD_FACTS.get(name) or "text"
    yield from _around(FieldType(kind), literals)


def _of_field(field: CapturedField, literals: set[Value]) -> Iterator[Value]:
    if field.options:
        named = [option for option in field.labels if option in literals]
        some = [*named, *[option for option in field.labels if option not in literals][:1]]
        if field.type is FieldType.CHOICE:
            yield from some
            return
        for row in product((True, False), repeat=len(some)):
            taken = tuple(one for one, is_taken in zip(some, row, strict=True) if is_taken)
            if taken:
                yield taken
        return
    if field.type not in _NUMBERS:
        yield from _around(field.type, literals)
        return
    lowest, highest = field.bounds
    for one in _around(field.type, literals | {bound for bound in field.bounds if bound is not None}):
        low = lowest is None or one >= lowest  # type: ignore[operator]
        if low and (highest is None or one <= highest):  # type: ignore[operator]
            yield one


def _around(kind: FieldType, literals: set[Value]) -> list[Value]:
    if kind is FieldType.YES_NO:
        return [True, False]
    if kind in _NUMBERS:
        numbers = {Decimal(str(one)) for one in literals if isinstance(one, int | Decimal)} or {Decimal(0)}
        step = Decimal("0.01") if kind is FieldType.AMOUNT else Decimal(1)
        return sorted({one + by for one in numbers for by in (-step, Decimal(0), step)})
    texts = {one for one in literals if isinstance(one, str)}
    if kind in {FieldType.DATE, FieldType.TIME}:
        return ["", *(one + after for one in sorted(texts) for after in ("", "!"))]
    return ["", *sorted(texts), "…"]
