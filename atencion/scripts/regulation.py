"""The norms that bind the organisation, one file each: what their articles ask for, in a sentence."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from atencion.i18n import _
from atencion.scripts.model import Identifier, Line, Slug, Strict, YesNo, invalid

ArticleKind = Literal["enforce", "prove", "inform", "data"]
"""The program prevents or demands it; the journal proves it; the agent sees it in time; it defines terms or data."""


Length = Annotated[int, Field(ge=1, le=1_000)]


class Term(Strict):
    """How long there is to do something: hours, days or months, one of them.

    `working` counts working days alone; `rolls` moves a last day that is not worked to the next that is. `starts` is
    what it is counted from: the day the matter came in, or the day the customer was asked to complete it. `ends` is
    what meets it: an answer told to the customer, or what the customer has to do. `extension_months` may be added if
    the customer is told so in time. `warn_days` before its end (or `warn_minutes`, if it is in hours) it shows as near.
    """

    hours: Length | None = None
    days: Length | None = None
    months: Length | None = None
    working: YesNo = False
    rolls: YesNo = False
    starts: Literal["submission", "request"] = "submission"
    ends: Literal["answer", "resolution", "completion"] = "resolution"
    extension_months: Annotated[int, Field(ge=0, le=12)] = 0
    warn_days: Annotated[int, Field(ge=0, le=30)] = 3
    warn_minutes: Annotated[int, Field(ge=0, le=600)] = 30

    @model_validator(mode="after")
    def _one_length(self) -> Self:
        if sum(length is not None for length in (self.hours, self.days, self.months)) != 1:
            raise invalid(_("un plazo se da en horas, en días o en meses, y solo en uno de ellos"))
        if self.working and self.days is None:
            raise invalid(_("solo los plazos en días se cuentan en días hábiles"))
        return self


class NormArticle(Strict):
    """What one article asks for. `room` is what its text leaves open, and the reading that is taken.

    `enabled` is the switch: an organisation whose lawyers find that it is not bound says no. `term` is the time it
    gives, `values` its other numbers.
    """

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]+$")]
    title: Line
    summary: Annotated[str, Field(min_length=1, max_length=2_000)]
    kind: Annotated[tuple[ArticleKind, ...], Field(min_length=1)]
    room: Annotated[str, Field(max_length=2_000)] | None = None
    enabled: YesNo = True
    term: Term | None = None
    values: dict[Identifier, int] = {}


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


@dataclass(frozen=True)
class NormCard:
    """An article as it is shown. `ref` is how protocols name it, `label` how people do."""

    ref: str
    label: str
    title: str
    summary: str
    kind: tuple[ArticleKind, ...] = ()
    enabled: bool = True
    term: Term | None = None
    values: dict[str, int] = field(default_factory=dict)
    binding_from: date | None = None

    @property
    def norm(self) -> str:
        """The id of its norm."""
        return self.ref.partition("/")[0]

    @property
    def article(self) -> str:
        """Its article."""
        return self.ref.partition("/")[2]


def cards(norm: Norm) -> dict[str, NormCard]:
    """The articles of a norm by reference."""
    found = {}
    for article in norm.articles:
        ref = f"{norm.id}/{article.id}"
        found[ref] = NormCard(
            ref,
            f"{norm.short}, art. {article.id}",
            article.title,
            article.summary,
            article.kind,
            article.enabled,
            article.term,
            article.values,
            norm.binding_from or norm.in_force_from,
        )
    return found
