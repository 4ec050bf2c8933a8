"""Whether two records are of one customer: a score from 0 to 100, and the reasons it has.

A name alone proves little where millions are called García: something else must agree. What contradicts (two different
documents, two different days of birth) weighs more than what agrees, because taking two people for one shows the data
of somebody to another.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

from atencion.data.customers import CustomerKind, CustomerRecord
from atencion.text import fold_words

SUSPECT = 60
"""From this score on, a pair is suspected wherever it turns up."""

HINT = 40
"""From this score on, whoever is typing a newcomer is told."""


class Reason(StrEnum):
    """Why two records look like one customer, or like two."""

    SAME_DOCUMENT = "same_document"
    SAME_NAME = "same_name"
    ALIKE_NAME = "alike_name"
    PART_OF_NAME = "part_of_name"
    SAME_PHONE = "same_phone"
    SAME_EMAIL = "same_email"
    SAME_BIRTH = "same_birth"
    ALIKE_BIRTH = "alike_birth"
    SAME_ADDRESS = "same_address"
    SAME_POSTCODE = "same_postcode"


@dataclass(frozen=True)
class Traits:
    """What is compared of a customer. `documents` are keys with their kind, `places` postcode and street made alike."""

    is_company: bool
    names: tuple[str, ...]
    documents: frozenset[tuple[str, str]] = frozenset()
    phones: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()
    born: date | None = None
    places: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True)
class Likeness:
    """How alike two records are, and why."""

    score: int
    reasons: tuple[Reason, ...]


def traits_of(customer: CustomerRecord) -> Traits:
    """What is compared of a customer; data that ended count too: it is the same person who had them."""
    return Traits(
        is_company=customer.kind is CustomerKind.COMPANY,
        names=name_words(customer.name),
        documents=frozenset((str(part.kind), part.normal) for part in customer.identifiers if part.kind != "code"),
        phones=frozenset(part.normal for part in customer.contacts if part.kind == "phone"),
        emails=frozenset(part.normal for part in customer.contacts if part.kind == "email"),
        born=customer.birth_date,
        places=frozenset((part.postcode, place_key(part.street)) for part in customer.addresses),
    )


def likeness(one: Traits, other: Traits) -> Likeness:
    """How alike two records are. 0 if what contradicts says that they are two."""
    same_document = bool(one.documents & other.documents)
    if not same_document and _documents_contradict(one, other):
        return _NOTHING
    reasons = [Reason.SAME_DOCUMENT] if same_document else []
    name = _names_alike(one.names, other.names)
    if name is None and not same_document:
        return _NOTHING  # one telephone, one home, two names: a household
    if name is not None:
        reasons.append(name)
    if one.phones & other.phones:
        reasons.append(Reason.SAME_PHONE)
    if one.emails & other.emails:
        reasons.append(Reason.SAME_EMAIL)
    contradicts = 0
    if one.born and other.born:
        if one.born == other.born:
            reasons.append(Reason.SAME_BIRTH)
        elif _mistyped(one.born, other.born):
            reasons.append(Reason.ALIKE_BIRTH)
        else:
            contradicts = _OTHER_BIRTH
    if any(street and (postcode, street) in other.places for postcode, street in one.places):
        reasons.append(Reason.SAME_ADDRESS)
    elif {postcode for postcode, _ in one.places if postcode} & {postcode for postcode, _ in other.places}:
        reasons.append(Reason.SAME_POSTCODE)
    score = sum(_POINTS[reason] for reason in reasons) - contradicts
    return Likeness(max(0, min(100, score)), tuple(reasons))


def name_words(name: str) -> tuple[str, ...]:
    """The folded words of a name that count: neither particles nor the form of a company."""
    words = fold_words(name.replace(".", ""))
    return tuple(word for word in words if word not in _PARTICLES) or tuple(words)


@lru_cache(maxsize=200_000)
def sound(word: str) -> str:
    """How a folded word sounds in Spanish, so that what is misheard is written alike: b and v, ll and y, c, z and s."""
    for pattern, heard in _SOUNDS:
        word = pattern.sub(heard, word)
    return word


@lru_cache(maxsize=4096)
def place_key(street: str) -> str:
    """A street and its number, without the kind of way nor the words that are written or left out at will."""
    words = [word for word in fold_words(street.replace("º", " ").replace("ª", " ")) if word not in _WAYS]
    return " ".join(words[:6])


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_NOTHING = Likeness(0, ())
_OTHER_BIRTH = 45
_POINTS = {
    Reason.SAME_DOCUMENT: 65,
    Reason.SAME_NAME: 40,
    Reason.ALIKE_NAME: 34,
    Reason.PART_OF_NAME: 28,
    Reason.SAME_PHONE: 35,
    Reason.SAME_EMAIL: 40,
    Reason.SAME_BIRTH: 35,
    Reason.ALIKE_BIRTH: 15,
    Reason.SAME_ADDRESS: 28,
    Reason.SAME_POSTCODE: 8,
}
_PARTICLES = _words("de del la las los y i e da do dos san sl sa slu sau sll scoop sc cb")
_WAYS = _words(
    "calle c cl avenida avda av avd plaza pza pl paseo po pso ronda rda camino cno carretera ctra travesia trva urb"
    " urbanizacion carrer rua kalea de del la las los el n num numero piso pta puerta esc escalera o a"
)
_SHORT_NAMES = {
    "paco": "francisco", "pepe": "jose", "lola": "dolores", "concha": "concepcion", "nacho": "ignacio",
    "paqui": "francisca", "pepa": "josefa", "chema": "josemaria", "toni": "antonio", "manolo": "manuel",
    "curro": "francisco", "quique": "enrique", "kike": "enrique", "charo": "rosario", "merche": "mercedes",
    "maite": "mariateresa", "maribel": "mariaisabel", "mari": "maria", "ma": "maria", "fco": "francisco",
    "ant": "antonio", "jose": "jose", "rafa": "rafael", "javi": "javier", "fran": "francisco", "nando": "fernando",
    "xavi": "xavier", "pili": "pilar", "tere": "teresa", "encarna": "encarnacion", "inma": "inmaculada",
}  # fmt: skip
_SOUNDS = tuple(
    (re.compile(pattern), heard)
    for pattern, heard in (
        (r"ch|tx|tz", "x"), (r"^x(?=[ei])", "j"), (r"ll|y", "i"), (r"h", ""), (r"(.)\1", r"\1"), (r"v|w", "b"),
        (r"qu(?=[ei])|k|c(?=[^ei]|$)", "k"), (r"z|c", "s"), (r"g(?=[ei])", "j"), (r"gu(?=[ei])", "g"),
    )
)  # fmt: skip


def _documents_contradict(one: Traits, other: Traits) -> bool:
    """Two documents of one kind that differ are two people; a NIE and a NIF may be one who was naturalised."""
    kinds = {kind for kind, _ in one.documents} & {kind for kind, _ in other.documents}
    return bool(kinds)


def _names_alike(one: Sequence[str], other: Sequence[str]) -> Reason | None:
    if not one or not other:
        return None
    if one == other or sorted(one) == sorted(other):
        return Reason.SAME_NAME
    shorter, longer = sorted((one, other), key=len)
    left, exact = list(longer), True
    for word in shorter:
        match = word if word in left else _closest(word, left)
        if match is None:
            joined = _joined(shorter, longer)
            return Reason.ALIKE_NAME if joined else None
        exact = exact and match == word
        left.remove(match)
    if not left:
        return Reason.SAME_NAME if exact else Reason.ALIKE_NAME
    return Reason.PART_OF_NAME if len(shorter) > 1 else None


def _joined(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether the names differ only in where a word ends: Juan Carlos and Juancarlos, Díaz-Ruiz and Diazruiz."""
    return "".join(one) == "".join(other)


def _closest(word: str, words: Sequence[str]) -> str | None:
    """The word that may be this one, misheard or mistyped, or its short form, or its initial."""
    long_form = _SHORT_NAMES.get(word)
    for candidate in words:
        if long_form == candidate or _SHORT_NAMES.get(candidate) == word or sound(candidate) == sound(word):
            return candidate
    for candidate in words:
        if len(word) == 1 or len(candidate) == 1:
            if word[0] == candidate[0]:
                return candidate
        elif _mistakes(word, candidate) <= (0 if min(len(word), len(candidate)) < 4 else 1):
            return candidate
    if len(word) > 7:
        return next((one for one in words if len(one) > 7 and _mistakes(word, one) <= 2), None)
    return None


def _mistakes(one: str, other: str) -> int:
    from rapidfuzz.distance import OSA

    return OSA.distance(one, other, score_cutoff=2)


def _mistyped(one: date, other: date) -> bool:
    """Whether a day of birth may be the other with day and month in the other's place, or one figure wrong."""
    if one.year == other.year and (one.day, one.month) == (other.month, other.day):
        return True
    figures, others = f"{one:%d%m%Y}", f"{other:%d%m%Y}"
    return sum(a != b for a, b in zip(figures, others, strict=True)) == 1
