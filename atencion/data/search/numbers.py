"""Customers by a number or an e-mail: whole, then by how it ends, begins or goes on, then one digit away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from atencion.data.connection import Connection
from atencion.data.search.expression import Condition, Word, all_of, to_fts5, to_tsquery
from atencion.data.search.index import GRAM, PLACE, email_tokens, phone_tokens
from atencion.data.search.match import How, Match, MatchedOn
from atencion.data.search.query import Query, phone_digits
from atencion.data.search.vocabulary import LAST
from atencion.data.sql import Statement

Stage = tuple[Match, list[int]]

WHOLE_PHONE = 9
"""Digits of a phone at home."""

VERIFIED = 400
"""Rows that may have the digits looked for, taken to see whether they do."""


def by_number(connection: Connection, query: Query, limit: int) -> Iterator[Stage]:
    """The customers that have a number so, the surest first; each stage is asked only when it is wanted."""
    key = query.key
    if query.digits:
        yield Match(MatchedOn.PHONE), _ids(_PHONE_IS, connection, values=list(query.phones), limit=limit)
    yield Match(MatchedOn.IDENTIFIER), _ids(_IDENTIFIER_IS, connection, values=list(query.documents), limit=limit)
    for matched_on, statement in CODES:
        yield Match(matched_on), _ids(statement, connection, low=key, high=key, limit=limit)
    if len(key) < 3:
        return
    if len(query.digits) >= GRAM:
        yield from _parts_of_phones(connection, query, limit)
    begins = How.BEGINS
    for document in query.documents if len(key) > 4 else ():
        low, high = document, document + LAST
        yield Match(MatchedOn.IDENTIFIER, begins), _ids(_IDENTIFIER, connection, low=low, high=high, limit=limit)
    for matched_on, statement in CODES:
        yield Match(matched_on, begins), _ids(statement, connection, low=key, high=key + LAST, limit=limit)


def by_number_alike(connection: Connection, query: Query, limit: int) -> Iterator[Stage]:
    """The customers whose phone or document is one wrong digit, or two swapped, away from a whole one."""
    if len(query.digits) == WHOLE_PHONE and not query.is_international:
        phones = [f"+34{digits}" for digits in _one_digit_away(query.digits)]
        yield Match(MatchedOn.PHONE, How.ALIKE), _ids(_PHONE_IS, connection, values=phones, limit=limit)
    digits = query.key[:8]
    if len(query.key) in (8, 9) and digits.isdigit():
        # The control letter tells the right one, if it was told.
        documents = [number + query.key[8:] for number in (digits, *_one_digit_away(digits))]
        if len(query.key) == 9 and query.key[8].isalpha():
            yield (
                Match(MatchedOn.IDENTIFIER, How.ALIKE),
                _ids(_IDENTIFIER, connection, low=digits, high=digits + LAST, limit=limit),
            )
            yield (
                Match(MatchedOn.IDENTIFIER, How.ALIKE),
                _ids(_IDENTIFIER_IS, connection, values=documents, limit=limit),
            )


def by_email(connection: Connection, query: Query, limit: int) -> Iterator[Stage]:
    """The customers with an e-mail that begins so, or that has these parts."""
    typed = query.text.lower().replace(" ", "")
    low, high = typed, typed + LAST
    yield Match(MatchedOn.EMAIL, How.BEGINS), _ids(_EMAIL, connection, low=low, high=high, limit=limit)
    if not query.is_email:
        return
    tokens = email_tokens(typed if "." in typed.rpartition("@")[2] else f"{typed}.")
    if tokens:
        rows = _traced(_CONTACTS_OF, connection, all_of([Word(token) for token in tokens]), VERIFIED)
        holders = [row[0] for row in rows if row[2] == "email" and typed in row[1]]
        yield Match(MatchedOn.EMAIL, How.INSIDE), holders[:limit]


def _parts_of_phones(connection: Connection, query: Query, limit: int) -> Iterator[Stage]:
    digits = query.digits
    is_postcode = len(digits) == 5 and "01" <= digits[:2] <= "52"
    ends, living = list[int](), list[int]()
    if not query.is_international:
        backwards = digits[::-1]
        ends = _ids(_PHONE_END, connection, low=backwards, high=backwards + LAST, limit=limit)
        # Many phones end in any five digits: they leave room for those who live where the five digits say.
        yield Match(MatchedOn.PHONE, How.ENDS), ends[: limit // 2] if is_postcode else ends
    if is_postcode:
        living = [row[0] for row in _traced(_TRACED, connection, Word(PLACE + digits), limit)]
        yield Match(MatchedOn.ADDRESS), living[: limit // 4]
    for phone in query.phones:
        begun = _ids(_PHONE_FROM, connection, low=phone, high=phone + LAST, limit=limit)
        yield Match(MatchedOn.PHONE, How.BEGINS), begun
    grams = [Word(token) for token in phone_tokens(digits)]
    rows = _traced(_CONTACTS_OF, connection, all_of(grams), VERIFIED)
    holders = [row[0] for row in rows if row[2] == "phone" and digits in phone_digits(row[1])]
    yield Match(MatchedOn.PHONE, How.INSIDE), holders[:limit]
    if is_postcode:  # the room that was left and nobody took
        yield Match(MatchedOn.ADDRESS), living
        yield Match(MatchedOn.PHONE, How.ENDS), ends


def _one_digit_away(digits: str) -> list[str]:
    """Two neighbours swapped, then one digit changed."""
    swapped = [digits[:n] + digits[n + 1] + digits[n] + digits[n + 2 :] for n in range(len(digits) - 1)]
    changed = [digits[:n] + other + digits[n + 1 :] for n in range(len(digits)) for other in "0123456789"]
    return [one for one in dict.fromkeys((*swapped, *changed)) if one != digits]


def _ids(statement: Statement, connection: Connection, **values: Any) -> list[int]:
    return [row[0] for row in statement.send(connection, **values).fetchall()]


def _traced(statements: tuple[Statement, Statement], connection: Connection, what: Condition, limit: int) -> list[Any]:
    for_file, for_server = statements
    if connection.dialect.name == "sqlite":
        rows: list[Any] = for_file.send(connection, match=to_fts5(what), limit=limit).fetchall()
    else:
        rows = for_server.send(connection, match=to_tsquery(what), limit=limit).fetchall()
    return rows


def _on_trace(columns: str, join: str) -> tuple[Statement, Statement]:
    """A statement on the customers whose traces meet a condition, for each engine."""
    condition = "array_to_tsvector(string_to_array(words, ' ')) @@ CAST(:match AS tsquery)"
    sql = f"SELECT {columns} FROM (SELECT rowid AS id FROM search_trace WHERE %s LIMIT :limit) s {join}"
    return Statement(sql.replace("%s", "search_trace MATCH :match")), Statement(sql.replace("%s", condition))


# The numbers that an organisation gives, each by its letters and digits: a table that has one more is one more line.
CODES = (
    (
        MatchedOn.EXTERNAL_ID,
        Statement(
            """
            SELECT id FROM customer WHERE external_key >= :low AND external_key <= :high
            ORDER BY external_key LIMIT :limit
            """
        ),
    ),
    (
        MatchedOn.CONTRACT,
        Statement(
            """
            SELECT customer_id FROM contract WHERE number_key >= :low AND number_key <= :high
            ORDER BY number_key LIMIT :limit
            """
        ),
    ),
    (
        MatchedOn.CASE,
        Statement(
            """
            SELECT customer_id FROM service_case WHERE key >= :low AND key <= :high AND customer_id IS NOT NULL
            ORDER BY key LIMIT :limit
            """
        ),
    ),
)
_PHONE_IS = Statement("SELECT customer_id FROM contact_point WHERE kind = 'phone' AND normal IN @values LIMIT :limit")
_PHONE_FROM = Statement(
    """
    SELECT customer_id FROM contact_point WHERE kind = 'phone' AND normal >= :low AND normal < :high
    ORDER BY normal LIMIT :limit
    """
)
_PHONE_END = Statement(
    """
    SELECT customer_id FROM contact_point WHERE reversed >= :low AND reversed < :high ORDER BY reversed LIMIT :limit
    """
)
_EMAIL = Statement(
    """
    SELECT customer_id FROM contact_point WHERE kind = 'email' AND normal >= :low AND normal < :high
    ORDER BY normal LIMIT :limit
    """
)
_IDENTIFIER_IS = Statement("SELECT customer_id FROM identifier WHERE normal IN @values LIMIT :limit")
_IDENTIFIER = Statement(
    "SELECT customer_id FROM identifier WHERE normal >= :low AND normal < :high ORDER BY normal LIMIT :limit"
)
_TRACED = _on_trace("s.id", "")
# The kind is seen to afterwards: asked for here, SQLite would walk the index of all the phones.
_CONTACTS_OF = _on_trace("s.id, p.normal, p.kind", "JOIN contact_point p ON p.customer_id = s.id")
