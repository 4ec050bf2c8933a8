"""The simulated customer: a fold over the journal. The same entries and seed always give the same words.

What they say is chosen by a hash of scenario, seed and count, never by a generator whose sequence may change.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b

from atencion.scripts.expressions import Known
from atencion.scripts.journal import Kind
from atencion.scripts.values import Value
from atencion.training.scenario import Reaction, Scenario
from atencion.training.signs import Seen

CALM, CROSS, FURIOUS = 60, 35, 15
"""Patience from which the customer is calm, uneasy, cross; below, furious."""

_OWN = frozenset({Kind.HEARD, Kind.PRACTISED, Kind.OPENED})
"""Entries that are the customer's side, or nothing that they notice."""


@dataclass(frozen=True, slots=True)
class Line:
    """What the customer says or does: by which reaction, the fact it reveals, how the call ends by it, if it does."""

    reaction: str
    words: str
    patience: int
    ends: str = ""
    down: int = 0


@dataclass(frozen=True, slots=True)
class Customer:
    """How the customer stands. In milliseconds from the opening: `at` is the last thing they noticed, `quiet_since` the
    last word of anybody. They look at the clock once a second: `second` is the last time they did.
    """

    scenario: Scenario
    key: str
    at: int = 0
    quiet_since: int = 0
    second: int = 0
    patience: int = 0
    came: tuple[tuple[str, int], ...] = ()
    known: frozenset[str] = frozenset()
    revealed: tuple[str, ...] = ()
    ended: str = ""
    draws: int = 0
    down_until: int = 0
    lines: tuple[Line, ...] = ()

    @property
    def mood(self) -> str:
        """How they sound: calm, uneasy, cross or furious."""
        if self.patience >= CALM:
            return "calm"
        return "uneasy" if self.patience >= CROSS else "cross" if self.patience >= FURIOUS else "furious"

    def facts(self, now: int) -> Known:
        """What conditions of reactions may name."""
        found: dict[str, Value | None] = {"paciencia": self.patience, "tiempo": now // 1000}
        found |= dict.fromkeys(self.known, True)
        found |= {f"revelado.{fact}": True for fact in self.revealed}
        found |= {f"reaccion.{name}": True for name, _times in self.came}
        return found

    def after(self, entry: Seen) -> Customer:
        """How they stand once this has happened too, with what they say to it."""
        if entry.kind in _OWN:
            return self
        waited = self.waiting(entry.at)
        if waited.ended:
            return waited
        here = replace(waited._tired(entry.at), known=waited.known | _noticed(entry))
        if here.patience == 0:
            return here.end(here.scenario.customer.patience.at_nothing)
        for one in here.scenario.interruptions:
            if one.after is not None and here._may(one, entry.at) and one.after.is_seen(entry):
                here = here.react(one, entry.at)
        if not here.ended:
            for one in here.scenario.reactions:
                if one.after is not None and here._may(one, entry.at) and one.after.is_seen(entry):
                    return here.react(one, entry.at)
            if entry.kind == Kind.CHALLENGED:
                return here._answer(str(entry.body.get("data", "")).split(","))
        return here

    def waiting(self, now: int) -> Customer:
        """How they stand if nothing else happens until `now`: patience runs out, silences weigh, interruptions come.

        How often it is asked makes no difference.
        """
        here = self
        for second in range(self.second + 1, now // 1000 + 1):
            if here.ended:
                break
            here = here._look_at_clock(second)
        return here if here.second >= now // 1000 else replace(here, second=now // 1000)

    def _look_at_clock(self, second: int) -> Customer:
        here, now = self, second * 1000
        if self._patience_at(now) == 0:
            return self._tired(now).end(self.scenario.customer.patience.at_nothing)
        for one in self.scenario.interruptions:
            if one.at is not None and one.at <= second and not here.ended and here._may(one, now):
                here = here.react(one, now)
        for one in (*self.scenario.interruptions, *self.scenario.reactions):
            is_due = one.silence is not None and now - here.quiet_since >= one.silence * 1000
            if is_due and not here.ended and here._may(one, now):
                here = here.react(one, now)
        return here

    def is_down(self, now: int) -> bool:
        """Whether the scenario has the program not answering."""
        return now < self.down_until

    def _patience_at(self, now: int) -> int:
        lost = (now - self.at) // 10_000 * self.scenario.customer.patience.every_10s
        return _bounded(self.patience + lost)

    def _tired(self, now: int) -> Customer:
        return replace(self, at=now, quiet_since=now, patience=self._patience_at(now))

    def _may(self, one: Reaction, now: int) -> bool:
        if dict(self.came).get(one.id, 0) >= one.times or (one.when and not one.when.holds(self.facts(now))):
            return False
        return one.chance >= 100 or _draw(self.key, f"chance {one.id}", 100) < one.chance

    def react(self, one: Reaction, now: int) -> Customer:
        """How they stand once they have reacted so, with what they say."""
        came = dict(self.came)
        came[one.id] = came.get(one.id, 0) + 1
        words = [one.say[_draw(self.key, f"say {self.draws}", len(one.say))]] if one.say else []
        words += [self.scenario.fact[fact].say for fact in one.reveals if fact not in self.revealed]
        patience = _bounded(self.patience + one.patience)
        down = max(self.down_until, now + one.system_down * 1000) if one.system_down else self.down_until
        line = Line(one.id, " ".join(words), patience, one.ends or "", one.system_down or 0)
        after = replace(
            self,
            quiet_since=now,
            patience=patience,
            came=tuple(sorted(came.items())),
            revealed=tuple(dict.fromkeys((*self.revealed, *one.reveals))),
            draws=self.draws + 1,
            down_until=down,
            lines=(*self.lines, line),
        )
        if one.ends:
            return after.end(one.ends, one.id)
        return after if patience else after.end(self.scenario.customer.patience.at_nothing)

    def say(self, reaction: str, words: str, now: int) -> Customer:
        """How they stand once they have said this, whatever the scenario has them say."""
        return replace(self, quiet_since=now, lines=(*self.lines, Line(reaction, words, self.patience)))

    def end(self, ending: str, by: str = "") -> Customer:
        """The conversation ends so for them; `by` is the reaction in which it does, if it was in one."""
        told = self.scenario.ending[ending]
        words = told.say[_draw(self.key, f"end {ending}", len(told.say))] if told.say else ""
        lines = self.lines
        if by and lines:
            said = " ".join(filter(None, (lines[-1].words, words)))
            lines = (*lines[:-1], replace(lines[-1], words=said, ends=ending))
        else:
            lines = (*lines, Line(ending, words, self.patience, ending))
        return replace(self, ended=ending, lines=lines)

    def _answer(self, data: Sequence[str]) -> Customer:
        """They say what they know of the data they are asked for."""
        told = self.scenario.customer.knows
        words = ". ".join(told[datum] for datum in data if datum in told)
        line = Line("identity", words or "…", self.patience)
        return replace(self, lines=(*self.lines, line))


def meet(scenario: Scenario, scenario_hash: str, seed: int, *, silent: bool = False) -> Customer:
    """The customer as the call begins, with what they say first; nothing if `silent`."""
    key = f"{scenario_hash}:{seed}"
    opens = scenario.customer.opens
    start = scenario.customer.patience.start
    first = Line("opens", opens[_draw(key, "opens", len(opens))], start)
    return Customer(scenario, key, patience=start, lines=() if silent else (first,))


def follow(customer: Customer, seen: Iterable[Seen]) -> Customer:
    """The customer after all that was seen."""
    for one in seen:
        customer = customer.after(one)
    return customer


def _noticed(entry: Seen) -> frozenset[str]:
    found = {f"dicho.{act}" for act in entry.acts}
    if entry.kind in (Kind.SAID, Kind.SENT):
        found.add(f"leido.{entry.step}")
    if entry.kind in (Kind.VERIFIED, Kind.LOCKED, Kind.ESCALATED, Kind.RESOLVED, Kind.TOLD, Kind.CUT_OFF):
        found.add(f"hecho.{entry.kind}")
    return frozenset(found)


def _bounded(patience: int) -> int:
    return max(0, min(100, patience))


def _draw(key: str, what: str, count: int) -> int:
    digest = blake2b(f"{key}:{what}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") % count
