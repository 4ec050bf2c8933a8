"""What is kept of a failure of the program itself: where it happened, never what it was handling."""

from __future__ import annotations

import os
import platform
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from atencion import __version__
from atencion.resources import state_folder


def write_crash_report(error: BaseException) -> Path | None:
    """Write a report that only its owner can read, and return its path; None if the disk does not let.

    It holds the kinds of the errors and the places in the code. Their messages, the values and the arguments stay
    out: they may hold a customer's data.
    """
    now = datetime.now(UTC)
    folder = state_folder() / "crashes"
    path = folder / f"{now:%Y%m%dT%H%M%S}-{os.getpid()}.txt"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(descriptor, "w", encoding="utf-8") as stream:
            stream.writelines(f"{line}\n" for line in _lines(error, now))
    except OSError:
        return None
    return path


def _lines(error: BaseException, now: datetime) -> Iterator[str]:
    yield f"atencion {__version__}, Python {platform.python_version()}, {platform.platform()}, {now:%Y-%m-%dT%H:%M:%SZ}"
    for link in _chain(error):
        yield ""
        yield f"{type(link).__module__}.{type(link).__qualname__}"
        for frame in traceback.extract_tb(link.__traceback__):
            yield f"  {_shortened(frame.filename)}:{frame.lineno} {frame.name}"


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error, then what it came from and what it groups, each once."""
    waiting, seen = [error], set[int]()
    while waiting:
        link = waiting.pop(0)
        if id(link) in seen:
            continue
        seen.add(id(link))
        yield link
        waiting.extend(origin for origin in (link.__cause__, link.__context__) if origin is not None)
        if isinstance(link, BaseExceptionGroup):
            waiting.extend(link.exceptions)


def _shortened(filename: str) -> str:
    """A path from the library or the package on: the folders above may name a person."""
    for mark in ("/site-packages/", "/atencion/"):
        _above, found, inside = filename.rpartition(mark)
        if found:
            return inside
    return Path(filename).name
