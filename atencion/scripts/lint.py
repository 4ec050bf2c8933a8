"""What a protocol that is well formed can still have wrong: ids, references, ways that lead nowhere."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from atencion.errors import Problem
from atencion.i18n import _
from atencion.scripts.document import Document, Loc
from atencion.scripts.expressions import FACTS, Condition
from atencion.scripts.protocol import END, CapturedField, Choice, Escalate, Knowledge, Protocol, Resolve, Step, WrapUp
from atencion.scripts.templates import Template
from atencion.scripts.values import FieldType

SAID: dict[str, tuple[str, ...]] = {
    "agente": ("nombre", "alias", "codigo", "departamento"),
    "organizacion": ("nombre", "razon_social", "telefono", "correo", "web", "responsable", "privacidad"),
    "cliente": ("verificado", "nombre", "apellidos", "nombre_completo", "tratamiento"),
    "expediente": ("clave", "departamento"),
    "saludo": (),
}
"""What a text may name besides the protocol's fields."""


@dataclass(frozen=True)
class World:
    """The ids that protocols may refer to. An empty set means that they are not known here, and not checked."""

    norms: frozenset[str] = frozenset()
    articles: frozenset[str] = frozenset()
    outcomes: frozenset[str] = frozenset()
    departments: frozenset[str] = frozenset()
    dispositions: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()


def lint(protocol: Protocol, document: Document, world: World) -> list[Problem]:
    """Every problem of meaning, in the order of the file."""
    found = [
        *_ids(protocol, document),
        *_references(protocol, document, world),
        *_names(protocol, document),
    ]
    if not found:
        found = list(_ways(protocol, document))
    return sorted(set(found), key=lambda problem: (problem.line, problem.column))


def _ids(protocol: Protocol, document: Document) -> Iterator[Problem]:
    yield from _twice(document, (((("steps", number), step.id)) for number, step in enumerate(protocol.steps)))
    for number, step in enumerate(protocol.steps):
        at: Loc = ("steps", number)
        yield from _twice(document, (((*at, "checks", i), check.id) for i, check in enumerate(step.checks)))
        if isinstance(step, Choice):
            yield from _twice(document, (((*at, "options", i), option.id) for i, option in enumerate(step.options)))
        if step.id == END:
            yield document.problem((*at, "id"), _("«{id}» es el final; un paso no puede llamarse así").format(id=END))
    for name, field in protocol.fields.items():
        options = (((("fields", name, "options", i), option.id)) for i, option in enumerate(field.options))
        yield from _twice(document, options)
        if name in SAID or name in {fact.split(".")[0] for fact in FACTS}:
            message = _("«{name}» ya tiene otro significado").format(name=name)
            yield document.problem(("fields", name), message, _("otro nombre de campo"), key=True)


def _twice(document: Document, named: Iterable[tuple[Loc, str]]) -> Iterator[Problem]:
    first: dict[str, Loc] = {}
    for loc, name in named:
        if name in first:
            line, _column = document.place((*first[name], "id"))
            message = _("el id «{id}» está repetido").format(id=name)
            yield document.problem((*loc, "id"), message, _("otro id (ya está en la línea {line})").format(line=line))
        first.setdefault(name, loc)


def _references(protocol: Protocol, document: Document, world: World) -> Iterator[Problem]:
    steps, fields = set(protocol.by_id) | {END}, set(protocol.fields) or {""}
    yield from _unknown(document, ("channels",), protocol.channels, world.channels, _("el canal"))
    if protocol.recording:
        asked = [name for name, field in protocol.fields.items() if field.type is FieldType.YES_NO]
        yield from _known(document, ("recording",), protocol.recording, asked or [""], _("el campo de sí o no"))
    if protocol.answer_by:
        chosen = [name for name, field in protocol.fields.items() if field.type is FieldType.CHOICE]
        yield from _known(document, ("answer_by",), protocol.answer_by, chosen or [""], _("el campo de opciones"))
    for number, step in enumerate(protocol.steps):
        at: Loc = ("steps", number)
        yield from _unknown(document, (*at, "capture"), step.capture, fields, _("el campo"))
        yield from _unknown(document, (*at, "knowledge"), step.knowledge, world.articles, _("el artículo"))
        yield from _unknown(document, (*at, "norms"), step.norms, world.norms, _("la norma"))
        if step.mandatory:
            yield from _known(document, (*at, "mandatory"), step.mandatory, world.norms, _("la norma"))
        for i, check in enumerate(step.checks):
            if check.mandatory:
                yield from _known(
                    document, (*at, "checks", i, "mandatory"), check.mandatory, world.norms, _("la norma")
                )
        for loc, target in _targets(step, at):
            yield from _known(document, loc, target, steps, _("el paso"))
        if isinstance(step, Knowledge) and step.query:
            yield from _known(document, (*at, "query"), step.query, fields, _("el campo"))
        if isinstance(step, Resolve):
            yield from _unknown(document, (*at, "outcomes"), step.outcomes, world.outcomes, _("el resultado"))
        if isinstance(step, Escalate):
            yield from _unknown(
                document, (*at, "departments"), step.departments, world.departments, _("el departamento")
            )
            if step.outcome:
                yield from _known(document, (*at, "outcome"), step.outcome, world.outcomes, _("el resultado"))
        if isinstance(step, WrapUp):
            known = world.dispositions
            yield from _unknown(document, (*at, "dispositions"), step.dispositions, known, _("la tipificación"))


def _targets(step: Step, at: Loc) -> Iterator[tuple[Loc, str]]:
    for i, branch in enumerate(step.next or ()):
        if len(step.next or ()) == 1 and branch.when is None:
            yield (*at, "next"), branch.goto
        else:
            yield (*at, "next", i, "goto" if branch.when else "else"), branch.goto
    if isinstance(step, Choice):
        for i, option in enumerate(step.options):
            if option.goto:
                yield (*at, "options", i, "goto"), option.goto


def _unknown(document: Document, loc: Loc, used: Iterable[str], known: Iterable[str], what: str) -> Iterator[Problem]:
    for i, name in enumerate(used):
        yield from _known(document, (*loc, i), name, known, what)


def _known(document: Document, loc: Loc, name: str, known: Iterable[str], what: str) -> Iterator[Problem]:
    names = sorted(known)
    if names and name not in names:
        message = _("{what} «{name}» no existe").format(what=what, name=name)
        yield document.problem(loc, message, _hint(name, names))


def _hint(name: str, names: list[str]) -> str:
    close = difflib.get_close_matches(name, names, 1)
    return _("¿quería decir «{key}»?").format(key=close[0]) if close else ", ".join(names[:12])


def _names(protocol: Protocol, document: Document) -> Iterator[Problem]:
    types = {**FACTS, **{name: str(field.type) for name, field in protocol.fields.items()}}
    for number, step in enumerate(protocol.steps):
        at: Loc = ("steps", number)
        if step.say:
            yield from _template_names(protocol, document, (*at, "say"), step.say)
        for i, branch in enumerate(step.next or ()):
            if branch.when:
                loc: Loc = (*at, "next", i, "when")
                yield from _condition_names(document, loc, branch.when, types, protocol.fields)
        for i, check in enumerate(step.checks):
            if check.proof:
                yield from _condition_names(document, (*at, "checks", i, "proof"), check.proof, types, protocol.fields)


def _template_names(protocol: Protocol, document: Document, loc: Loc, text: Template) -> Iterator[Problem]:
    known = [f"{group}.{key}" if key else group for group, keys in SAID.items() for key in keys or ("",)]
    known += protocol.fields
    for name, inner in text.names.items():
        if name not in known:
            line, column = document.place(loc)
            message = _("el texto nombra «{name}», que no existe").format(name=name)
            inside = inner > 1
            yield Problem(document.file, line + inner - 1, 1 if inside else column, message, _hint(name, known))


def _condition_names(
    document: Document, loc: Loc, when: Condition, types: dict[str, str], fields: dict[str, CapturedField]
) -> Iterator[Problem]:
    line, column = document.place(loc)
    for name, offset in when.names.items():
        if name not in types:
            message = _("la condición nombra «{name}», que no existe").format(name=name)
            yield Problem(document.file, line, column + offset, message, _hint(name, sorted(types)))
    for comparison in when.comparisons:
        field = fields.get(comparison.name)
        if field is not None and field.type is FieldType.CHOICE:
            for literal in comparison.literals:
                if literal not in field.labels:
                    message = _("«{name}» nunca vale «{value}»").format(name=comparison.name, value=literal)
                    yield Problem(document.file, line, column + comparison.offset, message, ", ".join(field.labels))


def _ways(protocol: Protocol, document: Document) -> Iterator[Problem]:
    """Steps that nothing leads to, and steps from which the end cannot be reached."""
    exits = {step.id: protocol.exits(step) for step in protocol.steps}
    reached = _closure(protocol.steps[0].id, exits)
    entries: dict[str, list[str]] = {}
    for origin, targets in exits.items():
        for target in targets:
            entries.setdefault(target, []).append(origin)
    ending = _closure(END, {name: tuple(origins) for name, origins in entries.items()})
    for number, step in enumerate(protocol.steps):
        if step.id not in reached:
            message = _("al paso «{id}» no se llega nunca").format(id=step.id)
            yield document.problem(("steps", number, "id"), message, _("algún paso que lleve a él"))
        elif step.id not in ending:
            message = _("desde el paso «{id}» no se sale: da vueltas sin fin").format(id=step.id)
            yield document.problem(("steps", number, "id"), message, _("algún camino hasta el final"))


def _closure(start: str, edges: dict[str, tuple[str, ...]]) -> set[str]:
    reached, waiting = {start}, [start]
    while waiting:
        for target in edges.get(waiting.pop(), ()):
            if target not in reached:
                reached.add(target)
                waiting.append(target)
    return reached
