"""What a trainer decides of an attempt that is over: what only a person can say and then, by their name, the whole."""

from __future__ import annotations

from atencion.data import practice_notes
from atencion.data.connection import Connection
from atencion.data.practice_notes import NoteKind
from atencion.desk import Desk
from atencion.desk.desk import Record, utc_now
from atencion.errors import Refused
from atencion.i18n import _
from atencion.scripts.run import RunStatus
from atencion.text import clean_line
from atencion.training.afterwards import began_with, debrief_of
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

    def judge(self, check: str, verdict: Verdict) -> None:
        """Say how a check that waits for a person ended. Raises Refused if it does not wait, or all is signed."""
        known = [one.check.id for one in self.debrief().score.for_trainer]
        if check not in known:
            told = _("La comprobación «{name}» no espera a nadie.").format(name=clean_line(check, 80))
            raise Refused(told, remedy=_("Esperan: {names}").format(names=", ".join(known)) if known else "")
        self._put(NoteKind.VERDICT, check, str(verdict))

    def sign(self, who: str) -> None:
        """Make the result official, by somebody's name. Raises Refused while a check waits, or the call goes on."""
        name, record = clean_line(who), self._record()
        if not name:
            raise Refused(_("Falta el nombre de quien firma."))
        if record.run.status is not RunStatus.CLOSED:
            raise Refused(_("La llamada todavía no ha terminado."))
        found = debrief_of(self._desk, self._library, record)
        if found.score.waits:
            names = ", ".join(one.check.id for one in found.score.waits)
            raise Refused(_("Todavía espera su veredicto: {names}").format(names=names))
        self._put(NoteKind.SIGNATURE, name, found.score.hash)

    def _record(self) -> Record:
        record = self._desk.record_of(self._id)
        if began_with(record) is None:
            raise Refused(_("La interacción {id} no es de práctica.").format(id=self._id))
        return record

    def _put(self, kind: NoteKind, name: str, words: str) -> None:
        with self._desk.store.writing() as connection:
            self._require_unsigned(connection)
            practice_notes.put_note(connection, self._id, kind, name, at=utc_now(), words=words)

    def _require_unsigned(self, connection: Connection) -> None:
        notes = practice_notes.notes_of(connection, self._id)
        signed = next((note for note in notes if note.kind is NoteKind.SIGNATURE), None)
        if signed is not None:
            raise Refused(_("Ya lo firmó {name}: no cambia más.").format(name=signed.name))
