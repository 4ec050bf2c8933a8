"""What a trainer who plays the customer can have them say or do: all that the scenario has written, and free words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from atencion.desk.identity import question_label
from atencion.training.customer import Customer
from atencion.training.scenario import Reaction, Scenario

FREE = "say"
"""The cue of words that are no scenario's."""


class CueKind(StrEnum):
    """What a cue is; the word before the colon of its name."""

    OPENS = "opens"
    DATUM = "datum"
    FACT = "fact"
    REACTION = "reaction"
    INTERRUPTION = "interruption"
    ENDING = "ending"


@dataclass(frozen=True, slots=True)
class Cue:
    """Something prepared. `words` are what the customer says, `about` what it is."""

    name: str
    kind: CueKind
    about: str
    words: str


def cues(scenario: Scenario) -> tuple[Cue, ...]:
    """All that the scenario has prepared, in the order in which a call needs it."""
    return tuple(_cues(scenario))


def _cues(scenario: Scenario) -> Iterator[Cue]:
    def cue(kind: CueKind, name: str, about: str, words: str) -> Cue:
        return Cue(f"{kind}:{name}", kind, about, words)

    for number, words in enumerate(scenario.customer.opens):
        yield cue(CueKind.OPENS, str(number), "", words)
    for datum, words in scenario.customer.knows.items():
        yield cue(CueKind.DATUM, datum, question_label(datum), words)
    for fact in scenario.customer.hides:
        yield cue(CueKind.FACT, fact.id, fact.id, fact.say)
    for kind, group in ((CueKind.REACTION, scenario.reactions), (CueKind.INTERRUPTION, scenario.interruptions)):
        for one in group:
            yield cue(kind, one.id, one.id, _words(scenario, one))
    for ending in scenario.endings:
        yield cue(CueKind.ENDING, ending.id, ending.title, " ".join(ending.say[:1]))


def _words(scenario: Scenario, one: Reaction) -> str:
    return " ".join([*one.say[:1], *(scenario.fact[fact].say for fact in one.reveals)])


def cued(customer: Customer, name: str, words: str, now: int) -> Customer:
    """The customer once they have done what a cue says, `now` milliseconds from the opening.

    A cue that the scenario does not have does nothing: it was written for another one.
    """
    scenario = customer.scenario
    kind, _colon, which = name.partition(":")
    if name == FREE:
        return customer.say("trainer", words, now) if words.strip() else customer
    if kind in (CueKind.REACTION, CueKind.INTERRUPTION):
        found = next((one for one in (*scenario.reactions, *scenario.interruptions) if one.id == which), None)
        return customer if found is None else customer.react(found, now)
    if kind == CueKind.ENDING:
        return customer.end(which) if which in scenario.ending else customer
    prepared = next((one for one in cues(scenario) if one.name == name), None)
    if prepared is None:
        return customer
    if kind == CueKind.FACT:
        told = customer.say("trainer", prepared.words, now)
        return replace(told, revealed=tuple(dict.fromkeys((*told.revealed, which))))
    return customer.say("opens" if kind == CueKind.OPENS else "identity", prepared.words, now)
