"""Reading customers from vCard 3.0 (RFC 2426) and 4.0 (RFC 6350), and the 2.1 that telephones still write."""

from __future__ import annotations

import io
import quopri
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from atencion.data.json_rows import BETWEEN
from atencion.data.row_source import Row, RowSource, open_regular
from atencion.i18n import _

MOST_LINES = 2_000
"""Lines of a card; photographs take most of them."""

HEADER = (
    "external_id", "given_name", "surnames", "full_name", "company_name", "document", "birth_date", "phones", "emails",
    "street", "postcode", "town", "province", "language",
)  # fmt: skip

LONGEST_PROPERTY = 100_000
"""Characters of a property, whose lines are joined."""


class VcardFile(RowSource):
    """An open file of vCards."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._file = open_regular(path)
        self._size = max(1, self._file.seek(0, io.SEEK_END))
        self._file.seek(0)
        self.header = list(HEADER)

    @property
    def fraction(self) -> float:
        return min(1.0, self._file.tell() / self._size)

    def close(self) -> None:
        self._file.close()

    def rows(self) -> Iterator[Row]:
        start, card = 0, list[str]()
        for line in self._unfolded():
            word = line.strip().upper()
            if word == "BEGIN:VCARD":
                if card:
                    yield Row(start, _cells(card), _("la tarjeta no termina"))
                start, card = self.line, []
            elif word == "END:VCARD":
                yield Row(start, _cells(card), "" if len(card) < MOST_LINES else _("la tarjeta es demasiado larga"))
                card = []
            elif len(card) < MOST_LINES:
                card.append(line)
        if card:
            yield Row(start, _cells(card), _("la tarjeta no termina"))

    def _unfolded(self) -> Iterator[str]:
        """Logical lines: one that begins with a space goes on with the one before (RFC 6350, 3.2)."""
        held: str | None = None
        self.line = 0
        while raw := self._file.readline(65_536):
            self.line += 1
            try:
                line = raw.decode("utf-8-sig").rstrip("\r\n")
            except UnicodeDecodeError:
                line = raw.decode("cp1252", errors="replace").rstrip("\r\n")
            if held is not None and line[:1] in (" ", "\t"):
                if len(held) < LONGEST_PROPERTY:
                    held += line[1:]
                continue
            if held is not None and "QUOTED-PRINTABLE" in held.upper() and held.endswith("="):
                held = held[:-1] + (line if len(held) < LONGEST_PROPERTY else "")
                continue
            if held:
                yield held
            held = line
        if held:
            yield held


def _cells(card: list[str]) -> list[str]:
    found: dict[str, list[str]] = {}
    for line in card:
        name, parameters, value = _property(line)
        if value:
            reader = _READ.get(name)
            if reader is not None:
                reader(found, parameters, value)
    return [BETWEEN.join(dict.fromkeys(found.get(name, ()))) for name in HEADER]


def _property(line: str) -> tuple[str, str, str]:
    """A line as its name, its parameters in capitals, and its value; a group before the name does not matter."""
    match = _LINE.match(line)
    if match is None:
        return "", "", ""
    parameters, value = match["parameters"].upper(), match["value"]
    if "QUOTED-PRINTABLE" in parameters:
        encoding = "cp1252" if "1252" in parameters or "8859" in parameters else "utf-8"
        value = quopri.decodestring(value.encode("utf-8", "replace")).decode(encoding, errors="replace")
    return match["name"].upper(), parameters, value


_LINE = re.compile(r'(?:[\w-]+\.)?(?P<name>[\w-]+)(?P<parameters>(?:;(?:[^:";]|"[^"]*")*)*):(?P<value>.*)', re.DOTALL)


def _parts(value: str) -> list[str]:
    """The components of a structured value; several values of one component are one, parted by spaces."""
    return [" ".join(map(_plain, _split(piece, ","))) for piece in _split(value, ";")]


def _split(value: str, mark: str) -> list[str]:
    """Pieces between marks that are not escaped."""
    return re.findall(rf"(?:^|{mark})((?:[^{mark}\\]|\\.|\\$)*)", value, re.DOTALL)


def _plain(text: str) -> str:
    return re.sub(r"\\([\\,;nN:])", lambda match: " " if match[1] in "nN" else match[1], text).strip()


def _put(name: str, found: dict[str, list[str]], value: str) -> None:
    if value:
        found.setdefault(name, []).append(value)


def _name(found: dict[str, list[str]], _parameters: str, value: str) -> None:
    family, given, middle, *_rest = [*_parts(value), "", "", ""]
    _put("surnames", found, family)
    _put("given_name", found, " ".join(filter(None, (given, middle))))


def _address(found: dict[str, list[str]], _parameters: str, value: str) -> None:
    if "street" in found or "town" in found:
        return
    _box, extended, street, town, province, postcode, *_rest = [*_parts(value), *[""] * 7]
    _put("street", found, ", ".join(filter(None, (street, extended))))
    _put("town", found, town)
    _put("province", found, province)
    _put("postcode", found, postcode if re.fullmatch(r"\d{4,5}", postcode) else "")


def _phone(found: dict[str, list[str]], parameters: str, value: str) -> None:
    if "FAX" in parameters:
        return
    number = value.removeprefix("tel:").partition(";")[0]
    phones = found.setdefault("phones", [])
    phones.insert(0, number) if "PREF" in parameters else phones.append(number)


def _birth(found: dict[str, list[str]], _parameters: str, value: str) -> None:
    day = re.fullmatch(r"(\d{4})-?(\d\d)-?(\d\d).*", value.strip())
    _put("birth_date", found, f"{day[1]}-{day[2]}-{day[3]}" if day else "")


def _document(found: dict[str, list[str]], _parameters: str, value: str) -> None:
    _put("document", found, _plain(value))


_READ: dict[str, Callable[[dict[str, list[str]], str, str], None]] = {
    "N": _name,
    "FN": lambda found, _parameters, value: _put("full_name", found, _plain(value)),
    "ORG": lambda found, _parameters, value: _put("company_name", found, _parts(value)[0]),
    "UID": lambda found, _parameters, value: _put("external_id", found, _plain(value.removeprefix("urn:uuid:"))),
    "TEL": _phone,
    "EMAIL": lambda found, _parameters, value: _put("emails", found, _plain(value.removeprefix("mailto:"))),
    "ADR": _address,
    "BDAY": _birth,
    "LANG": lambda found, _parameters, value: _put("language", found, _plain(value)),
    "X-NIF": _document,
    "X-DNI": _document,
    "X-DOCUMENT": _document,
}
