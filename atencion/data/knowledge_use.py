"""What calls made of the articles: told, judged, missed. Each row repeats an entry of a journal, to be found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from atencion.data.connection import Connection
from atencion.data.sql import Statement, day_or_none, moment, moment_or_none

GAP_KINDS = ("not_found", "no_result", "consulted")
"""Said by the agent to have no answer; a search that found nothing; asked of a superior."""


@dataclass(frozen=True)
class GapRow:
    """A question that no article answered. `question` is empty where the law has had it hidden or destroyed."""

    interaction_id: int
    seq: int
    kind: str
    question: str
    agent: str
    raised_at: datetime


@dataclass(frozen=True)
class ToldRow:
    """A customer who was read an article. `phone` is the one they called from or the one on file."""

    interaction_id: int
    told_at: datetime
    article_id: str
    version: str
    hash: str
    agent: str
    customer: str
    phone: str
    words: str


@dataclass(frozen=True)
class Judged:
    """What an agent said of an article, and of which version."""

    article_id: str
    title: str
    version: str
    verdict: str
    words: str
    agent: str
    given_at: datetime


@dataclass(frozen=True)
class Kept:
    """An article in a list of upkeep: what it is used for and from when until when it holds."""

    id: str
    title: str
    version: str
    owner: str
    valid_from: date | None
    valid_to: date | None
    review_by: date | None
    told: int
    last_told_at: datetime | None


def add_told(
    connection: Connection, interaction_id: int, seq: int, body: Mapping[str, Any], *, agent_id: int, at: datetime
) -> None:
    """An article was read to a customer."""
    values = {"article": str(body["article"]), "version": str(body["version"]), "hash": str(body["hash"])}
    _ADD_TOLD.run(connection, interaction=interaction_id, seq=seq, agent=agent_id, at=at, **values)
    _COUNT_TOLD.run(connection, article=values["article"], at=at)


def add_feedback(
    connection: Connection, interaction_id: int, seq: int, body: Mapping[str, Any], *, agent_id: int, at: datetime
) -> None:
    """An agent said what an article is worth."""
    article, version, verdict = str(body["article"]), str(body["version"]), str(body["verdict"])
    _ADD_FEEDBACK.run(
        connection,
        interaction=interaction_id,
        seq=seq,
        article=article,
        version=version,
        verdict=verdict,
        agent=agent_id,
        at=at,
    )
    useful = int(verdict == "useful")
    _COUNT_VERDICT.run(connection, article=article, useful=useful, wrong=1 - useful)


def add_gap(connection: Connection, interaction_id: int, seq: int, kind: str, *, agent_id: int, at: datetime) -> None:
    """No article answered; `kind` is one of GAP_KINDS."""
    _ADD_GAP.run(connection, interaction=interaction_id, seq=seq, kind=kind, agent=agent_id, at=at)


def open_gaps(connection: Connection, kinds: Sequence[str] = GAP_KINDS) -> list[GapRow]:
    """The gaps that nothing has closed yet, the latest first."""
    return [_gap(row) for row in _OPEN_GAPS.run(connection, kinds=list(kinds))]


def settle_gap(
    connection: Connection,
    interaction_id: int,
    seq: int,
    *,
    article_id: str = "",
    reason: str = "",
    agent_id: int | None,
    at: datetime,
) -> bool:
    """Close a gap with the article that answers it, or with why none will; whether there was one open."""
    status = "answered" if article_id else "dismissed"
    row = _SETTLE_GAP.run(
        connection,
        interaction=interaction_id,
        seq=seq,
        status=status,
        article=article_id,
        reason=reason,
        agent=agent_id,
        at=at,
    ).first()
    return row is not None


def told_to(connection: Connection, article_id: str, version: str | None = None) -> list[ToldRow]:
    """Who was read an article, or that version of it (a version or the beginning of a hash), the latest first."""
    rows = _TOLD_TO.run(connection, article=article_id)
    found = [
        ToldRow(
            row.interaction_id,
            moment(row.told_at),
            row.article_id,
            row.version,
            row.hash,
            row.agent,
            " ".join(filter(None, (row.given_name, row.surnames))) or row.company_name or "",
            row.phone or row.on_file or "",
            row.words or "",
        )
        for row in rows
    ]
    return [one for one in found if version is None or one.version == version or one.hash.startswith(version)]


def feedback(connection: Connection, article_id: str | None = None, *, against: bool = False) -> list[Judged]:
    """What agents said, of one article or of all, the latest first; with `against`, only what was said of the version
    that is in force and is not good.
    """
    rows = _FEEDBACK.run(connection, article=article_id or "", every=article_id is None, against=against)
    return [
        Judged(row.article_id, row.title, row.version, row.verdict, row.words or "", row.agent, moment(row.given_at))
        for row in rows
    ]


def kept(connection: Connection) -> list[Kept]:
    """Every published article with its use."""
    return [
        Kept(
            row.id,
            row.title,
            row.version,
            row.owner,
            day_or_none(row.valid_from),
            day_or_none(row.valid_to),
            day_or_none(row.review_by),
            row.told or 0,
            moment_or_none(row.last_told_at),
        )
        for row in _KEPT.run(connection)
    ]


def first_contact(connection: Connection) -> datetime | None:
    """When the first contact of the store was opened; None if there was none."""
    return moment_or_none(_FIRST_CONTACT.run(connection).scalar_one())


def _gap(row: Any) -> GapRow:
    return GapRow(row.interaction_id, row.seq, row.kind, row.question or "", row.agent, moment(row.raised_at))


_ADD_TOLD = Statement(
    """
    INSERT INTO article_told (interaction_id, seq, article_id, version, hash, agent_id, told_at)
    VALUES (:interaction, :seq, :article, :version, :hash, :agent, :at)
    """
)
_COUNT_TOLD = Statement(
    """
    INSERT INTO article_use (article_id, told, useful, wrong, last_told_at) VALUES (:article, 1, 0, 0, :at)
    ON CONFLICT (article_id) DO UPDATE SET told = article_use.told + 1, last_told_at = excluded.last_told_at
    """
)
_ADD_FEEDBACK = Statement(
    """
    INSERT INTO article_feedback (interaction_id, seq, article_id, version, verdict, agent_id, given_at)
    VALUES (:interaction, :seq, :article, :version, :verdict, :agent, :at)
    """
)
_COUNT_VERDICT = Statement(
    """
    INSERT INTO article_use (article_id, told, useful, wrong) VALUES (:article, 0, :useful, :wrong)
    ON CONFLICT (article_id) DO UPDATE
    SET useful = article_use.useful + excluded.useful, wrong = article_use.wrong + excluded.wrong
    """
)
_ADD_GAP = Statement(
    """
    INSERT INTO knowledge_gap (interaction_id, seq, kind, agent_id, raised_at, status, article_id, reason)
    VALUES (:interaction, :seq, :kind, :agent, :at, 'open', '', '')
    """
)
_VISIBLE = "CASE WHEN v.blocked_at IS NULL AND v.destroyed_at IS NULL THEN v.content END"
_OPEN_GAPS = Statement(
    f"""
    SELECT g.interaction_id, g.seq, g.kind, g.raised_at, a.name AS agent, {_VISIBLE} AS question
    FROM knowledge_gap g JOIN agent a ON a.id = g.agent_id
    JOIN journal_entry e ON e.interaction_id = g.interaction_id AND e.seq = g.seq
    LEFT JOIN personal_value v ON v.id = e.value_id
    WHERE g.status = 'open' AND g.kind IN @kinds ORDER BY g.raised_at DESC, g.seq DESC
    """
)
_SETTLE_GAP = Statement(
    """
    UPDATE knowledge_gap
    SET status = :status, article_id = :article, reason = :reason, settled_by = :agent, settled_at = :at
    WHERE interaction_id = :interaction AND seq = :seq AND status = 'open' RETURNING seq
    """
)
_TOLD_TO = Statement(
    f"""
    SELECT t.interaction_id, t.told_at, t.article_id, t.version, t.hash, a.name AS agent, i.phone,
        c.given_name, c.surnames, c.company_name, {_VISIBLE} AS words,
        (SELECT p.value FROM contact_point p WHERE p.customer_id = c.id AND p.kind = 'phone'
         ORDER BY p.is_primary DESC, p.id LIMIT 1) AS on_file
    FROM article_told t JOIN agent a ON a.id = t.agent_id JOIN interaction i ON i.id = t.interaction_id
    JOIN journal_entry e ON e.interaction_id = t.interaction_id AND e.seq = t.seq
    LEFT JOIN personal_value v ON v.id = e.value_id LEFT JOIN customer c ON c.id = i.customer_id
    WHERE t.article_id = :article ORDER BY t.told_at DESC, t.seq DESC
    """
)
_FEEDBACK = Statement(
    f"""
    SELECT f.article_id, coalesce(r.title, f.article_id) AS title, f.version, f.verdict, f.given_at, a.name AS agent,
        {_VISIBLE} AS words
    FROM article_feedback f JOIN agent a ON a.id = f.agent_id LEFT JOIN article r ON r.id = f.article_id
    JOIN journal_entry e ON e.interaction_id = f.interaction_id AND e.seq = f.seq
    LEFT JOIN personal_value v ON v.id = e.value_id
    WHERE (:every OR f.article_id = :article)
        AND (NOT :against OR (f.verdict <> 'useful' AND r.version = f.version))
    ORDER BY f.given_at DESC, f.seq DESC
    """
)
_KEPT = Statement(
    """
    SELECT r.id, r.title, r.version, r.owner, r.valid_from, r.valid_to, r.review_by, u.told, u.last_told_at
    FROM article r LEFT JOIN article_use u ON u.article_id = r.id WHERE r.status = 'published' ORDER BY r.title, r.id
    """
)
_FIRST_CONTACT = Statement("SELECT min(opened_at) FROM interaction")
