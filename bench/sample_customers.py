#!/usr/bin/env python3
"""Make invented customers, and their contracts, for the demonstration and the benchmarks.

    python -m bench.sample_customers --out protocols/demo/customers.csv --contracts protocols/demo/contracts.csv \
        --invoices protocols/demo/invoices.csv
    python -m bench.sample_customers --rows 1000000 --out /tmp/customers.csv

The same seed always gives the same rows, and a short file is the beginning of a long one. Rows are written as they
are made. Up to 1,000,000 rows no identifier, mobile or external id repeats. What the identifiers and telephone
numbers stand on is told in protocols/demo/README.md.
"""

from __future__ import annotations

import argparse
import csv
import random
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Final

from bench.sample_words import (
    BASQUE,
    CASTILIAN,
    CATALAN,
    FOREIGN,
    GALICIAN,
    PLACES,
    RARE_HALVES,
    STREET_KINDS,
    STREETS,
    TRADE_NAMES,
    TRADES,
    Origin,
    Place,
)

TODAY: Final = date(2026, 11, 24)
LIMIT: Final = 1_000_000
CUSTOMER_COLUMNS: Final = (
    "external_id", "nombre", "apellidos", "razón social", "documento", "fecha de nacimiento", "teléfono", "móvil",
    "e-mail", "dirección", "CP", "municipio", "provincia",
)  # fmt: skip
INVOICE_COLUMNS: Final = ("contract_number", "number", "period", "issued_on", "due_on", "amount_cents", "status")
MONTHS: Final = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre",
    "diciembre",
)  # fmt: skip
CONTRACT_COLUMNS: Final = (
    "customer_external_id", "number", "product_code", "status", "started_on", "ended_on", "address",
    "last_invoice_cents",
)  # fmt: skip

# Rows that a demonstration wants to find: namesakes, and a name that no card is wide enough for.
NAMED: Final[dict[int, tuple[str, str]]] = {
    **dict.fromkeys((12, 318), ("María Carmen", "García López")),
    **dict.fromkeys((27, 154, 489), ("Antonio", "Fernández García")),
    **dict.fromkeys((45, 371), ("José Luis", "Martínez Sánchez")),
    **dict.fromkeys((63, 540), ("Ana María", "Rodríguez Pérez")),
    **dict.fromkeys((88, 402), ("Núria", "Puig Serra")),
    **dict.fromkeys((101, 256), ("Íñigo", "Peña Núñez")),
    **dict.fromkeys((133, 577), ("Uxía", "Castro Piñeiro")),
    **dict.fromkeys((199, 333), ("Mohamed", "El Amrani")),
    222: ("María de las Mercedes Inmaculada", "Fernández de Bobadilla y Mendizabal"),
    444: ("Maria del Roser", "Puigdomènech i França"),
}


@dataclass(frozen=True)
class Customer:
    """One invented customer, person or company; dates in ISO form, what is not known empty."""

    external_id: str
    given_name: str
    surnames: str
    company_name: str
    document: str
    birth_date: str
    phone: str
    mobile: str
    email: str
    address: str
    postcode: str
    town: str
    province: str

    def row(self) -> tuple[str, ...]:
        return (
            self.external_id, self.given_name, self.surnames, self.company_name, self.document, self.birth_date,
            self.phone, self.mobile, self.email, self.address, self.postcode, self.town, self.province,
        )  # fmt: skip


@dataclass(frozen=True)
class Home:
    """Where a household lives and the two telephones that its members may share."""

    place: Place
    address: str
    postcode: str
    phone: str
    mobile: str
    surname: str
    members: int


def customers(rows: int, seed: int = 241) -> Iterator[Customer]:
    """The first `rows` customers of the endless list that `seed` stands for."""
    if not 0 < rows <= LIMIT:
        raise ValueError(f"rows must be between 1 and {LIMIT}")
    maker = _Maker(random.Random(seed))
    for number in range(1, rows + 1):
        yield maker.make(number)


def contracts(customer: Customer, seed: int = 241) -> Iterator[tuple[str, ...]]:
    """One to three contracts of a customer, as rows of CONTRACT_COLUMNS."""
    rng = random.Random(f"{seed}/{customer.external_id}")
    if customer.company_name:
        codes: tuple[str, ...] = rng.choice(
            (("LUZ-NEGOCIO",), ("LUZ-NEGOCIO", "GAS-NEGOCIO"), ("LUZ-NEGOCIO", "SOLAR-NEGOCIO"))
        )
    else:
        codes = rng.choices(
            (
                ("LUZ-FIJA",), ("LUZ-TRAMOS",), ("LUZ-INDEX",), ("GAS-FIJO",), ("LUZ-FIJA", "GAS-FIJO"),
                ("LUZ-TRAMOS", "GAS-INDEX"), ("LUZ-FIJA", "GAS-FIJO", "HOGAR-SEGURO"), ("LUZ-INDEX", "SOLAR-HOGAR"),
            ),
            (22, 20, 10, 6, 20, 10, 8, 4),
        )[0]  # fmt: skip
    address = f"{customer.address}, {customer.postcode} {customer.town}"
    age = (TODAY - date.fromisoformat(customer.birth_date)).days if customer.birth_date else 12_000
    oldest = max(25, min(4200, age - 18 * 365 - 5))  # nobody signs before coming of age
    for position, code in enumerate(codes, 1):
        started = TODAY - timedelta(days=rng.randrange(20, oldest))
        status = rng.choices(("active", "ended", "pending"), (88, 9, 3))[0]
        ended = ""
        if status == "pending":
            started = TODAY + timedelta(days=rng.randrange(1, 12))
        elif status == "ended":
            ended = (started + timedelta(days=rng.randrange(10, max(11, (TODAY - started).days)))).isoformat()
        scale = 6 if code.endswith("NEGOCIO") else 1
        cents = "" if status == "pending" else str(int(rng.lognormvariate(8.3, 0.45)) * scale)
        number = f"LE-{customer.external_id.removeprefix('DEMO-'):0>7}-{position}"
        yield (customer.external_id, number, code, status, started.isoformat(), ended, address, cents)


def invoice(contract: tuple[str, ...], seed: int = 241) -> tuple[str, ...] | None:
    """The last invoice of a contract, as a row of INVOICE_COLUMNS; None if it has none yet."""
    number, ended, cents = contract[1], contract[5], contract[7]
    if not cents:
        return None
    rng = random.Random(f"{seed}/{number}")
    issued = (date.fromisoformat(ended) if ended else TODAY.replace(day=1)) + timedelta(days=rng.randrange(1, 6))
    status = "issued" if (TODAY - issued).days < 20 and not ended else rng.choices(("paid", "unpaid"), (94, 6))[0]
    period = f"{MONTHS[(issued.month - 2) % 12]} de {issued.year - (issued.month == 1)}"
    due = issued + timedelta(days=20)
    name = f"F{issued:%y%m}-{number.removeprefix('LE-')}"
    return (number, name, period, issued.isoformat(), due.isoformat(), cents, status)


class _Maker:
    """The state that turns random draws into rows that agree with one another."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._home: Home | None = None
        self._landlines: Counter[str] = Counter()
        self._foreigners = 0
        self._companies: Counter[str] = Counter()
        self._place_weights = list(accumulate(place.weight for place in PLACES))
        self._origin_weights = list(accumulate(weight for _, weight, _ in FOREIGN))
        self._rank_weights: dict[int, list[float]] = {}

    def make(self, number: int) -> Customer:
        if number not in NAMED and self._rng.random() < 0.08:
            return self._company(number)
        return self._person(number)

    def _person(self, number: int) -> Customer:
        rng = self._rng
        shared = number not in NAMED and self._home is not None and self._home.members < 4 and rng.random() < 0.22
        home = self._home if shared and self._home is not None else self._new_home(number)
        foreign = number not in NAMED and not shared and rng.random() < 0.14
        origin = self._origin(home.place.region, foreign)
        given = self._common(origin.women if rng.random() < 0.52 else origin.men)
        surnames = [self._surname(origin, home.place.region, foreign) for _ in range(origin.surname_count)]
        if shared and home.surname and rng.random() < 0.75:
            surnames[rng.randrange(len(surnames))] = home.surname
        full = " ".join(surnames) if origin is not CATALAN or rng.random() < 0.6 else " i ".join(surnames)
        if number in NAMED:
            given, full = NAMED[number]
        if rng.random() < 0.02 and number not in NAMED:
            given, full = given.upper(), full.upper()  # as old files bring them
        self._home = Home(
            home.place, home.address, home.postcode, home.phone, home.mobile, surnames[0], home.members + 1
        )
        mobile = home.mobile if shared and rng.random() < 0.3 else _mobile(number)
        if rng.random() < 0.06 and home.phone:
            mobile = ""
        return Customer(
            external_id=_external_id(number),
            given_name=given,
            surnames=full,
            company_name="",
            document=self._nie() if foreign and rng.random() < 0.85 else _dni(number),
            birth_date="" if rng.random() < 0.02 else (TODAY - timedelta(days=rng.randrange(6600, 35000))).isoformat(),
            phone=home.phone,
            mobile=mobile,
            email=self._email(f"{given.split()[0]}.{full.split()[0]}", number) if rng.random() < 0.84 else "",
            address=home.address,
            postcode=home.postcode,
            town=home.place.town,
            province=home.place.province,
        )

    def _company(self, number: int) -> Customer:
        rng = self._rng
        home = self._new_home(number)
        letter = rng.choices("BAHGF", (62, 10, 18, 6, 4))[0]
        if letter == "H":
            name = f"Comunidad de Propietarios {home.address.split(',')[0]} {rng.randrange(1, 120)}"
        elif letter == "G":
            name = f"Asociación {rng.choice(('Cultural', 'Vecinal', 'Deportiva'))} {self._trade_name()}"
        else:
            form = {"A": "S. A.", "B": "S. L.", "F": "S. Coop."}[letter]
            name = f"{self._common(TRADES)} {self._trade_name()}, {form}"
        self._companies[letter] += 1
        local = name.removeprefix("Comunidad de Propietarios ").split(",")[0]
        return Customer(
            external_id=_external_id(number),
            given_name="",
            surnames="",
            company_name=name,
            document=_cif(letter, self._companies[letter]),
            birth_date="",
            phone=home.phone or self._landline(home.place),
            mobile=_mobile(number) if rng.random() < 0.5 else "",
            email=self._email(local, number) if rng.random() < 0.9 else "",
            address=home.address,
            postcode=home.postcode,
            town=home.place.town,
            province=home.place.province,
        )

    def _new_home(self, number: int) -> Home:
        rng = self._rng
        place = rng.choices(PLACES, cum_weights=self._place_weights)[0]
        pattern, names = STREETS[place.region if rng.random() < 0.7 else "es"]
        street = pattern.format(kind=rng.choice(STREET_KINDS), name=rng.choice(names))
        address = f"{street}, {rng.randrange(1, 140)}"
        if rng.random() < 0.7:
            address += f", {rng.randrange(1, 9)}.º {rng.choice('ABCD')}"
        postcode = f"{rng.randint(*place.postcodes):05d}"
        phone = self._landline(place) if rng.random() < 0.42 else ""
        return Home(place, address, postcode, phone, _mobile(number), "", 0)

    def _origin(self, region: str, foreign: bool) -> Origin:
        if foreign:
            return self._rng.choices(FOREIGN, cum_weights=self._origin_weights)[0][2]
        local = {"ca": CATALAN, "eu": BASQUE, "gl": GALICIAN}.get(region)
        if local is not None and self._rng.random() < 0.55:
            return local
        return CASTILIAN if self._rng.random() < 0.97 else self._rng.choice((CATALAN, BASQUE, GALICIAN))

    def _surname(self, origin: Origin, region: str, foreign: bool) -> str:
        rng = self._rng
        if foreign or rng.random() > 0.1:
            surname = self._common(origin.surnames)
        else:
            first, second = RARE_HALVES[region]
            surname = rng.choice(first) + rng.choice(second)
        if origin is CASTILIAN:
            draw = rng.random()
            if draw < 0.015:
                return f"{rng.choice(('de', 'de la', 'del'))} {surname}"
            if draw < 0.025:
                return f"{surname}-{self._common(origin.surnames)}"
        return surname

    def _trade_name(self) -> str:
        return self._rng.choice(TRADE_NAMES).format(
            s=self._common(CASTILIAN.surnames), t=self._common(CASTILIAN.surnames)
        )

    def _common(self, words: Sequence[str]) -> str:
        """One of `words`, the first ones more often, as with real names."""
        weights = self._rank_weights.get(len(words))
        if weights is None:
            weights = self._rank_weights[len(words)] = list(accumulate(1 / (rank + 5) for rank in range(len(words))))
        return self._rng.choices(words, cum_weights=weights)[0]

    def _landline(self, place: Place) -> str:
        self._landlines[place.area] += 1
        return f"{place.area}0{self._landlines[place.area] * 7919 % 100_000:05d}"

    def _nie(self) -> str:
        digits = f"99{self._foreigners * 7919 % 100_000:05d}"
        self._foreigners += 1
        return f"Z{digits}{_letter(int('2' + digits))}"

    def _email(self, words: str, number: int) -> str:
        domain = self._rng.choice(("example.com", "example.com", "example.org", "example.net"))
        plain = unicodedata.normalize("NFKD", words.lower())
        local = "".join(c for c in plain if c.isascii() and (c.isalnum() or c in ".-")).strip(".-")
        return f"{local[:40].rstrip('.-')}{number}@{domain}"


def _external_id(number: int) -> str:
    return f"DEMO-{number:04d}"


def _mobile(number: int) -> str:
    return f"749{number * 37_199 % LIMIT:06d}"


def _dni(number: int) -> str:
    digits = 99_000_000 + number * 62_989 % LIMIT
    return f"{digits}{_letter(digits)}"


def _letter(number: int) -> str:
    return "TRWAGMYFPDXBNJZSQVHLCKE"[number % 23]


def _cif(letter: str, number: int) -> str:
    digits = f"00{number * 7919 % 100_000:05d}"
    doubled = sum(sum(divmod(2 * int(digit), 10)) for digit in digits[0::2])
    return f"{letter}{digits}{-(doubled + sum(map(int, digits[1::2]))) % 10}"


def _main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Make invented customers for demonstrations and benchmarks.")
    parser.add_argument("--rows", type=int, default=620, help=f"how many customers, up to {LIMIT:,}")
    parser.add_argument("--out", type=Path, required=True, help="the CSV of customers")
    parser.add_argument("--contracts", type=Path, help="also write their contracts to this CSV")
    parser.add_argument("--invoices", type=Path, help="also write the last invoice of each contract to this CSV")
    parser.add_argument("--seed", type=int, default=241)
    options = parser.parse_args(arguments)
    if not 0 < options.rows <= LIMIT:
        parser.error(f"--rows must be between 1 and {LIMIT}")
    with open(options.out, "w", encoding="utf-8", newline="") as people:
        writer = csv.writer(people, delimiter=";", lineterminator="\n")
        writer.writerow(CUSTOMER_COLUMNS)
        if options.contracts is None:
            writer.writerows(customer.row() for customer in customers(options.rows, options.seed))
            return 0
        with open(options.contracts, "w", encoding="utf-8", newline="") as deals:
            contract_writer = csv.writer(deals, delimiter=";", lineterminator="\n")
            contract_writer.writerow(CONTRACT_COLUMNS)
            bills: list[tuple[str, ...]] = []
            for customer in customers(options.rows, options.seed):
                writer.writerow(customer.row())
                deals_of_one = list(contracts(customer, options.seed))
                contract_writer.writerows(deals_of_one)
                bills += [bill for deal in deals_of_one if (bill := invoice(deal, options.seed)) is not None]
    if options.invoices is not None:
        with open(options.invoices, "w", encoding="utf-8", newline="") as file:
            bill_writer = csv.writer(file, delimiter=";", lineterminator="\n")
            bill_writer.writerow(INVOICE_COLUMNS)
            bill_writer.writerows(bills)
    return 0


if __name__ == "__main__":
    sys.exit(_main())
