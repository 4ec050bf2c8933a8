"""What can be done at a desk, without a terminal: open the store, take calls, find customers and answers."""

from __future__ import annotations

import getpass
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from atencion.data import agents, articles, customer_search, customers, drafts, interactions, journal, protocol_texts
from atencion.data.agents import AgentRecord, StoredAgent
from atencion.data.customer_search import Found
from atencion.data.customers import CustomerCard
from atencion.data.engine import StoreKind, open_store
from atencion.data.interactions import DayCounts, InteractionStatus, InteractionSummary, NewInteraction
from atencion.data.journal import StoredEntry
from atencion.desk.case_keys import new_case_key
from atencion.desk.customer_view import mask_name
from atencion.desk.interaction import Interaction
from atencion.desk.surroundings import Surroundings
from atencion.errors import Problem, ProblemsFound, Refused
from atencion.i18n import _
from atencion.scripts import acts
from atencion.scripts.catalogue import Catalogue, unpin
from atencion.scripts.headers import Header
from atencion.scripts.journal import Kind, Scalar
from atencion.scripts.organisation import Organisation
from atencion.scripts.protocol import END, Protocol
from atencion.scripts.run import Run, fold
from atencion.text import clean_line
from atencion.text import fold as folded

if TYPE_CHECKING:
    # Loaded where they are used: a call is taken without them, and they would make the start longer.
    from atencion.data.callback_promises import Callback
    from atencion.data.customer_export import Exported
    from atencion.data.customer_import import ImportProgress, ImportResult
    from atencion.data.customer_merge import MergePreview, Unmerged
    from atencion.data.import_log import ImportRecord, ImportUndone
    from atencion.data.queue_log import QueueLogResult
    from atencion.data.twin_search import Hunt, Pair
    from atencion.desk.callbacks import Callbacks
    from atencion.desk.case_answers import CaseAnswers
    from atencion.desk.cases import Cases
    from atencion.desk.exceptions import Exceptions
    from atencion.desk.handovers import Handovers
    from atencion.desk.knowledge import Knowledge
    from atencion.desk.outages import Outages
    from atencion.desk.outbox import Outbox


def utc_now() -> datetime:
    """This moment."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class OpenCall:
    """A call left open, in a list. `customer` is masked unless verified, and empty while nobody is picked."""

    id: int
    opened_at: datetime
    last_at: datetime
    protocol_title: str
    step_title: str
    customer: str
    phone: str | None


@dataclass(frozen=True)
class Record:
    """All that is known of an interaction."""

    summary: InteractionSummary
    run: Run
    entries: tuple[StoredEntry, ...]


class Desk:
    """An open desk. Any thread may use it."""

    call_type: type[Interaction] = Interaction
    """What a call in hand is."""

    def __init__(self, surroundings: Surroundings) -> None:
        self.store = surroundings.store
        self.catalogue = surroundings.catalogue
        self._around = surroundings
        self._pinned: dict[str, Protocol] = {}

    @classmethod
    def open(
        cls,
        url: str,
        protocols: Path,
        *,
        create: bool = True,
        kind: StoreKind | None = StoreKind.REAL,
        clock: Callable[[], datetime] = utc_now,
        new_key: Callable[[], str] = new_case_key,
    ) -> Desk:
        """Open the store, made if missing unless `create` is false, and the folder of protocols; a store without
        articles takes the folder's.

        Raises StoreError if the store cannot be used, ProblemsFound if `organisation.yaml` cannot.
        """
        catalogue = Catalogue(protocols)
        _needed = catalogue.organisation
        store = open_store(url, create=create, kind=kind)
        try:
            desk = cls(Surroundings(store, catalogue, clock, new_key))
            desk._make_articles_ready(protocols / "knowledge")
        except BaseException:
            store.close()
            raise
        return desk

    def close(self) -> None:
        """Close the store; the desk may not be used any more."""
        self.store.close()

    @property
    def organisation(self) -> Organisation:
        """Who attends."""
        return self.catalogue.organisation

    def now(self) -> datetime:
        """This moment in the organisation's zone."""
        return self.local(self._around.clock())

    def local(self, moment: datetime) -> datetime:
        """A moment in the organisation's zone."""
        return moment.astimezone(self.organisation.local_zone)

    # Who attends

    def agents(self) -> list[StoredAgent]:
        """The active agents, by name."""
        with self.store.reading() as connection:
            found = agents.list_agents(connection)
        return sorted(found, key=lambda one: folded(one.name))

    def agent(self, code: str | None = None) -> StoredAgent:
        """The agent of that code. Without one, the only agent there is; in a new store, one named after the person
        who uses the computer. Raises Refused if there is no such agent, or several to choose from.
        """
        listed = self.agents()
        if code is None and not listed:
            self.put_agent(AgentRecord("A001", getpass.getuser()))
            listed = self.agents()
        found = listed if code is None else [agent for agent in listed if agent.code == clean_line(code, 40)]
        if len(found) == 1:
            return found[0]
        codes = ", ".join(sorted(agent.code for agent in listed))
        if code is None:
            raise Refused(_("Hay varios agentes: diga quién atiende."), remedy=codes)
        raise Refused(_("No hay ningún agente «{code}».").format(code=clean_line(code, 40)), remedy=codes)

    def put_agent(self, agent: AgentRecord) -> None:
        """Write an agent, or bring the one of the same code up to date."""
        with self.store.writing() as connection:
            agents.put_agent(connection, agent)

    # Articles

    @cached_property
    def knowledge(self) -> Knowledge:
        """The articles and their upkeep."""
        from atencion.desk.knowledge import Knowledge

        return Knowledge(self.store, self._around.clock, lambda: self.now().date())

    # Cases

    @cached_property
    def cases(self) -> Cases:
        """Opening, finding and following cases."""
        from atencion.desk.cases import Cases

        return Cases(self._around)

    @cached_property
    def answers(self) -> CaseAnswers:
        """Answering cases."""
        from atencion.desk.case_answers import CaseAnswers

        return CaseAnswers(self._around)

    @cached_property
    def outages(self) -> Outages:
        """Answering many notices of one outage at once."""
        from atencion.desk.outages import Outages

        return Outages(self._around)

    @cached_property
    def handovers(self) -> Handovers:
        """Handing cases over."""
        from atencion.desk.handovers import Handovers

        return Handovers(self._around)

    @cached_property
    def exceptions(self) -> Exceptions:
        """What agents ask of a supervisor beyond their limits."""
        from atencion.desk.exceptions import Exceptions

        return Exceptions(self._around)

    @cached_property
    def callbacks(self) -> Callbacks:
        """Promised calls, and customers who ask for a supervisor."""
        from atencion.desk.callbacks import Callbacks

        return Callbacks(self._around)

    @cached_property
    def outbox(self) -> Outbox:
        """What is to be sent."""
        from atencion.desk.outbox import Outbox

        return Outbox(self._around, self.answers)

    # Calls

    def openings(self, agent: StoredAgent, channel: str | None = None) -> list[Header]:
        """The protocols that the agent may open today, by title; of one channel, the one they opened last is first."""
        today = self.now().date()
        usable = [
            one
            for one in self.catalogue.headers()
            if one.is_open_to(str(agent.role), today) and (channel is None or channel in one.channels)
        ]
        if channel is None:
            return sorted(usable, key=lambda one: folded(one.title))
        first = self._usual(agent, channel)
        return sorted(usable, key=lambda one: (one.id != first, folded(one.title)))

    def usual_opening(self, agent: StoredAgent, channel: str) -> Header | None:
        """The one that `openings` puts first because it is the usual one, if there is one; no other is read."""
        usual = self._usual(agent, channel)
        header = self.catalogue.header(usual) if usual else None
        usable = header is not None and header.is_open_to(str(agent.role), self.now().date())
        return header if header is not None and usable and channel in header.channels else None

    def open_interaction(
        self,
        agent: StoredAgent,
        protocol_id: str,
        *,
        channel: str | None = None,
        language: str | None = None,
        phone: str | None = None,
        direction: str = "inbound",
    ) -> Interaction:
        """Open a contact led by a protocol, on its first channel and in its own language unless others are said.

        It is led by the text of the file as it is now; if that is wrong, by the one that led the latest contact, and
        `file_problems` says why. Raises Refused if there is no such protocol, it is not for that channel, agent or day,
        ProblemsFound if it is wrong and never led any.
        """
        return self._open_interaction(agent, protocol_id, channel, language, phone, direction)

    def call_back(self, agent: StoredAgent, callback_id: int) -> Interaction:
        """Make a call that was promised, led by the protocol for phone that comes first to this agent.

        Raises Refused if it was made already, there is no such protocol, or it is to sell and the law forbids it now.
        """
        leads = next((one.id for one in self.openings(agent, "phone") if self._can_lead(one.id)), None)
        if leads is None:
            raise Refused(_("No hay ningún protocolo que se pueda usar."))
        promised = self.callbacks.get(callback_id)
        return self._open_interaction(agent, leads, "phone", None, promised.phone, "outbound", promised=promised)

    def resume(self, interaction_id: int, agent: StoredAgent) -> Interaction:
        """Take a call up at the step where it was, with the same values. Raises Refused if it is closed or unknown."""
        record = self.record_of(interaction_id)
        if record.summary.status is not InteractionStatus.OPEN:
            raise Refused(_("La llamada {id} ya está cerrada.").format(id=interaction_id))
        with self.store.reading() as connection:
            kept = drafts.get_drafts(connection, interaction_id)
        queries = [entry.value for entry in record.entries if entry.kind == Kind.LOOKED_UP and entry.value]
        interaction = self.call_type(
            self._around,
            record.summary,
            agent,
            record.run,
            found_by=queries[-1] if queries else "",
            kept_drafts=kept,
        )
        interaction.record(acts.Resume())
        return interaction

    def open_interactions(self, agent: StoredAgent) -> list[OpenCall]:
        """The calls the agent left open, the latest first."""
        with self.store.reading() as connection:
            summaries = interactions.open_interactions(connection, agent.id)
        return [self._open_call(summary) for summary in summaries]

    def my_day(self, agent: StoredAgent) -> DayCounts:
        """What the agent did since midnight in the organisation's zone."""
        start = datetime.combine(self.now().date(), time(), self.organisation.local_zone)
        with self.store.reading() as connection:
            return interactions.day_counts(connection, agent.id, start, start + timedelta(days=1))

    def interactions(self, limit: int = 50, agent: StoredAgent | None = None) -> list[InteractionSummary]:
        """The latest interactions, of everybody or of one agent."""
        with self.store.reading() as connection:
            return interactions.recent_interactions(connection, limit, agent.id if agent else None)

    def record_of(self, interaction_id: int) -> Record:
        """All that is known of an interaction. Raises Refused if there is none of that number."""
        with self.store.reading() as connection:
            summary = interactions.get_interaction(connection, interaction_id)
            entries = journal.read(connection, interaction_id) if summary else []
        if summary is None:
            raise Refused(_("No hay ninguna interacción {id}.").format(id=interaction_id))
        run = fold(self._protocol_of(summary), entries)
        return Record(summary, run, tuple(entries))

    # Customers

    def find_customers(self, query: str, limit: int = 20) -> list[Found]:
        """The customers that `query` may mean, the likeliest first, with their names."""
        with self.store.reading() as connection:
            return customer_search.find(connection, query, limit)

    def customer(self, customer_id: int) -> CustomerCard | None:
        """All of a customer, or None."""
        with self.store.reading() as connection:
            return customers.card(connection, customer_id)

    def import_customers(
        self,
        path: Path,
        *,
        rejects_path: Path,
        mapping_path: Path | None = None,
        dry_run: bool = False,
        report_path: Path | None = None,
        on_progress: Callable[[ImportProgress], None] = lambda progress: None,
    ) -> ImportResult:
        """Write the customers of a file; what is no good goes to another with the reason.

        `mapping_path` is a file that says what its columns hold. With `dry_run` nothing is written but the report.
        """
        from atencion.data import customer_import
        from atencion.desk.mapping import read_mapping

        return customer_import.import_customers(
            self.store,
            path,
            rejects_path=rejects_path,
            plan=read_mapping(mapping_path) if mapping_path else None,
            dry_run=dry_run,
            report_path=report_path,
            on_progress=on_progress,
            clock=self._around.clock,
        )

    def imports(self) -> list[ImportRecord]:
        """The latest imports, the latest first."""
        from atencion.data import import_log

        with self.store.reading() as connection:
            return import_log.imports(connection)

    def undo_import(
        self, import_id: int, *, on_progress: Callable[[float], None] = lambda fraction: None
    ) -> ImportUndone:
        """Take out all that an import brought in. Raises Refused if there is no such import to undo."""
        from atencion.data import import_log

        return import_log.undo(self.store, import_id, clock=self._around.clock, on_progress=on_progress)

    def export_customers(
        self,
        path: Path,
        query: str = "",
        *,
        format_: str | None = None,
        overwrite: bool = False,
        on_progress: Callable[[float], None] = lambda fraction: None,
    ) -> Exported:
        """Write the customers that `query` may mean, or all, to a file. Raises Refused if it cannot be written."""
        from atencion.data import customer_export

        return customer_export.export_customers(
            self.store, path, query, format_=format_, overwrite=overwrite, on_progress=on_progress
        )

    # Twins

    def hunt_twins(self, *, on_progress: Callable[[float], None] = lambda fraction: None) -> Hunt:
        """Look for customers that are twice in the store; what is suspected goes to the queue."""
        from atencion.data import twin_search

        return twin_search.hunt(self.store, clock=self._around.clock, on_progress=on_progress)

    def twin_queue(self, limit: int = 100) -> tuple[list[Pair], int]:
        """The pairs that wait for a decision, the surest first, and how many there are."""
        from atencion.data import twin_search

        with self.store.reading() as connection:
            return twin_search.queue(connection, limit), twin_search.count_open(connection)

    def dismiss_twins(self, one: int, other: int, *, agent: StoredAgent | None = None) -> None:
        """They are two people. Raises Refused if that pair was not waiting."""
        from atencion.data import twin_search

        with self.store.writing() as connection:
            by = agent.id if agent else None
            if not twin_search.dismiss(connection, one, other, by=by, at=self._around.clock()):
                raise Refused(_("El par {one} y {other} no está en la cola.").format(one=one, other=other))

    def preview_merge(self, kept: int, other: int, take: Collection[str] = ()) -> MergePreview:
        """What merging two customers would do, field by field. Raises Refused if they cannot be."""
        from atencion.data import customer_merge

        with self.store.reading() as connection:
            return customer_merge.preview(connection, kept, other, take)

    def merge_customers(
        self, kept: int, other: int, take: Collection[str] = (), *, agent: StoredAgent | None = None
    ) -> int:
        """Make one of two customers; returns the number of the merge. Raises Refused if they cannot be."""
        from atencion.data import customer_merge

        with self.store.writing() as connection:
            by = agent.id if agent else None
            return customer_merge.merge(connection, kept, other, take, by=by, at=self._around.clock())

    def unmerge_customers(
        self, merge_id: int, give: Collection[int] = (), *, agent: StoredAgent | None = None
    ) -> Unmerged:
        """Make two again of a merge; the later interactions in `give` go to the one restored. Raises Refused."""
        from atencion.data import customer_merge

        with self.store.writing() as connection:
            by = agent.id if agent else None
            return customer_merge.unmerge(connection, merge_id, give, by=by, at=self._around.clock())

    def import_queue_log(self, path: Path, *, on_progress: Callable[[int], None] = lambda done: None) -> QueueLogResult:
        """Read the log of the telephone exchange's queues. Raises Refused if the file cannot be read."""
        from atencion.data import queue_log

        return queue_log.import_queue_log(self.store, path, on_progress=on_progress)

    # Inside

    def _open_interaction(
        self,
        agent: StoredAgent,
        protocol_id: str,
        channel: str | None,
        language: str | None,
        phone: str | None,
        direction: str,
        *,
        promised: Callback | None = None,
    ) -> Interaction:
        """`open_interaction`; a call that was promised is made by it, in the same transaction."""
        protocol, text_hash, pinned, problems = self._newest(protocol_id)
        at = self._around.clock()
        channel = channel or protocol.channels[0]
        _require_usable(protocol, agent, channel, self.local(at).date())
        self._pinned[text_hash] = protocol
        body: dict[str, Scalar] = {
            "protocol": protocol.id,
            "version": protocol.version,
            "hash": text_hash,
            "channel": channel,
            "direction": direction,
            "language": language or protocol.language,
            "agent": agent.code,
        }
        if body["language"] != protocol.language:
            body["asked"] = True  # Somebody asked for that language: the report has no other way to know.
        with self.store.writing() as connection:
            if promised is not None:
                self.callbacks.begin_in(connection, promised)
            protocol_texts.put_protocol_text(
                connection,
                text_hash,
                protocol_id=protocol.id,
                version=protocol.version,
                source=pinned,
                at=at,
            )
            new = NewInteraction(
                channel, direction, agent.id, protocol.id, protocol.version, text_hash, at, phone or None
            )
            interaction_id = interactions.add_interaction(connection, new)
            entry = journal.NewEntry(Kind.OPENED, "", body)
            journal.append(connection, interaction_id, 1, [entry], at=at, agent_id=agent.id)
        record = self.record_of(interaction_id)
        call = self.call_type(self._around, record.summary, agent, record.run)
        call.file_problems = problems
        return call

    def _usual(self, agent: StoredAgent, channel: str) -> str | None:
        """The protocol that the agent opened last on a channel, or else the organisation's."""
        with self.store.reading() as connection:
            last = interactions.last_protocol(connection, agent.id, channel)
        return last or self.organisation.channel[channel].protocol

    def _make_articles_ready(self, folder: Path) -> None:
        """See that articles can be searched; a store without any takes those of `folder`."""
        with self.store.reading() as connection:
            made, empty = articles.index_is_made(connection), articles.is_empty(connection)
        if empty and folder.is_dir():
            self.knowledge.import_folder(folder)
        elif not made:
            with self.store.writing() as connection:
                articles.make_index(connection)

    def _open_call(self, summary: InteractionSummary) -> OpenCall:
        run = self.record_of(summary.id).run
        step = run.current
        return OpenCall(
            summary.id,
            summary.opened_at,
            run.last_at or summary.opened_at,
            run.protocol.title,
            step.title if step else END,
            summary.customer_name if run.verified else mask_name(summary.customer_name, ""),
            summary.phone,
        )

    def _newest(self, protocol_id: str) -> tuple[Protocol, str, str, tuple[Problem, ...]]:
        """The protocol that leads a new contact, the hash and the whole of its text, and what keeps its file out."""
        try:
            loaded = self.catalogue.protocol(protocol_id)
            return loaded.protocol, loaded.hash, loaded.pinned, ()
        except ProblemsFound as error:
            with self.store.reading() as connection:
                text_hash = interactions.last_protocol_hash(connection, protocol_id)
                pinned = protocol_texts.get_protocol_text(connection, text_hash) if text_hash else None
            if text_hash is None or pinned is None:
                raise
            try:
                return unpin(pinned, protocol_id), text_hash, pinned, error.problems
            except ProblemsFound:
                raise error from None  # It was good for an earlier version of the program.

    def _can_lead(self, protocol_id: str) -> bool:
        """Whether a contact can begin with a protocol: its file is good, or was."""
        try:
            self._newest(protocol_id)
        except ProblemsFound:
            return False
        return True

    def _protocol_of(self, summary: InteractionSummary) -> Protocol:
        """The protocol as it was when the interaction was opened."""
        if summary.protocol_hash not in self._pinned:
            with self.store.reading() as connection:
                source = protocol_texts.get_protocol_text(connection, summary.protocol_hash)
            if source is None:
                raise Refused(_("Falta el texto del protocolo que llevó esta interacción."))
            self._pinned[summary.protocol_hash] = unpin(source, summary.protocol_id)
        return self._pinned[summary.protocol_hash]


def _require_usable(protocol: Protocol, agent: StoredAgent, channel: str, today: date) -> None:
    title, valid = protocol.title, protocol.valid
    if channel not in protocol.channels:
        message = _("«{title}» no es para el canal «{channel}».").format(title=title, channel=clean_line(channel, 40))
        raise Refused(message, remedy=", ".join(protocol.channels))
    if protocol.status != "published":
        raise Refused(_("«{title}» no está publicado ({status}).").format(title=title, status=protocol.status))
    if today < valid.from_ or (valid.to is not None and today > valid.to):
        until = f" – {valid.to:%d/%m/%Y}" if valid.to else ""
        message = _("«{title}» no está en vigor hoy ({dates}).")
        raise Refused(message.format(title=title, dates=f"{valid.from_:%d/%m/%Y}{until}"))
    if protocol.roles and str(agent.role) not in protocol.roles:
        raise Refused(_("«{title}» no lo puede abrir quien tiene su papel.").format(title=title))
