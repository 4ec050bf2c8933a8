"""The trainer's side of a practice call: what is seen of it from another terminal, and what is sent to it.

The practice store is all there is between the two: the trainer reads the learner's journal there and writes notes,
which the learner's workstation takes up.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import RLock

from atencion.data import practice_notes
from atencion.data.engine import StoreKind
from atencion.data.practice_notes import NoteKind
from atencion.desk import Desk
from atencion.desk.desk import utc_now
from atencion.errors import Refused
from atencion.i18n import _
from atencion.scripts.journal import Kind
from atencion.scripts.run import RunStatus
from atencion.training.afterwards import began_with, scenario_of
from atencion.training.cues import FREE, Cue, cues
from atencion.training.debrief import SYSTEM, Moment, timeline
from atencion.training.library import Library
from atencion.training.rubric import require_marks
from atencion.training.scenario import Scenario
from atencion.training.scoring import criteria_of
from atencion.training.signing import Signing


@dataclass(frozen=True)
class Seat:
    """The learner's call as it stands. `used` are the cues that were sent, `own` the marks the learner gave."""

    interaction_id: int
    scenario: Scenario
    criteria: tuple[str, ...]
    cues: tuple[Cue, ...]
    moments: tuple[Moment, ...]
    seq: int
    step: str
    closed: bool
    left: str
    used: frozenset[str]
    marks: dict[str, int]
    own: dict[str, int]


class Classroom:
    """What the trainer does. `find_store` gives where the learner's store is, or None while there is none.

    Once it gives another one, the call in that one is followed.

    Any thread may use it. Each method but `look` raises Refused while nobody practises.
    """

    def __init__(self, find_store: Callable[[], str | None], protocols: Path, library: Library) -> None:
        self.library = library
        self._find_store, self._protocols = find_store, protocols
        self._desk: Desk | None = None
        self._url = ""
        self._seat: Seat | None = None
        self._lock = RLock()

    @property
    def desk(self) -> Desk:
        """The desk on the learner's store."""
        if self._desk is None:
            raise Refused(_("Todavía no practica nadie."))
        return self._desk

    def close(self) -> None:
        """Leave the learner's store."""
        with self._lock:
            if self._desk is not None:
                self._desk.close()
                self._desk = None

    def look(self) -> Seat | None:
        """The learner's call as it stands now; None while nobody practises. Raises StoreError, Refused."""
        with self._lock:
            self._seat = self._look()
            return self._seat

    def say(self, words: str) -> None:
        """Have the customer say this."""
        if words.strip():
            self._put(NoteKind.CUE, FREE, words=words)

    def send(self, cue: str) -> None:
        """Have the customer say or do what the scenario has prepared. Raises Refused if it has no such thing."""
        if cue not in [one.name for one in self._here().cues]:
            raise Refused(_("El escenario no tiene nada preparado que se llame «{name}».").format(name=cue))
        self._put(NoteKind.CUE, cue)

    def mark(self, criterion: str, mark: int) -> None:
        """Give a criterion a mark from 1 to 5, at this moment of the call; a later one counts instead of it."""
        require_marks({criterion: mark}, self._here().criteria)
        self._put(NoteKind.MARK, criterion, mark=mark)

    def signing(self) -> Signing:
        """What is decided of the call once it is over."""
        return Signing(self.desk, self.library, self._here().interaction_id)

    def _look(self) -> Seat | None:
        url = self._find_store()
        if url is None:
            return None
        if self._desk is None or url != self._url:
            newer = Desk.open(url, self._protocols, create=False, kind=StoreKind.PRACTICE)
            self.close()
            self._desk, self._url, self._seat = newer, url, None
        listed = self._desk.interactions(1)
        if not listed:
            return None
        record = self._desk.record_of(listed[0].id)
        began, scenario = began_with(record), scenario_of(self._desk, self.library, record)
        if scenario is None or began is None:
            return None
        if not began.get("classroom"):
            raise Refused(
                _("En ese almacén practica alguien con la persona simulada."),
                remedy=_("Quien aprende empieza con: atencion practice run ESCENARIO --classroom"),
            )
        with self._desk.store.reading() as connection:
            notes = practice_notes.notes_of(connection, record.summary.id)
        step, organisation = record.run.current, self.library.catalogue.organisation
        heard = [entry for entry in record.entries if entry.kind == Kind.HEARD]
        ending = next((str(entry.body["ends"]) for entry in heard if entry.body.get("ends")), "")
        return Seat(
            record.summary.id,
            scenario,
            criteria_of(self.library.rubric, scenario),
            cues(scenario),
            tuple(one for one in timeline(record.entries, (), record.run.protocol, organisation) if one.lane != SYSTEM),
            record.run.seq,
            step.title if step is not None else "",
            record.run.status is RunStatus.CLOSED,
            scenario.ending[ending].title if ending in scenario.ending else "",
            frozenset(note.name for note in notes if note.kind is NoteKind.CUE),
            {note.name: note.mark for note in notes if note.kind is NoteKind.MARK and note.mark is not None},
            {note.name: note.mark for note in notes if note.kind is NoteKind.OWN_MARK and note.mark is not None},
        )

    def _here(self) -> Seat:
        if self._seat is None:
            raise Refused(_("Todavía no practica nadie."))
        return self._seat

    def _put(self, kind: NoteKind, name: str, *, mark: int | None = None, words: str = "") -> None:
        with self._lock:
            seat = self._here()
            if kind is NoteKind.CUE and (seat.closed or seat.left):
                raise Refused(_("La conversación ya ha terminado."), remedy=_("Todavía puede poner notas."))
            with self.desk.store.writing() as connection:
                practice_notes.put_note(
                    connection, seat.interaction_id, kind, name, at=utc_now(), mark=mark, seq=seat.seq, words=words
                )
