"""Customers by the words of a name, and of an address or a phone said beside it.

Asked in stages that stop at enough: whole words, or beginnings while they are typed; words met beside the name; words
spelled otherwise; all but one. A few candidates of each are taken, and ranked here by one rule: no engine ranks a name
as a person would, and both must give the same order.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from atencion.data.connection import Connection
from atencion.data.search import vocabulary
from atencion.data.search.expression import Condition, Word, all_of, any_of, to_fts5, to_tsquery
from atencion.data.search.index import COMMON_PLACE_WORDS, PLACE, phone_tokens, twice
from atencion.data.search.match import How, Match, MatchedOn
from atencion.data.search.query import PARTICLES, Query
from atencion.data.search.vocabulary import Likeness
from atencion.data.sql import Statement

CANDIDATES = 150
"""Rows taken from an index, at each stage, to be ranked."""

ENOUGH = 10
"""Customers found after which no further stage is asked."""

INDEXED_PREFIX = 4
"""Letters up to which the index holds beginnings; longer ones are completed from the vocabulary, which is sooner."""

POSTCODE = 5

_ABBREVIATED = 3  # letters of a word that is as likely the beginning of another

# Floors and doors, which stand after the number of the house, are not in the index: they find nobody else.
_HOUSE, _FLOOR = re.compile(r"\d{1,3}"), re.compile(r"\d{1,2}[a-zº]?|[a-z]")

_BESIDE, _MISSING = 5, 6
_HOW = {
    Likeness.SAME: How.EXACT,
    Likeness.BEGINS: How.BEGINS,
    Likeness.SOUNDS: How.SOUNDS,
    Likeness.NEAR: How.ALIKE,
    Likeness.FAR: How.ALIKE,
    _BESIDE: How.EXACT,
    _MISSING: How.PARTLY,
}


@dataclass(frozen=True)
class NameMatch:
    """A customer found by words. `rank` sorts the likeliest first; those of the same `rank` are namesakes."""

    customer_id: int
    match: Match
    rank: tuple[Any, ...]


def by_name(connection: Connection, query: Query) -> list[NameMatch]:
    """The customers that the words of `query` may mean, the likeliest first."""
    return _NameSearch(connection, query).run()


class _NameSearch:
    """One query: what is known of its words, and the candidates found so far."""

    def __init__(self, connection: Connection, query: Query) -> None:
        self._connection = connection
        self._query = query
        self._words = query.core
        # A word told twice is looked for once, as two surnames alike, and counted when candidates are ranked.
        self._again = [
            word for word, times in Counter(query.words).items() if word in query.core for _ in range(1, times)
        ]
        self._phrase = " ".join(query.words)
        # By word typed, how near each word of a name is to it.
        self._readings: dict[str, dict[str, Likeness]] = {word: {word: Likeness.SAME} for word in query.words}
        self._beside: dict[str, MatchedOn] = {}
        self._completions: dict[str, list[str]] = {}
        self._blurs: dict[tuple[str, str], float] = {}
        self._found: dict[int, NameMatch] = {}

    def run(self) -> list[NameMatch]:
        for candidates, beside in self._stages():
            for row in candidates:
                if row[0] not in self._found and (ranked := self._ranked(row, beside)) is not None:
                    self._found[row[0]] = ranked
            if len(self._found) >= ENOUGH:
                break
        found = sorted(self._found.values(), key=lambda one: one.rank)
        return [one for one in found if one.match.how is not How.PARTLY] or found

    def _stages(self) -> Iterator[tuple[list[Any], bool]]:
        """Candidates, and whether words that are not of their names were met beside them."""
        words = self._words
        known = vocabulary.seen(self._connection, [*self._query.words, *(PLACE + word for word in words)])
        are_whole = all(word in known for word in words)
        yield self._having_twice(), False
        if are_whole:
            if all(word in known for word in self._query.words):
                yield self._called(self._rotations()), False
                if len(words) < len(set(self._query.words)):
                    yield self._matching([Word(word) for word in self._query.words]), False
            yield self._matching([Word(word) for word in words]), False
        else:  # a name that is being typed, or abbreviated, or misspelt
            last = self._open(words[-1])
            if last and len(words) > 1 and all(word in known for word in words[:-1]):
                yield self._matching([*map(Word, words[:-1]), *last]), False
            yield self._opened(), False
        if beside := self._met_beside(known):
            yield self._traced(beside), True
        for word in words:
            if not word.isdigit():
                self._readings[word] |= vocabulary.alike(self._connection, word)
        if any(len(self._readings[word]) > 1 for word in words):
            yield self._having_twice(), False
            # One word spelled otherwise and the others as they are: the rare word leads, so it costs little.
            yield self._matching([self._one_alike(known)]), False
            if not self._found:
                yield self._matching([self._read_as(word, Likeness.SOUNDS) for word in words]), False
                yield self._matching([self._read_as(word, Likeness.FAR) for word in words]), False
        if are_whole and (not self._found or min(map(len, words)) <= _ABBREVIATED):
            yield self._opened(), False
        if len(words) > 1 and not self._found:
            alike = [self._read_as(word, Likeness.FAR) for word in words]
            yield self._matching([any_of([all_of(alike[:n] + alike[n + 1 :]) for n in range(len(alike))])]), False

    def _rotations(self) -> list[str]:
        """The names that these words are when the surnames come first."""
        words = self._query.words
        return [" ".join(words[n:] + words[:n]) for n in range(len(words))]

    def _having_twice(self) -> list[Any]:
        """Those in whose names one word answers for two of these, as of two surnames that are the same."""
        said = [word for word in self._query.words if word not in PARTICLES]
        ways = []
        for one, other in combinations(said, 2):
            both = [Word(twice(its)) for its in self._readings[one].keys() & self._readings[other].keys()]
            if one.startswith(other) and other == self._query.words[-1]:  # the second is being typed
                both.append(Word(one + other, is_open=True))
            if both:
                others = [self._read_as(word, Likeness.FAR) for word in self._words if word not in (one, other)]
                ways.append(all_of([any_of(both), *others]))
        return self._matching([any_of(ways)]) if ways else []

    def _open(self, word: str) -> list[Condition]:
        """The words that begin like this one, as one condition; none if there are no such words."""
        if len(word) <= INDEXED_PREFIX:
            return [Word(word, is_open=True)]
        if word not in self._completions:
            self._completions[word] = vocabulary.completions(self._connection, word)
        longer = self._completions[word]
        return [any_of([Word(one) for one in longer])] if longer else []

    def _opened(self) -> list[Any]:
        """Those in whose names every word begins a word."""
        opened = [part for word in self._words for part in self._open(word)]
        return self._matching(opened) if len(opened) == len(self._words) else []

    def _one_alike(self, known: dict[str, int]) -> Condition:
        """Every word that nobody has, and one of the others, stands for those near it."""
        words = self._words
        wrong = [word for word in words if word not in known and not self._goes_on(word)]
        ways = []
        for other in (None,) if wrong else words:
            parts = []
            for word in words:
                near = [Word(one) for one in self._readings[word] if one != word] if word in (other, *wrong) else []
                parts.append(any_of(near) if near else any_of(self._goes_on(word) or [Word(word)]))
            if other is None or len(self._readings[other]) > 1:
                ways.append(all_of(parts))
        return any_of(ways)

    def _goes_on(self, word: str) -> list[Condition]:
        """What the last word may become; nothing for the others."""
        return self._open(word) if word == self._words[-1] else []

    def _read_as(self, word: str, worst: Likeness) -> Condition:
        """The word, or those near enough to it; the last one may go on."""
        others = [Word(other) for other, likeness in self._readings[word].items() if 0 < likeness <= worst]
        return any_of([*(self._goes_on(word) or [Word(word)]), *others])

    def _met_beside(self, known: dict[str, int]) -> list[Condition]:
        """Each word as one of the name, of the address or of a phone; none if they can only be of a name."""
        groups: list[Condition] = []
        for number, word in enumerate(self._words):
            is_floor = bool(groups) and _FLOOR.fullmatch(word) and any(map(_HOUSE.fullmatch, self._words[:number]))
            if (word in COMMON_PLACE_WORDS and len(self._words) > 1) or is_floor:
                self._beside[word] = MatchedOn.ADDRESS
                continue
            if word.isdigit():
                of_phone = len(word) >= 4 and len(word) != POSTCODE
                grams = all_of([Word(token) for token in phone_tokens(word)]) if of_phone else None
                self._beside[word] = MatchedOn.PHONE if of_phone else MatchedOn.ADDRESS
                groups.append(any_of([Word(PLACE + word), *([grams] if grams else [])]))
                continue
            places = [PLACE + word] if PLACE + word in known else []
            if not places and number == len(self._words) - 1 and len(word) >= 3:
                places = vocabulary.completions(self._connection, PLACE + word)
            if places:
                self._beside[word] = MatchedOn.ADDRESS
            groups.append(any_of([Word(word), *map(Word, places)]))
        return groups if groups and self._beside.keys() - COMMON_PLACE_WORDS else []

    def _called(self, names: Sequence[str]) -> list[Any]:
        rows: list[Any] = _CALLED.send(self._connection, names=list(names), limit=CANDIDATES).fetchall()
        return rows

    def _matching(self, groups: Sequence[Condition]) -> list[Any]:
        return self._ask(_NAMES_SQLITE, _NAMES_POSTGRESQL, groups)

    def _traced(self, groups: Sequence[Condition]) -> list[Any]:
        return self._ask(_TRACES_SQLITE, _TRACES_POSTGRESQL, groups)

    def _ask(self, for_file: Statement, for_server: Statement, groups: Sequence[Condition]) -> list[Any]:
        condition = all_of(groups)
        if self._connection.dialect.name == "sqlite":
            rows: list[Any] = for_file.send(self._connection, match=to_fts5(condition), limit=CANDIDATES).fetchall()
        else:
            rows = for_server.send(self._connection, match=to_tsquery(condition), limit=CANDIDATES).fetchall()
        return rows

    def _ranked(self, row: Any, beside: bool) -> NameMatch | None:
        """How well a candidate answers; None if more than one word, or the only one, has nothing to do with it."""
        customer_id, folded, given_name, surnames, company_name = row
        its_words = folded.split()
        free, met_beside = list(its_words), list[MatchedOn]()
        grades, blur, met = [], 0.0, set[str]()
        # Those that are there as typed take their words first: no word of a name answers for two.
        for word in sorted(self._words, key=lambda word: word not in its_words):
            grade, other = self._grade(word, free, beside)
            grades.append(grade)
            if other:
                free.remove(other)
                met.add(other)
                blur += self._blur(word, other) if grade >= Likeness.SOUNDS else 0.0
            elif grade == _MISSING:
                blur += min((self._blur(word, its) for its in its_words), default=1.0)
            elif grade == _BESIDE:
                met_beside.append(self._beside[word])
        if grades.count(_MISSING) > (len(grades) > 2):
            return None
        # Whoever lacks it the second time may be meant all the same, but comes after those that have it, or one alike.
        lacking = 0
        for word in self._again:
            grade, other = self._grade(word, free, beside=False)
            lacking += grade
            if other:
                free.remove(other)
                met.add(other)
        worst = max(grades)
        name = f"{company_name} {given_name} {surnames}".lower()
        spelling = set(name.replace(".", "").replace(",", " ").replace("-", " ").split())
        also = tuple(dict.fromkeys(met_beside))
        named = any(grade not in (_BESIDE, _MISSING) for grade in grades)
        how = _HOW[max((grade for grade in grades if grade != _BESIDE), default=_BESIDE)]
        match = Match(MatchedOn.NAME, how, also) if named else Match(also[0], how, also[1:])
        others = sum(word not in met and word not in PARTICLES for word in its_words)
        misspelled = sum(word not in spelling for word in self._query.spelled)
        in_order = self._phrase in folded
        rank = (worst, sum(grades), lacking, round(blur, 3), not in_order, misspelled, others, len(folded), name)
        return NameMatch(customer_id, match, rank)

    def _grade(self, word: str, its_words: Sequence[str], beside: bool) -> tuple[int, str]:
        """How near the nearest word of a name is, and which it is."""
        if word in its_words:
            return Likeness.SAME, word
        readings = self._readings[word]
        best, which = min(((readings.get(its, _MISSING), its) for its in its_words), default=(_MISSING, ""))
        begun = next((its for its in its_words if its.startswith(word)), "")
        if begun and best > Likeness.BEGINS:
            return Likeness.BEGINS, begun
        if best < _MISSING:
            return best, which
        if beside and word in self._beside:
            return _BESIDE, ""
        # A word may be nearer than the vocabulary was asked for.
        for its in its_words:
            if its[0] == word[0] and (likeness := vocabulary.likeness_of(word, its)) is not None:
                return likeness, its
        return _MISSING, ""

    def _blur(self, word: str, other: str) -> float:
        """How unlike two words are, from 0 to 1."""
        blur = self._blurs.get((word, other))
        if blur is None:
            from rapidfuzz.distance import JaroWinkler

            blur = self._blurs[word, other] = JaroWinkler.distance(word, other)
        return blur


_COLUMNS = "c.id, c.search_name, c.given_name, c.surnames, c.company_name"


def _by_index(table: str) -> tuple[Statement, Statement]:
    """The statements on an index of words, for a file and for a server."""
    condition = "array_to_tsvector(string_to_array(words, ' ')) @@ CAST(:match AS tsquery)"
    sql = f"""
        SELECT {_COLUMNS} FROM (SELECT rowid AS id FROM {table} WHERE %s LIMIT :limit) s JOIN customer c ON c.id = s.id
    """
    return Statement(sql.replace("%s", f"{table} MATCH :match")), Statement(sql.replace("%s", condition))


_CALLED = Statement(f"SELECT {_COLUMNS} FROM customer c WHERE c.search_name IN @names LIMIT :limit")
_NAMES_SQLITE, _NAMES_POSTGRESQL = _by_index("search_name")
_TRACES_SQLITE, _TRACES_POSTGRESQL = _by_index("search_trace")
