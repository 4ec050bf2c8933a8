"""Many customers at once: a list of queries one after another, and all that a query of the language asks for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from atencion.data import customer_search, customers
from atencion.data.customer_search import Found
from atencion.data.customers import CustomerCard
from atencion.data.search import bulk
from atencion.data.search.bulk import SavedSearch
from atencion.desk.desk import Desk

PAGE = 500
"""Customers read whole at a time."""


def find_many(desk: Desk, queries: Iterable[str], limit: int = 20) -> Iterator[list[Found]]:
    """What `desk.find_customers` gives for each query, in one view of the store."""
    with desk.store.reading() as connection:
        for query in queries:
            yield customer_search.find(connection, query, limit)


def search_in_bulk(desk: Desk, query: str, limit: int | None = None) -> Iterator[CustomerCard]:
    """Every customer that a query of the language asks for, whole, in the order of their numbers.

    Raises Refused if the query cannot be understood.
    """
    with desk.store.reading() as connection:
        ids = islice(bulk.ids_in_bulk(connection, query), limit)
        while page := list(islice(ids, PAGE)):
            yield from customers.cards(connection, page)


def count_in_bulk(desk: Desk, query: str) -> int:
    """How many customers a query of the language asks for. Raises Refused if it cannot be understood."""
    with desk.store.reading() as connection:
        return bulk.count_in_bulk(connection, query)


def save_search(desk: Desk, name: str, query: str) -> None:
    """Keep a query by a name. Raises Refused if either is no good."""
    at = desk.now()
    with desk.store.writing() as connection:
        bulk.save_search(connection, name, query, at=at)


def saved_searches(desk: Desk) -> list[SavedSearch]:
    """The queries kept, by name."""
    with desk.store.reading() as connection:
        return bulk.saved_searches(connection)


def forget_search(desk: Desk, name: str) -> None:
    """Keep a query no more. Raises Refused if there is none of that name."""
    with desk.store.writing() as connection:
        bulk.forget_search(connection, name)
