"""The world of a scenario, written into a practice store: who is on duty, customers, contracts, cases, articles."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from atencion.data import articles, customers
from atencion.data.agents import AgentRecord, AgentRole
from atencion.data.articles import ArticleRecord
from atencion.data.contracts import NewContract, ProductRecord, put_contracts, put_products
from atencion.data.engine import StoreKind
from atencion.data.validation import email, identifier, phone
from atencion.desk import Desk
from atencion.desk.case_keys import check_digit
from atencion.desk.case_opening import CaseRequest
from atencion.errors import Refused
from atencion.i18n import _
from atencion.training.library import Library
from atencion.training.scenario import PRACTICE_AGENT, PlantedArticle, PlantedCase, PlantedCustomer, Scenario

_FIRST_KEY = 70_000_000


class PracticeClock:
    """The time of a scenario. It stands still until it is moved, or told to go as real time does."""

    def __init__(self, begins: datetime) -> None:
        self._at = begins
        self._real: Callable[[], datetime] | None = None
        self._real_began = begins

    def __call__(self) -> datetime:
        """This moment, in UTC."""
        return self._at if self._real is None else self._at + (self._real() - self._real_began)

    def advance(self, milliseconds: int) -> None:
        """Let time pass."""
        self._at += timedelta(milliseconds=milliseconds)

    def move_to(self, moment: datetime) -> None:
        """Let it be this moment."""
        self._at += moment - self()

    def go(self, real: Callable[[], datetime]) -> None:
        """From now on time passes as it does in `real`."""
        self._at, self._real, self._real_began = self(), real, real()


class PracticeKeys:
    """Keys of cases, the same ones each time: those the scenario gives its planted cases, else one after the other."""

    def __init__(self) -> None:
        self._number = _FIRST_KEY
        self._wanted = ""

    def __call__(self) -> str:
        """The next key."""
        if self._wanted:
            key, self._wanted = self._wanted, ""
            return key
        self._number += 1
        return f"{self._number}{check_digit(str(self._number))}"

    def want(self, key: str) -> None:
        """The next one is this; an empty one asks for nothing."""
        self._wanted = key


def begins(scenario: Scenario, library: Library) -> datetime:
    """The moment at which the call of a scenario begins, in UTC."""
    return scenario.world.clock.replace(tzinfo=library.catalogue.organisation.local_zone).astimezone(UTC)


def plant(desk: Desk, scenario: Scenario, library: Library, clock: PracticeClock, keys: PracticeKeys) -> dict[str, int]:
    """Write the world of a scenario into a practice store; returns the customers' ids by their names in it.

    `clock` and `keys` are the desk's own. Raises Refused if the store is no practice store, or has a world already.
    """
    if desk.store.kind is not StoreKind.PRACTICE:
        raise Refused(_("El mundo de un escenario solo se pone en un almacén de práctica."))
    world, now = scenario.world, clock()
    desk.put_agent(AgentRecord(PRACTICE_AGENT, world.agent, world.agent))
    for agent in world.on_duty:
        desk.put_agent(AgentRecord(agent.code, agent.name, agent.name, AgentRole(agent.role), agent.department or ""))
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
        for one in world.customers:
            people[one.id] = customers.add_customer(connection, _customer(scenario, one), at=now)
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
                for one in world.customers
                for contract in one.contracts
            ),
        )
        if world.articles or world.without_articles:
            gone = articles.get_articles(connection, world.without_articles)
            planted = [_article(one, now.date()) for one in world.articles]
            retired = [ArticleRecord(**{**vars(one), "status": "retired"}) for one in gone]
            articles.put_articles(connection, [*planted, *retired], at=now)
    for case in sorted(world.cases, key=lambda case: -case.days_ago):
        clock.move_to(now - timedelta(days=case.days_ago))
        keys.want(case.key or "")
        desk.cases.open(_case(case, people), desk.agent(PRACTICE_AGENT))
    clock.move_to(now)
    return people


def _customer(scenario: Scenario, one: PlantedCustomer) -> customers.CustomerRecord:
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


def _case(case: PlantedCase, people: dict[str, int]) -> CaseRequest:
    return CaseRequest(
        case.type,
        case.about,
        subtype=case.subtype or "",
        customer_id=people[case.customer],
        contract_number=case.contract or "",
        department=case.department or "",
    )


def _article(one: PlantedArticle, on: date) -> ArticleRecord:
    text = "\n".join((one.title, one.say, one.body))
    return ArticleRecord(
        one.id,
        one.title,
        one.say,
        one.body,
        synonyms=one.synonyms,
        version="1.0.0",
        hash=hashlib.sha256(text.encode()).hexdigest(),
        valid_from=None,
        valid_to=None if one.expired_days is None else on - timedelta(days=one.expired_days),
        sample=True,
    )
