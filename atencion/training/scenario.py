"""The language of scenarios: who calls, what the world holds, how they react, and what is looked at."""

from __future__ import annotations

from datetime import date, datetime
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from atencion.i18n import _
from atencion.scripts.answers import Names
from atencion.scripts.model import Count, Criterion, Identifier, Line, Seconds, Slug, Strict, When, YesNo, invalid
from atencion.scripts.protocol import Version
from atencion.training.rubric import Check
from atencion.training.signs import Sign

Level = Literal["guided", "assisted", "exam"]
"""The script shown; the script without hints; neither."""

PRACTICE_AGENT = "P001"
"""The code of who practises."""

Patience = Annotated[int, Field(ge=0, le=100)]
Change = Annotated[int, Field(ge=-100, le=100)]
Chance = Annotated[int, Field(ge=0, le=100)]
Said = Annotated[str, Field(min_length=1, max_length=600)]
SaidOne = Annotated[tuple[Said, ...], BeforeValidator(lambda value: [value] if isinstance(value, str) else value)]


def _clock(value: Any) -> datetime:
    try:
        return datetime.fromisoformat(str(value)).replace(tzinfo=None)
    except ValueError:
        raise invalid(_('se esperaba un momento como "2026-12-07T10:00"')) from None


class Temper(Strict):
    """Patience, from 0 to 100: where it starts, what it loses every ten seconds of waiting, how it ends at nothing."""

    start: Patience = 60
    every_10s: Change = -2
    at_nothing: Identifier


class HiddenFact(Strict):
    """Something the customer says only when asked the right way."""

    id: Identifier
    say: Said


class Persona(Strict):
    """Who calls. `person` is one of the world's customers; `knows` what they answer when asked who they are, which need
    not be right.
    """

    person: Identifier
    name: Line
    about: Said
    mood: Line
    wants: Line
    opens: SaidOne
    knows: dict[Line, Line] = Field(default_factory=dict)
    hides: tuple[HiddenFact, ...] = ()
    patience: Temper
    voice: Annotated[str, Field(pattern=r"^[a-z]{2}(-[a-z0-9]+)?$")] = "es"


class Reaction(Strict):
    """What the customer says or does, and when: after a sign, at a silence, or at a moment of the call.

    It comes once unless `times` says otherwise. Of several that could come, the first of the file does.
    """

    id: Identifier
    after: Sign | None = None
    silence: Seconds | None = None
    at: Seconds | None = None
    when: When | None = None
    say: SaidOne = ()
    patience: Change = 0
    reveals: Names = ()
    times: Count = 1
    chance: Chance = 100
    system_down: Seconds | None = None
    ends: Identifier | None = None


class Ending(Strict):
    """A way the conversation ends for the customer."""

    id: Identifier
    title: Line
    good: YesNo = False
    say: SaidOne = ()


class PlantedContract(Strict):
    """A contract of a planted customer; money in cents."""

    number: Line
    product: Line
    status: Literal["active", "ended", "pending"] = "active"
    started_on: date | None = None
    last_invoice_cents: int | None = None


class PlantedCustomer(Strict):
    """A customer of the practice store. Their data belong to nobody."""

    id: Identifier
    given_name: Line
    surnames: Line
    document: Line
    birth_date: date
    phone: Line
    email: Line | None = None
    street: Line
    postcode: Annotated[str, Field(pattern=r"^\d{5}$")]
    town: Line
    province: Line
    language: Literal["es", "ca", "eu", "gl", "en"] = "es"
    contracts: tuple[PlantedContract, ...] = ()


class PlantedCase(Strict):
    """A case of a planted customer, opened so many days ago. `key` is what they may say, else the next one there is."""

    id: Identifier
    customer: Identifier
    type: Line
    subtype: Line | None = None
    about: Said
    days_ago: Annotated[int, Field(ge=0, le=1_000)] = 0
    contract: Line | None = None
    department: Line | None = None
    key: Annotated[str, Field(pattern=r"^\d{9}$")] | None = None


class PlantedArticle(Strict):
    """An article that only this practice has; with the id of one there is, it stands in its place.

    `expired_days`: it stopped being valid so many days ago, and may not be told.
    """

    id: Slug
    title: Line
    say: Said
    body: Annotated[str, Field(max_length=4_000)] = ""
    synonyms: Names = ()
    expired_days: Annotated[int, Field(ge=1, le=1_000)] | None = None


class OnDuty(Strict):
    """Somebody else who is at work during the call, to be asked or handed over to."""

    code: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,40}$")]
    name: Line
    role: Literal["agent", "trainer", "supervisor"] = "agent"
    department: Line | None = None


class World(Strict):
    """What the practice store holds, what time it is there, and who is on duty beside the learner.

    It has the organisation's articles, save `without_articles`.
    """

    clock: Annotated[datetime, BeforeValidator(_clock)] = datetime(2026, 11, 24, 10, 0)
    agent: Line = "Marina"
    on_duty: tuple[OnDuty, ...] = ()
    customers: Annotated[tuple[PlantedCustomer, ...], Field(min_length=1)]
    cases: tuple[PlantedCase, ...] = ()
    articles: tuple[PlantedArticle, ...] = ()
    without_articles: tuple[Slug, ...] = ()


class Targets(Strict):
    """Time for the whole call."""

    target: Seconds
    limit: Seconds


class Scenario(Strict):
    """A practice call."""

    id: Slug
    version: Version
    title: Line
    aim: Said
    level: Level
    author: Line
    protocol: Line
    channel: Line = "phone"
    criteria: Annotated[tuple[Criterion, ...], Field(min_length=1)]
    time: Targets
    seed: Annotated[int, Field(ge=0, le=2**31)] = 1
    customer: Persona
    world: World
    reactions: Annotated[tuple[Reaction, ...], Field(min_length=1)]
    interruptions: tuple[Reaction, ...] = ()
    endings: Annotated[tuple[Ending, ...], Field(min_length=1)]
    checks: tuple[Check, ...] = ()
    general: tuple[Identifier, ...] = ()
    """Checks of the rubric that are looked at too."""
    critical: tuple[Identifier, ...] = ()
    """Errors of the rubric that fail this attempt."""
    ideal: Annotated[tuple[Line, ...], Field(min_length=1)]
    """The steps of the best way through the protocol."""

    @cached_property
    def ending(self) -> dict[str, Ending]:
        """The endings by id."""
        return {one.id: one for one in self.endings}

    @cached_property
    def fact(self) -> dict[str, HiddenFact]:
        """The hidden facts by id."""
        return {one.id: one for one in self.customer.hides}

    @cached_property
    def secrets(self) -> tuple[str, ...]:
        """The planted data that may be said to nobody who is not verified, folded."""
        from atencion.data.customer_search import key_of
        from atencion.text import fold_words

        found: list[str] = []
        for one in self.world.customers:
            email = one.email.partition("@")[0] if one.email else ""
            numbers = (one.document, one.phone, email, *(contract.number for contract in one.contracts))
            found += [key_of(number) for number in numbers if number]
            found.append(" ".join(fold_words(one.street)))
        return tuple(found)
