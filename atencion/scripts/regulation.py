"""The norms that bind the organisation, one file each: what their articles ask for, in a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from atencion.scripts.model import Line, Slug, Strict

ArticleKind = Literal["enforce", "prove", "inform", "data"]
"""The program prevents or demands it; the journal proves it; the agent sees it in time; it defines terms or data."""


class NormArticle(Strict):
    """What one article asks for. `room` is what its text leaves open, and the reading that is taken."""

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]+$")]
    title: Line
    summary: Annotated[str, Field(min_length=1, max_length=2_000)]
    kind: Annotated[tuple[ArticleKind, ...], Field(min_length=1)]
    room: Annotated[str, Field(max_length=2_000)] | None = None


class Norm(Strict):
    """A law or regulation. `short` is how people call it; `binding_from` when it binds, if not from its first day."""

    id: Slug
    title: Line
    short: Line
    official_id: Line
    in_force_from: date
    binding_from: date | None = None
    checked_on: date
    source: Line
    articles: Annotated[tuple[NormArticle, ...], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class NormCard:
    """An article as it is shown. `ref` is how protocols name it, `label` how people do."""

    ref: str
    label: str
    title: str
    summary: str


def cards(norm: Norm) -> dict[str, NormCard]:
    """The articles of a norm by reference."""
    return {
        f"{norm.id}/{article.id}": NormCard(
            f"{norm.id}/{article.id}", f"{norm.short}, art. {article.id}", article.title, article.summary
        )
        for article in norm.articles
    }
