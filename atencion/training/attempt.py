"""An attempt: a call on a practice store whose customer is simulated, or played by a trainer from another terminal."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby
from pathlib import Path
from types import MappingProxyType
from typing import Any

from atencion.data import journal, practice_notes, protocol_texts
from atencion.data.article_search import Search
from atencion.data.connection import Connection
from atencion.data.engine import StoreKind
from atencion.data.practice_notes import NoteKind
from atencion.data.validation import phone
from atencion.desk import Desk, Interaction
from atencion.desk.customer_view import CustomerView, LookedUp
from atencion.desk.step_view import StepView
from atencion.errors import Refused, StoreError
from atencion.i18n import _
from atencion.scripts import acts
from atencion.scripts.journal import Kind, NewEntry, Recorded, Scalar
from atencion.scripts.run import Run, RunStatus
from atencion.training.cues import cued
from atencion.training.customer import Customer, Line, follow, meet
from atencion.training.library import Library, LoadedScenario
from atencion.training.planting import PracticeClock, PracticeKeys, begins, plant
from atencion.training.scenario import PRACTICE_AGENT, Scenario
from atencion.training.signs import Seen, watch

Forms = Mapping[int, Mapping[str, str]]

_FORMS = frozenset({Kind.REGISTERED, Kind.AMENDED})
"""Entries whose row of the customer is not in the journal."""


@dataclass
class Practice:
    """What the calls of a practice desk share: the scenario, the seed and how what is said is recognised.

    In a `classroom` a trainer plays the customer.
    """

    loaded: LoadedScenario
    library: Library
    seed: int
    classroom: bool = False
    people: dict[str, int] = field(default_factory=dict)

    @property
    def scenario(self) -> Scenario:
        """The scenario."""
        return self.loaded.scenario


class PracticeCall(Interaction):
    """A call whose customer is simulated: after all that the agent does, they say what they say to it."""

    practice: Practice
    """Given once the call is open."""

    _read: Sequence[Seen] = ()
    _unread = False
    _customer: Customer | None = None
    _written = 0
    _last_note = 0
    _form: Mapping[str, str] | None = None

    def begin(self, practice: Practice) -> None:
        """The customer is on the line: what is practised is written first, then their first words."""
        self.practice = practice
        scenario = practice.scenario
        body: dict[str, Scalar] = {
            "scenario": scenario.id,
            "version": scenario.version,
            "hash": practice.loaded.hash,
            "rubric": practice.library.rubric_hash,
            "acts": practice.library.acts_hash,
            "seed": practice.seed,
            "caller": practice.people[scenario.customer.person],
        }
        body |= {"classroom": True} if practice.classroom else {}
        super().record(acts.Practise(Kind.PRACTISED, body))
        self._hear()

    def retrace(self, practice: Practice, entries: Sequence[Recorded], forms: Forms, clock: PracticeClock) -> None:
        """Do again, entry by entry and at its moment, what was written in another attempt at the same scenario.

        What the entries did in the store is done again too, with the `forms` that were filled in; from then on the call
        is live. Raises Refused if a form is missing.
        """
        self.practice = practice
        began = entries[0].at
        for (at, is_form), group in groupby(entries[1:], key=lambda entry: (entry.at, entry.kind in _FORMS)):
            clock.move_to(self.opened_at + (at - began))
            if is_form:
                for one in group:
                    self._fill_in(one, forms)
                continue
            written = [NewEntry(Kind(one.kind), one.step, one.body, one.value) for one in group]
            with self._around.store.writing() as connection:
                self._write(connection, written, clock(), [])
            self.run = self._run_after(written, clock())
        self._card = None
        found = next((one for one in reversed(entries) if one.kind in (Kind.LOOKED_UP, Kind.REGISTERED)), None)
        if found is not None and found.kind == Kind.LOOKED_UP:
            self._found_by = str(found.value)
        if self.run.status is RunStatus.LEFT_OPEN:
            super().record(acts.Resume())
        self._written = sum(entry.kind == Kind.HEARD for entry in entries)
        self._notice()
        self._customer = self.other.waiting(self._elapsed())
        self._speak()

    @property
    def other(self) -> Customer:
        """The simulated customer as they stand."""
        if self._customer is None:
            practice = self.practice
            self._customer = meet(practice.scenario, practice.loaded.hash, practice.seed, silent=practice.classroom)
        return self._customer

    @property
    def heard(self) -> Sequence[Line]:
        """What the customer has said and done, as far as it is on disk."""
        return self.other.lines[: self._written]

    def utter(self, words: str) -> Run:
        """Say something in one's own words. In an exam, whose script is hidden, they are also what the step says."""
        wanted: list[acts.Act] = []
        step = self.run.current
        hidden = self.practice.scenario.level == "exam"
        if hidden and step is not None and step.say is not None and not self.run.state(step.id).said:
            wanted.append(acts.Say(words))
        return self.record(*wanted, acts.Practise(Kind.UTTERED, {}, words))

    def wait(self) -> Run:
        """Let the customer notice how much time has passed; in a classroom, hear what the trainer has them say."""
        with self._lock:
            if self.run.status is not RunStatus.OPEN:
                return self.run
            if self.practice.classroom:
                self._take_cues()
            else:
                if self._unread:
                    self._notice()
                self._customer = self.other.waiting(self._elapsed())
            self._speak()
            return self.run

    def record(self, *wanted: acts.Act) -> Run:
        with self._lock:
            run = super().record(*wanted)
            if not hasattr(self, "practice"):
                return run
            self._unread = True
            try:
                return self._hear()
            except StoreError:
                return run  # What the agent did is on disk; the answer is written at the next look.

    def register(self, texts: Mapping[str, str], *, despite_twins: bool = False) -> CustomerView:
        with self._lock, self._filling_in(texts):
            return super().register(texts, despite_twins=despite_twins)

    def amend(self, texts: Mapping[str, str], version: int) -> CustomerView:
        with self._lock, self._filling_in(texts):
            return super().amend(texts, version)

    def step_view(self) -> StepView | None:
        view = super().step_view()
        level = self.practice.scenario.level
        if view is None or level == "guided":
            return view
        return replace(view, hint="") if level == "assisted" else replace(view, hint="", words="")

    def look_up(self, query: str, limit: int = 20) -> LookedUp:
        self._require_up()
        return super().look_up(query, limit)

    def search(self, query: str, limit: int = 10) -> Search:
        self._require_up()
        return super().search(query, limit)

    def _require_up(self) -> None:
        if hasattr(self, "practice") and self.other.is_down(self._elapsed()):
            raise Refused(
                _("El sistema no responde."),
                remedy=_("Dígaselo al cliente y siga con lo que se pueda; vuelva a probar dentro de un momento."),
            )

    @contextmanager
    def _filling_in(self, texts: Mapping[str, str]) -> Iterator[None]:
        """The form is kept beside the entry that it leads to: the journal holds no datum of a customer."""
        self._form = texts
        try:
            yield
        finally:
            self._form = None

    def _write(self, connection: Connection, entries: Sequence[NewEntry], at: datetime, done_with: list[str]) -> None:
        super()._write(connection, entries, at, done_with)
        for seq, entry in enumerate(entries, self.run.seq + 1):
            if entry.kind in _FORMS:
                form = json.dumps(dict(self._form or {}), ensure_ascii=False)
                practice_notes.put_note(connection, self.id, NoteKind.FORM, entry.kind, at=at, seq=seq, words=form)
                self._unread = True

    def _fill_in(self, entry: Recorded, forms: Forms) -> None:
        """Write a customer down or correct them, as another attempt did."""
        cannot = Refused(
            _("Desde ese momento no se puede repetir: antes se escribieron datos de un cliente."),
            remedy=_("Elija un momento anterior, o repita desde el principio."),
        )
        if entry.seq not in forms:
            raise cannot
        if entry.kind == Kind.AMENDED:
            self.amend(forms[entry.seq], self.form().version)
        elif self.register(forms[entry.seq], despite_twins=True).customer_id != entry.body["customer"]:
            raise cannot  # what follows is about somebody of another number

    def _elapsed(self) -> int:
        return round((self._around.clock() - self.opened_at).total_seconds() * 1000)

    def _hear(self) -> Run:
        if self.run.status is not RunStatus.OPEN or self.practice.classroom:
            return self.run
        self._notice()
        self._speak()
        return self.run

    def _notice(self) -> None:
        """Bring the customer up to the journal."""
        with self._around.store.reading() as connection:
            entries = journal.read(connection, self.id)
        seen = watch(entries, self.practice.library.recogniser)
        self._customer = follow(self.other, seen[len(self._read) :])
        self._read, self._unread = seen, False

    def _take_cues(self) -> None:
        with self._around.store.reading() as connection:
            notes = practice_notes.notes_of(connection, self.id, self._last_note)
        for note in notes:
            if note.kind is NoteKind.CUE and not self.other.ended:
                self._customer = cued(self.other, note.name, note.words, self._elapsed())
            self._last_note = note.id

    def _speak(self) -> None:
        """Write what the customer has said or done and is not written yet."""
        lines = self.other.lines
        heard: list[acts.Act] = []
        for line in lines[self._written :]:
            body: dict[str, Any] = {"reaction": line.reaction, "patience": line.patience}
            body |= {"ends": line.ends} if line.ends else {}
            body |= {"down": line.down} if line.down else {}
            heard.append(acts.Practise(Kind.HEARD, body, line.words))
        if heard:
            super().record(*heard)
            self._written = len(lines)


def forms_of(desk: Desk, interaction_id: int) -> Forms:
    """The forms of customers that were filled in during an attempt, by the entry each led to."""
    with desk.store.reading() as connection:
        notes = practice_notes.notes_of(connection, interaction_id)
    return {note.seq: json.loads(note.words) for note in notes if note.kind is NoteKind.FORM}


class PracticeDesk(Desk):
    """A desk on a practice store."""

    call_type = PracticeCall


@contextmanager
def opened(
    url: str,
    protocols: Path,
    library: Library,
    loaded: LoadedScenario,
    *,
    seed: int | None = None,
    real_time: Callable[[], datetime] | None = None,
    classroom: bool = False,
    after: Sequence[Recorded] = (),
    forms: Forms = MappingProxyType({}),
) -> Iterator[tuple[Desk, PracticeCall, PracticeClock]]:
    """A practice store at `url` with the world of the scenario, and its call begun; the store is closed at the end.

    Time passes as `real_time` does or, without it, when the clock is told. `after` are the entries of another attempt
    at the same scenario and seed, from its first on, after which this one goes on, and `forms` those filled in it.
    Raises StoreError if there is a store of another kind, Refused if another attempt is in it.
    """
    scenario, keys = loaded.scenario, PracticeKeys()
    clock = PracticeClock(begins(scenario, library))
    desk = PracticeDesk.open(url, protocols, kind=StoreKind.PRACTICE, clock=clock, new_key=keys)
    try:
        practice = Practice(loaded, library, scenario.seed if seed is None else seed, classroom)
        practice.people = plant(desk, scenario, library, clock, keys)
        agent = desk.agent(PRACTICE_AGENT)
        with desk.store.writing() as connection:
            protocol_texts.put_protocol_text(
                connection,
                loaded.hash,
                protocol_id=f"practice/{scenario.id}",
                version=scenario.version,
                source=loaded.source,
                at=clock(),
            )
        caller = next(one for one in scenario.world.customers if one.id == scenario.customer.person)
        call = desk.open_interaction(
            agent, scenario.protocol, channel=scenario.channel, phone=phone(caller.phone).normal
        )
        assert isinstance(call, PracticeCall)
        if after:
            call.retrace(practice, after, forms, clock)
        else:
            call.begin(practice)
        if real_time is not None:
            clock.go(real_time)
        yield desk, call, clock
    finally:
        desk.close()
