"""What passes between who learns and who trains around an attempt, beside its journal, in the order it was written.

In a classroom it is how the trainer's terminal tells the learner's what the customer says; marks are kept here too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from atencion.data.connection import Connection
from atencion.data.sql import Statement, moment


class NoteKind(StrEnum):
    """What a note is."""

    CUE = "cue"
    """The customer, whom the trainer plays, says or does something."""
    OWN_MARK = "own_mark"
    """What the learner thinks a criterion deserves, before seeing any score."""
    MARK = "mark"
    """What the trainer thinks a criterion deserves."""
    VERDICT = "verdict"
    """How a check that only a person can judge ended, in a trainer's judgement."""
    SIGNATURE = "signature"
    """Somebody answers for the result."""
    FORM = "form"
    """What was typed of a customer who was written down or corrected, so that it can be done again."""


@dataclass(frozen=True, slots=True)
class PracticeNote:
    """A note. `name` is the cue, the criterion, the check, who signs or the kind of entry; `words` what is said, the
    verdict, the hash of the score that is signed or the form as JSON; `seq` the last entry of the journal when it was
    written, where that matters.
    """

    id: int
    kind: NoteKind
    name: str
    mark: int | None
    seq: int
    words: str
    at: datetime


def put_note(
    connection: Connection,
    interaction_id: int,
    kind: NoteKind,
    name: str,
    *,
    at: datetime,
    mark: int | None = None,
    seq: int = 0,
    words: str = "",
) -> None:
    """Write a note."""
    _PUT.run(
        connection,
        interaction_id=interaction_id,
        kind=str(kind),
        name=name,
        mark=mark,
        seq=seq,
        words=words,
        at=at,
    )


def notes_of(connection: Connection, interaction_id: int, after: int = 0) -> list[PracticeNote]:
    """The notes of an interaction written after the one of that id, in order."""
    rows = _NOTES.run(connection, interaction_id=interaction_id, after=after)
    return [
        PracticeNote(row.id, NoteKind(row.kind), row.name, row.mark, row.seq, row.words, moment(row.written_at))
        for row in rows
    ]


_PUT = Statement(
    """
    INSERT INTO practice_note (interaction_id, kind, name, mark, seq, words, written_at)
    VALUES (:interaction_id, :kind, :name, :mark, :seq, :words, :at)
    """
)
_NOTES = Statement(
    """
    SELECT id, kind, name, mark, seq, words, written_at FROM practice_note
    WHERE interaction_id = :interaction_id AND id > :after ORDER BY id
    """
)
