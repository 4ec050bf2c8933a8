"""What can be wrong in the world of a scenario: data that may be somebody's, and names of things there are not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import get_args

from atencion.data.validation import Invalid, email, identifier, phone
from atencion.desk.case_keys import check_digit, is_case_key
from atencion.errors import Problem, Refused
from atencion.i18n import _
from atencion.scripts.document import Document, Loc
from atencion.scripts.organisation import Datum, Organisation
from atencion.scripts.protocol import Protocol
from atencion.scripts.templates import TemplateError, parse_template
from atencion.training.rubric import Rubric
from atencion.training.scenario import PRACTICE_AGENT, PlantedCase, Scenario

NOBODYS_PHONE = re.compile(r"\+34749\d{6}|\+34[89]\d{2}0\d{5}")
NOBODYS_DOCUMENT = re.compile(r"99\d{6}[A-Z]|Z99\d{5}[A-Z]|[A-Z]00\d{5}[0-9A-J]")
NOBODYS_CONTRACT = re.compile(r"PR-\d{4,8}(-\d)?")
_MAIL_DOMAINS = ("example.com", "example.org", "example.net")
_SPOKEN_NUMBERS = re.compile(r"(?<![\d.,])(?:\+34[ .]?)?(?:\d[ .]?){8}\d(?![\d.,]*\d)")
_SPOKEN_DOCUMENT = re.compile(r"\b(?:\d{8}|[XYZ]\d{7})[- ]?[A-Za-z]\b")
_SPOKEN_MAIL = re.compile(r"[\w.+-]+@([\w-]+(?:\.[\w-]+)+)")
_SPOKEN_IN = (
    ("customer",),
    ("reactions",),
    ("interruptions",),
    ("endings",),
    ("world", "cases"),
    ("world", "articles"),
)
"""Where there are texts that are said or read."""


@dataclass(frozen=True, slots=True)
class Around:
    """What a scenario may name: the acts, the marks, the protocol that leads it, products, norms, the organisation's
    departments and kinds of case, and its articles.
    """

    acts: frozenset[str]
    rubric: Rubric
    protocol: Protocol | None
    products: frozenset[str]
    norms: frozenset[str]
    organisation: Organisation
    articles: frozenset[str]


def world_problems(scenario: Scenario, document: Document, around: Around) -> Iterator[Problem]:
    """All that is wrong in the world of a scenario, and in what is said in it."""
    yield from _World(scenario, document, around).problems()


class _World:
    def __init__(self, scenario: Scenario, document: Document, around: Around) -> None:
        self._s, self._doc, self._around = scenario, document, around

    def problems(self) -> Iterator[Problem]:
        yield from self._known()
        yield from self._planted()
        yield from self._duty()
        yield from self._cases()
        yield from self._articles()
        yield from self._spoken()

    def _problem(self, loc: Loc, message: str, mend: str = "") -> Problem:
        return self._doc.problem(loc, message, mend)

    def _missing(self, loc: Loc, what: str, name: str, known: Sequence[str] = ()) -> Problem:
        message = _("{what} «{name}» no existe").format(what=what, name=name)
        return self._problem(loc, message, ", ".join(known))

    def _known(self) -> Iterator[Problem]:
        for datum in self._s.customer.knows:
            if datum not in get_args(Datum):
                yield self._missing(("customer", "knows", datum), _("el dato"), datum, sorted(get_args(Datum)))

    def _duty(self) -> Iterator[Problem]:
        departments = self._around.organisation.department
        codes = [PRACTICE_AGENT]
        for number, one in enumerate(self._s.world.on_duty):
            loc: Loc = ("world", "on_duty", number)
            if one.code in codes:
                message = _("«{name}» está repetido").format(name=one.code)
                yield self._problem((*loc, "code"), message, _("un código distinto para cada persona, como S001"))
            codes.append(one.code)
            if one.department is not None and one.department not in departments:
                yield self._missing((*loc, "department"), _("el departamento"), one.department, sorted(departments))

    def _cases(self) -> Iterator[Problem]:
        keys: list[str] = []
        for number, case in enumerate(self._s.world.cases):
            loc: Loc = ("world", "cases", number)
            yield from self._case(loc, case)
            if case.key is None:
                continue
            if case.key in keys:
                yield self._problem((*loc, "key"), _("«{name}» está repetido").format(name=case.key))
            keys.append(case.key)
            if not is_case_key(case.key):
                right = case.key[:-1] + check_digit(case.key[:-1])
                yield self._problem((*loc, "key"), _("esa clave no cuadra: la última cifra es de control"), right)

    def _case(self, loc: Loc, case: PlantedCase) -> Iterator[Problem]:
        organisation = self._around.organisation
        people = {one.id: one for one in self._s.world.customers}
        owner = people.get(case.customer)
        if owner is None:
            message = _("en «world» no hay ninguna persona «{name}»").format(name=case.customer)
            yield self._problem((*loc, "customer"), message, ", ".join(sorted(people)))
        elif case.contract is not None and case.contract not in [one.number for one in owner.contracts]:
            message = _("esa persona no tiene el contrato «{name}»").format(name=case.contract)
            yield self._problem((*loc, "contract"), message, ", ".join(one.number for one in owner.contracts))
        try:
            organisation.case_kind(case.type, case.subtype or "")
        except Refused as error:
            key = "type" if case.type not in organisation.case_type else "subtype"
            yield self._problem((*loc, key), error.message.rstrip("."), error.remedy.rstrip("."))
        if case.department is not None and case.department not in organisation.department:
            yield self._missing(
                (*loc, "department"), _("el departamento"), case.department, sorted(organisation.department)
            )

    def _articles(self) -> Iterator[Problem]:
        for number, one in enumerate(self._s.world.articles):
            try:
                parse_template(one.say)
            except TemplateError as error:
                yield self._problem(("world", "articles", number, "say"), str(error))
        for number, name in enumerate(self._s.world.without_articles):
            if name not in self._around.articles:
                yield self._missing(("world", "without_articles", number), _("el artículo"), name)

    def _planted(self) -> Iterator[Problem]:
        mend = _("datos que no sean de nadie: véase el manual de formación")
        for number, one in enumerate(self._s.world.customers):
            loc: Loc = ("world", "customers", number)
            try:
                if not NOBODYS_DOCUMENT.fullmatch(identifier(one.document).normal):
                    yield self._problem(
                        (*loc, "document"), _("ese documento puede ser de alguien"), f"99000001R; {mend}"
                    )
            except Invalid as error:
                yield self._problem((*loc, "document"), str(error), f"{_lettered(one.document)}; {mend}")
            try:
                if not NOBODYS_PHONE.fullmatch(phone(one.phone).normal):
                    yield self._problem((*loc, "phone"), _("ese teléfono puede ser de alguien"), f"749 000 123; {mend}")
            except Invalid as error:
                yield self._problem((*loc, "phone"), str(error), f"749 000 123; {mend}")
            if one.email is not None:
                try:
                    if not email(one.email).normal.endswith(tuple(f"@{domain}" for domain in _MAIL_DOMAINS)):
                        yield self._problem(
                            (*loc, "email"), _("ese correo puede ser de alguien"), f"@example.com; {mend}"
                        )
                except Invalid as error:
                    yield self._problem((*loc, "email"), str(error), f"@example.com; {mend}")
            for which, contract in enumerate(one.contracts):
                place = (*loc, "contracts", which)
                if not NOBODYS_CONTRACT.fullmatch(contract.number):
                    yield self._problem((*place, "number"), _("ese contrato puede ser de alguien"), "PR-0001")
                if self._around.products and contract.product not in self._around.products:
                    products = sorted(self._around.products)
                    yield self._missing((*place, "product"), _("el producto"), contract.product, products)

    def _spoken(self) -> Iterator[Problem]:
        """What the customer says may hold no datum of anybody either."""
        keys = [case.key for case in self._s.world.cases if case.key]
        for loc, text in _texts(self._doc.tree, ()):
            if loc[:1] not in _SPOKEN_IN and loc[:2] not in _SPOKEN_IN:
                continue
            for found in _SPOKEN_NUMBERS.findall(text):
                digits = re.sub(r"\D", "", found).removeprefix("34")
                if loc[-1] == "key" or digits in keys:
                    continue  # of a case, which is nobody's
                if not NOBODYS_PHONE.fullmatch(f"+34{digits}"):
                    yield self._problem(loc, _("ese teléfono puede ser de alguien"), "749 000 123")
            for found in _SPOKEN_DOCUMENT.findall(text):
                if not NOBODYS_DOCUMENT.fullmatch(re.sub(r"[- ]", "", found).upper()):
                    yield self._problem(loc, _("ese documento puede ser de alguien"), "99000001R")
            for domain in _SPOKEN_MAIL.findall(text):
                if domain not in _MAIL_DOMAINS:
                    yield self._problem(loc, _("ese correo puede ser de alguien"), "@example.com")


def _lettered(document: str) -> str:
    """A document like the one written, with the letter that goes with its number."""
    from stdnum.es.dni import calc_check_digit

    digits = re.sub(r"\D", "", document)
    number = digits if re.fullmatch(r"99\d{6}", digits) else "99000001"
    return f"{number}{calc_check_digit(number)}"


def _texts(node: object, loc: Loc) -> Iterator[tuple[Loc, str]]:
    if isinstance(node, str):
        yield loc, node
    elif isinstance(node, dict):
        for key, inner in node.items():
            yield from _texts(inner, (*loc, key))
    elif isinstance(node, list):
        for number, inner in enumerate(node):
            yield from _texts(inner, (*loc, number))
