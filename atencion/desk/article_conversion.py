"""Articles out of what an organisation already has: HTML, DOCX, PDF, and what BookStack and Zammad export.

Each page becomes a draft in Markdown for its owner to complete: nothing converted is told to a customer before somebody
has read it, and somebody else approved it. The converters are an extra of the installation.
"""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from atencion.errors import AtencionError, Problem, ProblemsFound, StoreError, why
from atencion.i18n import _
from atencion.scripts.articles import MAX_BODY, read_article
from atencion.text import clean_line, clean_text, fold_words

MAX_BYTES = 50 * 1024 * 1024
"""Of a file, and of what is read out of a packed one."""

MAX_PAGES = 5_000


@dataclass(frozen=True, slots=True)
class Conversion:
    """How it ended: the drafts written, and what is wrong with the sources or still with a draft."""

    written: tuple[Path, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _Page:
    title: str
    body: str
    tags: tuple[str, ...] = ()


def convert(sources: Iterable[Path], folder: Path, owner: str) -> Conversion:
    """Write a draft in `folder` for each page of the sources; one that is there already is left as it is and told.

    Raises StoreError if the converters are not installed or the folder cannot be written.
    """
    written: list[Path] = []
    problems: list[Problem] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(_("No se puede escribir en {path}.").format(path=folder)) from error
    for source in sources:
        try:
            pages = list(_pages(source))
        except ProblemsFound as error:
            problems += error.problems
            continue
        if not pages:
            problems.append(Problem(str(source), 1, 1, _("no tiene ningún texto"), ""))
        for page in pages:
            path = folder / f"{_slug(page.title)}.md"
            if path.exists():
                problems.append(Problem(str(path), 1, 1, _("ya existe y no se toca"), _("otra carpeta")))
                continue
            text = _article(path.stem, page, owner)
            path.write_text(text, encoding="utf-8")
            written.append(path)
            try:
                read_article(text, str(path))
            except ProblemsFound as error:
                problems += error.problems
    return Conversion(tuple(written), tuple(problems))


def _pages(source: Path) -> Iterator[_Page]:
    try:
        size = source.stat().st_size
        data = source.read_bytes() if source.is_file() and size <= MAX_BYTES else b""
    except OSError as error:
        message = _("no se puede leer: {why}").format(why=why(error))
        raise ProblemsFound([Problem(str(source), 1, 1, message)]) from error
    if not data:
        limit = _("un fichero de {limit} MiB como mucho").format(limit=MAX_BYTES // 2**20)
        raise ProblemsFound([Problem(str(source), 1, 1, _("no se puede convertir"), limit)])
    reader = _reader(data)
    if reader is None:
        expected = _("HTML, DOCX, PDF, o una exportación de BookStack o de Zammad")
        raise ProblemsFound([Problem(str(source), 1, 1, _("no es de una clase conocida"), expected)])
    try:
        yield from reader(source, data)
    except AtencionError:
        raise
    except Exception as error:  # whatever a converter meets in a broken file
        message = _("no se puede convertir: {why}").format(why=clean_line(str(error), 120) or type(error).__name__)
        raise ProblemsFound([Problem(str(source), 1, 1, message)]) from error


def _reader(data: bytes) -> Callable[[Path, bytes], Iterator[_Page]] | None:
    """By what the file is, whatever its name says."""
    start = data[:2048].lstrip().lower()
    if data.startswith(b"%PDF"):
        return _pdf
    if data.startswith(b"PK\x03\x04"):
        return _packed
    if start.startswith((b"{", b"[")):
        return _json
    if b"<html" in start or start.startswith((b"<!doctype html", b"<h1", b"<p", b"<div", b"<body", b"<article")):
        return _html
    return None


def _html(source: Path, data: bytes) -> Iterator[_Page]:
    text = data.decode("utf-8", "replace")
    title = re.search(r"<(?:title|h1)[^>]*>(.*?)</", text, re.IGNORECASE | re.DOTALL)
    yield _Page(_text(title[1]) if title else source.stem, _markdown(text))


def _packed(source: Path, data: bytes) -> Iterator[_Page]:
    with zipfile.ZipFile(source) as packed:
        names = packed.namelist()
        if "word/document.xml" in names:
            _bounded(packed, "word/document.xml", source)
            mammoth = _library("mammoth")
            with source.open("rb") as opened:
                yield _Page(
                    source.stem.replace("-", " ").replace("_", " "), _markdown(mammoth.convert_to_html(opened).value)
                )
        elif "data.json" in names:
            yield from _json(source, _bounded(packed, "data.json", source))


def _bounded(packed: zipfile.ZipFile, name: str, source: Path) -> bytes:
    """What is packed under a name, never more than the limit, whatever the file says of itself."""
    with packed.open(name) as opened:
        data = opened.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise ProblemsFound([Problem(str(source), 1, 1, _("lo que lleva dentro es demasiado grande"))])
    return data


def _pdf(source: Path, _data: bytes) -> Iterator[_Page]:
    document = _library("pypdf").PdfReader(source)
    pages = [page.extract_text() for page in document.pages[:500]]
    title = str((document.metadata or {}).get("/Title") or "") or source.stem
    if body := "\n\n".join(pages).strip():
        yield _Page(title, body)


def _json(source: Path, data: bytes) -> Iterator[_Page]:
    exported = json.loads(data)
    if isinstance(exported, dict):
        assets = exported.get("assets", exported)
        if isinstance(assets, dict) and "KnowledgeBaseAnswerTranslation" in assets:
            yield from _zammad(assets)
            return
    for number, page in enumerate(_bookstack(exported)):
        if number >= MAX_PAGES:
            return
        tags = tuple(str(tag.get("name", "")) for tag in page.get("tags") or () if isinstance(tag, dict))
        body = str(page.get("markdown") or "") or _markdown(str(page.get("html") or ""))
        yield _Page(str(page.get("name") or source.stem), body, tuple(filter(None, tags)))


def _bookstack(node: Any) -> Iterator[dict[str, Any]]:
    """The pages of an export of BookStack, in the order of its books and chapters, wherever they hang."""
    if isinstance(node, list):
        for item in node:
            yield from _bookstack(item)
    elif isinstance(node, dict):
        if "name" in node and ("html" in node or "markdown" in node):
            yield node
        for key in ("book", "chapter", "page", "books", "chapters", "pages", "contents", "data"):
            yield from _bookstack(node.get(key))


def _zammad(assets: dict[str, Any]) -> Iterator[_Page]:
    """The answers of a knowledge base of Zammad: a title, and a body apart that the title points to."""
    bodies = assets.get("KnowledgeBaseAnswerTranslationContent", {})
    answers = assets.get("KnowledgeBaseAnswer", {})
    for translation in assets["KnowledgeBaseAnswerTranslation"].values():
        content = bodies.get(str(translation.get("content_id", translation.get("id"))), {})
        tags = answers.get(str(translation.get("answer_id")), {}).get("tags") or ()
        yield _Page(str(translation.get("title", "")), _markdown(str(content.get("body", ""))), tuple(map(str, tags)))


def _markdown(html: str) -> str:
    markdown: str = _library("markdownify").markdownify(
        _ACTIVE.sub("", html), heading_style="ATX", bullets="-", strip=["img"], escape_misc=False
    )
    return markdown


_ACTIVE = re.compile(r"<(script|style|head|iframe|object|template)\b.*?</\1\s*>|<!--.*?-->", re.IGNORECASE | re.DOTALL)
_LINK = re.compile(r"\[([^\]\n]*)\]\((?!https?://|mailto:|tel:)[^)\n]*\)")


def _library(name: str) -> Any:
    from importlib import import_module

    try:
        return import_module(name)
    except ImportError as error:
        raise StoreError(
            _("Falta el convertidor «{name}».").format(name=name),
            remedy=_("Instálelo con «pip install atencion[convert]»."),
        ) from error


def _text(html: str) -> str:
    return clean_line(re.sub(r"<[^>]+>", " ", html))


def _slug(title: str) -> str:
    return "-".join(fold_words(title))[:60].strip("-") or "articulo"


def _article(article_id: str, page: _Page, owner: str) -> str:
    """The draft: what it says of itself, with what is missing left to its owner, and the body."""
    body = clean_text(_LINK.sub(r"\1", page.body.replace("<", "‹").replace(">", "›")), MAX_BODY, 5_000).strip()
    body = re.sub(r"\n{3,}", "\n\n", body.replace("\n› ", "\n> "))
    sentences = re.split(r"(?<=[.!?])\s+", " ".join(re.sub(r"[#*_>|`-]+ ?", " ", body).split()))
    say = clean_line(" ".join(sentences[:2]), 400) or page.title
    today = datetime.now(UTC).date().isoformat()
    head = {
        "id": article_id,
        "title": clean_line(page.title, 200) or article_id,
        "say": say,
        "tags": [clean_line(tag, 80) for tag in page.tags],
        "owner": clean_line(owner, 80),
        "author": clean_line(owner, 80),
        "status": "draft",
        "version": "0.1.0",
        "valid_from": today,
    }
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in head.items() if value]
    return "\n".join(["---", *lines, "---", "", body, ""])
