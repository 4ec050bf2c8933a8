"""What the files of a folder name of each other and is not there. Pure."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from atencion.errors import Problem
from atencion.i18n import _
from atencion.scripts.articles import WrittenArticle, broken_references
from atencion.scripts.document import Document
from atencion.scripts.headers import Header
from atencion.scripts.organisation import Organisation
from atencion.scripts.regulation import NormCard


def organisation_references(organisation: Organisation, document: Document) -> Iterator[Problem]:
    """Departments, reasons, kinds of case and routes that the organisation names and does not have."""
    for number, reason in enumerate(organisation.escalation_reasons):
        if reason.department not in organisation.department:
            message = _("{what} «{name}» no existe").format(what=_("el departamento"), name=reason.department)
            yield document.problem(
                ("escalation_reasons", number, "department"), message, ", ".join(organisation.department)
            )
        if reason.case_type not in organisation.case_type:
            message = _("{what} «{name}» no existe").format(what=_("la clase de expediente"), name=reason.case_type)
            yield document.problem(
                ("escalation_reasons", number, "case_type"), message, ", ".join(organisation.case_type)
            )
        elif reason.case_subtype is not None:
            known = {one.id for one in organisation.case_type[reason.case_type].subtypes}
            if reason.case_subtype not in known:
                message = _("{what} «{name}» no existe").format(what=_("la subclase"), name=reason.case_subtype)
                yield document.problem(
                    ("escalation_reasons", number, "case_subtype"), message, ", ".join(sorted(known))
                )
    for number, route in enumerate(organisation.escalation_routes):
        here = ("escalation_routes", number)
        if route.department not in organisation.department:
            message = _("{what} «{name}» no existe").format(what=_("el departamento"), name=route.department)
            yield document.problem((*here, "department"), message, ", ".join(organisation.department))
        elif route.skill is not None and route.skill not in organisation.department[route.department].skills:
            message = _("{what} «{name}» no existe").format(what=_("la especialidad"), name=route.skill)
            yield document.problem(
                (*here, "skill"), message, ", ".join(organisation.department[route.department].skills)
            )
        for place, reason_id in enumerate(route.reasons):
            if reason_id not in organisation.reason:
                message = _("{what} «{name}» no existe").format(what=_("el motivo"), name=reason_id)
                yield document.problem((*here, "reasons", place), message, ", ".join(organisation.reason))
        if route.then is not None and route.then not in organisation.route:
            message = _("{what} «{name}» no existe").format(what=_("la ruta"), name=route.then)
            yield document.problem((*here, "then"), message, ", ".join(organisation.route))
        elif _loops(organisation, route.id):
            message = _("la ruta «{name}» vuelve a sí misma").format(name=route.id)
            yield document.problem((*here, "then"), message, _("que alguna ruta acabe"))
    if organisation.compensation_limit not in (None, *organisation.limits):
        message = _("{what} «{name}» no existe").format(what=_("el límite"), name=organisation.compensation_limit)
        yield document.problem(("compensation_limit",), message, ", ".join(organisation.limits))
    if organisation.escalation_outcome not in organisation.outcome:
        message = _("{what} «{name}» no existe").format(what=_("el resultado"), name=organisation.escalation_outcome)
        yield document.problem(("escalation_outcome",), message, ", ".join(organisation.outcome))


def channel_protocols(organisation: Organisation, document: Document, headers: list[Header]) -> Iterator[Problem]:
    """The protocols that channels propose first and that are not there, or not for them."""
    known = {header.id: header.channels for header in headers}
    for number, rules in enumerate(organisation.channels):
        if rules.protocol is None or rules.id in known.get(rules.protocol, ()):
            continue
        fitting = [name for name, channels in known.items() if rules.id in channels]
        message = _("{what} «{name}» no existe").format(what=_("el protocolo"), name=rules.protocol)
        if rules.protocol in known:
            message = _("«{name}» no es para el canal «{channel}»").format(name=rules.protocol, channel=rules.id)
        close = difflib.get_close_matches(rules.protocol, fitting, 1)
        hint = _("¿quería decir «{key}»?").format(key=close[0]) if close else ", ".join(fitting[:8])
        yield document.problem(("channels", number, "protocol"), message, hint or _("quitarlo"))


def _loops(organisation: Organisation, route_id: str) -> bool:
    seen, following = set[str](), organisation.route[route_id].then
    while following is not None and following in organisation.route and following not in seen:
        if following == route_id:
            return True
        seen.add(following)
        following = organisation.route[following].then
    return False


def case_references(organisation: Organisation, document: Document, norms: dict[str, NormCard]) -> Iterator[Problem]:
    """What the kinds of case name and is not there: departments, and norms that give a term."""
    for number, kind in enumerate(organisation.case_types):
        places = [(("case_types", number), kind.department, kind.terms)]
        for at, subtype in enumerate(kind.subtypes):
            places.append((("case_types", number, "subtypes", at), subtype.department, subtype.terms or ()))  # type: ignore[arg-type]
        for loc, department, terms in places:
            if department is not None and department not in organisation.department:
                message = _("{what} «{name}» no existe").format(what=_("el departamento"), name=department)
                yield document.problem((*loc, "department"), message)
            for place, ref in enumerate(terms):
                if ref not in norms:
                    message = _("{what} «{name}» no existe").format(what=_("la norma"), name=ref)
                    yield document.problem((*loc, "terms", place), message)
                elif norms[ref].term is None:
                    message = _("la norma «{name}» no da ningún plazo").format(name=ref)
                    yield document.problem((*loc, "terms", place), message)


def article_references(articles: list[WrittenArticle], norms: frozenset[str]) -> Iterator[Problem]:
    """The articles and the norms that articles name and that are not there."""
    yield from broken_references(articles, {article.about.id for article in articles})
    for article in articles:
        for ref in article.about.norms:
            if norms and ref not in norms:
                message = _("{what} «{name}» no existe").format(what=_("la norma"), name=ref)
                yield Problem(article.file, 2, 1, message, _("otra, o quitarla de «norms»"))
