"""What a protocol that is well formed can still have wrong: ids, references, ways that lead nowhere."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from atencion.errors import Problem
from atencion.i18n import _
from atencion.scripts.actions import ACTIONS, Doing
from atencion.scripts.document import Document, Loc
from atencion.scripts.expressions import JOURNAL_FACTS, WORLD_FACTS, Condition, fact_family
from atencion.scripts.fields import CapturedField
from atencion.scripts.model import inside
from atencion.scripts.protocol import END, Choice, Escalate, Knowledge, Protocol, Resolve, Step, WrapUp
from atencion.scripts.templates import Template
from atencion.scripts.texts import Text
from atencion.scripts.values import FieldType

SAID: dict[str, tuple[str, ...]] = {
    "agente": ("nombre", "alias", "codigo", "departamento"),
    "organizacion": ("nombre", "razon_social", "telefono", "correo", "web", "responsable", "privacidad"),
    "cliente": ("verificado", "nombre", "apellidos", "nombre_completo", "tratamiento", "idioma"),
    "contrato": ("numero", "producto", "cuota", "ultima_factura", "inicio"),
    "expediente": ("clave", "departamento"),
    "saludo": (),
    "hoy": (),
    "ahora": (),
    "canal": (),
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
    limits: frozenset[str] = frozenset()
    case_types: frozenset[str] = frozenset()
    case_subtypes: frozenset[tuple[str, str]] = frozenset()
    """Each with its type."""
    moments: frozenset[str] = frozenset()
    """Moments that whoever uses a fragment may open; a protocol's own are its own."""


def lint(protocol: Protocol, document: Document, world: World) -> list[Problem]:
    """Every problem of meaning, in the order of the file."""
    found = [
        *_ids(protocol, document),
        *_references(protocol, document, world),
        *_names(protocol, document, world),
    ]
    if not found:
        found = list(_ways(protocol, document))
    return sorted(set(found), key=lambda problem: (problem.line, problem.column))


def placed_steps(protocol: Protocol) -> Iterator[tuple[Loc, Step]]:
    """Every step with where it stands in the document of the effective protocol."""
    for number, step in enumerate(protocol.steps):
        yield ("steps", number), step
    for i, path in enumerate(protocol.paths):
        for number, step in enumerate(path.steps):
            yield ("paths", i, "steps", number), step


def conditions(protocol: Protocol) -> Iterator[tuple[Loc, Condition]]:
    """Every condition with where it stands."""
    for at, step in placed_steps(protocol):
        if step.only_if:
            yield (*at, "only_if"), step.only_if
        if step.repeat:
            yield (*at, "repeat", "while"), step.repeat.while_
        for i, branch in enumerate(step.next or ()):
            if branch.when:
                yield (*at, "next", i, "when"), branch.when
        for i, check in enumerate(step.checks):
            if check.proof:
                yield (*at, "checks", i, "proof"), check.proof
        for i, doing in enumerate(step.do):
            if doing.when:
                yield (*at, "do", i, "when"), doing.when
    for name, field in protocol.fields.items():
        for i, rejection in enumerate(field.reject):
            yield ("fields", name, "reject", i, "when"), rejection.when


def templates(protocol: Protocol) -> Iterator[tuple[Loc, Template]]:
    """Every text that names data, with where it stands."""
    for at, step in placed_steps(protocol):
        if step.say:
            for variant in step.say.variants:
                loc = (*at, "say") if len(step.say.variants) == 1 else (*at, "say", variant.key)
                yield loc, variant.template
        for i, doing in enumerate(step.do):
            for name, template in doing.params.items():
                yield (*at, "do", i, doing.action, name), template


def _ids(protocol: Protocol, document: Document) -> Iterator[Problem]:
    yield from _twice(document, ((loc, step.id) for loc, step in placed_steps(protocol)))
    yield from _twice(document, ((("paths", i), path.id) for i, path in enumerate(protocol.paths)))
    for at, step in placed_steps(protocol):
        yield from _twice(document, (((*at, "checks", i), check.id) for i, check in enumerate(step.checks)))
        if isinstance(step, Choice):
            yield from _twice(document, (((*at, "options", i), option.id) for i, option in enumerate(step.options)))
        if step.id == END:
            message = _("«{id}» es el final; un paso no puede llamarse así").format(id=END)
            yield document.problem((*at, "id"), message, _("otro id"))
    said = {name for loc, template in templates(protocol) if "say" in loc for name in template.names}
    for name, field in protocol.fields.items():
        options = (((("fields", name, "options", i), option.id)) for i, option in enumerate(field.options))
        yield from _twice(document, options)
        if name in SAID or name in _FIRST_WORDS:
            message = _("«{name}» ya tiene otro significado").format(name=name)
            yield document.problem(("fields", name), message, _("otro nombre de campo"), key=True)
        if field.answer and name not in said:
            message = _("ningún mensaje dice la respuesta «{name}»").format(name=name)
            yield document.problem(("fields", name, "answer"), message, "say: {{ " + name + " }}")


_FIRST_WORDS = {fact.split(".")[0] for fact in (*JOURNAL_FACTS, *WORLD_FACTS)} | {"limite", "departamento", "momento"}


def _twice(document: Document, named: Iterable[tuple[Loc, str]]) -> Iterator[Problem]:
    first: dict[str, Loc] = {}
    for loc, name in named:
        if name in first:
            line = document.place((*first[name], "id")).line
            message = _("el id «{id}» está repetido").format(id=name)
            yield document.problem((*loc, "id"), message, _("otro id (ya está en la línea {line})").format(line=line))
        first.setdefault(name, loc)


def _references(protocol: Protocol, document: Document, world: World) -> Iterator[Problem]:
    fields = set(protocol.fields) or {""}
    yield from _unknown(document, ("channels",), protocol.channels, world.channels, _("el canal"))
    if protocol.recording:
        asked = [name for name, field in protocol.fields.items() if field.type is FieldType.YES_NO]
        yield from _known(document, ("recording",), protocol.recording, asked or [""], _("el campo de sí o no"))
    if protocol.contract:
        yield from _known(document, ("contract",), protocol.contract, fields, _("el campo"))
    if protocol.answer_by:
        chosen = [name for name, field in protocol.fields.items() if field.type is FieldType.CHOICE]
        yield from _known(document, ("answer_by",), protocol.answer_by, chosen or [""], _("el campo de opciones"))
    offers = {path.id for path in protocol.moments} | world.moments | {step.id for step in protocol.steps if step.jump}
    for at, step in placed_steps(protocol):
        yield from _unknown(document, (*at, "capture"), step.capture, fields, _("el campo"))
        yield from _unknown(document, (*at, "knowledge"), step.knowledge, world.articles, _("el artículo"))
        yield from _unknown(document, (*at, "norms"), step.norms, world.norms, _("la norma"))
        yield from _unknown(document, (*at, "channels"), step.channels, world.channels, _("el canal"))
        if step.mandatory:
            yield from _known(document, (*at, "mandatory"), step.mandatory, world.norms, _("la norma"))
        for i, check in enumerate(step.checks):
            if check.mandatory:
                loc = (*at, "checks", i, "mandatory")
                yield from _known(document, loc, check.mandatory, world.norms, _("la norma"))
        for loc, target in _targets(step, at):
            yield from _known(document, loc, target, _within(protocol, step), _("el paso"))
        for i, timer in enumerate(step.timers):
            if timer.offer:
                what = _("el momento, o el paso al que se puede saltar (jump),")
                yield from _known(document, (*at, "timers", i, "offer"), timer.offer, offers or {""}, what)
        for i, doing in enumerate(step.do):
            yield from _parameters(document, (*at, "do", i, doing.action), doing, world)
            if protocol.continuity and _offers_unasked(doing):
                message = _(
                    "aquí no se ofrece nada: trata de la continuidad de un servicio básico (Ley 10/2025, art. 16.2)"
                )
                yield document.problem(
                    (*at, "do", i, doing.action), message, _("«asked», si es el cliente quien la pide")
                )
        yield from _own_references(document, at, step, fields, world)


def _offers_unasked(doing: Doing) -> bool:
    """Whether it is an offer that nothing allows: neither asked for by the customer nor part of the solution."""
    offers, said = ACTIONS[doing.action].offers, {name: text.source for name, text in doing.params.items()}
    if offers is None or any(said.get(name) != text for name, text in offers.items()):
        return False
    return all(said.get(name, "no") == "no" for name in ("asked", "improves"))


def _own_references(document: Document, at: Loc, step: Step, fields: set[str], world: World) -> Iterator[Problem]:
    if isinstance(step, Knowledge) and step.query:
        yield from _known(document, (*at, "query"), step.query, fields, _("el campo"))
    if isinstance(step, Resolve):
        yield from _unknown(document, (*at, "outcomes"), step.outcomes, world.outcomes, _("el resultado"))
    if isinstance(step, Escalate):
        yield from _unknown(document, (*at, "departments"), step.departments, world.departments, _("el departamento"))
        if step.outcome:
            yield from _known(document, (*at, "outcome"), step.outcome, world.outcomes, _("el resultado"))
    if isinstance(step, WrapUp):
        known = world.dispositions
        yield from _unknown(document, (*at, "dispositions"), step.dispositions, known, _("la tipificación"))


def _within(protocol: Protocol, step: Step) -> set[str]:
    """The steps that a step may lead to: those of its own way, main or side."""
    path = next((path for path in protocol.paths if step in path.steps), None)
    return {one.id for one in (path.steps if path else protocol.steps)} | {END}


def _parameters(document: Document, at: Loc, doing: Doing, world: World) -> Iterator[Problem]:
    known = {"case_type": world.case_types, "department": world.departments}
    words = {"case_type": _("la clase de expediente"), "department": _("el departamento")}
    for name, template in doing.params.items():
        refers = doing.spec.params[name].refers_to
        if refers in known and not template.names:
            yield from _known(document, (*at, name), template.source, known[refers], words[refers])
    kind, subtype = doing.params.get("type"), doing.params.get("subtype")
    if doing.action == "open_case" and kind and subtype and not (kind.names or subtype.names) and world.case_subtypes:
        theirs = {one for of, one in world.case_subtypes if of == kind.source} or {""}
        yield from _known(document, (*at, "subtype"), subtype.source, theirs, _("la subclase de expediente"))


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
    return (
        _("¿quería decir «{key}»?").format(key=close[0])
        if close
        else ", ".join(filter(None, names[:12])) or _("definirlo")
    )


def _names(protocol: Protocol, document: Document, world: World) -> Iterator[Problem]:
    said = [f"{group}.{key}" if key else group for group, keys in SAID.items() for key in keys or ("",)]
    said += protocol.fields
    for loc, template in templates(protocol):
        for name, line in template.names.items():
            if name not in said:
                message = _("el texto nombra «{name}», que no existe").format(name=name)
                yield inside(document, loc, message, _hint(name, said), line=line)
        for name, literal, line in template.comparisons:
            field = protocol.fields.get(name)
            if field is not None and field.labels and literal not in field.labels:
                message = _("«{name}» nunca vale «{value}»").format(name=name, value=literal)
                ids = [option for option, label in field.labels.items() if label == literal]
                expected = _("su id: «{id}»").format(id=ids[0]) if ids else ", ".join(field.labels)
                yield inside(document, loc, message, expected, line=line)
    for loc, condition in conditions(protocol):
        proof = loc[-1] == "proof"
        yield from _condition_names(protocol, document, loc, condition, world, proof=proof)
    for at, step in placed_steps(protocol):
        words = {variant.channel for variant in step.say.variants if variant.channel} if step.say else set()
        for word in sorted(words - world.channels) if world.channels else ():
            message = _("«{word}» no es un idioma, un canal ni un tratamiento").format(word=word)
            key = next(one.key for one in _text(step).variants if one.channel == word)
            yield document.problem((*at, "say", key), message, _hint(word, sorted(world.channels)), key=True)


def _text(step: Step) -> Text:
    assert step.say is not None
    return step.say


def _condition_names(
    protocol: Protocol, document: Document, loc: Loc, when: Condition, world: World, *, proof: bool
) -> Iterator[Problem]:
    fields = protocol.fields
    known = [*JOURNAL_FACTS, *fields, *(() if proof else WORLD_FACTS)]
    for name, offset in when.names.items():
        family = fact_family(name)
        if name in known or (family is not None and (family[0] == "moment" or not proof)):
            if family is not None:
                yield from _member(protocol, document, loc, name, family, world, offset)
            continue
        if proof and (name in WORLD_FACTS or family is not None):
            message = _("«{name}» no está en el diario, y una prueba solo puede nombrar lo que está").format(name=name)
            yield inside(document, loc, message, ", ".join([*JOURNAL_FACTS][:8]), offset=offset)
            continue
        message = _("la condición nombra «{name}», que no existe").format(name=name)
        yield inside(document, loc, message, _hint(name, sorted(known)), offset=offset)
    for comparison in when.comparisons:
        field = fields.get(comparison.name)
        if field is not None and field.type in {FieldType.CHOICE, FieldType.CHOICES}:
            yield from _never(document, loc, field, comparison.name, comparison.literals, comparison.offset)


def _member(
    protocol: Protocol,
    document: Document,
    loc: Loc,
    name: str,
    family: tuple[str, str, str],
    world: World,
    offset: int,
) -> Iterator[Problem]:
    members = {
        "moment": frozenset(path.id for path in protocol.moments) | world.moments or frozenset({""}),
        "department": world.departments,
        "limit": world.limits,
    }[family[0]]
    if members and family[1] not in members:
        message = _("la condición nombra «{name}», que no existe").format(name=name)
        yield inside(document, loc, message, _hint(family[1], sorted(members)), offset=offset)


def _never(
    document: Document, loc: Loc, field: CapturedField, name: str, literals: tuple[object, ...], offset: int
) -> Iterator[Problem]:
    possible = [*field.labels, *field.allow]
    for literal in literals:
        if literal not in possible:
            message = _("«{name}» nunca vale «{value}»").format(name=name, value=literal)
            yield inside(document, loc, message, ", ".join(possible), offset=offset)


def _ways(protocol: Protocol, document: Document) -> Iterator[Problem]:
    """Steps that nothing leads to, and steps from which the end of their way cannot be reached."""
    ways = [
        (("steps",), protocol.steps),
        *((("paths", i, "steps"), path.steps) for i, path in enumerate(protocol.paths)),
    ]
    for base, steps in ways:
        exits = {step.id: protocol.exits(step) for step in steps}
        reached = _closure([steps[0].id, *(step.id for step in steps if step.jump)], exits)
        entries: dict[str, list[str]] = {}
        for origin, targets in exits.items():
            for target in targets:
                entries.setdefault(target, []).append(origin)
        ending = _closure([END], {name: tuple(origins) for name, origins in entries.items()})
        for number, step in enumerate(steps):
            if step.id not in reached:
                message = _("al paso «{id}» no se llega nunca").format(id=step.id)
                yield document.problem((*base, number, "id"), message, _("algún paso que lleve a él"))
            elif step.id not in ending:
                message = _("desde el paso «{id}» no se sale: da vueltas sin fin").format(id=step.id)
                yield document.problem((*base, number, "id"), message, _("algún camino hasta el final"))


def _closure(start: list[str], edges: dict[str, tuple[str, ...]]) -> set[str]:
    reached, waiting = set(start), list(start)
    while waiting:
        for target in edges.get(waiting.pop(), ()):
            if target not in reached:
                reached.add(target)
                waiting.append(target)
    return reached
