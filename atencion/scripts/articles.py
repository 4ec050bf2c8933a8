"""Knowledge articles as authors write them: Markdown with a front matter in YAML."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, field_validator, model_validator

from atencion.errors import Problem, ProblemsFound
from atencion.i18n import _
from atencion.scripts.document import Document, parse, read_file
from atencion.scripts.model import Criterion, Identifier, Line, NormRef, Slug, Strict, YesNo, invalid, validate
from atencion.scripts.templates import TemplateError, parse_template
from atencion.text import clean_text, is_clean

MAX_BODY = 100_000
MAX_LINES = 5_000
LONGEST_WORD = 400
"""Letters of a word of the body: longer is an address nobody reads aloud, or no text at all."""


def _words(value: Any) -> Any:
    """What to say: a text in the article's language, or one for each language."""
    texts = {"": value} if isinstance(value, str) else value
    if not isinstance(texts, dict) or not all(isinstance(text, str) for text in texts.values()):
        raise invalid(_("se esperaba un texto, o uno por cada lengua (es, ca, eu, gl, en)"))
    for language, text in texts.items():
        if language and not re.fullmatch(r"[a-z]{2}", language):
            raise invalid(
                _("«{language}» no es una lengua: dos letras, como es, ca, eu, gl o en").format(language=language)
            )
        if not 1 <= len(text) <= 1_000:
            raise invalid(_("lo que se dice tiene entre 1 y 1000 letras"))
        try:
            parse_template(text)
        except TemplateError as error:
            raise invalid(str(error)) from error
    return texts


class FrontMatter(Strict):
    """What an article says of itself."""

    id: Slug
    title: Line
    language: Annotated[str, Field(pattern=r"^[a-z]{2}$")] = "es"
    say: Annotated[dict[str, str], BeforeValidator(_words)]
    audience: tuple[Identifier, ...] = ()
    tags: tuple[Line, ...] = ()
    synonyms: tuple[Line, ...] = ()
    channels: tuple[Identifier, ...] = ()
    products: tuple[Line, ...] = ()
    norms: tuple[NormRef, ...] = ()
    related: tuple[Slug, ...] = ()
    replaced_by: Slug | None = None
    criteria: tuple[Criterion, ...] = ()
    owner: Line
    author: Line
    approved_by: Line | None = None
    status: Literal["draft", "review", "published", "retired"] = "draft"
    version: Annotated[str, Field(pattern=r"^\d{1,4}\.\d{1,4}\.\d{1,4}$")]
    valid_from: date
    valid_to: date | None = None
    review_by: date | None = None
    checked_on: date | None = None
    sample: YesNo = False

    @field_validator("say")
    @classmethod
    def _has_something_to_say(cls, texts: dict[str, str]) -> dict[str, str]:
        if not texts:
            raise invalid(_("está vacío"))
        return texts

    @model_validator(mode="after")
    def _fits_together(self) -> FrontMatter:
        if "" not in self.say and self.language not in self.say:
            raise invalid(
                _("falta lo que se dice en la lengua del artículo, «{language}»").format(language=self.language)
            )
        if self.status == "published" and self.approved_by is None:
            raise invalid(_("un artículo publicado necesita quien lo apruebe: «approved_by»"))
        if self.approved_by is not None and self.approved_by.casefold() == self.author.casefold():
            raise invalid(_("quien lo aprueba no puede ser quien lo escribió"))
        if self.status == "published" and self.review_by is None:
            raise invalid(_("un artículo publicado necesita la fecha en que se revisa: «review_by»"))
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise invalid(_("deja de valer antes de empezar a valer"))
        return self

    @property
    def own_words(self) -> str:
        """What to say in the article's language."""
        return self.say.get("") or self.say[self.language]

    @property
    def other_words(self) -> dict[str, str]:
        """What to say in other languages."""
        return {language: text for language, text in self.say.items() if language not in ("", self.language)}


@dataclass(frozen=True)
class Reference:
    """Another article named in one, and where: a link in the body, a related one, the one that replaces it."""

    target: str
    line: int
    column: int


@dataclass(frozen=True)
class WrittenArticle:
    """An article as it was read: what it says of itself, its body, and the hash (SHA-256) of the whole text."""

    about: FrontMatter
    body: str
    hash: str
    file: str = ""
    references: tuple[Reference, ...] = ()


def read_article_file(path: Path) -> WrittenArticle:
    """An article from its file, which bears its id. Raises ProblemsFound with every problem at its place."""
    article = read_article(read_file(path), str(path))
    if article.about.id != path.stem:
        message = _("el id «{id}» no es el de su fichero").format(id=article.about.id)
        raise ProblemsFound([Problem(str(path), 2, 1, message, path.stem)])
    return article


def read_article(text: str, file: str) -> WrittenArticle:
    """An article from its text. Raises ProblemsFound with every problem at its place in the file."""
    lines = text.replace("\r\n", "\n").split("\n")
    if "\0" in text:
        raise ProblemsFound([Problem(file, 1, 1, _("no es un texto: parece un fichero binario"), _("Markdown"))])
    if lines[0].rstrip() != "---":
        raise ProblemsFound([Problem(file, 1, 1, _("falta la cabecera"), _("una primera línea «---»"))])
    end = next((n for n, line in enumerate(lines[1:], start=1) if line.rstrip() == "---"), None)
    if end is None:
        raise ProblemsFound([Problem(file, 1, 1, _("la cabecera no se cierra"), _("una línea «---» tras ella"))])
    first = end + 2
    problems = list(_problems_of_body(lines[end + 1 :], file, first))
    try:
        document = parse("\n".join(lines[1:end]), file, first_line=2)
        about = validate(FrontMatter, document)
    except ProblemsFound as error:
        raise ProblemsFound([*error.problems, *problems]) from error
    body = "\n".join(lines[end + 1 :]).strip()
    if len(body) > MAX_BODY or body.count("\n") >= MAX_LINES:
        problems.append(Problem(file, first, 1, _("el artículo es demasiado largo"), _("100 000 letras, 5000 líneas")))
    references = (*_named(about, document), *_links(lines[end + 1 :], first))
    if about.id in {reference.target for reference in references}:
        problems.append(document.problem(("related",), _("el artículo se enlaza a sí mismo")))
    if problems:
        raise ProblemsFound(problems)
    digest = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
    return WrittenArticle(about, clean_text(body, MAX_BODY, MAX_LINES), digest, file, references)


def broken_references(articles: Iterable[WrittenArticle], known: Collection[str]) -> Iterator[Problem]:
    """The articles named in others that there are none of."""
    for article in articles:
        for reference in article.references:
            if reference.target not in known:
                message = _("{what} «{name}» no existe").format(what=_("el artículo"), name=reference.target)
                yield Problem(
                    article.file, reference.line, reference.column, message, _("otro, o quitar la referencia")
                )


def circles(replacements: Mapping[str, str]) -> list[tuple[str, ...]]:
    """The articles that replace each other in a circle, given what replaces each; each circle once."""
    found: list[tuple[str, ...]] = []
    met_from: dict[str, str] = {}
    for start in sorted(replacements):
        path, at = list[str](), start
        while at in replacements and at not in met_from:
            met_from[at] = start
            path.append(at)
            at = replacements[at]
        if met_from.get(at) == start:  # met on this very way, and not on one before
            found.append(tuple(path[path.index(at) :]))
    return found


_HTML = re.compile(r"</?(?:[a-z][a-z0-9]*)(?:\s[^<>]*)?/?>|<!--|javascript:", re.IGNORECASE)
_MARKUP = re.compile(
    r"\[/[a-z #0-9@]*\]|\[(?:bold|italic|underline|blink|reverse|link|on|red|green|yellow|blue)\b[^\[\]]*\](?!\()"
)
_LINK = re.compile(r"\[[^\[\]\n]*\]\(([^)\s]*)")
_OUTSIDE = ("http://", "https://", "mailto:", "tel:", "#")


def _problems_of_body(lines: list[str], file: str, first: int) -> Iterator[Problem]:
    for number, line in enumerate(lines, first):
        text = line.rstrip("\r")
        if not is_clean(text.replace("\t", " ")):
            yield Problem(file, number, 1, _("hay caracteres de control o invisibles"), _("texto corriente"))
        if found := _HTML.search(text):
            yield Problem(file, number, found.start() + 1, _("hay HTML"), _("Markdown, sin etiquetas ni guiones"))
        if found := _MARKUP.search(text):
            yield Problem(file, number, found.start() + 1, _("hay marcas de color de terminal"), _("Markdown"))
        if any(len(word) > LONGEST_WORD for word in text.split()):
            message = _("hay una palabra de más de {limit} letras").format(limit=LONGEST_WORD)
            yield Problem(file, number, 1, message, _("texto que se pueda leer en voz alta"))
        for match in _links_of(text):
            target = match[1]
            if not target.startswith(_OUTSIDE) and not re.fullmatch(r"[a-z0-9][a-z0-9_-]*\.md(#.*)?", target):
                message = _("el enlace «{target}» sale de la carpeta").format(target=target[:60])
                yield Problem(
                    file, number, match.start(1) + 1, message, _("otro artículo, como «mudanza.md», o una web")
                )


def _links(lines: list[str], first: int) -> Iterator[Reference]:
    for number, line in enumerate(lines, first):
        for match in _links_of(line):
            if ".md" in match[1] and not match[1].startswith(_OUTSIDE):
                yield Reference(match[1].partition(".md")[0], number, match.start(1) + 1)


def _links_of(line: str) -> Iterator[re.Match[str]]:
    """Its links, up to the end of where they lead; what nothing closes is none."""
    return _LINK.finditer(line, 0, line.rfind(")") + 1)  # to look for the end of each takes the square of its length


def _named(about: FrontMatter, document: Document) -> Iterator[Reference]:
    for number, related in enumerate(about.related):
        place = document.place(("related", number))
        yield Reference(related, place.line, place.column)
    if about.replaced_by is not None:
        place = document.place(("replaced_by",))
        yield Reference(about.replaced_by, place.line, place.column)
