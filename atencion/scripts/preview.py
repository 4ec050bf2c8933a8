"""A folder of protocols as its author sees it while writing: what there is, how each file stands, what has changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from atencion.errors import Problem, ProblemsFound, Refused
from atencion.scripts.catalogue import Catalogue, LoadedProtocol
from atencion.scripts.checking import check_one, read_whole
from atencion.scripts.document import Mark
from atencion.scripts.organisation import Organisation

Stamp = frozenset[tuple[str, int, int]]
"""The files of a folder with their size and the moment they were last written."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A protocol or a fragment in the list. Without a title its file cannot be used."""

    id: str
    title: str
    version: str
    problems: int


@dataclass(frozen=True, slots=True)
class Preview:
    """A protocol or a fragment as it stands now: what it comes to, if it can be used, and all there is to say of it."""

    loaded: LoadedProtocol | None
    problems: tuple[Problem, ...]
    organisation: Organisation | None

    @property
    def wrong(self) -> tuple[Problem, ...]:
        """What stops it from being used."""
        return tuple(one for one in self.problems if one.severity == "error")


def entries(folder: Path) -> list[Entry]:
    """Every protocol and then every fragment of a folder."""
    catalogue = Catalogue(folder)
    found = []
    for one in catalogue.protocols():
        about = one.loaded.protocol if one.loaded else None
        found.append(Entry(one.id, about.title if about else "", about.version if about else "", len(one.problems)))
    for fragment in catalogue.fragments():
        about_it = fragment.about
        title, version = (about_it.title, about_it.version) if about_it else ("", "")
        found.append(Entry(fragment.id, title, version, len(fragment.problems)))
    return found


def preview(folder: Path, protocol_id: str, *, today: date) -> Preview:
    """How a protocol or a fragment stands. Whatever is in its file, there is an answer."""
    catalogue = Catalogue(folder)
    try:
        problems = check_one(catalogue, protocol_id, today=today)
        return Preview(read_whole(catalogue, protocol_id), tuple(problems), catalogue.organisation_or_none)
    except ProblemsFound as error:
        return Preview(None, error.problems, catalogue.organisation_or_none)
    except Refused as error:
        problem = Problem(str(folder / f"{protocol_id}.yaml"), 1, 1, error.message.rstrip("."), error.remedy)
        return Preview(None, (problem,), catalogue.organisation_or_none)


def stamp(folder: Path) -> Stamp:
    """What a folder's files look like from outside, to tell when one was saved."""
    found = set()
    for path in (*folder.rglob("*.yaml"), *folder.rglob("*.md")):
        try:
            about = path.stat()
        except OSError:
            continue  # It went away between two looks; the next one tells.
        found.add((str(path), about.st_size, about.st_mtime_ns))
    return frozenset(found)


def at_step(problem: Problem, places: dict[str, Mark]) -> str:
    """The step in which a problem stands; empty if it is above them all or in another file."""
    above = [(mark.line, step) for step, mark in places.items() if mark.file == problem.file]
    return max((one for one in above if one[0] <= problem.line), default=(0, ""))[1]
