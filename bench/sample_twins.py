"""Twins of invented customers: the same person or company written down again, as people write it the second time.

Each keeps something by which it can be told (a document, a telephone, an e-mail, the day of birth or the address) and
has a name with at most one mistake. The same seed always gives the same twins.
"""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable

from bench.sample_customers import Customer

KEPT = {"document": 0.25, "mobile": 0.6, "phone": 0.6, "email": 0.5, "birth_date": 0.7, "address": 0.6}
"""How often each datum is written again."""

TELLING = ("document", "mobile", "phone", "email", "birth_date", "address")
"""Of these a twin keeps one at least: without any it would be a namesake."""


def twin_of(customer: Customer, rng: random.Random) -> Customer:
    """The same customer, written again."""
    kept = {name: rng.random() < share for name, share in KEPT.items()}
    telling = [name for name in TELLING if getattr(customer, name)]
    if not any(kept[name] for name in telling):
        kept[rng.choice(telling)] = True
    given_name, surnames, company_name = _name(customer, rng)
    address = customer.address
    if kept["address"] and rng.random() < 0.4:
        address = address.replace("Calle", "C/").replace("Avenida", "Avda.").replace(".º", "º")
    return Customer(
        external_id="",
        given_name=given_name,
        surnames=surnames,
        company_name=company_name,
        document=customer.document if kept["document"] else "",
        birth_date=customer.birth_date if kept["birth_date"] else "",
        phone=customer.phone if kept["phone"] else "",
        mobile=customer.mobile if kept["mobile"] else "",
        email=customer.email if kept["email"] else "",
        address=address if kept["address"] else "",
        postcode=customer.postcode if kept["address"] else "",
        town=customer.town if kept["address"] else "",
        province=customer.province if kept["address"] else "",
    )


def _name(customer: Customer, rng: random.Random) -> tuple[str, str, str]:
    given_name, surnames, company_name = customer.given_name, customer.surnames, customer.company_name
    how = rng.choices(("same", "accents", "case", "short", "swapped", "typo", "sound"), (34, 20, 10, 10, 6, 12, 8))[0]
    if how == "accents":
        return _bare(given_name), _bare(surnames), _bare(company_name)
    if how == "case":
        return given_name.upper(), surnames.upper(), company_name.upper()
    if how == "short" and not company_name and len(surnames.split()) == 2:
        return given_name, surnames.split()[0], ""
    if how == "swapped" and not company_name:
        return "", f"{surnames} {given_name}", ""
    if how in ("typo", "sound"):
        wrong = _typo if how == "typo" else _misheard
        if company_name:
            return given_name, surnames, _in_a_word(company_name, wrong, rng)
        return given_name, _in_a_word(surnames, wrong, rng), ""
    return given_name, surnames, company_name


def _bare(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def _in_a_word(text: str, change: Callable[[str, random.Random], str], rng: random.Random) -> str:
    words = text.split()
    long = [n for n, word in enumerate(words) if len(word) > 4 and word.isalpha()]
    if not long:
        return text
    at = rng.choice(long)
    words[at] = change(words[at], rng)
    return " ".join(words)


def _typo(word: str, rng: random.Random) -> str:
    at = rng.randrange(1, len(word) - 1)
    match rng.randrange(4):
        case 0:
            return word[:at] + word[at + 1 :]
        case 1:
            return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        case 2:
            return word[:at] + rng.choice("aeiorsnt") + word[at + 1 :]
    return word[:at] + rng.choice("aeiorsnt") + word[at:]


def _misheard(word: str, _rng: random.Random) -> str:
    for one, other in _HEARD:
        if one in word[1:]:
            return word[0] + word[1:].replace(one, other, 1)
    return word


_HEARD = (("v", "b"), ("b", "v"), ("z", "s"), ("ll", "y"), ("h", ""), ("ge", "je"), ("gi", "ji"), ("c", "s"))
