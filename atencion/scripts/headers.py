"""What a list of protocols needs of each file, read without parsing it: a catalogue of thousands opens at once.

A file that says nonsense is listed under its id; whoever opens it is told what is wrong, by the real reader.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from atencion.text import clean_line

HEAD_BYTES = 4_096
"""How much of a file is looked at: a header is some twenty lines."""

_KEY = re.compile(r"([a-z_]+):(?:[ \t]+(.*))?$")
_BLOCK = frozenset({"", ">", ">-", "|", "|-"})
_BODY = re.compile(r"^(?:fields|steps|moments):", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Header:
    """What a protocol says of itself. Days are as written, year first; empty if it does not say."""

    id: str
    title: str
    channels: tuple[str, ...]
    language: str = "es"
    languages: tuple[str, ...] = ()
    status: str = "published"
    roles: tuple[str, ...] = ()
    valid_from: str = ""
    valid_to: str = ""

    def is_open_to(self, role: str, on: date) -> bool:
        """Whether somebody of that role may open it on a day."""
        day = on.isoformat()
        in_force = (not self.valid_from or self.valid_from <= day) and (not self.valid_to or day <= self.valid_to)
        return self.status == "published" and in_force and (not self.roles or role in self.roles)


def read_header(head: str, protocol_id: str) -> Header:
    """The header of the protocol of that id, from the beginning of its text. Whatever the text, there is one."""
    body = _BODY.search(head)
    found = dict(_entries(head[: body.start()].splitlines() if body else head.splitlines()))
    valid = found.get("valid", "")
    return Header(
        id=protocol_id,
        title=clean_line(_scalar(found.get("title", ""))) or protocol_id,
        channels=_names(found.get("channels", "")) or (protocol_id.partition("/")[0],),
        language=_scalar(found.get("language", "")) or "es",
        languages=_names(found.get("languages", "")),
        status=_scalar(found.get("status", "")) or "published",
        roles=_names(found.get("roles", "")),
        valid_from=_day("from", valid),
        valid_to=_day("to", valid),
    )


def _entries(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The keys that stand at the margin, each with its text; one of several lines is put on one."""
    key, parts = "", list[str]()
    for line in lines:
        match = _KEY.match(line)
        if match is None:
            if line.strip() and not line.lstrip().startswith("#"):
                parts.append(line.strip())
            continue
        if key:
            yield key, " ".join(parts)
        first = (match[2] or "").strip()
        key, parts = match[1], [] if first in _BLOCK else [first]
    if key:
        yield key, " ".join(parts)


def _scalar(text: str) -> str:
    quote = text[:1]
    if quote in ('"', "'"):
        return text[1:].partition(quote)[0]
    return re.split(r"\s#", text, maxsplit=1)[0].strip()


def _names(text: str) -> tuple[str, ...]:
    """The items of a list, be it `[a, b]` or lines that begin with a hyphen."""
    inside = text[1:].partition("]")[0] if text.startswith("[") else re.sub(r"(^|\s)-\s+", ",", text)
    return tuple(one for one in (_scalar(part.strip()) for part in inside.split(",")) if one)


def _day(name: str, valid: str) -> str:
    match = re.search(rf"\b{name}:\s*[\"']?(\d{{4}}-\d\d-\d\d)", valid)
    return match[1] if match else ""
