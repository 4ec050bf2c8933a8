"""What a whole folder of protocols leaves out: norms no step answers for, criteria no step serves, idle fragments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from atencion.errors import Problem, ProblemsFound
from atencion.i18n import _
from atencion.scripts.advice import advise, advise_fragment
from atencion.scripts.catalogue import Catalogue, ListedProtocol
from atencion.scripts.document import parse, read_file
from atencion.scripts.fragments import ListedFragment
from atencion.scripts.model import CRITERIA_PER_ELEMENT, validate
from atencion.scripts.protocol import Protocol
from atencion.scripts.regulation import Norm


def advise_folder(catalogue: Catalogue, *, today: date) -> list[Problem]:
    """All the advice for a folder of protocols: each file's, then what they leave out among them all."""
    listed, fragments = catalogue.protocols(), catalogue.fragments()
    usable = [one.loaded.protocol for one in listed if one.loaded]
    organisation = catalogue.organisation_or_none
    found: list[Problem] = []
    for one in listed:
        if one.loaded is not None:
            found += advise(one.loaded.protocol, one.loaded.document, today=today, organisation=organisation)
    for fragment in fragments:
        if fragment.alone is not None and fragment.document is not None and not fragment.problems:
            found += advise_fragment(fragment.alone, fragment.document)
    whole: list[Problem] = []
    if len(usable) == len(listed):  # What one cannot read might be what serves.
        whole = [*_idle(listed, fragments), *_unanswered(catalogue, usable), *_unserved(catalogue, usable)]
    return sorted({*found, *(replace(one, severity="advice") for one in whole)})


def _idle(listed: list[ListedProtocol], fragments: list[ListedFragment]) -> Iterator[Problem]:
    used = {name for one in listed if one.loaded for name in one.loaded.fragments}
    for fragment in fragments:
        if fragment.id not in used:
            message = _("ningún protocolo usa este fragmento")
            yield Problem(str(fragment.path), 1, 1, message, _("usarlo, o quitar el fichero"))


def _unanswered(catalogue: Catalogue, protocols: list[Protocol]) -> Iterator[Problem]:
    """Articles that the program must enforce and no step names, a norm at a time."""
    named = {ref for protocol in protocols for ref in named_norms(protocol)}
    for path in catalogue.norm_paths():
        try:
            document = parse(read_file(path), str(path))
            norm = validate(Norm, document)
        except ProblemsFound:
            continue  # Told as a problem.
        left = [
            (number, article.id)
            for number, article in enumerate(norm.articles)
            if "enforce" in article.kind and f"{norm.id}/{article.id}" not in named
        ]
        if left:
            articles = ", ".join(article for _number, article in left)
            message = _("ningún paso responde de estos artículos de {norm}: {articles}")
            yield document.problem(
                ("articles", left[0][0], "id"),
                message.format(norm=norm.short, articles=articles),
                _("nombrarlos en «mandatory» o «norms» del paso que los cumple"),
            )


def named_norms(protocol: Protocol) -> set[str]:
    """The articles that some step of a protocol answers for."""
    found = set()
    for step in protocol.all_steps():
        found |= {*step.norms, step.mandatory, *(check.mandatory for check in step.checks)}
    return {ref for ref in found if ref}


def _unserved(catalogue: Catalogue, protocols: list[Protocol]) -> Iterator[Problem]:
    if not protocols:
        return
    every = [f"IC{element}.{n}" for element, count in CRITERIA_PER_ELEMENT.items() for n in range(1, count + 1)]
    served = {criterion for protocol in protocols for step in protocol.all_steps() for criterion in step.criteria}
    left = [criterion for criterion in every if criterion not in served]
    if left:
        message = _("ningún protocolo sirve a estos criterios del estándar: {criteria}")
        file = str(catalogue.folder / "organisation.yaml")
        hint = _("nombrarlos en «criteria» de los pasos que los cumplen")
        yield Problem(file, 1, 1, message.format(criteria=", ".join(left)), hint)
