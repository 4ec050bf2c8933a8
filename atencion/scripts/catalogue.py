"""All that an organisation has decided, read from its folder when it is asked for.

A file with problems is told with all of them; the others load all the same.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from atencion.errors import Problem, ProblemsFound, Refused
from atencion.i18n import _
from atencion.scripts.document import Document, parse, read_file
from atencion.scripts.headers import HEAD_BYTES, Header, read_header
from atencion.scripts.includes import expand
from atencion.scripts.lint import World, lint
from atencion.scripts.model import Model, validate
from atencion.scripts.organisation import Organisation
from atencion.scripts.protocol import Protocol
from atencion.scripts.regulation import Norm, NormCard, cards
from atencion.text import clean_line

if TYPE_CHECKING:
    # What no call needs to begin with is loaded where it is used: it would make the start longer.
    from atencion.scripts.articles import WrittenArticle
    from atencion.scripts.case_papers import Bodies, Papers
    from atencion.scripts.examples import ExamplesFile
    from atencion.scripts.fragments import ListedFragment
    from atencion.scripts.sending import Sending
    from atencion.scripts.working_days import CompanyCalendar

T = TypeVar("T")

Stamp = tuple[int, int] | None
"""The size of a file and when it was last written; None if it is not there."""

FindText = Callable[[str], tuple[str, str]]
"""The file and the text of the fragment of that id. Raises KeyError if there is none, ProblemsFound if unreadable."""

TESTS = ".test.yaml"
"""How the files of example conversations end, each beside its protocol."""

FRAGMENTS = "common"
"""The folder of the fragments."""

_PROTOCOL_ID = re.compile(r"[a-z0-9_]+(/[a-z0-9][a-z0-9-]*)+")


@dataclass(frozen=True)
class LoadedProtocol:
    """A protocol with the very texts it was read from, its own and those it uses, by whose hash a contact pins it."""

    protocol: Protocol
    source: str
    fragments: Mapping[str, str]
    document: Document

    @cached_property
    def pinned(self) -> str:
        """All its texts in one, from which `unpin` reads the same protocol again."""
        texts = {"protocol": self.source, "fragments": dict(self.fragments)}
        return json.dumps(texts, ensure_ascii=False, sort_keys=True)

    @cached_property
    def hash(self) -> str:
        """The SHA-256 of all its texts."""
        return hashlib.sha256(self.pinned.encode()).hexdigest()


@dataclass(frozen=True)
class ListedProtocol:
    """A protocol's file: the protocol, or what is wrong with it."""

    id: str
    path: Path
    loaded: LoadedProtocol | None
    problems: tuple[Problem, ...] = ()


class Catalogue:
    """The folder of protocols. Files are read when first asked for; a protocol, again once its file has changed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._protocols: dict[str, tuple[LoadedProtocol, dict[Path, Stamp]]] = {}
        self._headers: dict[Path, tuple[Stamp, Header]] = {}

    @cached_property
    def organisation(self) -> Organisation:
        """Who attends. Raises ProblemsFound."""
        return self._organisation_file()[0]

    @property
    def organisation_or_none(self) -> Organisation | None:
        """Who attends, if its file can be used."""
        return _attempt(lambda: self.organisation)[0]

    def protocol(self, protocol_id: str) -> LoadedProtocol:
        """The protocol of that id as its files are now. Raises Refused if there is none, ProblemsFound if it cannot be
        used.
        """
        path = self.path(protocol_id)
        known = self._protocols.get(protocol_id)
        if known is not None and all(_stamp(file) == at for file, at in known[1].items()):
            return known[0]
        read_at = {path: _stamp(path)}

        def find(fragment_id: str) -> tuple[str, str]:
            if (file := self._path(fragment_id)) is not None:
                read_at[file] = _stamp(file)
            return self.fragment_text(fragment_id)

        world = replace(self._near_world, articles=self._article_ids())
        loaded = load_protocol(path, world, expected_id=protocol_id, fragments=find)
        self._protocols[protocol_id] = loaded, read_at
        return loaded

    def fragment_text(self, fragment_id: str) -> tuple[str, str]:
        """The file and the text of a fragment. Raises KeyError if there is none, ProblemsFound if it is unreadable."""
        path = self._path(fragment_id)
        if path is None:
            raise KeyError(fragment_id)
        return str(path), read_file(path)

    def fragment_document(self, fragment_id: str) -> Document:
        """A fragment as it is written. Raises KeyError if there is none, ProblemsFound if it cannot be read."""
        name, text = self.fragment_text(fragment_id)
        return parse(text, name)

    def ids(self) -> list[str]:
        """The ids of the protocols there are files of, be they right or wrong, and of the fragments with examples."""
        tested = [path for path in self._files(FRAGMENTS, "yaml") if path.with_suffix(TESTS).is_file()]
        return [self._id(path) for path in (*self._protocol_paths(), *tested)]

    def path(self, protocol_id: str) -> Path:
        """The file of the protocol or the fragment of that id. Raises Refused if there is none."""
        path = self._path(protocol_id)
        if path is None:
            raise self._unknown(protocol_id)
        return path

    def example_paths(self) -> list[Path]:
        """The files of example conversations; the attempts of practice end alike and are another thing."""
        found = self.folder.glob(f"*/**/*{TESTS}")
        return sorted(path for path in found if path.relative_to(self.folder).parts[0] != "practice")

    def examples(self, protocol_id: str) -> ExamplesFile | None:
        """The example conversations beside a protocol or a fragment; None if there are none. Raises ProblemsFound."""
        from atencion.scripts.examples import read_examples

        path = self.folder / f"{protocol_id}{TESTS}"
        return read_examples(read_file(path), str(path)) if path.is_file() else None

    def protocols(self) -> list[ListedProtocol]:
        """Every protocol of the folder, by id, each checked against all the other files."""
        return [self._listed(path) for path in self._protocol_paths()]

    def headers(self) -> list[Header]:
        """What every protocol says of itself, by id, without reading the rest of its file.

        A file is read again only once it has changed.
        """
        found: dict[Path, tuple[Stamp, Header]] = {}
        for path in self._protocol_paths():
            at = _stamp(path)
            known = self._headers.get(path)
            found[path] = known if known is not None and known[0] == at else (at, self._header(path))
        self._headers = found
        return [header for _at, header in found.values()]

    def header(self, protocol_id: str) -> Header | None:
        """What a protocol says of itself, or None if there is none of that id."""
        path = self._path(protocol_id)
        return self._header(path) if path is not None else None

    def count(self) -> int:
        """How many protocols there are, without looking at any."""
        # Paths cost ten times what names do, and of thousands the start would tell.
        walked = (names for folder in self._protocol_folders() for _at, _below, names in os.walk(self.folder / folder))
        return sum(name.endswith(".yaml") and not name.endswith(TESTS) for names in walked for name in names)

    def channels_at_hand(self) -> list[str]:
        """The channels whose folder has a protocol, in the organisation's order, without reading any."""
        return [one.id for one in self.organisation.channels if any((self.folder / one.id).glob("**/*.yaml"))]

    def fragments(self) -> list[ListedFragment]:
        """Every fragment of the folder, by id, each checked by itself."""
        return [self._fragment(path) for path in self._files(FRAGMENTS, "yaml") if not _is_tests(path)]

    @cached_property
    def norms(self) -> dict[str, NormCard]:
        """Articles of norms by reference, such as ley-10-2025/8.2; files with problems are left out."""
        found: dict[str, NormCard] = {}
        for path in self.norm_paths():
            norm, _problems = _attempt(lambda path=path: _norm(path))  # type: ignore[misc]
            if norm is not None:
                found.update(cards(norm))
        return found

    def norm_paths(self) -> list[Path]:
        """The files of the norms."""
        return self._files("regulation", "yaml")

    def norm(self, ref: str) -> NormCard:
        """The article of that reference; one that is not in the folder is shown by its reference."""
        return self.norms.get(ref) or NormCard(ref, ref, "", "")

    def known_norm(self, ref: str) -> NormCard:
        """The article of that reference. Raises Refused if the folder has none."""
        if ref not in self.norms:
            close = difflib.get_close_matches(ref, self.norms, 1)
            hint = _("¿Quería decir «{key}»?").format(key=close[0]) if close else ""
            raise Refused(_("La norma «{id}» no existe.").format(id=clean_line(ref, 80)), remedy=hint)
        return self.norms[ref]

    @cached_property
    def calendar(self) -> CompanyCalendar:
        """The organisation's working days. Raises ProblemsFound."""
        from atencion.scripts.working_days import CompanyCalendar

        return self._read(CompanyCalendar, "cases/calendar.yaml")

    @cached_property
    def papers(self) -> Papers:
        """What is written to customers about their cases. Raises ProblemsFound."""
        from atencion.scripts.case_papers import Papers

        return self._read(Papers, "cases/papers.yaml")

    @cached_property
    def sending(self) -> Sending:
        """How messages leave. Raises ProblemsFound."""
        from atencion.scripts.sending import Sending

        return self._read(Sending, "cases/sending.yaml")

    @cached_property
    def bodies(self) -> Bodies:
        """Whom customers can turn to outside the organisation. Raises ProblemsFound."""
        from atencion.scripts.case_papers import Bodies

        return self._read(Bodies, "cases/bodies.yaml")

    def articles(self) -> tuple[list[WrittenArticle], list[Problem]]:
        """The knowledge articles that can be used, and what is wrong with the others."""
        from atencion.scripts.articles import read_article_file

        found: list[WrittenArticle] = []
        problems: list[Problem] = []
        for path in self._files("knowledge", "md"):
            article, wrong = _attempt(lambda path=path: read_article_file(path))  # type: ignore[misc]
            problems += wrong
            if article is not None:
                found.append(article)
        return found, problems

    def check(self) -> list[Problem]:
        """Everything wrong in the folder, file by file."""
        from atencion.scripts.examples import read_examples
        from atencion.scripts.references import (
            article_references,
            case_references,
            channel_protocols,
            organisation_references,
        )

        problems: list[Problem] = []
        organisation, unusable = _attempt(self._organisation_file)
        problems += unusable
        if organisation is not None:
            problems += organisation_references(*organisation)
            problems += channel_protocols(*organisation, self.headers())
            problems += case_references(*organisation, self.norms) if self.norm_paths() else ()
        for path in self.norm_paths():
            problems += _attempt(lambda path=path: _norm(path))[1]  # type: ignore[misc]
        if (self.folder / "cases").is_dir() or any(map(_leaves_cases, self.protocols())):
            for read in (lambda: self.calendar, lambda: self.papers, lambda: self.bodies, lambda: self.sending):
                problems += _attempt(read)[1]
        articles, wrong = self.articles()
        problems += wrong
        problems += article_references(articles, frozenset(self.norms))
        for listed in self.protocols():
            problems += listed.problems
        for fragment in self.fragments():
            problems += fragment.problems
        for path in self.example_paths():
            problems += _attempt(lambda path=path: read_examples(read_file(path), str(path)))[1]  # type: ignore[misc]
        return sorted(set(problems))

    @cached_property
    def world(self) -> World:
        """All that a protocol may refer to."""
        return World(
            norms=frozenset(self.norms),
            articles=self._near_world.articles,
            outcomes=self._near_world.outcomes,
            departments=self._near_world.departments,
            dispositions=self._near_world.dispositions,
            channels=self._near_world.channels,
            limits=self._near_world.limits,
            case_types=self._near_world.case_types,
            case_subtypes=self._near_world.case_subtypes,
        )

    @cached_property
    def _near_world(self) -> World:
        """What can be known without reading the norms: a call that opens need not wait for them."""
        organisation = self.organisation_or_none
        articles = self._article_ids()
        if organisation is None:
            return World(articles=articles)
        return World(
            articles=articles,
            outcomes=frozenset(organisation.outcome),
            departments=frozenset(organisation.department),
            dispositions=frozenset(organisation.disposition),
            channels=frozenset(organisation.channel),
            limits=frozenset(organisation.limits),
            case_types=frozenset(organisation.case_type),
            case_subtypes=frozenset((kind.id, one.id) for kind in organisation.case_types for one in kind.subtypes),
        )

    def _article_ids(self) -> frozenset[str]:
        return frozenset(path.stem for path in self._files("knowledge", "md"))

    def _read(self, model: type[Model], name: str) -> Model:
        path = self.folder / name
        return validate(model, parse(read_file(path), str(path)))

    def _organisation_file(self) -> tuple[Organisation, Document]:
        path = self.folder / "organisation.yaml"
        document = parse(read_file(path), str(path))
        return validate(Organisation, document), document

    def _header(self, path: Path) -> Header:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES).decode("utf-8", "replace")
        return read_header(head, path.relative_to(self.folder).with_suffix("").as_posix())

    def _listed(self, path: Path) -> ListedProtocol:
        protocol_id = self._id(path)
        loaded, problems = _attempt(
            lambda: load_protocol(path, self.world, expected_id=protocol_id, fragments=self.fragment_text)
        )
        return ListedProtocol(protocol_id, path, loaded, tuple(problems))

    def _fragment(self, path: Path) -> ListedFragment:
        from atencion.scripts.fragments import ListedFragment, list_fragment

        fragment_id = self._id(path)
        source, problems = _attempt(lambda: read_file(path))
        if source is None:
            return ListedFragment(fragment_id, path, None, None, None, "", problems)
        return list_fragment(fragment_id, path, source, self.fragment_document, self.world)

    def _id(self, path: Path) -> str:
        return path.relative_to(self.folder).with_suffix("").as_posix()

    def _protocol_paths(self) -> Iterator[Path]:
        for folder in self._protocol_folders():
            yield from (path for path in self._files(folder, "yaml", deep=True) if not _is_tests(path))

    def _protocol_folders(self) -> list[str]:
        folders = sorted(self._near_world.channels) or [
            path.name for path in sorted(self.folder.iterdir()) if path.is_dir()
        ]
        return [folder for folder in folders if folder not in _OTHER_FOLDERS]

    def _path(self, protocol_id: str) -> Path | None:
        if not _PROTOCOL_ID.fullmatch(protocol_id):
            return None
        path = self.folder / f"{protocol_id}.yaml"
        return path if path.is_file() and path.resolve().is_relative_to(self.folder.resolve()) else None

    def _unknown(self, protocol_id: str) -> Refused:
        known = [self._id(path) for path in self._protocol_paths()]
        close = difflib.get_close_matches(protocol_id, known, 1)
        hint = _("¿Quería decir «{key}»?").format(key=close[0]) if close else ""
        listed = _("Los que hay: {protocols}.").format(protocols=", ".join(known)) if known else ""
        message = _("El protocolo «{id}» no existe.").format(id=clean_line(protocol_id, 80))
        return Refused(message, remedy=hint or listed)

    def _files(self, folder: str, ending: str, *, deep: bool = False) -> list[Path]:
        base = self.folder / folder
        pattern = f"**/*.{ending}" if deep else f"*.{ending}"
        return sorted(base.glob(pattern)) if base.is_dir() else []


_OTHER_FOLDERS = frozenset(
    {"regulation", "knowledge", "cases", "demo", "common", "surveys", "loyalty", "documents", "practice"}
)


_OF_CASES = frozenset({"open_case", "update_case", "issue_receipt", "schedule_callback"})


def _stamp(path: Path) -> Stamp:
    try:
        about = path.stat()
    except OSError:
        return None
    return about.st_size, about.st_mtime_ns


def _leaves_cases(listed: ListedProtocol) -> bool:
    """Whether a protocol does what needs to know of cases, their papers and the calendar."""
    steps = listed.loaded.protocol.all_steps() if listed.loaded is not None else ()
    return any(step.kind == "escalate" or any(doing.action in _OF_CASES for doing in step.do) for step in steps)


def _is_tests(path: Path) -> bool:
    return path.name.endswith(TESTS)


def load_protocol(
    path: Path, world: World, *, expected_id: str | None = None, fragments: FindText | None = None
) -> LoadedProtocol:
    """A protocol from its file. Raises ProblemsFound with all that is wrong in it."""
    return protocol_from_text(read_file(path), str(path), world, expected_id=expected_id, fragments=fragments)


def protocol_from_text(
    source: str, file: str, world: World, *, expected_id: str | None = None, fragments: FindText | None = None
) -> LoadedProtocol:
    """A protocol from its text; `file` is how problems name it, `fragments` gives the texts of those it uses.

    Raises ProblemsFound.
    """
    used: dict[str, str] = {}

    def find(fragment_id: str) -> Document:
        if fragments is None:
            raise KeyError(fragment_id)
        name, text = fragments(fragment_id)
        used[fragment_id] = text
        return parse(text, name)

    document = expand(parse(source, file), find)
    protocol = validate(Protocol, document)
    problems = lint(protocol, document, world)
    if expected_id is not None and protocol.id != expected_id:
        message = _("el id «{id}» no es el de su fichero").format(id=protocol.id)
        problems.append(document.problem(("id",), message, expected_id))
    if problems:
        raise ProblemsFound(problems)
    return LoadedProtocol(protocol, source, used, document)


def unpin(pinned: str, protocol_id: str) -> Protocol:
    """The protocol that a contact began with, from all its texts in one."""
    texts = json.loads(pinned)
    found = protocol_from_text(
        texts["protocol"], protocol_id, World(), fragments=lambda name: (name, texts["fragments"][name])
    )
    return found.protocol


def _norm(path: Path) -> Norm:
    document = parse(read_file(path), str(path))
    norm = validate(Norm, document)
    if norm.id != path.stem:
        message = _("el id «{id}» no es el de su fichero").format(id=norm.id)
        raise ProblemsFound([document.problem(("id",), message, path.stem)])
    return norm


def _attempt(read: Callable[[], T]) -> tuple[T | None, tuple[Problem, ...]]:
    try:
        return read(), ()
    except ProblemsFound as error:
        return None, error.problems
