"""`atencion protocol` for who reads them: show, render and diff."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import click

from atencion.cli.shared import as_json, print_json, tell
from atencion.i18n import _

if TYPE_CHECKING:
    from atencion.cli import Options
    from atencion.scripts.catalogue import Catalogue, LoadedProtocol
    from atencion.scripts.document import Document
    from atencion.scripts.protocol import Protocol, Step


@click.command(help=_("Enseña un protocolo entero, con lo que incluye: para leerlo, como árbol o como diagrama."))
@click.argument("which", metavar=_("PROTOCOLO|FICHERO"))
@click.option(
    "--as",
    "shape",
    type=click.Choice(["script", "tree", "mermaid"]),
    default="script",
    help=_("script, para leer o imprimir; tree, el árbol de los pasos; mermaid, un diagrama."),
)
@as_json
@click.pass_obj
def show(options: Options, which: str, shape: str, json_: bool) -> None:
    from atencion.scripts.catalogue import Catalogue
    from atencion.scripts.checking import read_whole
    from atencion.scripts.drawing import mermaid

    catalogue = Catalogue(options.protocol_folder())
    loaded = read_whole(catalogue, which)
    protocol = loaded.protocol
    if json_:
        print_json(_document(loaded))
    elif shape == "mermaid":
        tell(mermaid(protocol))
    elif shape == "tree":
        _print_tree(protocol, loaded.document)
    else:
        _print_script(protocol, catalogue)


@click.command(help=_("Escribe cada texto con datos inventados, para corregirlo, y dice las variantes que faltan."))
@click.argument("which", metavar=_("PROTOCOLO|FICHERO"))
@click.option("--language", metavar=_("IDIOMA"), help=_("Solo en este idioma: es, ca, eu, gl, en."))
@click.option("--channel", metavar=_("CANAL"), help=_("Solo para este canal."))
@click.option("--register", type=click.Choice(["formal", "familiar"]), help=_("Solo con este trato."))
@as_json
@click.pass_obj
def render(
    options: Options, which: str, language: str | None, channel: str | None, register: str | None, json_: bool
) -> None:
    from atencion.scripts.catalogue import Catalogue
    from atencion.scripts.checking import read_whole
    from atencion.scripts.proofs import proofs

    catalogue = Catalogue(options.protocol_folder())
    protocol = read_whole(catalogue, which).protocol
    found = list(proofs(protocol, catalogue.organisation, language=language, channel=channel, register=register))
    if json_:
        keys = ("language", "channel", "register")
        print_json(
            [
                {
                    **dict(zip(keys, contact, strict=True)),
                    "step": one.step,
                    "variant": one.variant,
                    "words": one.words,
                    "in": one.language,
                    "lacking": one.lacking,
                    "hash": one.hash,
                }
                for contact, one in found
            ]
        )
        return
    before: tuple[str, str, str] | None = None
    for contact, one in found:
        if contact != before:
            if before:
                tell("")
            tell("── " + " · ".join(contact))
            before = contact
        variant = f"  ({one.variant})" if one.variant not in ("", "default") else ""
        tell("")
        tell(f"{one.title}  [{one.step}]{variant}" + (f"  of: {one.hash}" if one.hash else ""))
        if not one.words:
            tell("    " + _("✕ no hay texto para este contacto"))
        elif one.lacking:
            tell("    " + _("✕ falta en este idioma; se dirá en el del protocolo"))
        else:
            _print_words(one.words)


@click.command(help=_("Dice con palabras qué cambia de una versión a otra: dos ficheros, o dos protocolos."))
@click.argument("before", metavar=_("ANTES"))
@click.argument("after", metavar=_("DESPUÉS"))
@as_json
@click.pass_obj
def diff(options: Options, before: str, after: str, json_: bool) -> None:
    from atencion.scripts.catalogue import Catalogue
    from atencion.scripts.changes import changes
    from atencion.scripts.checking import read_whole

    catalogue = Catalogue(options.protocol_folder())
    found = changes(read_whole(catalogue, before).protocol, read_whole(catalogue, after).protocol)
    if json_:
        print_json([{"about": one.about, "name": one.name, "change": one.told} for one in found])
        return
    if not found:
        tell(_("Nada cambia."))
    what = {"header": _("Cabecera"), "field": _("Dato"), "step": _("Paso"), "moment": _("Momento")}
    last = ("", "")
    for one in found:
        heading = (one.about, "" if one.about == "header" else one.name)
        if heading != last:
            tell(f"{what[one.about]} {heading[1]}".rstrip())
            last = heading
        tell(f"  {one.told}")


COMMANDS = (show, render, diff)


def _print_tree(protocol: Protocol, document: Document) -> None:
    from atencion.scripts.drawing import Drawn, legend, tree

    for line in tree(protocol, document):
        if line.kind is Drawn.WAY:
            if line.step:
                tell("")
            tell("  ".join(filter(None, (line.text, line.detail))))
        elif line.kind is Drawn.STEP:
            tell(f"├─ {line.text}  [{line.detail}]")
        else:
            tell("│    " + f"{line.text} → {line.target}".strip())
    tell("")
    tell(legend())


def _print_script(protocol: Protocol, catalogue: Catalogue) -> None:
    tell(f"{protocol.title}  ({protocol.id} {protocol.version})")
    if protocol.description:
        tell(protocol.description)
    number = 0
    for path in (None, *protocol.paths):
        if path is not None:
            tell("")
            tell("─" * 40)
            tell("  ".join(filter(None, (path.title, path.hint))))
        for step in path.steps if path else protocol.steps:
            number += 1
            tell("")
            _print_step(number, step, protocol, catalogue)


def _print_step(number: int, step: Step, protocol: Protocol, catalogue: Catalogue) -> None:
    from atencion.scripts.drawing import conditions_of

    row = _step(protocol, step)
    tell(f"{number:2}. {step.title}  [{step.kind}: {step.id}]")
    for condition in conditions_of(step):
        tell(f"    ? {condition}")
    for variant in step.say.variants if step.say else ():
        if step.say and len(step.say.variants) > 1:
            tell(f"    «{variant.key}»")
        _print_words(variant.template.source)
    for name in step.capture:
        field = protocol.fields[name]
        optional = "" if field.required else "  " + _("(si se sabe)")
        tell(f"    ▪ {field.label}  [{name}: {field.type}]{optional}")
    for one in step.checks:
        norm = f"  ({catalogue.norm(one.mandatory).label})" if one.mandatory else ""
        proved = "  " + _("[lo prueba el diario: {proof}]").format(proof=one.proof.source) if one.proof else ""
        tell(f"    □ {one.label}{norm}{proved}")
    for doing in step.do:
        when = f"{doing.when.source} " if doing.when else ""
        params = ", ".join(f"{name}: {template.source}" for name, template in doing.params.items())
        tell(f"    ⚙ {when}{doing.spec.title()}  ({params})")
    if step.mandatory:
        tell("    " + _("No se puede saltar: {norm}").format(norm=catalogue.norm(step.mandatory).label))
    if step.norms:
        tell("    " + _("Normas: {norms}").format(norms="; ".join(catalogue.norm(ref).label for ref in step.norms)))
    for option in row["options"]:
        goto = f" → {option['goto']}" if option["goto"] else ""
        tell(f"    ○ {option['label']}  [{option['id']}]{goto}")
    for branch in row["next"]:
        when = f"{branch['when']} " if branch["when"] else ""
        tell(f"    {when}→ {branch['goto']}")


def _print_words(words: str) -> None:
    for paragraph in words.split("\n"):
        for line in wrap(paragraph, 96):
            tell(f"    {line}")


def _document(loaded: LoadedProtocol) -> dict[str, Any]:
    protocol = loaded.protocol
    return {
        "id": protocol.id,
        "version": protocol.version,
        "title": protocol.title,
        "hash": loaded.hash,
        "steps": _rows(protocol, protocol.steps),
        "paths": [
            {
                "id": path.id,
                "title": path.title,
                "hint": path.hint,
                "moment": path.moment,
                "steps": _rows(protocol, path.steps),
            }
            for path in protocol.paths
        ],
    }


def _rows(protocol: Protocol, steps: Sequence[Step]) -> list[dict[str, Any]]:
    return [_step(protocol, step) for step in steps]


def _step(protocol: Protocol, step: Step) -> dict[str, Any]:
    from atencion.scripts.protocol import Choice

    options = step.options if isinstance(step, Choice) else ()
    branches = [{"when": one.when.source if one.when else None, "goto": one.goto} for one in step.next or ()]
    if not branches and not (options and all(option.goto for option in options)):
        branches = [{"when": None, "goto": protocol.below[step.id]}]
    return {
        "id": step.id,
        "kind": step.kind,
        "title": step.title,
        "say": step.say.source if step.say else None,
        "capture": list(step.capture),
        "says": {one.key: one.template.source for one in step.say.variants} if step.say else {},
        "checks": [
            {
                "id": one.id,
                "label": one.label,
                "proof": one.proof.source if one.proof else None,
                "mandatory": one.mandatory,
            }
            for one in step.checks
        ],
        "only_if": step.only_if.source if step.only_if else None,
        "channels": list(step.channels),
        "do": [
            {"action": one.action, "params": {name: text.source for name, text in one.params.items()}}
            for one in step.do
        ],
        "mandatory": step.mandatory,
        "options": [{"id": one.id, "label": one.label, "goto": one.goto} for one in options],
        "next": branches,
        "norms": list(step.norms),
        "criteria": list(step.criteria),
    }
