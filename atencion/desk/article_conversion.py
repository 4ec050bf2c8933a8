"""Articles out of what an organisation already has: HTML, DOCX, PDF, and what BookStack and Zammad export.

Each page becomes a draft in Markdown for its owner to complete: nothing converted is told to a customer before somebody
has read it, and somebody else approved it. The converters are an extra of the installation.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from html import unescape
from itertools import count
from pathlib import Path
from typing import Any

from atencion.errors import Problem, ProblemsFound, StoreError, why
from atencion.i18n import _
from atencion.scripts.articles import MAX_BODY, MAX_LINES, read_article
from atencion.text import clean_line, clean_text, fold

MAX_BYTES = 50 * 1024 * 1024
"""Of a file, and of what is read out of a packed one."""

MAX_HTML = 5 * 1024 * 1024
"""Letters of a page of HTML: longer than any article by far."""

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


_Maker = tuple[str, Callable[[], _Page]]
"""The title of a page, if it is known, and what makes it."""


def convert(sources: Iterable[Path], folder: Path, owner: str) -> Conversion:
    """Write a draft in `folder` for each page of the sources; one that is there already is left as it is and told.

    Raises StoreError if the converters are not installed or the folder cannot be written.
    """
    written: list[Path] = []
    problems: list[Problem] = []
    names = _Names()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for source in sources:
            pages = 0
            for page in _pages(source):
                pages += 1
                if isinstance(page, Problem):
                    problems.append(page)
                    continue
                path = folder / f"{names.name(page.title)}.md"
                is_new, told = _write(path, page, owner)
                written += [path] if is_new else []
                problems += told
            if not pages:
                problems.append(Problem(str(source), 1, 1, _("no tiene ningún texto"), ""))
    except OSError as error:
        raise StoreError(_("No se puede escribir en {path}.").format(path=folder)) from error
    return Conversion(tuple(written), tuple(problems))


class _Names:
    """What drafts are called: by their title, those of one title numbered in their order, none twice."""

    def __init__(self) -> None:
        self._given = set[str]()
        self._of_stem = Counter[str]()

    def name(self, title: str) -> str:
        """The name of one more, without its ending."""
        stem = name = _slug(title)
        while name in self._given:
            self._of_stem[stem] += 1
            name = f"{stem}-{self._of_stem[stem] + 1}"
        self._given.add(name)
        return name


def _write(path: Path, page: _Page, owner: str) -> tuple[bool, Sequence[Problem]]:
    """Write the draft of a page, unless there is one: whether it was, and what is wrong with it."""
    text = _article(path.stem, page, owner)
    try:
        with path.open("x", encoding="utf-8") as new:  # never through a link, never over anything
            new.write(text)
    except FileExistsError:
        return False, [Problem(str(path), 1, 1, _("ya existe y no se toca"), _("otra carpeta"))]
    problems = list[Problem]()
    if len(page.body) > MAX_BODY or page.body.count("\n") >= MAX_LINES:
        problems.append(Problem(str(path), 1, 1, _("era demasiado largo y se ha cortado"), _("varios artículos")))
    try:
        read_article(text, str(path))
    except ProblemsFound as error:
        problems += error.problems
    return True, problems


def _pages(source: Path) -> Iterator[_Page | Problem]:
    """The pages of a source, and what is wrong with it or with one of them."""
    try:
        size = source.stat().st_size
        data = source.read_bytes() if source.is_file() and size <= MAX_BYTES else b""
    except OSError as error:
        yield Problem(str(source), 1, 1, _("no se puede leer: {why}").format(why=why(error)))
        return
    if not data:
        limit = _("un fichero de {limit} MiB como mucho").format(limit=MAX_BYTES // 2**20)
        yield Problem(str(source), 1, 1, _("no se puede convertir"), limit)
        return
    reader = _reader(data)
    if reader is None:
        expected = _("HTML, DOCX, PDF, o una exportación de BookStack o de Zammad")
        yield Problem(str(source), 1, 1, _("no es de una clase conocida"), expected)
        return
    for made in _each(str(source), reader(source, data)):
        if isinstance(made, _Page) and not made.body.strip():
            expected = _("un texto; de Zammad, exportar con «full=1&include_contents=1»")
            yield Problem(str(source), 1, 1, _("«{title}» no tiene texto").format(title=made.title), expected)
        else:
            yield made


def _each(file: str, makers: Iterator[_Maker]) -> Iterator[_Page | Problem]:
    """What each maker makes. Whatever a converter meets in something broken is told, and the others go on."""
    for number in count(1):
        title = ""
        try:
            following = next(makers, None)
            if following is None:
                return
            if number > MAX_PAGES:
                yield Problem(file, 1, 1, _("lo que pasa de {limit} páginas no se lee").format(limit=MAX_PAGES))
                return
            title, make = following
            made = make()
        except ProblemsFound as error:
            yield from error.problems
        except StoreError:
            raise
        except Exception as error:
            place = (error.lineno, error.colno) if isinstance(error, json.JSONDecodeError) else (1, 1)
            reason = clean_line(str(error), 120) or type(error).__name__
            message = _("no se puede convertir: {why}").format(why=reason)
            yield Problem(file, *place, f"«{clean_line(title, 80)}»: {message}" if title else message)
        else:
            yield made


def _reader(data: bytes) -> Callable[[Path, bytes], Iterator[_Maker]] | None:
    """By what the file is, whatever its name says."""
    start = data[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if data.startswith(b"%PDF"):
        return _pdf
    if data.startswith(b"PK\x03\x04"):
        return _packed
    if start.startswith((b"{", b"[")):
        return _json
    if b"<html" in start or _BEGINS_HTML.match(start):
        return _html
    return None


_BEGINS_HTML = re.compile(
    rb"<(?:!doctype html|!--|(?:head|title|meta|body|main|article|section|div|h[1-6]|p|ul|ol|table)\b)"
)


def _html(source: Path, data: bytes) -> Iterator[_Maker]:
    def make() -> _Page:
        text = _library("bs4").UnicodeDammit(data, ["utf-8"], is_html=True).unicode_markup or ""
        title = next((found for name in ("title", "h1") if (found := _between(text, name))), "")
        return _Page(_text(title) or source.stem, _markdown(text))

    yield "", make


def _packed(source: Path, _data: bytes) -> Iterator[_Maker]:
    with zipfile.ZipFile(source) as packed:
        parts = {one.filename: one for one in packed.infolist() if not one.filename.startswith(_IMAGES)}
        # Nothing of a packed file gives more than it says of its size.
        if sum(one.file_size for one in parts.values()) > MAX_BYTES:
            raise ProblemsFound([Problem(str(source), 1, 1, _("lo que lleva dentro es demasiado grande"))])
        if "word/document.xml" in parts:
            yield "", lambda: _word(source, packed, parts)
        elif "data.json" in parts:
            yield from _json(source, packed.read("data.json"))


_IMAGES = ("word/media/", "files/")
"""Where packed files keep what is never read, however large."""


def _word(source: Path, packed: zipfile.ZipFile, parts: Iterable[str]) -> _Page:
    mammoth = _library("mammoth")
    without = mammoth.images.img_element(lambda _image: {"src": ""})  # an image is never opened
    counted = io.BytesIO()
    with zipfile.ZipFile(counted, "w") as copy:  # a document may name any part as its text
        for part in parts:
            copy.writestr(part, packed.read(part))
    html = mammoth.convert_to_html(counted, convert_image=without).value
    return _Page(source.stem.replace("-", " ").replace("_", " "), _markdown(html))


def _pdf(source: Path, _data: bytes) -> Iterator[_Maker]:
    document = _library("pypdf").PdfReader(source)
    if document.is_encrypted and not _opens(document):
        raise ProblemsFound([Problem(str(source), 1, 1, _("está cifrado"), _("una copia sin contraseña"))])
    body = ""
    for page in document.pages:
        body = f"{body}\n\n{page.extract_text()}".strip()
        if len(body) > MAX_BODY:
            break
    title = str((document.metadata or {}).get("/Title") or "") or source.stem
    if body:
        yield "", lambda: _Page(title, body)


def _opens(document: Any) -> bool:
    try:
        return bool(document.decrypt(""))
    except Exception:  # a cipher that the library does not have
        return False


def _json(source: Path, data: bytes) -> Iterator[_Maker]:
    exported = json.loads(data)
    assets = exported.get("assets", exported) if isinstance(exported, dict) else None
    if isinstance(assets, dict) and "KnowledgeBaseAnswerTranslation" in assets:
        yield from _zammad(assets)
        return
    for page in _bookstack(exported):
        yield str(page.get("name") or ""), partial(_bookstack_page, source, page)


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


def _bookstack_page(source: Path, page: dict[str, Any]) -> _Page:
    tags = tuple(str(tag.get("name", "")) for tag in page.get("tags") or () if isinstance(tag, dict))
    body = _without_active(str(page.get("markdown") or ""), is_html=False) or _markdown(str(page.get("html") or ""))
    return _Page(str(page.get("name") or source.stem), body, tuple(filter(None, tags)))


def _zammad(assets: dict[str, Any]) -> Iterator[_Maker]:
    """The answers of a knowledge base of Zammad: a title, and a body apart that the title points to."""
    for translation in assets["KnowledgeBaseAnswerTranslation"].values():
        title = translation.get("title", "") if isinstance(translation, dict) else ""
        yield str(title), partial(_zammad_answer, assets, translation)


def _zammad_answer(assets: dict[str, Any], translation: dict[str, Any]) -> _Page:
    bodies, answers = (assets.get(f"KnowledgeBaseAnswer{kind}") or {} for kind in ("TranslationContent", ""))
    content = bodies.get(str(translation.get("content_id", translation.get("id")))) or {}
    tags = (answers.get(str(translation.get("answer_id"))) or {}).get("tags") or ()
    return _Page(str(translation["title"]), _markdown(str(content.get("body") or "")), tuple(map(str, tags)))


def _markdown(html: str) -> str:
    """HTML as Markdown, without what acts and without images. Raises ValueError if it is too long."""
    if len(html) > MAX_HTML:
        raise ValueError(_("una página de más de {limit} MiB").format(limit=MAX_HTML // 2**20))
    # The parser takes a time that grows with the square of what is opened and never closed.
    closed = _UNCLOSED.sub("&lt;", _without_active(html, is_html=True))
    markdown: str = _library("markdownify").markdownify(
        closed, heading_style="ATX", bullets="-", strip=["img"], escape_misc=False
    )
    return markdown


_UNCLOSED = re.compile(r"<(?![^<>]*>)")
# None holds the beginning of another: to look past those for an end that is missing takes the square of their number.
_IMAGE = re.compile(r"!\[[^\[\]\n]*\]\((?:(?!!\[)[^)\n])*\)")
_LINK = re.compile(r"\[([^\[\]\n]*)\]\((?!https?://|mailto:|tel:)(?:[^()\n]|\([^()\n]*\))*\)")
_LIST_MARK = re.compile(r"^[ \t]*(?:[#>-]+|\d+\.)[ \t]+", re.MULTILINE)


def _without_active(text: str, *, is_html: bool) -> str:
    """Text without comments and without what acts or is not read. What is never closed goes to the end of HTML, as
    browsers have it; in Markdown it is only written, and stays.
    """
    kept, at = list[str](), 0
    never_closed = set[str]()
    while found := _OPENING.search(text, at):
        name = found[1].lower() if found[1] else ""
        closing = rf"</{name}[^<>]*>" if name else "-->" if found[0] == "<!--" else ">"
        end = None if closing in never_closed else re.compile(closing, re.IGNORECASE).search(text, found.end())
        if end is None and not is_html:
            never_closed.add(closing)  # nor from here on: to look each time would take the square of its length
            kept.append(text[at : found.end()])
            at = found.end()
            continue
        kept.append(text[at : found.start()])
        at = end.end() if end is not None else len(text)
    return "".join([*kept, text[at:]])


_OPENING = re.compile(r"<!--|<[!?]|<(script|style|title|iframe|object|template|svg)\b", re.IGNORECASE)


def _library(name: str) -> Any:
    from importlib import import_module

    try:
        return import_module(name)
    except ImportError as error:
        raise StoreError(
            _("Falta el convertidor «{name}».").format(name=name),
            remedy=_("Instálelo con «pip install atencion[convert]»."),
        ) from error


def _between(html: str, name: str) -> str:
    """What the first element of a name holds."""
    opening = re.search(rf"<{name}\b[^<>]*>", html, re.IGNORECASE)
    return html[opening.end() :].partition("</")[0] if opening else ""


def _text(html: str) -> str:
    return clean_line(unescape(re.sub(r"<[^<>]+>", " ", html)))


def _slug(title: str) -> str:
    return "-".join(re.findall(r"[a-z0-9]+", fold(title)))[:60].strip("-") or "articulo"


def _article(article_id: str, page: _Page, owner: str) -> str:
    """The draft: what it says of itself, with what is missing left to its owner, and the body."""
    body = clean_text(page.body, MAX_BODY, MAX_LINES).replace("<", "‹").replace(">", "›")
    body = _LINK.sub(r"\1", _IMAGE.sub("", body)).strip()
    body = re.sub(r"\n{3,}", "\n\n", body.replace("\n› ", "\n> "))
    sentences = re.split(r"(?<=[.!?])\s+", " ".join(re.sub(r"[*`|]+", " ", _LIST_MARK.sub("", body)).split()))
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
