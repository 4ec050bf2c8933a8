"""Customers by the million for the search benchmark, and what to ask of them with the answers that are right.

Beside `sample_customers` they have what makes search hard: a long tail of rare surnames, telephones and documents that
use all their digits, and names misspelt in the file itself, one in fifty. They are made in blocks, each from a seed of
its own, so that any block can be made alone. All of them are invented.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from atencion.text import fold, fold_words
from bench.sample_customers import Customer, _letter, _Maker

BLOCK = 10_000
MISSPELT = 50
"""One customer in so many has an error in the stored name."""
RARE = 0.06
"""Part of the surnames that are of the long tail."""

_SYLLABLES = (
    "ba be bo ca ce co cha da do e fa ga go gue i ja je la le lo lla ma me mo na ne no o pa pe po que ra re ro sa se "
    "so ta te to tu u va ve vi xa za zo zu bar bel cal can car cas cor es fer gar gon ger her men mon mar mor mun nar "
    "ol or par per pon quin ral ran ras rel rin sal san sar sel tal ter tor val var vel vil zal zar"
)
_ENDINGS = "ez es ano eda era ero illo illa ete al ar edo ina osa oso ona on aga egui eta ñez yas llas ches gia zan"


@dataclass(frozen=True)
class Sample:
    """A customer as it is in the file, and the words of the name it should have."""

    id: int
    customer: Customer
    true_name: str


def block(number: int, rows: int = BLOCK) -> Iterator[Sample]:
    """The customers of a block; ids go on from block to block."""
    rng = random.Random(f"search/{number}")
    maker = _Maker(random.Random(f"people/{number}"))
    for at in range(rows):
        customer_id = number * BLOCK + at + 1
        made = maker.make(1_000 + at)  # past the rows that a demonstration wants to find
        if made.surnames and rng.random() < 2 * RARE:
            words = made.surnames.split()
            words[rng.randrange(len(words))] = _rare(rng)
            made = replace(made, surnames=" ".join(words))
        name = f"{made.given_name} {made.surnames}".strip() or made.company_name
        digits = customer_id * 7_368_787 % 100_000_000
        document = f"{digits:08d}{_letter(digits)}"
        if not made.document[:1].isdigit():
            document = f"{made.document[0]}{digits % 10_000_000:07d}{made.document[-1]}"
        shown = replace(
            made,
            external_id=f"S{customer_id:08d}",
            document=document,
            mobile=f"6{customer_id * 48_271_069 % 100_000_000:08d}" if made.mobile else "",
            phone=f"9{11_000_000 + customer_id * 62_710_561 % 77_000_000:08d}" if made.phone else "",
            email=re.sub(r"\d+@", f"{customer_id}@", made.email),
        )
        if rng.randrange(MISSPELT) == 0 and made.surnames:
            shown = replace(shown, surnames=misspell(rng, made.surnames))
        yield Sample(customer_id, shown, name)


def samples(rows: int) -> Iterator[Sample]:
    """The first so many customers."""
    for number in range(-(-rows // BLOCK)):
        yield from block(number, min(BLOCK, rows - number * BLOCK))


def _rare(rng: random.Random) -> str:
    """A surname of the long tail: the first of the list more often, as with real ones."""
    rank = int(rng.paretovariate(0.35))
    own = random.Random(f"rare/{rank}")
    return (
        "".join(own.choice(_SYLLABLES.split()) for _ in range(own.choice((1, 2, 2, 3)))) + own.choice(_ENDINGS.split())
    ).title()


# Errors

_KEYBOARD = {
    "a": "sq", "b": "vn", "c": "xv", "d": "sf", "e": "wr", "f": "dg", "g": "fh", "h": "gj", "i": "uo", "j": "hk",
    "k": "jl", "l": "k", "m": "n", "n": "bm", "o": "ip", "p": "o", "q": "wa", "r": "et", "s": "ad", "t": "ry",
    "u": "yi", "v": "cb", "w": "qe", "x": "zc", "y": "tu", "z": "x",
}  # fmt: skip


def deletion(rng: random.Random, word: str) -> str:
    at = rng.randrange(len(word))
    return word[:at] + word[at + 1 :]


def transposition(rng: random.Random, word: str) -> str:
    places = [n for n in range(len(word) - 1) if word[n] != word[n + 1]]
    at = rng.choice(places)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def substitution(rng: random.Random, word: str) -> str:
    at = rng.randrange(len(word))
    return word[:at] + rng.choice(_KEYBOARD.get(fold(word[at]), "aeiou")) + word[at + 1 :]


def insertion(rng: random.Random, word: str) -> str:
    at = rng.randrange(len(word) + 1)
    near = fold(word[min(at, len(word) - 1)])
    return word[:at] + rng.choice(_KEYBOARD.get(near, "aeiou") + near) + word[at:]


ERRORS = (deletion, transposition, substitution, insertion)


def misspell(rng: random.Random, name: str, least: int = 4) -> str:
    """A name with one error in one of its long enough words."""
    words = name.split()
    places = [n for n, word in enumerate(words) if len(word) >= least and word.isalpha()]
    if places:
        at = rng.choice(places)
        words[at] = rng.choice(ERRORS)(rng, words[at])
    return " ".join(words)


def swapped_sound(*pairs: tuple[str, str]) -> Callable[[random.Random, str], str]:
    """Writes one sound of a word by another letter of the same sound; the word itself if it has none."""

    def swap(rng: random.Random, word: str) -> str:
        found = [(match.span(), there) for here, there in pairs for match in re.finditer(here, word)]
        if not found:
            return word
        (start, end), there = rng.choice(found)
        return word[:start] + there + word[end:]

    return swap


SOUNDS = {
    "b-v": swapped_sound(("b", "v"), ("v", "b")),
    "h": swapped_sound(("(?<![cpst])h", ""), (r"\b(?=[aeiou])", "h")),
    "ll-y": swapped_sound(("ll", "y"), (r"y(?=[aeiou])", "ll")),
    "z-c-s": swapped_sound(("z", "s"), ("z\\b", "s"), ("c(?=[ei])", "s"), ("s(?=[ei])", "c"), ("c(?=[ei])", "z")),
    "g-j-x": swapped_sound(("g(?=[ei])", "j"), ("j(?=[ei])", "g"), ("x(?=[aeiou])", "j"), ("j", "x")),
    "qu-k": swapped_sound(("qu(?=[ei])", "k"), ("k(?=[ei])", "qu")),
    "doubled": swapped_sound(
        ("rr", "r"), ("nn", "n"), ("(?<=[aeiou])r(?=[aeiou])", "rr"), ("(?<=[aeiou])n(?=[aeiou])", "nn")
    ),
}  # fmt: skip


# Questions


@dataclass
class Question:
    """What is asked, and who the answers are: `right` are those that are just what was meant."""

    kind: str
    text: str
    words: frozenset[str] = frozenset()
    prefixes: tuple[str, ...] = ()
    number: str = ""
    truth: set[int] = field(default_factory=set)
    right: set[int] = field(default_factory=set)


NAMED = (
    "full name", "swapped order", "no accents", "deletion", "transposition", "substitution", "insertion", *SOUNDS,
    "two errors", "error in the data",
)  # fmt: skip
"""Kinds that name one person, or all of the same name."""

NUMBERED = ("exact phone", "identifier")
BROAD = ("ma", "garcia", "maria garcia", "jose", "fer", "lopez m", "antonio", "s", "del", "san", "rodriguez", "mar")


def questions(rows: int, each: int = 100) -> list[Question]:
    """So many of each kind, about customers taken evenly from all of them."""
    rng = random.Random("questions")
    wanted: dict[str, list[Question]] = {}
    blocks = -(-rows // BLOCK)
    for number in rng.sample(range(blocks), min(blocks, 40)):
        for sample in block(number, min(BLOCK, rows - number * BLOCK)):
            if rng.random() < 0.4:
                for question in _about(rng, sample):
                    wanted.setdefault(question.kind, []).append(question)
    asked = [Question("broad", text, prefixes=tuple(fold_words(text))) for text in BROAD]
    for kind in sorted(wanted):
        asked += rng.sample(wanted[kind], min(each, len(wanted[kind])))
    return asked


def _about(rng: random.Random, sample: Sample) -> Iterator[Question]:
    """Some of the questions that a customer lends itself to."""
    customer = sample.customer
    phone = customer.mobile or customer.phone
    if phone:
        yield Question("exact phone", phone, number=phone)
        yield Question("last six digits", phone[-6:], number=phone[-6:])
        at = rng.randrange(1, 3)
        yield Question("six middle digits", phone[at : at + 6], number=phone[at : at + 6])
    if customer.document:
        yield Question("identifier", customer.document, number=customer.document)
    if customer.email:
        beginning = customer.email[: rng.randrange(8, 14)].rstrip("@")
        yield Question("e-mail prefix", beginning, number=beginning)
    words = sample.true_name.split()
    folded = frozenset(fold_words(sample.true_name))
    if customer.company_name:
        told = [word for word in words if len(word) > 4][:3]
        if told:
            yield Question("company", " ".join(told), frozenset(fold_words(" ".join(told))))
        return
    if len(words) < 2:
        return
    given, first = words[0], customer.surnames.split()[0]
    if sample.true_name != f"{customer.given_name} {customer.surnames}":
        yield Question("error in the data", sample.true_name, folded)
        return
    yield Question("full name", sample.true_name, folded)
    yield Question("swapped order", f"{customer.surnames} {customer.given_name}", folded)
    if fold(sample.true_name) != sample.true_name.lower():
        yield Question("no accents", fold(sample.true_name), folded)
    beginnings = tuple(fold(word)[: rng.randrange(3, 6)] for word in (given, first) if word.isalpha())
    if len(beginnings) == 2:
        yield Question("name prefix", " ".join(beginnings), prefixes=beginnings)
    kind = rng.choice(ERRORS)
    yield from _misspelt(rng, kind.__name__, kind, words, folded)
    for name, swap in SOUNDS.items():
        yield from _misspelt(rng, name, swap, words, folded)
    long = [n for n, word in enumerate(words) if len(word) >= 8 and word.isalpha()]
    if long and rng.random() < 0.2:
        at = rng.choice(long)
        twice = rng.choice(ERRORS)(rng, rng.choice(ERRORS)(rng, words[at].lower()))
        yield Question("two errors", " ".join([*words[:at], twice, *words[at + 1 :]]).lower(), folded)


def _misspelt(
    rng: random.Random, kind: str, change: Callable[[random.Random, str], str], words: list[str], folded: frozenset[str]
) -> Iterator[Question]:
    lowered = [fold(word) for word in words]
    places = [n for n, word in enumerate(lowered) if len(word) >= 3 and word.isalpha() and change(rng, word) != word]
    if not places:
        return
    at = rng.choice(places)
    changed = change(rng, lowered[at])
    if changed != lowered[at]:
        yield Question(kind, " ".join([*lowered[:at], changed, *lowered[at + 1 :]]), folded)


class Answers:
    """Fills in who the right answers are, customer by customer."""

    def __init__(self, asked: list[Question]) -> None:
        self._by_number: dict[str, list[Question]] = {}
        self._lengths: set[int] = set()
        self._by_word: dict[str, list[Question]] = {}
        self._by_beginning: dict[str, list[Question]] = {}
        for question in asked:
            if question.number:
                self._by_number.setdefault(question.number, []).append(question)
                if question.kind == "e-mail prefix":
                    self._lengths.add(len(question.number))
            elif question.words:
                self._by_word.setdefault(max(question.words, key=lambda word: (len(word), word)), []).append(question)
            else:
                self._by_beginning.setdefault(max(question.prefixes, key=len), []).append(question)

    def see(self, sample: Sample) -> None:
        """Note the questions that this customer answers."""
        customer = sample.customer
        numbers = {customer.document, *(customer.email[:length] for length in self._lengths)}
        for phone in filter(None, (customer.phone, customer.mobile)):
            numbers |= {phone, *(phone[at : at + 6] for at in range(4))}
        for number in numbers:
            for question in self._by_number.get(number, ()):
                if question.kind != "last six digits" or any(
                    phone.endswith(number) for phone in (customer.phone, customer.mobile)
                ):
                    question.truth.add(sample.id)
                    question.right.add(sample.id)
        words = set(fold_words(sample.true_name))
        for word in words:
            for question in self._by_word.get(word, ()):
                if question.words <= words:
                    question.truth.add(sample.id)
                    if question.words == words:
                        question.right.add(sample.id)
            for length in range(1, len(word) + 1):
                for question in self._by_beginning.get(word[:length], ()):
                    if all(any(one.startswith(part) for one in words) for part in question.prefixes):
                        question.truth.add(sample.id)
