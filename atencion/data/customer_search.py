"""Finding a customer by whatever is at hand: a phone or some of its digits, a document, an e-mail, a contract, words of
a name or an address, however they were heard.

What was typed says what it can be (`search.query`). Numbers are looked up by their indexes (`search.numbers`), names in
stages that stop at enough (`search.names`), and what is written is made findable by `index_customers`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from atencion.data.connection import Connection
from atencion.data.search.index import index_customers, index_newcomers, trace_of
from atencion.data.search.match import How, Match, MatchedOn
from atencion.data.search.names import by_name
from atencion.data.search.numbers import by_email, by_number, by_number_alike
from atencion.data.search.query import Query, key_of, read_query, words_of
from atencion.data.sql import Statement

__all__ = [
    "Found",
    "How",
    "Match",
    "MatchedOn",
    "find",
    "index_customers",
    "index_newcomers",
    "key_of",
    "search_name",
    "trace_of",
]


@dataclass(frozen=True)
class Found:
    """A customer in a list of results: enough to tell namesakes apart, and no more."""

    customer_id: int
    external_id: str | None
    name: str
    match: Match
    kind: str
    town: str
    contracts: int
    active: int
    """How many of the contracts are neither ended nor cancelled."""
    shared: int
    """How many other customers have a phone or an e-mail of this one."""
    household: int
    """The number of the group of these results that live at one address, from 1; 0 if alone there."""

    @property
    def matched_on(self) -> MatchedOn:
        """Which datum the query met."""
        return self.match.matched_on


def find(connection: Connection, query: str, limit: int = 20) -> list[Found]:
    """The customers that `query` may mean, the likeliest first. A query without letters or digits finds nobody."""
    read = read_query(query)
    if not read.words or limit < 1:
        return []
    matches: dict[int, Match] = {}
    for stage in _stages(connection, read, limit):
        for customer_id, match in stage:
            matches.setdefault(customer_id, match)
        if len(matches) >= limit:
            break
    if not matches and read.has_digits:
        for match, ids in by_number_alike(connection, read, limit):
            matches |= {customer_id: match for customer_id in ids if customer_id not in matches}
    return _load(connection, _as_they_are_now(connection, matches)[:limit])


def search_name(*names: str) -> str:
    """The folded words of all the names of a customer, as they are indexed."""
    return " ".join(word for name in names for word in words_of(name))


NAMESAKES = 60
"""Customers who answer equally well, at most, that are put in order by who was attended last."""


def _stages(connection: Connection, query: Query, limit: int) -> Iterator[Sequence[tuple[int, Match]]]:
    """What can be meant, the surest first; each stage is asked only if those before gave too little."""
    if query.is_email:
        yield from _by_email(connection, query, limit)
        return
    if query.has_digits and (query.is_number or query.digits or len(query.words) < 4):
        for match, ids in by_number(connection, query, limit):
            yield _latest_first(connection, match, ids)
    if query.may_be_email:
        yield from _by_email(connection, query, limit)
    named = _by_name(connection, query, limit) if not query.key.isdigit() or len(query.words) > 1 else []
    if " " not in query.text and len(query.text) > 2 and not query.may_be_email:
        yield [one for one in named if one[1].how <= How.BEGINS]
        yield from _by_email(connection, query, limit)
    yield named


def _as_they_are_now(connection: Connection, matches: dict[int, Match]) -> list[tuple[int, Match]]:
    """Whoever was merged gives way to whom it is now: what both had stays with the row that is no customer any more."""
    while matches and (merged := dict(_MERGED.send(connection, ids=list(matches)).fetchall())):
        found: dict[int, Match] = {}
        for customer_id, match in matches.items():
            found.setdefault(merged.get(customer_id, customer_id), match)
        matches = found
    return list(matches.items())


def _by_email(connection: Connection, query: Query, limit: int) -> Iterator[Sequence[tuple[int, Match]]]:
    for match, ids in by_email(connection, query, limit):
        yield _latest_first(connection, match, ids)


def _by_name(connection: Connection, query: Query, limit: int) -> Sequence[tuple[int, Match]]:
    """By rank and, among namesakes, the one attended last first."""
    ranked = by_name(connection, query)
    if len(ranked) > limit:
        last = ranked[limit - 1].rank
        ranked = [one for one in ranked if one.rank <= last][:NAMESAKES]
    namesakes = len({one.rank for one in ranked}) < len(ranked)
    attended = _last_attended(connection, [one.customer_id for one in ranked]) if namesakes else {}
    # Sorting is stable: the second order is within the first.
    ranked.sort(key=lambda one: attended.get(one.customer_id, ""), reverse=True)
    ranked.sort(key=lambda one: one.rank)
    return [(one.customer_id, one.match) for one in ranked]


def _latest_first(connection: Connection, match: Match, ids: list[int]) -> Sequence[tuple[int, Match]]:
    """Those who share a whole number, the one attended last first; others in the order of their numbers."""
    if match.how is How.EXACT and len(ids) > 1:
        attended = _last_attended(connection, ids)
        ids = sorted(ids, key=lambda customer_id: attended.get(customer_id, ""), reverse=True)
    return [(customer_id, match) for customer_id in ids]


def _last_attended(connection: Connection, ids: Sequence[int]) -> dict[int, str]:
    """When each was last in contact, as text that sorts; those that never were are left out."""
    return {row[0]: str(row[1]) for row in _ATTENDED.send(connection, ids=list(ids)).fetchall()}


def _load(connection: Connection, matches: list[tuple[int, Match]]) -> list[Found]:
    ids = [customer_id for customer_id, _match in matches]
    if not ids:
        return []
    rows = {row[0]: row for row in _FOUND.send(connection, ids=ids).fetchall()}
    contracts = {row[0]: row[1:] for row in _CONTRACTS.send(connection, ids=ids).fetchall()}
    shared = {row[0]: row[1] for row in _SHARED.send(connection, ids=ids).fetchall()}
    homes: dict[tuple[str, str], set[int]] = {}
    towns: dict[int, str] = {}
    for customer_id, street, postcode, town in _HOMES.send(connection, ids=ids).fetchall():
        towns.setdefault(customer_id, town)
        if street:
            homes.setdefault((street, postcode), set()).add(customer_id)
    households: dict[int, int] = {}
    for number, members in enumerate((home for home in homes.values() if len(home) > 1), start=1):
        for customer_id in members:
            households.setdefault(customer_id, number)
    found = []
    for customer_id, match in matches:
        _id, external_id, kind, given_name, surnames, company_name = rows[customer_id]
        all_of_them, active = contracts.get(customer_id, (0, 0))
        found.append(
            Found(
                customer_id,
                external_id,
                company_name or f"{given_name} {surnames}".strip(),
                match,
                kind,
                towns.get(customer_id, ""),
                all_of_them,
                active,
                shared.get(customer_id, 0),
                households.get(customer_id, 0),
            )
        )
    return found


_ATTENDED = Statement(
    "SELECT customer_id, max(opened_at) FROM interaction WHERE customer_id IN @ids GROUP BY customer_id"
)
_MERGED = Statement("SELECT id, merged_into FROM customer WHERE id IN @ids AND merged_into IS NOT NULL")
_FOUND = Statement("SELECT id, external_id, kind, given_name, surnames, company_name FROM customer WHERE id IN @ids")
_CONTRACTS = Statement(
    """
    SELECT customer_id, count(*), sum(CASE WHEN status = 'ended' THEN 0 ELSE 1 END)
    FROM contract WHERE customer_id IN @ids GROUP BY customer_id
    """
)
_SHARED = Statement(
    """
    SELECT p.customer_id, count(DISTINCT o.customer_id) FROM contact_point p
    JOIN contact_point o ON o.kind = p.kind AND o.normal = p.normal AND o.customer_id <> p.customer_id
    JOIN customer c ON c.id = o.customer_id AND c.merged_into IS NULL
    WHERE p.customer_id IN @ids GROUP BY p.customer_id
    """
)
_HOMES = Statement(
    """
    SELECT customer_id, street, postcode, town FROM address WHERE customer_id IN @ids
    ORDER BY customer_id, is_primary DESC, id
    """
)
