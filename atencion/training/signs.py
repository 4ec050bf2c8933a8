"""Signs: what can be seen in an interaction, and tests made of them.

The customer of a scenario reacts to signs and a score looks for them: one language for both. Each sign tells on which
rung its evidence stands, from the state of the store, the surest, to a person's judgement.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any, NamedTuple

from pydantic import BeforeValidator, Field, model_validator

from atencion.i18n import _
from atencion.scripts.answers import Names
from atencion.scripts.expressions import Known
from atencion.scripts.journal import Kind, Recorded
from atencion.scripts.model import Line, Seconds, Strict, When, YesNo, invalid
from atencion.training.speech_acts import Recogniser


class Rung(StrEnum):
    """How sure evidence is, the surest first."""

    STATE = "state"
    EVENT = "event"
    CHOICE = "choice"
    WORDS = "words"
    PERSON = "person"


_SURENESS = tuple(Rung)


class Seen(NamedTuple):
    """An entry as signs look at it: milliseconds since the opening, and the speech acts of its words.

    `typed` words are the agent's own; `tells` says that they tell a datum of the customer that nobody had verified.
    """

    seq: int
    at: int
    kind: str
    step: str
    body: Mapping[str, Any]
    value: str
    acts: tuple[str, ...] = ()
    typed: bool = False
    tells: bool = False


@dataclass(frozen=True)
class Scene:
    """All that was seen, in order, and what was so at the end: each fact with the entries it stands on."""

    seen: tuple[Seen, ...]
    facts: Known
    stands_on: Mapping[str, tuple[int, ...]]
    forbidden: frozenset[str] = frozenset()

    @cached_property
    def by_kind(self) -> Mapping[str, Sequence[Seen]]:
        """The entries of each kind."""
        found: dict[str, list[Seen]] = {}
        for one in self.seen:
            found.setdefault(one.kind, []).append(one)
        return found

    @cached_property
    def by_act(self) -> Mapping[str, Sequence[Seen]]:
        """The entries in which each speech act was done; a forbidden one is done only in the agent's own words."""
        found: dict[str, list[Seen]] = {}
        for one in self.seen:
            for act in one.acts:
                if one.typed or act not in self.forbidden:
                    found.setdefault(act, []).append(one)
        return found

    @cached_property
    def by_reading(self) -> Mapping[str, Sequence[Seen]]:
        """The entries in which the words of each step were said or sent."""
        found: dict[str, list[Seen]] = {}
        for one in self.seen:
            if one.kind in _READ:
                found.setdefault(one.step, []).append(one)
        return found

    @cached_property
    def unrecognised(self) -> tuple[int, ...]:
        """The entries whose typed words are no speech act that is known."""
        return tuple(one.seq for one in self.seen if one.typed and not one.acts)


class Sign(Strict):
    """One thing that can be seen. Exactly one of its keys says what; `at` and `with` narrow an entry down."""

    says: Names = ()
    reads: Line | None = None
    leaves: Line | None = None
    writes: Line | None = None
    chooses: Line | None = None
    entry: Kind | None = None
    hears: Line | None = None
    tells_data: YesNo = False
    state: When | None = None
    at: Line | None = None
    with_: Annotated[dict[Line, Line], Field(alias="with")] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _is_one(self) -> Sign:
        ways = (self.says, self.reads, self.leaves, self.writes, self.chooses, self.entry, self.hears, self.state)
        if sum(bool(way) for way in ways) + self.tells_data != 1:
            raise invalid(
                _("una señal es una sola cosa: says, reads, leaves, writes, chooses, entry, hears, tells_data o state")
            )
        return self

    @property
    def rung(self) -> Rung:
        """On which rung what it finds stands; words that were read aloud are an event."""
        if self.state is not None:
            return Rung.STATE
        if self.says or self.tells_data:
            return Rung.WORDS
        return Rung.CHOICE if self.chooses is not None else Rung.EVENT

    def is_seen(self, one: Seen, forbidden: frozenset[str] = frozenset()) -> bool:
        """Whether an entry is this. What is forbidden to say counts only in the agent's own words."""
        if self.at is not None and one.step != self.at:
            return False
        if self.says:
            return any(act in one.acts and (one.typed or act not in forbidden) for act in self.says)
        if self.tells_data:
            return one.tells
        if self.reads is not None:
            return one.step == self.reads and one.kind in _READ
        if self.leaves is not None:
            return one.step == self.leaves and one.kind == Kind.ADVANCED
        if self.writes is not None:
            wanted = one.kind == Kind.CAPTURED and one.body.get("field") == self.writes
            return wanted and all(one.value == value for key, value in self.with_.items() if key == "value")
        if self.chooses is not None:
            return one.kind == Kind.CHOSE and one.body.get("option") == self.chooses
        if self.hears is not None:
            return one.kind == Kind.HEARD and one.body.get("reaction") == self.hears
        if self.entry is not None:
            return one.kind == self.entry and all(
                str(one.body.get(key, "")).lower() == value.lower() for key, value in self.with_.items()
            )
        return False

    def found(self, scene: Scene) -> Iterable[Seen]:
        """Every entry that is this, in order."""
        where = self._where(scene)
        if self._is_plain:
            return where
        forbidden = scene.forbidden
        return [one for one in where if self.is_seen(one, forbidden)]

    def _where(self, scene: Scene) -> Sequence[Seen]:
        """The few entries among which it can be."""
        if len(self.says) == 1:
            return scene.by_act.get(self.says[0], ())
        if self.says:
            done = {one.seq: one for act in self.says for one in scene.by_act.get(act, ())}
            return [done[seq] for seq in sorted(done)]
        if self.reads is not None:
            return scene.by_reading.get(self.reads, ())
        return scene.seen if self._kind is None else scene.by_kind.get(self._kind, ())

    @cached_property
    def _is_plain(self) -> bool:
        """Whether every entry among which it can be is it."""
        is_whole = bool(self.says) or self.reads is not None or (self.entry is not None and not self.with_)
        return is_whole and self.at is None

    @cached_property
    def _kind(self) -> Kind | None:
        """The kind of entry that it can only be, if there is one."""
        return self.entry or next((kind for key, kind in _KIND_OF if getattr(self, key)), None)


_READ = frozenset({Kind.SAID, Kind.SENT})
"""Entries that say the words of their step."""

_KIND_OF = (
    ("tells_data", Kind.UTTERED),
    ("leaves", Kind.ADVANCED),
    ("writes", Kind.CAPTURED),
    ("chooses", Kind.CHOSE),
    ("hears", Kind.HEARD),
)


def _signs(value: Any) -> Any:
    return [value] if isinstance(value, dict) else value


Signs = Annotated[tuple[Sign, ...], BeforeValidator(_signs)]


class Found(NamedTuple):
    """Whether a test is met, on which entries and which rung that stands."""

    met: bool
    seqs: tuple[int, ...] = ()
    rung: Rung | None = None


class Proof(Strict):
    """What must be seen, and what must not, between which signs and within which time.

    `any`: one of these; `all`: each; `none`: not one. `after` and `before` bound where it is looked for; `within`
    counts from `after`, or from the opening. A `before` that never comes bounds nothing.
    """

    any_: Annotated[Signs, Field(alias="any")] = ()
    all_: Annotated[Signs, Field(alias="all")] = ()
    none: Signs = ()
    after: Sign | None = None
    before: Sign | None = None
    within: Seconds | None = None

    @model_validator(mode="after")
    def _asks(self) -> Proof:
        if not (self.any_ or self.all_ or self.none):
            raise invalid(_("una prueba pide algo: any, all o none"))
        return self

    @property
    def signs(self) -> tuple[Sign, ...]:
        """All that it looks for."""
        return (*self.any_, *self.all_, *self.none)

    @property
    def acts(self) -> frozenset[str]:
        """The speech acts it would like to hear."""
        return frozenset(act for sign in (*self.any_, *self.all_) for act in sign.says)

    def found(self, scene: Scene) -> Found:
        """Whether it is met in what was seen."""
        begin, end, until = self._bounds(scene)
        if begin is None:
            return Found(bool(self.none) and not (self.any_ or self.all_))
        hits: list[Found] = []
        for sign in self.none:
            hit = _look(sign, scene, begin, end, until)
            if hit.met:
                return Found(False, hit.seqs, hit.rung)
        for sign in self.all_:
            hit = _look(sign, scene, begin, end, until)
            if not hit.met:
                return Found(False)
            hits.append(hit)
        if self.any_:
            wanted = [hit for sign in self.any_ if (hit := _look(sign, scene, begin, end, until)).met]
            if not wanted:
                return Found(False)
            hits.append(min(wanted, key=lambda hit: _SURENESS.index(hit.rung or Rung.PERSON)))
        seqs = tuple(sorted({seq for hit in hits for seq in hit.seqs}))
        rungs = [hit.rung for hit in hits if hit.rung is not None]
        return Found(True, seqs, max(rungs, key=_SURENESS.index) if rungs else Rung.EVENT)

    def _bounds(self, scene: Scene) -> tuple[int | None, int | None, int | None]:
        """The entry after which it is looked for (None: never comes), that before which, and the last moment."""
        begin, since = 0, 0
        if self.after is not None:
            first = next(iter(self.after.found(scene)), None)
            if first is None:
                return None, None, None
            begin, since = first.seq, first.at
        last = next((one for one in self.before.found(scene) if one.seq > begin), None) if self.before else None
        return begin, last.seq if last else None, None if self.within is None else since + self.within * 1000


def _look(sign: Sign, scene: Scene, begin: int, end: int | None, until: int | None) -> Found:
    if sign.state is not None:
        seqs = sorted({seq for name in sign.state.names for seq in scene.stands_on.get(name, ())})
        return Found(sign.state.holds(scene.facts), tuple(seqs), Rung.STATE)
    for one in sign.found(scene):
        if one.seq <= begin or (end is not None and one.seq >= end) or (until is not None and one.at > until):
            continue
        rung = Rung.EVENT if sign.says and not one.typed else sign.rung
        return Found(True, (one.seq,), rung)
    return Found(False)


_SPOKEN = frozenset({Kind.SAID, Kind.SENT, Kind.TOLD, Kind.UTTERED})


def watch(entries: Iterable[Recorded], recogniser: Recogniser, secrets: Sequence[str] = ()) -> tuple[Seen, ...]:
    """The entries as signs look at them; `secrets` are the customers' data, folded, that nobody may say unverified."""
    recorded = list(entries)
    if not recorded:
        return ()
    began, verified = recorded[0].at, False
    sent_at = {entry.at for entry in recorded if entry.kind == Kind.SENT}
    typed_at = {(entry.at, entry.value) for entry in recorded if entry.kind == Kind.UTTERED}
    find, found = recogniser.find, list[Seen]()
    for entry in recorded:
        kind, value, acts, tells = entry.kind, entry.value or "", tuple[str, ...](), False
        typed = kind == Kind.UTTERED
        # Where the script is hidden, words typed in a step also count as its words: they are seen once.
        if kind == Kind.TOLD and entry.at in sent_at:
            value = ""  # Its words are in the message, where they are seen once.
        if value and (typed or (kind in _SPOKEN and not (typed_at and (entry.at, value) in typed_at))):
            acts = find(value)
            tells = typed and not verified and _tells(value, secrets)
        verified = verified or kind == Kind.VERIFIED
        at = round((entry.at - began).total_seconds() * 1000)
        found.append(Seen(entry.seq, at, kind, entry.step, entry.body, value, acts, typed, tells))
    return tuple(found)


def _tells(text: str, secrets: Sequence[str]) -> bool:
    from atencion.data.customer_search import key_of
    from atencion.text import fold_words

    words = " ".join(fold_words(text))
    key = key_of(text)
    return any((secret in words) if " " in secret else (secret in key) for secret in secrets)
