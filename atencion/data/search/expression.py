"""Conditions on the words of an index, for either engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Word:
    """A word of the index, or every word that begins with it if `is_open`."""

    text: str
    is_open: bool = False


@dataclass(frozen=True)
class AnyOf:
    """One of these conditions at least."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True)
class AllOf:
    """Every one of these conditions."""

    parts: tuple[Condition, ...]


Condition = Word | AnyOf | AllOf


def any_of(parts: Sequence[Condition]) -> Condition:
    """One of these conditions; of a single one, itself."""
    return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))


def all_of(parts: Sequence[Condition]) -> Condition:
    """Every one of these conditions; of a single one, itself."""
    return parts[0] if len(parts) == 1 else AllOf(tuple(parts))


def to_fts5(condition: Condition) -> str:
    """As SQLite's FTS5 reads it. Words hold letters, digits and the marks of the index, so quoting is enough."""
    if isinstance(condition, Word):
        return f'"{condition.text}"*' if condition.is_open else f'"{condition.text}"'
    joint = " OR " if isinstance(condition, AnyOf) else " AND "
    return f"({joint.join(map(to_fts5, condition.parts))})"


def to_tsquery(condition: Condition) -> str:
    """As PostgreSQL reads a `tsquery`."""
    if isinstance(condition, Word):
        return f"'{condition.text}':*" if condition.is_open else f"'{condition.text}'"
    joint = " | " if isinstance(condition, AnyOf) else " & "
    return f"({joint.join(map(to_tsquery, condition.parts))})"
