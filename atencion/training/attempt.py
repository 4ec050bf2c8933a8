"""An attempt: a practice store of its own with the scenario's world in it, and a call whose customer is simulated."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from atencion.data import cases, customers, journal, protocol_texts
from atencion.data.agents import AgentRecord
from atencion.data.article_search import Search
from atencion.data.contracts import NewContract, ProductRecord, put_contracts, put_products
from atencion.data.engine import StoreKind
from atencion.data.validation import email, identifier, phone
from atencion.desk import Desk, Interaction
from atencion.desk.case_keys import check_digit
from atencion.desk.customer_view import LookedUp
from atencion.desk.desk import Record
from atencion.desk.step_view import StepView
from atencion.errors import Refused
from atencion.i18n import _
from atencion.scripts import acts
from atencion.scripts.journal import Kind, Scalar
from atencion.scripts.run import Run, RunStatus
from atencion.training.customer import Customer, follow, meet
from atencion.training.library import Library, LoadedScenario
from atencion.training.scenario import PlantedCustomer, Scenario
from atencion.training.scoring import CaseState, Pinned, Score, score
from atencion.training.signs import Seen, watch

PRACTICE_AGENT = "P001"


class PracticeClock:
    """The time of a scenario: from its own clock on, as fast as real time, or only when it is told."""

    def __init__(self, begins: datetime, real: Callable[[], datetime] | None = None) -> None:
        self._begins = begins
        self._real = real
        self._real_begins = real() if real else None
        self._spent = timedelta()

    def __call__(self) -> datetime:
        """This moment, in UTC."""
        since = self._real() - self._real_begins if self._real and self._real_begins else timedelta()
        return self._begins + self._spent + since

    def advance(self, milliseconds: int) -> None:
        """Let time pass."""
        self._spent += timedelta(milliseconds=milliseconds)


@dataclass
class Practice:
    """What the calls of a practice desk share: the scenario, the seed and how what is said is recognised."""

    loaded: LoadedScenario
    library: Library
    seed: int
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
    _customer: Customer | None = None

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
        super().record(acts.Practise(Kind.PRACTISED, body))
        self._hear()

    @property
    def other(self) -> Customer:
        """The simulated customer as they stand."""
        if self._customer is None:
            self._customer = meet(self.practice.scenario, self.practice.loaded.hash, self.practice.seed)
        return self._customer

    def utter(self, words: str) -> Run:
        """Say something in one's own words. In an exam, whose script is hidden, they are also what the step says."""
        wanted: list[acts.Act] = []
        step = self.run.current
        hidden = self.practice.scenario.level == "exam"
        if hidden and step is not None and step.say is not None and not self.run.state(step.id).said:
            wanted.append(acts.Say(words))
        return self.record(*wanted, acts.Practise(Kind.UTTERED, {}, words))

    def wait(self) -> Run:
        """Let the customer notice how much time has passed."""
        with self._lock:
            before = self.other
            now = self._elapsed()
            if not before.ended:
                self._customer = before.waiting(now)
                self._speak(len(before.lines))
            return self.run

    def record(self, *wanted: acts.Act) -> Run:
        with self._lock:
            run = super().record(*wanted)
            if not hasattr(self, "practice"):
                return run
            return self._hear()

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

    def _elapsed(self) -> int:
        return round((self._around.clock() - self.opened_at).total_seconds() * 1000)

    def _hear(self) -> Run:
        if self.run.status is not RunStatus.OPEN:
            return self.run
        with self._around.store.reading() as connection:
            entries = journal.read(connection, self.id)
        seen = watch(entries, self.practice.library.recogniser)
        before = 0 if self._customer is None else len(self._customer.lines)
        self._customer = follow(self.other, seen[len(self._read) :])
        self._read = seen
        self._speak(before)
        return self.run

    def _speak(self, before: int) -> None:
        """Write what the customer has just said or done."""
        heard: list[acts.Act] = []
        for line in self.other.lines[before:]:
            body: dict[str, Any] = {"reaction": line.reaction, "patience": line.patience}
            body |= {"ends": line.ends} if line.ends else {}
            body |= {"down": line.down} if line.down else {}
            heard.append(acts.Practise(Kind.HEARD, body, line.words))
        if heard:
            super().record(*heard)


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
) -> Iterator[tuple[Desk, PracticeCall, PracticeClock]]:
    """A practice store at `url` with the world of the scenario, and its call begun; the store is closed at the end.

    Time passes as `real_time` does or, without it, when the clock is told. Raises StoreError if there is a store of
    another kind, Refused if another attempt is in it.
    """
    scenario = loaded.scenario
    zone = library.catalogue.organisation.local_zone
    clock = PracticeClock(scenario.world.clock.replace(tzinfo=zone).astimezone(UTC), real_time)
    keys = iter(range(1, 10_000))
    desk = PracticeDesk.open(
        url, protocols, kind=StoreKind.PRACTICE, clock=clock, new_key=lambda: _practice_key(next(keys))
    )
    try:
        practice = Practice(loaded, library, scenario.seed if seed is None else seed)
        practice.people = plant(desk, scenario, library, clock())
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
        call.begin(practice)
        yield desk, call, clock
    finally:
        desk.close()


def plant(desk: Desk, scenario: Scenario, library: Library, at: datetime) -> dict[str, int]:
    """Write the world of a scenario into a practice store; returns the customers' ids by their names in it."""
    if desk.store.kind is not StoreKind.PRACTICE:
        raise Refused(_("El mundo de un escenario solo se pone en un almacén de práctica."))
    desk.put_agent(AgentRecord(PRACTICE_AGENT, scenario.world.agent, scenario.world.agent))
    people: dict[str, int] = {}
    with desk.store.writing() as connection:
        if customers.count_customers(connection):
            raise Refused(
                _("Este almacén de práctica ya tiene el mundo de otro intento."),
                remedy=_("Cada intento tiene el suyo: dé otra dirección en --db, o ninguna."),
            )
        put_products(
            connection,
            (
                ProductRecord(row["code"], row["name"], row["family"], row["description"])
                for row in library.products.values()
            ),
        )
        for one in scenario.world.customers:
            people[one.id] = customers.add_customer(connection, _record(scenario, one), at=at)
        put_contracts(
            connection,
            (
                NewContract(
                    _external(scenario, one),
                    contract.number,
                    contract.product,
                    contract.status,
                    contract.started_on,
                    None,
                    f"{one.street}, {one.postcode} {one.town}",
                    last_invoice_cents=contract.last_invoice_cents,
                )
                for one in scenario.world.customers
                for contract in one.contracts
            ),
        )
    return people


def _record(scenario: Scenario, one: PlantedCustomer) -> customers.CustomerRecord:
    document, number = identifier(one.document), phone(one.phone)
    contacts = [number, *([email(one.email)] if one.email else [])]
    return customers.CustomerRecord(
        external_id=_external(scenario, one),
        given_name=one.given_name,
        surnames=one.surnames,
        birth_date=one.birth_date,
        language=one.language,
        identifiers=(document,),
        contacts=tuple(contacts),
        addresses=(customers.AddressRecord(one.street, one.postcode, one.town, one.province, True),),
    )


def _external(scenario: Scenario, one: PlantedCustomer) -> str:
    return f"{scenario.id}:{one.id}"


def _practice_key(number: int) -> str:
    digits = f"{70_000_000 + number:08}"
    return digits + check_digit(digits)


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
    scenario, began = scenario_of(desk, library, record), _began(record)
    if scenario is None or began is None:
        raise Refused(_("La interacción {id} no es de práctica.").format(id=record.summary.id))
    entries = [entry for entry in record.entries if entry.kind != Kind.HEARD]
    again = follow(meet(scenario, str(began["hash"]), int(began["seed"] or 0)), watch(entries, library.recogniser))
    said = tuple(entry.value or "" for entry in record.entries if entry.kind == Kind.HEARD)
    return Replayed(tuple(line.words for line in again.lines)[: max(len(said), 1)], said)


def scenario_of(desk: Desk, library: Library, record: Record) -> Scenario | None:
    """The scenario of an attempt, as it was; None of a real interaction. Raises Refused if its text is missing."""
    began = _began(record)
    if began is None:
        return None
    with desk.store.reading() as connection:
        source = protocol_texts.get_protocol_text(connection, str(began["hash"]))
    if source is None:
        raise Refused(_("Falta el texto del escenario de este intento."))
    return library.unpinned(source, str(began["scenario"]))


def _began(record: Record) -> dict[str, Any] | None:
    began = next((entry for entry in record.entries if entry.kind == Kind.PRACTISED), None)
    return dict(began.body) if began else None


def score_of(desk: Desk, library: Library, record: Record) -> Score:
    """The score of an interaction of this store: of its scenario if it was practice, of what holds of any if not.

    Raises Refused if the text of its scenario is not in the store.
    """
    scenario, body = scenario_of(desk, library, record), _began(record) or {}
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
    )
