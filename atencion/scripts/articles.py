"""Knowledge articles as authors write them: Markdown with a front matter in YAML."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from atencion.errors import Problem, ProblemsFound
from atencion.i18n import _
from atencion.scripts.document import parse
from atencion.scripts.model import Criterion, Identifier, Line, NormRef, Slug, Strict, YesNo, validate
from atencion.text import clean_text

MAX_BODY = 100_000


class FrontMatter(Strict):
    """What an article says of itself."""

    id: Slug
    title: Line
    say: Annotated[str, Field(min_length=1, max_length=1_000)]
    tags: tuple[Line, ...] = ()
    synonyms: tuple[Line, ...] = ()
    channels: tuple[Identifier, ...] = ()
    norms: tuple[NormRef, ...] = ()
    related: tuple[Slug, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    owner: Line
    author: Line
    approved_by: Line | None = None
    status: Literal["draft", "published", "retired"] = "draft"
    version: Annotated[str, Field(pattern=r"^\d{1,4}\.\d{1,4}\.\d{1,4}$")]
    valid_from: date
    valid_to: date | None = None
    review_by: date | None = None
    checked_on: date | None = None
    sample: YesNo = False


@dataclass(frozen=True)
class WrittenArticle:
    """An article as it was read: what it says of itself, its body, and the hash (SHA-256) of the whole text."""

    about: FrontMatter
    body: str
    hash: str


def read_article(text: str, file: str) -> WrittenArticle:
    """An article from its text. Raises ProblemsFound with every problem at its place in the file."""
    lines = text.split("\n")
    if lines[0].rstrip() != "---":
        raise ProblemsFound([Problem(file, 1, 1, _("falta la cabecera"), _("una primera línea «---»"))])
    end = next((n for n, line in enumerate(lines[1:], start=1) if line.rstrip() == "---"), None)
    if end is None:
        raise ProblemsFound([Problem(file, 1, 1, _("la cabecera no se cierra"), _("una línea «---» tras ella"))])
    about = validate(FrontMatter, parse("\n".join(lines[1:end]), file, first_line=2))
    body = "\n".join(lines[end + 1 :]).strip()
    if len(body) > MAX_BODY:
        raise ProblemsFound([Problem(file, end + 2, 1, _("el artículo es demasiado largo"), _("100 000 letras"))])
    return WrittenArticle(about, clean_text(body, MAX_BODY, 5_000), hashlib.sha256(text.encode()).hexdigest())
