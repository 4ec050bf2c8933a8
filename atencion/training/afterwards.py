"""What is known of an attempt once it is over: its scenario, its score, whether its customer says the same again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from atencion.data import cases, practice_notes, protocol_texts
from atencion.data.practice_notes import NoteKind, PracticeNote
from atencion.desk import Desk
from atencion.desk.desk import Record
from atencion.errors import Refused
from atencion.i18n import _
from atencion.scripts.journal import Kind
from atencion.training.customer import follow, meet
from atencion.training.debrief import Debrief, Signature, TrainerMark, beside, lost_points, timeline
from atencion.training.library import Library, LoadedScenario
from atencion.training.scenario import Scenario
from atencion.training.scoring import CaseState, Pinned, Score, Verdict, score
from atencion.training.signs import watch


@dataclass(frozen=True, slots=True)
class Replayed:
    """What the customer of an attempt says to the same journal again, and what was written then."""

    heard: tuple[str, ...]
    recorded: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Whether it is word for word the same."""
        return self.heard == self.recorded


def replayed(desk: Desk, library: Library, record: Record) -> Replayed:
    """The attempt's customer, met again. Raises Refused if the interaction is no practice."""
    began = _practised_alone(record)
    scenario = library.unpinned(_source(desk, began), str(began["scenario"]))
    entries = [entry for entry in record.entries if entry.kind != Kind.HEARD]
    again = follow(meet(scenario, str(began["hash"]), int(began["seed"] or 0)), watch(entries, library.recogniser))
    heard = [entry for entry in record.entries if entry.kind == Kind.HEARD]
    if heard:
        again = again.waiting(round((heard[-1].at - record.entries[0].at).total_seconds() * 1000))
    said = tuple(entry.value or "" for entry in heard)
    return Replayed(tuple(line.words for line in again.lines)[: max(len(said), 1)], said)


def scenario_of(desk: Desk, library: Library, record: Record) -> Scenario | None:
    """The scenario of an attempt, as it was; None of a real interaction. Raises Refused if its text is missing."""
    began = began_with(record)
    return None if began is None else library.unpinned(_source(desk, began), str(began["scenario"]))


def practised(desk: Desk, library: Library, record: Record) -> tuple[LoadedScenario, int]:
    """The scenario of an attempt, in the very text it had, and its seed: to play it again.

    Raises Refused if it is no practice of somebody alone, ProblemsFound if the scenario fits the organisation no more.
    """
    began = _practised_alone(record)
    loaded = library.from_text(_source(desk, began), str(began["scenario"]))
    return loaded, int(began["seed"] or 0)


def _practised_alone(record: Record) -> dict[str, Any]:
    """What the attempt began with. Raises Refused if the customer of the interaction was no simulated one."""
    began = began_with(record)
    if began is None:
        raise Refused(_("La interacción {id} no es de práctica.").format(id=record.summary.id))
    if began.get("classroom"):
        raise Refused(
            _("En este intento la persona era quien forma, y nadie puede volver a decir lo mismo."),
            remedy=_("Lo que se dijo está en «atencion interaction show {id}».").format(id=record.summary.id),
        )
    return began


def _source(desk: Desk, began: dict[str, Any]) -> str:
    with desk.store.reading() as connection:
        source = protocol_texts.get_protocol_text(connection, str(began["hash"]))
    if source is None:
        raise Refused(_("Falta el texto del escenario de este intento."))
    return source


def began_with(record: Record) -> dict[str, Any] | None:
    """What an attempt says of itself as it begins: scenario, seed and so on; None of a real interaction."""
    began = next((entry for entry in record.entries if entry.kind == Kind.PRACTISED), None)
    return dict(began.body) if began else None


def score_of(desk: Desk, library: Library, record: Record) -> Score:
    """The score of an interaction of this store: of its scenario if it was practice, of what holds of any if not.

    Raises Refused if the text of its scenario is not in the store.
    """
    return _score_of(desk, library, record, scenario_of(desk, library, record), _notes_of(desk, record))


def _notes_of(desk: Desk, record: Record) -> list[PracticeNote]:
    with desk.store.reading() as connection:
        return practice_notes.notes_of(connection, record.summary.id)


def _score_of(
    desk: Desk, library: Library, record: Record, scenario: Scenario | None, notes: Sequence[PracticeNote]
) -> Score:
    body = began_with(record) or {}
    with desk.store.reading() as connection:
        opened_here = [
            CaseState(one.key, one.type, one.department, one.status)
            for one in cases.cases_of_interaction(connection, record.summary.id)
            if one.opened_by_interaction == record.summary.id
        ]
    pinned = Pinned(
        f"{record.summary.protocol_id} {record.summary.protocol_version}",
        record.summary.protocol_hash,
        library.rubric.version,
        library.rubric_hash,
        library.acts_hash,
        f"{body['scenario']} {body['version']}" if body else "",
        str(body.get("hash", "")),
        int(body.get("seed") or 0),
    )
    return score(
        record.run,
        record.entries,
        library.recogniser,
        library.rubric,
        pinned,
        scenario=scenario,
        caller=int(body["caller"]) if body else None,
        cases=opened_here,
        verdicts={one.name: Verdict(one.words) for one in notes if one.kind is NoteKind.VERDICT},
    )


def debrief_of(desk: Desk, library: Library, record: Record) -> Debrief:
    """All that is told of an interaction of this store: its score, what learner and trainer said of it, who signed it.

    Raises Refused if the text of its scenario is not in the store.
    """
    scenario = scenario_of(desk, library, record)
    notes = _notes_of(desk, record)
    found = _score_of(desk, library, record, scenario, notes)
    signed = next((one for one in notes if one.kind is NoteKind.SIGNATURE), None)
    norms = {
        one.check.norm: library.catalogue.norm(one.check.norm).label
        for one in found.judged
        if one.check.norm is not None
    }
    protocol = record.run.protocol
    return Debrief(
        found,
        library.rubric,
        scenario,
        {one.name: one.mark for one in notes if one.kind is NoteKind.OWN_MARK and one.mark is not None},
        tuple(
            TrainerMark(one.name, one.mark, one.seq, one.words)
            for one in notes
            if one.kind is NoteKind.MARK and one.mark is not None
        ),
        timeline(record.entries, found.judged, protocol, library.catalogue.organisation),
        lost_points(found, norms),
        beside(scenario.ideal if scenario else (), found.path, protocol),
        Signature(signed.name, desk.local(signed.at), signed.words == found.hash) if signed is not None else None,
    )
