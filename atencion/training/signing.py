"""What a trainer decides of an attempt that is over: what only a person can say and then, by their name, the whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from atencion.data import interactions, practice_notes
from atencion.data.connection import Connection
from atencion.data.practice_notes import NoteKind, PracticeNote
from atencion.desk import Desk
from atencion.desk.desk import Record, utc_now
from atencion.errors import Refused
from atencion.i18n import _
from atencion.scripts.run import RunStatus
from atencion.text import clean_line
from atencion.training.afterwards import began_with, debrief_of, score_of
from atencion.training.debrief import Debrief
from atencion.training.library import Library
from atencion.training.scoring import Verdict

VERDICTS = (Verdict.ACHIEVED, Verdict.PARTLY, Verdict.NOT, Verdict.NO_OCCASION)
"""What a trainer may say of a check."""


class Signing:
    """Of one attempt. Until it is signed each verdict can be given anew; afterwards nothing of it changes.

    Any thread may use it. Each method raises Refused if it is no practice, StoreError if the store fails.
    """

    def __init__(self, desk: Desk, library: Library, interaction_id: int) -> None:
        self._desk, self._library, self._id = desk, library, interaction_id

    def debrief(self) -> Debrief:
        """How the attempt went, with what has been decided."""
        return debrief_of(self._desk, self._library, self._record())

    def judge(self, verdicts: Mapping[str, Verdict]) -> None:
        """Say how checks that wait for a person ended, all or none. Raises Refused if one does not wait, or all is
        signed.
        """
        known = [one.check.id for one in score_of(self._desk, self._library, self._record()).for_trainer]
        for check in verdicts.keys() - known:
            told = _("La comprobación «{name}» no espera a nadie.").format(name=clean_line(check, 80))
            raise Refused(told, remedy=_("Esperan: {names}").format(names=", ".join(known)) if known else "")
        with self._deciding() as (connection, _notes):
            for check, verdict in verdicts.items():
                self._put(connection, NoteKind.VERDICT, check, str(verdict))

    def sign(self, who: str) -> None:
        """Make the result official, by somebody's name.

        Raises Refused while a check waits or the call goes on, or if anything was written of it at that very moment.
        """
        name, record = clean_line(who), self._record()
        if not name:
            raise Refused(_("Falta el nombre de quien firma."))
        if record.run.status is not RunStatus.CLOSED:
            raise Refused(_("La llamada todavía no ha terminado."))
        with self._desk.store.reading() as connection:
            seen = practice_notes.notes_of(connection, self._id)
        found = score_of(self._desk, self._library, record)
        if found.waits:
            names = ", ".join(f"«{one.check.label}»" for one in found.waits)
            raise Refused(_("Todavía espera su veredicto: {names}").format(names=names))
        with self._deciding() as (connection, notes):
            if notes != seen:
                raise Refused(
                    _("Mientras tanto se ha anotado algo de este intento."), remedy=_("Mírelo antes de firmar.")
                )
            self._put(connection, NoteKind.SIGNATURE, name, found.hash)

    def _record(self) -> Record:
        record = self._desk.record_of(self._id)
        if began_with(record) is None:
            raise Refused(_("La interacción {id} no es de práctica.").format(id=self._id))
        return record

    @contextmanager
    def _deciding(self) -> Iterator[tuple[Connection, list[PracticeNote]]]:
        """A transaction in which nobody else decides anything of it, and its notes. Raises Refused if it is signed."""
        with self._desk.store.writing() as connection:
            interactions.hold_interaction(connection, self._id)
            notes = practice_notes.notes_of(connection, self._id)
            signed = next((note for note in notes if note.kind is NoteKind.SIGNATURE), None)
            if signed is not None:
                raise Refused(_("Ya lo firmó {name}: no cambia más.").format(name=signed.name))
            yield connection, notes

    def _put(self, connection: Connection, kind: NoteKind, name: str, words: str) -> None:
        practice_notes.put_note(connection, self._id, kind, name, at=utc_now(), words=words)
