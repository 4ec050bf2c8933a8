"""What was typed, taken apart: its words, and what its digits and signs can be."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from atencion.text import clean_line, fold, fold_words

LONGEST = 100
"""Characters of a query that count; nobody says more while a customer waits."""

MOST_WORDS = 8
WORD_LIMIT = 32
"""Letters of a word that count, in a query as in the index."""

HOME_CODE = "34"
"""The country of a phone told without it."""

PARTICLES = frozenset({"de", "del", "la", "las", "los", "el", "y", "i", "da", "do", "dos", "e"})
"""What joins names, and is said or left out as it comes."""


def key_of(text: str) -> str:
    """The letters and digits of a document or number, in capitals: how they are compared."""
    return _NOT_KEY.sub("", fold(text)).upper()


def words_of(text: str) -> list[str]:
    """Folded words, with the dots of initials taken out: S.L. is one word. Mª and M.ª are María."""
    if "ª" in text:
        text = _MARIA.sub("Maria ", text)
    return [word[:WORD_LIMIT] for word in fold_words(_INITIALS.sub("", text) if "." in text else text)]


def phone_digits(normal: str) -> str:
    """The digits of a phone by which parts of it are looked for: of one at home, those that people say."""
    digits = normal.removeprefix("+")
    return digits[len(HOME_CODE) :] if normal.startswith(f"+{HOME_CODE}") else digits


@dataclass(frozen=True)
class Query:
    """What was typed, cleaned. `spelled` are its words in lower case with their accents."""

    text: str
    words: tuple[str, ...]
    key: str

    @cached_property
    def spelled(self) -> frozenset[str]:
        """Its words as they were spelled, in lower case."""
        return frozenset(re.findall(r"[^\W_]+", _INITIALS.sub("", self.text.lower())))

    @property
    def is_email(self) -> bool:
        """Whether it can only be an e-mail, or a part of one."""
        return "@" in self.text

    @property
    def may_be_email(self) -> bool:
        """Whether it looks more like the beginning of an e-mail than like a name: joined by dots or with digits."""
        return " " not in self.text and _EMAIL_BEGINNING.fullmatch(self.text) is not None

    @property
    def has_digits(self) -> bool:
        """Whether it can be a number of any kind."""
        return any(character.isdigit() for character in self.key)

    @property
    def is_number(self) -> bool:
        """Whether it can be nothing but a number: no word of a name looks like that."""
        return self.has_digits and (self.key.isdigit() or len(self.words) == 1)

    @cached_property
    def digits(self) -> str:
        """The digits of what looks like a phone, without the sign or zeros before its country; empty if it is none."""
        if not self.key.isdigit() or not _PHONE.fullmatch(self.text):
            return ""
        return self.key.removeprefix("00") if self.is_international else self.key

    @property
    def is_international(self) -> bool:
        """Whether it begins as a phone with its country does."""
        return self.text.startswith("+") or (self.text.startswith("00") and len(self.key) >= _LEAST_INTERNATIONAL)

    @cached_property
    def phones(self) -> tuple[str, ...]:
        """The phones that it may be, or begin, in E.164."""
        if not self.digits:
            return ()
        if self.is_international:
            return (f"+{self.digits}",)
        return (f"+{HOME_CODE}{self.digits}", f"+{self.digits}")

    @cached_property
    def documents(self) -> tuple[str, ...]:
        """The identity documents it may be, or begin: the first zeros of a NIF, or the letter of a NIE, may lack, and
        its country be told.
        """
        key = _COUNTRY.sub("", self.key)
        found = [self.key, key]
        if number := _DOCUMENT.fullmatch(key):
            found.append(number[1].zfill(8) + number[2])
            if len(number[1]) == 7:
                found.extend(letter + key for letter in "XYZ")
        return tuple(dict.fromkeys(found))

    @cached_property
    def core(self) -> tuple[str, ...]:
        """Its words, each once, without those that join names, unless there are no others."""
        words = dict.fromkeys(self.words)
        return tuple(word for word in words if word not in PARTICLES) or tuple(words)


def read_query(text: str) -> Query:
    """Take apart what was typed. Without letters or digits it has no words, and finds nobody."""
    cleaned = clean_line(text[: LONGEST * 4], LONGEST)
    words = words_of(_JOINED.sub(_join_phone, cleaned))
    return Query(cleaned, tuple(words[:MOST_WORDS]), key_of(cleaned))


_LEAST_INTERNATIONAL = 11  # digits with the zeros; fewer are the middle of a phone at home
_NOT_KEY = re.compile(r"[^0-9a-z]")
_PHONE = re.compile(r"\+?[\d\s().\-/]+")
_MARIA = re.compile(r"\bM\.?ª\.?", re.IGNORECASE)
_INITIALS = re.compile(r"(?<=\b\w)\.(?=\w\b)")
_COUNTRY = re.compile(r"^ES(?=[A-Z]?\d{5})")
_DOCUMENT = re.compile(r"(\d{5,8})([A-Z]?)")
_EMAIL_BEGINNING = re.compile(r"[a-zA-Z][\w+\-]*([._]\w*)+|[a-zA-Z._]+\d+")
_JOINED = re.compile(r"\+?\d+(?:[ .\-]\d+)+")


def _join_phone(match: re.Match[str]) -> str:
    """The groups of digits of a phone said among other words, as one; other numbers stay apart."""
    digits = key_of(match[0])
    if match[0].startswith("+") or len(digits) == 11:
        digits = digits.removeprefix(HOME_CODE)
    return digits if len(digits) == 9 else match[0]
