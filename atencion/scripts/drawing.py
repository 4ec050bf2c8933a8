"""A protocol to look at: its steps as a tree with their ways, the same as a Mermaid diagram, and as pages to print."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from atencion.i18n import _
from atencion.scripts.document import Document, Mark
from atencion.scripts.lint import placed_steps
from atencion.scripts.protocol import END, Call, Choice, Protocol, Step


class Drawn(StrEnum):
    """What a line of the tree is."""

    WAY = "way"
    STEP = "step"
    BRANCH = "branch"


@dataclass(frozen=True, slots=True)
class TreeLine:
    """A line of the tree: the heading of a way, a step, or one of the ways out of the step above it.

    `step` is whose it is, `target` where a branch leads, `mark` where the step is written.
    """

    kind: Drawn
    text: str
    step: str = ""
    detail: str = ""
    target: str = ""
    mark: Mark | None = None


def tree(protocol: Protocol, document: Document | None = None) -> list[TreeLine]:
    """The whole flow, the main way first and then each side path, in the order in which they are written."""
    places = {step.id: document.place(at) for at, step in placed_steps(protocol)} if document else {}
    lines = [TreeLine(Drawn.WAY, protocol.title, detail=f"{protocol.id} {protocol.version}")]
    lines += _way(protocol, protocol.steps, places)
    for path in protocol.paths:
        what = _("momento, desde cualquier paso") if path.moment else _("lo llama «{step}»").format(step=path.id)
        lines.append(TreeLine(Drawn.WAY, path.title, path.id, ": ".join(filter(None, (what, path.hint)))))
        lines += _way(protocol, path.steps, places)
    return lines


def marks(step: Step) -> str:
    """Signs of what holds for a step: § cannot be skipped, ○ optional, ? only if, ↻ repeats, ⚙ acts, ⤳ jump to it."""
    signs = {
        "§": step.mandatory is not None or any(check.mandatory for check in step.checks),
        "○": step.optional,
        "?": step.only_if is not None or bool(step.channels),
        "↻": step.repeat is not None,
        "⚙": bool(step.do),
        "⤳": step.jump,
    }
    return "".join(sign for sign, holds in signs.items() if holds)


def legend() -> str:
    """What the signs say."""
    return _("§ no se puede saltar · ○ opcional · ? no siempre · ↻ se repite · ⚙ hace algo · ⤳ se puede saltar a él")


def mermaid(protocol: Protocol) -> str:
    """The flow as a Mermaid flowchart, for documents that draw it."""
    lines = ["flowchart TD"]
    ways: list[tuple[str, Sequence[Step], str]] = [(protocol.title, protocol.steps, "")]
    ways += [(path.title, path.steps, path.id) for path in protocol.paths]
    for title, steps, path in ways:
        name = _node(path or "principal")
        lines.append(f"  subgraph way_{name}[{_quoted(title)}]")
        for step in steps:
            opening, closing = _SHAPES.get(step.kind, ("[", "]"))
            lines.append(f"    {_node(step.id)}{opening}{_quoted(step.title)}{closing}")
        lines.append("  end")
    for _title, steps, path in ways:
        for step in steps:
            for label, target in exits(protocol, step):
                arrow = f"-->|{_quoted(label)}|" if label else "-->"
                lines.append(f"  {_node(step.id)} {arrow} {_end(path) if target == END else _node(target)}")
            if isinstance(step, Call):
                lines.append(f"  {_node(step.id)} -.-> {_node(protocol.path[step.id].steps[0].id)}")
    for _title, _steps, path in ways:
        ends = _("vuelve") if path else _("fin")
        lines.append(f"  {_end(path)}(({_quoted(ends)}))")
    return "\n".join(lines)


def exits(protocol: Protocol, step: Step) -> list[tuple[str, str]]:
    """The ways out of a step: why, and the step it leads to."""
    found: list[tuple[str, str]] = []
    if step.repeat:
        why = _("mientras {condition}, {n} veces como mucho")
        found.append((why.format(condition=step.repeat.while_.source, n=step.repeat.times), step.id))
    options = step.options if isinstance(step, Choice) else ()
    found += [(option.label, option.goto) for option in options if option.goto]
    if options and all(option.goto for option in options):
        return found
    if not step.next:
        return [*found, ("", protocol.below[step.id])]
    for branch in step.next:
        why = branch.when.source if branch.when else _("si no") if len(step.next) > 1 else ""
        times = _("{n} veces como mucho").format(n=branch.times) if branch.times else ""
        found.append(("; ".join(filter(None, (why, times))), branch.goto))
    return found


def conditions_of(step: Step) -> list[str]:
    """When a step comes, if it does not always."""
    found = [_("solo si {condition}").format(condition=step.only_if.source)] if step.only_if else []
    return found + ([_("solo en {channels}").format(channels=", ".join(step.channels))] if step.channels else [])


def _way(protocol: Protocol, steps: Sequence[Step], places: dict[str, Mark]) -> Iterator[TreeLine]:
    for step in steps:
        mark = places.get(step.id)
        detail = "  ".join(filter(None, (step.kind, step.id, marks(step), "; ".join(conditions_of(step)))))
        yield TreeLine(Drawn.STEP, step.title, step.id, detail, mark=mark)
        ways = exits(protocol, step)
        if ways == [("", protocol.below[step.id])] and ways[0][1] != END:
            continue  # It goes on to the step below, as one would think.
        for label, target in ways:
            yield TreeLine(Drawn.BRANCH, label, step.id, target=target, mark=mark)


_SHAPES = {
    "greeting": ("([", "])"),
    "farewell": ("([", "])"),
    "wrap_up": ("([", "])"),
    "choice": ("{", "}"),
    "call": ("[[", "]]"),
    "action": ("[/", "/]"),
}


def _node(step: str) -> str:
    return "p_" + re.sub(r"\W", "_", step)


def _end(path: str) -> str:
    return _node(f"{path}__end" if path else "_end")


def _quoted(text: str) -> str:
    return '"' + " ".join(text.split()).replace('"', "#quot;") + '"'
