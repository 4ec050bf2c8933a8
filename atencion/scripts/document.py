"""Reads YAML as text only: every scalar a string, every node with its place in the file.

YAML turns `no` into False, `01001` into 513 and `12:30` into 750; whoever writes a protocol means none of these.
So nothing is converted here: the schema converts. Aliases, anchors, tags and duplicate keys are refused.
"""

from __future__ import annotations

import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import yaml

from atencion.errors import Problem, ProblemsFound, why
from atencion.i18n import _
from atencion.text import is_clean

Node = str | list["Node"] | dict[str, "Node"]
Loc = tuple[str | int, ...]

MAX_BYTES = 256 * 1024
MAX_DEPTH = 20
MAX_NODES = 20_000


class Mark(NamedTuple):
    """Where a node stands: lines and columns count from 1."""

    file: str
    line: int
    column: int


@dataclass(frozen=True)
class Document:
    """A YAML file as plain strings, lists and dicts, with the place of every node and key.

    Parts that were included from other files keep the place where they were written.
    """

    file: str
    tree: Node
    values: dict[Loc, Mark] = field(default_factory=dict)
    keys: dict[Loc, Mark] = field(default_factory=dict)

    def place(self, loc: Loc, *, key: bool = False) -> Mark:
        """Where the node at `loc` stands, or the nearest node around it that exists."""
        marks = self.keys if key and loc in self.keys else self.values
        while loc and loc not in marks:
            loc, marks = loc[:-1], self.values
        return marks.get(loc, Mark(self.file, 1, 1))

    def problem(self, loc: Loc, message: str, expected: str = "", *, key: bool = False) -> Problem:
        """A problem of the node at `loc`, or of its key."""
        return Problem(*self.place(loc, key=key), message, expected)


def read_file(path: Path, *, shown_as: str | None = None, limit: int = MAX_BYTES) -> str:
    """The text of a file an author wrote.

    Raises ProblemsFound when it is missing, no regular file, over `limit` bytes, or not UTF-8.
    """
    name = shown_as or str(path)
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise _failure(name, 1, 1, _("no es un fichero"), _("un fichero de texto"))
        if found.st_size > limit:
            size = _("ocupa {size} KiB").format(size=found.st_size // 1024)
            raise _failure(name, 1, 1, size, _("{limit} KiB como mucho").format(limit=limit // 1024))
        data = path.read_bytes()
    except OSError as error:
        raise _failure(
            name,
            1,
            1,
            _("no se puede leer: {why}").format(why=why(error)),
            _("un fichero que se pueda leer"),
        ) from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - data.rfind(b"\n", 0, error.start)
        raise _failure(name, line, column, _("no es texto UTF-8"), _("guardar el fichero como UTF-8")) from error


def parse(text: str, file: str, *, first_line: int = 1) -> Document:
    """Text of a YAML file into a Document. `first_line` is where the text begins in the file (front matter).

    Raises ProblemsFound with every structural problem met up to the first that stops the reader.
    """
    if len(text) > MAX_BYTES:
        raise _failure(file, 1, 1, _("el texto es demasiado largo"), _("256 KiB como mucho"))
    builder = _Builder(file, first_line)
    try:
        for event in _events(text):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + first_line, mark.column + 1) if mark else (first_line, 1)
        words = "found character '\\t'" if mark and _starts_with_tab(text, mark.line) else error.problem or ""
        builder.problems.append(Problem(file, line, column, *_in_spanish(words)))
    except yaml.reader.ReaderError as error:
        before = text[: error.position] if isinstance(error.position, int) else ""
        line, column = before.count("\n") + first_line, len(before) - before.rfind("\n")
        message = _("carácter no permitido: U+{code:04X}").format(code=_code(error.character))
        builder.problems.append(Problem(file, line, column, message, _("texto sin caracteres de control")))
    if not builder.problems and builder.root is None:
        builder.problems.append(Problem(file, first_line, 1, _("el fichero está vacío"), _("claves y valores")))
    if builder.problems:
        raise ProblemsFound(builder.problems)
    assert builder.root is not None
    return Document(file, builder.root, builder.values, builder.keys)


def _failure(file: str, line: int, column: int, message: str, expected: str) -> ProblemsFound:
    return ProblemsFound([Problem(file, line, column, message, expected)])


def _events(text: str) -> Iterator[yaml.Event]:
    return yaml.parse(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))


def _starts_with_tab(text: str, line: int) -> bool:
    lines = text.split("\n")
    return line < len(lines) and "\t" in lines[line][: len(lines[line]) - len(lines[line].lstrip())]


def _code(character: object) -> int:
    return ord(character) if isinstance(character, str) and len(character) == 1 else int(str(character) or 0)


class _Builder:
    """Takes parser events and grows the tree, iteratively: depth and size are bounded before anything is built."""

    def __init__(self, file: str, first_line: int) -> None:
        self.file, self.first_line = file, first_line
        self.root: Node | None = None
        self.values: dict[Loc, Mark] = {}
        self.keys: dict[Loc, Mark] = {}
        self.problems: list[Problem] = []
        self._open: list[tuple[list[Node] | dict[str, Node], Loc]] = []
        self._key: list[str | None] = []
        self._nodes = 0
        self._documents = 0

    def take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                self._stop(event, _("hay más de un documento"), _("un solo documento, sin «---» en medio"))
        elif isinstance(event, yaml.AliasEvent):
            self._stop(event, _("los alias (*) no se permiten"), _("escribir el valor otra vez"))
        elif isinstance(event, yaml.ScalarEvent | yaml.SequenceStartEvent | yaml.MappingStartEvent):
            self._node(event)
        elif isinstance(event, yaml.SequenceEndEvent | yaml.MappingEndEvent):
            self._open.pop()
            self._key.pop()

    def _node(self, event: yaml.ScalarEvent | yaml.SequenceStartEvent | yaml.MappingStartEvent) -> None:
        self._nodes += 1
        if event.anchor:
            self._stop(event, _("las anclas (&) no se permiten"), _("escribir el valor entero"))
        if event.tag and event.tag != "!":
            self._stop(event, _("las etiquetas (!) no se permiten"), _("texto, listas y claves"))
        if self._nodes > MAX_NODES:
            self._stop(event, _("el fichero tiene demasiados elementos"), _("20 000 como mucho"))
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event)
            return
        container: list[Node] | dict[str, Node] = [] if isinstance(event, yaml.SequenceStartEvent) else {}
        loc = self._place(container, event)
        self._open.append((container, loc))
        self._key.append(None)
        if len(self._open) > MAX_DEPTH:
            self._stop(event, _("hay demasiados niveles"), _("20 niveles como mucho"))

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        text = event.value
        if not is_clean(text):
            message, expected = _("hay caracteres de control o invisibles"), _("texto que se pueda leer")
            self.problems.append(Problem(*self._mark(event), message, expected))
            text = ""
        parent = self._open[-1][0] if self._open else None
        if isinstance(parent, dict) and self._key[-1] is None:
            loc = (*self._open[-1][1], text)
            if text in parent:
                first = self.keys[loc].line
                self.problems.append(
                    Problem(
                        *self._mark(event),
                        _("la clave «{key}» está repetida").format(key=text),
                        _("una sola vez (ya está en la línea {line})").format(line=first),
                    )
                )
            else:
                self.keys[loc] = self._mark(event)
            self._key[-1] = text
            return
        self._place(text, event)

    def _place(self, node: Node, event: yaml.Event) -> Loc:
        """Hang the node from the container that is open, and note where it stands."""
        loc: Loc = ()
        if not self._open:
            self.root = node
        else:
            parent, base = self._open[-1]
            if isinstance(parent, list):
                loc = (*base, len(parent))
                parent.append(node)
            else:
                key = self._key[-1]
                if key is None:
                    self._stop(event, _("una clave tiene que ser un texto"), _("clave: valor"))
                    raise AssertionError
                loc = (*base, key)
                parent[key] = node
                self._key[-1] = None
        self.values[loc] = self._mark(event)
        return loc

    def _mark(self, event: yaml.Event) -> Mark:
        mark = event.start_mark
        assert mark is not None, "events of a parser have their place"
        return Mark(self.file, mark.line + self.first_line, mark.column + 1)

    def _stop(self, event: yaml.Event, message: str, expected: str) -> None:
        raise ProblemsFound([*self.problems, Problem(*self._mark(event), message, expected)])


def _in_spanish(problem: str) -> tuple[str, str]:
    """The parser's English words as a message and what was expected."""
    for words, message, expected in (
        ("found character '\\t'", _("hay un tabulador"), _("sangrar con espacios")),
        ("mapping values are not allowed", _("hay un «:» donde no puede haberlo"), _("poner el texto entre comillas")),
        ("could not find expected ':'", _("falta «:» tras la clave"), _("clave: valor")),
        ("did not find expected key", _("la sangría o una comilla no cuadra"), _("claves a la misma altura")),
        ("did not find expected '-'", _("la sangría de la lista no cuadra"), _("elementos con «-» a la misma altura")),
        ("did not find expected ',' or", _("falta una coma o el cierre"), _("cerrar con ] o }")),
        ("found unexpected end of stream", _("unas comillas no se cierran"), _("cerrar las comillas")),
        ("unexpected end of stream", _("unas comillas no se cierran"), _("cerrar las comillas")),
        ("cannot start any token", _("un carácter no puede empezar un valor"), _("poner el texto entre comillas")),
        ("undefined alias", _("los alias (*) no se permiten"), _("escribir el valor otra vez")),
        ("unknown escape", _("hay una secuencia con «\\» que no existe"), _("usar comillas simples")),
        ("control characters", _("hay caracteres de control"), _("texto que se pueda leer")),
    ):
        if words in problem:
            return message, expected
    return _("el YAML no se entiende aquí ({detail})").format(detail=problem), _("YAML bien formado")
