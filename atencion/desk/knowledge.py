"""The articles of a desk and their upkeep: found, imported, and what calls showed to be missing, old or wrong."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from atencion.data import articles, knowledge_use
from atencion.data.agents import StoredAgent
from atencion.data.article_search import Search, search_articles
from atencion.data.articles import ArticleRecord
from atencion.data.engine import Store
from atencion.data.knowledge_use import GapRow, Judged, Kept, ToldRow
from atencion.data.stems import stems
from atencion.desk.article_import import ArticleImport, import_articles
from atencion.errors import Refused
from atencion.i18n import _
from atencion.text import clean_line, clean_text

DUE_WITHIN = timedelta(days=30)
UNUSED_FOR = timedelta(days=90)
SAME_QUESTION = 0.5
"""Part of the words of two questions that they share when they are the same one."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A question that no article answers, in the words it was last asked, with every time it was."""

    question: str
    asked: tuple[GapRow, ...]

    @property
    def times(self) -> int:
        """How often it was asked."""
        return len(self.asked)

    @property
    def number(self) -> str:
        """How a person names it: the call and the entry where it was last asked."""
        return f"{self.asked[0].interaction_id}.{self.asked[0].seq}"


@dataclass(frozen=True, slots=True)
class Version:
    """An article as it was; `until` is None for the one in force."""

    article: ArticleRecord
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Upkeep:
    """What there is to see to: `expired` and `due` for review, `unused` of late, `contradicted` by who used them."""

    gaps: tuple[Gap, ...]
    without_result: tuple[Gap, ...]
    expired: tuple[Kept, ...]
    due: tuple[Kept, ...]
    unused: tuple[Kept, ...]
    contradicted: tuple[Judged, ...]


class Knowledge:
    """The articles of a store, on the day that `today` tells."""

    def __init__(self, store: Store, clock: Callable[[], datetime], today: Callable[[], date]) -> None:
        self._store = store
        self._clock = clock
        self._today = today

    def import_folder(self, path: Path) -> ArticleImport:
        """Write the articles of a file or a folder that are new or changed; the bad ones are told."""
        return import_articles(self._store, path, self._clock())

    def search(self, query: str, *, channel: str | None = None, limit: int = 10) -> Search:
        """The articles that may answer, the likeliest first."""
        with self._store.reading() as connection:
            return search_articles(connection, query, on=self._today(), channel=channel, limit=limit)

    def article(self, article_id: str) -> ArticleRecord:
        """An article whole. Raises Refused if there is none of that id."""
        with self._store.reading() as connection:
            found = articles.get_article(connection, article_id)
        if found is None:
            raise Refused(_("El artículo «{id}» no existe.").format(id=clean_line(article_id, 80)))
        return found

    def published(self) -> list[ArticleRecord]:
        """Every published article, by title."""
        with self._store.reading() as connection:
            return articles.list_articles(connection)

    # Upkeep

    def upkeep(self) -> Upkeep:
        """All there is to see to today."""
        today = self._today()
        with self._store.reading() as connection:
            gaps = knowledge_use.open_gaps(connection, ("not_found", "consulted"))
            empty = knowledge_use.open_gaps(connection, ("no_result",))
            kept = knowledge_use.kept(connection)
            attended_since = knowledge_use.first_contact(connection)
            against = knowledge_use.feedback(connection, against=True)
        since = self._clock() - UNUSED_FOR
        expired = [one for one in kept if one.valid_to is not None and one.valid_to < today]
        due = [one for one in kept if one.review_by is not None and one.review_by <= today + DUE_WITHIN]
        # The store does not know since when it has an article: it was there to be used no longer than it holds, nor
        # than anybody has been attended here.
        attends = attended_since is not None and attended_since < since
        unused = [
            one
            for one in kept
            if attends
            and (one.valid_from is None or one.valid_from <= today - UNUSED_FOR)
            and (one.last_told_at is None or one.last_told_at < since)
        ]
        return Upkeep(
            _by_frequency(gaps), _by_frequency(empty), tuple(expired), tuple(due), tuple(unused), tuple(against)
        )

    def answer_gap(self, number: str, article_id: str, agent: StoredAgent | None = None) -> int:
        """An article answers this gap now, every time it was asked. Returns how many times that was.

        Raises Refused if there is no such gap open, or no such article in force.
        """
        article = self.article(article_id)
        if article.status != "published" or article.validity(self._today()).value != "current":
            raise Refused(_("El artículo «{id}» no está en vigor: no puede responder.").format(id=article.id))
        return self._settle(number, agent, article_id=article.id)

    def dismiss_gap(self, number: str, reason: str, agent: StoredAgent | None = None) -> int:
        """No article will answer this gap, for a reason. Returns how many times it was asked.

        Raises Refused if there is no such gap open, or no reason is given.
        """
        if not clean_line(reason):
            raise Refused(_("Para descartar una pregunta hay que decir por qué."))
        return self._settle(number, agent, reason=clean_text(reason, 1_000))

    def history(self, article_id: str) -> list[Version]:
        """Every version of an article, the one in force first. Raises Refused if there is none of that id."""
        now = self.article(article_id)
        with self._store.reading() as connection:
            earlier = articles.earlier_versions(connection, article_id)
        return [Version(now, None), *(Version(one.article, one.replaced_at) for one in earlier)]

    def diff(self, article_id: str, old: str | None = None, new: str | None = None) -> list[str]:
        """The lines that differ between two versions (by version or the beginning of the hash), as `diff -u` writes
        them: between the one in force and the one before it if none is named. Raises Refused if one does not exist.
        """
        versions = self.history(article_id)
        newer = _of(versions, new) if new else versions[0]
        if old is None and len(versions) < 2:
            return []
        older = _of(versions, old) if old else versions[1]
        lines = difflib.unified_diff(
            _written(older.article), _written(newer.article), older.article.version, newer.article.version, lineterm=""
        )
        return list(lines)

    def told(self, article_id: str, version: str | None = None) -> list[ToldRow]:
        """Who was read an article, or one version of it: the people to call back when it turns out wrong."""
        with self._store.reading() as connection:
            return knowledge_use.told_to(connection, article_id, version)

    def feedback(self, article_id: str) -> list[Judged]:
        """What agents said of an article, the latest first."""
        with self._store.reading() as connection:
            return knowledge_use.feedback(connection, article_id)

    def _settle(self, number: str, agent: StoredAgent | None, *, article_id: str = "", reason: str = "") -> int:
        with self._store.reading() as connection:
            every = _by_frequency(knowledge_use.open_gaps(connection))
        gap = next((one for one in every if number in {f"{row.interaction_id}.{row.seq}" for row in one.asked}), None)
        if gap is None:
            raise Refused(_("No hay ninguna pregunta pendiente «{number}».").format(number=clean_line(number, 40)))
        with self._store.writing() as connection:
            return sum(
                knowledge_use.settle_gap(
                    connection,
                    row.interaction_id,
                    row.seq,
                    article_id=article_id,
                    reason=reason,
                    agent_id=agent.id if agent else None,
                    at=self._clock(),
                )
                for row in gap.asked
            )


def _by_frequency(rows: Sequence[GapRow]) -> tuple[Gap, ...]:
    """The same question, in other words or another order, told once; the most asked first."""
    groups: list[tuple[set[str], list[GapRow]]] = []
    for row in rows:
        words = set(stems(row.question))
        for known, asked in groups:
            if words == known or (words and len(words & known) / len(words | known) >= SAME_QUESTION):
                asked.append(row)
                break
        else:
            groups.append((words, [row]))
    gaps = [Gap(asked[0].question or _("(pregunta bloqueada)"), tuple(asked)) for _words, asked in groups]
    return tuple(sorted(gaps, key=lambda gap: (-gap.times, -gap.asked[0].raised_at.timestamp())))


def _of(versions: Sequence[Version], name: str) -> Version:
    for one in versions:
        if one.article.version == name or one.article.hash.startswith(name):
            return one
    known = ", ".join(dict.fromkeys(one.article.version for one in versions))
    raise Refused(_("No hay ninguna versión «{name}».").format(name=clean_line(name, 40)), remedy=known)


def _written(article: ArticleRecord) -> list[str]:
    head = [f"{name}: {value}" for name, value in vars(article).items() if name not in ("body", "hash") and value]
    return [*head, "", *article.body.split("\n")]
