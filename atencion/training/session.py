"""A learner at practice: attempts at one scenario, one after another, each in a store of its own."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from threading import RLock
from types import MappingProxyType

from atencion.data import practice_notes
from atencion.data.practice_notes import NoteKind
from atencion.desk import Desk
from atencion.desk.desk import utc_now
from atencion.errors import Refused
from atencion.i18n import _
from atencion.scripts.journal import Kind, Recorded
from atencion.training.afterwards import debrief_of, score_of
from atencion.training.attempt import Forms, PracticeCall, forms_of, opened
from atencion.training.debrief import Debrief
from atencion.training.library import Library, LoadedScenario
from atencion.training.rubric import require_marks
from atencion.training.scoring import Score, criteria_of
from atencion.training.signing import Signing

_STORE_SUFFIX = ".db"


class Session:
    """Used as a context: all its stores are closed at the end, and those nobody named are thrown away.

    Any thread may use it.

    `after` are entries of an attempt of before (see `before`) that the first one goes on from, `forms` those of its
    customers (see `forms_of`).
    """

    def __init__(
        self,
        library: Library,
        loaded: LoadedScenario,
        *,
        seed: int | None = None,
        store: str = "",
        classroom: bool = False,
        real_time: Callable[[], datetime] | None = utc_now,
        after: Sequence[Recorded] = (),
        forms: Forms = MappingProxyType({}),
    ) -> None:
        self.library = library
        self.loaded = loaded
        self.classroom = classroom
        self.earlier: list[Score] = []
        """The scores of the attempts before this one."""
        self._seed, self._store, self._real_time = seed, store, real_time
        self._after, self._forms = after, forms
        self._stack = ExitStack()
        self._folder = ""
        self._count = 0
        self._lock = RLock()
        self.desk: Desk
        self.call: PracticeCall

    def __enter__(self) -> Session:
        self._folder = self._stack.enter_context(tempfile.TemporaryDirectory(prefix="atencion-practice-"))
        try:
            self._open(self._after, self._forms)
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(self, *_failure: object) -> None:
        with self._lock:
            self._stack.close()

    def again(self, from_seq: int | None = None) -> None:
        """Begin another attempt: from the beginning or, as it was, from the moment of an entry on.

        What the customer said at that moment is kept; what the agent did is for them to do anew. Raises Refused if
        the call cannot go on from there.
        """
        with self._lock:
            record = self.desk.record_of(self.call.id)
            kept = () if from_seq is None else before(record.entries, from_seq)
            score = score_of(self.desk, self.library, record)
            self._open(kept, forms_of(self.desk, self.call.id))
            self.earlier.append(score)

    def debrief(self) -> Debrief:
        """How the attempt went. Raises Refused if there is no attempt any more."""
        with self._lock:
            return debrief_of(self.desk, self.library, self.desk.record_of(self.call.id))

    @property
    def criteria(self) -> tuple[str, ...]:
        """The criteria that are looked at, of which the learner says something before seeing any score."""
        return criteria_of(self.library.rubric, self.loaded.scenario)

    def assess(self, marks: Mapping[str, int]) -> None:
        """Keep what the learner thinks each criterion deserves, from 1 to 5. Raises Refused if one has no mark."""
        require_marks(marks, self.criteria)
        if missing := [one for one in self.criteria if one not in marks]:
            told = _("Falta su nota en {names}.").format(names=", ".join(missing))
            raise Refused(told, remedy=_("Una cifra del 1 al 5."))
        with self.desk.store.writing() as connection:
            for criterion, mark in marks.items():
                practice_notes.put_note(
                    connection,
                    self.call.id,
                    NoteKind.OWN_MARK,
                    criterion,
                    mark=mark,
                    seq=self.call.run.seq,
                    at=utc_now(),
                )

    def signing(self) -> Signing:
        """What a trainer decides of the attempt."""
        return Signing(self.desk, self.library, self.call.id)

    def _open(self, after: Sequence[Recorded], forms: Forms) -> None:
        self._count += 1
        self.desk, self.call, _clock = self._stack.enter_context(
            opened(
                self._next_store(),
                self.library.catalogue.folder,
                self.library,
                self.loaded,
                seed=self._seed,
                real_time=self._real_time,
                classroom=self.classroom,
                after=after,
                forms=forms,
            )
        )

    def _next_store(self) -> str:
        """The store that was named; those of further attempts stand beside it, or are thrown away."""
        is_file = bool(self._store) and not self._store.startswith("postgres")
        if self._count == 1 and self._store:
            return self._store
        if is_file:
            return f"{self._store.removesuffix(_STORE_SUFFIX)}-{self._count}{_STORE_SUFFIX}"
        return str(Path(self._folder) / f"{self._count}{_STORE_SUFFIX}")


def before(entries: Sequence[Recorded], seq: int) -> tuple[Recorded, ...]:
    """The entries of an attempt that another one begins with, to go on from the moment of an entry.

    Entries of one moment were written together, and are kept or left together. Raises Refused if it cannot go on.
    """
    chosen = next((entry for entry in entries if entry.seq == seq), None)
    if chosen is None:
        raise Refused(_("En este intento no hay ninguna entrada {seq}.").format(seq=seq))
    heard = chosen.kind == Kind.HEARD
    kept = tuple(entry for entry in entries if entry.at < chosen.at or (heard and entry.at == chosen.at))
    if any(entry.kind == Kind.CLOSED for entry in kept):
        raise Refused(_("En ese momento la llamada ya estaba cerrada."), remedy=_("Elija un momento anterior."))
    begins = any(entry.kind == Kind.HEARD for entry in kept)
    return kept if begins else ()
