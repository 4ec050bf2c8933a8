"""A fragment by itself, as the protocol it would be if it were all there is to one: to be checked, drawn and read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from atencion.errors import Problem, ProblemsFound
from atencion.i18n import _
from atencion.scripts.document import Document, Loc, Mark, Node, parse
from atencion.scripts.expressions import JOURNAL_FACTS, WORLD_FACTS, fact_family
from atencion.scripts.fields import CapturedField
from atencion.scripts.includes import FindFragment, Fragment, expand
from atencion.scripts.lint import SAID, World, conditions, lint, templates
from atencion.scripts.model import validate
from atencion.scripts.protocol import Knowledge, Protocol


@dataclass(frozen=True)
class ListedFragment:
    """A fragment's file: what it is, the protocol it would be by itself, and what is wrong with it.

    `alone` is None if it cannot be one, be it for its problems or because it must be told something by its users.
    """

    id: str
    path: Path
    about: Fragment | None
    alone: Protocol | None
    document: Document | None
    source: str = ""
    problems: tuple[Problem, ...] = ()


def list_fragment(fragment_id: str, path: Path, source: str, find: FindFragment, world: World) -> ListedFragment:
    """A fragment from its text, with all its problems."""
    try:
        document = parse(source, str(path))
        about = validate(Fragment, document)
    except ProblemsFound as error:
        return ListedFragment(fragment_id, path, None, None, None, source, error.problems)
    if about.id != fragment_id:
        message = _("el id «{id}» no es el de su fichero").format(id=about.id)
        problem = document.problem(("id",), message, fragment_id)
        return ListedFragment(fragment_id, path, about, None, None, source, (problem,))
    if any(param.default is None for param in about.params.values()):
        return ListedFragment(fragment_id, path, about, None, None, source)
    try:
        whole = expand(_as_protocol(about, document, world), find)
        alone = validate(Protocol, whole)
        alone = alone.model_copy(update={"fields": dict(alone.fields) | _lent(alone)})
        problems = lint(alone, whole, replace(world, moments=frozenset(_moments(alone))))
    except ProblemsFound as error:
        return ListedFragment(fragment_id, path, about, None, None, source, error.problems)
    return ListedFragment(fragment_id, path, about, alone, whole, source, tuple(problems))


def _as_protocol(about: Fragment, document: Document, world: World) -> Document:
    languages: list[Node] = [*about.languages]
    criteria: list[Node] = [*about.criteria]
    channels: list[Node] = [*(sorted(world.channels) or ["phone"])]
    steps: list[Node] = [{"include": about.id}]
    tree: dict[str, Node] = {
        "id": about.id,
        "version": about.version,
        "title": about.title,
        "author": about.author,
        "language": about.language,
        "languages": languages,
        "criteria": criteria,
        "channels": channels,
        "valid": {"from": "2000-01-01"},
        "steps": steps,
    }
    first = {(): Mark(document.file, 1, 1)}
    values: dict[Loc, Mark] = first | {loc: mark for loc, mark in document.values.items() if loc and loc[0] != "steps"}
    return Document(document.file, tree, values, dict(document.keys))


def _lent(protocol: Protocol) -> dict[str, CapturedField]:
    """The fields that a fragment names and leaves to the protocols that use it."""
    steps = list(protocol.all_steps())
    names: Iterable[str] = [
        *(name for step in steps for name in step.capture),
        *(step.query for step in steps if isinstance(step, Knowledge) and step.query),
        *(name for _at, template in templates(protocol) for name in template.names),
        *(name for _at, condition in conditions(protocol) for name in condition.names),
    ]
    undefined = {name for name in names if "." not in name and name not in protocol.fields}
    field = CapturedField.model_validate({"type": "text", "label": "…"})
    return dict.fromkeys(sorted(undefined - _WORDS), field)


_WORDS = frozenset({*JOURNAL_FACTS, *WORLD_FACTS, *SAID})


def _moments(protocol: Protocol) -> Iterable[str]:
    for step in protocol.all_steps():
        yield from (timer.offer for timer in step.timers if timer.offer)
    for _at, condition in conditions(protocol):
        for name in condition.names:
            family = fact_family(name)
            if family is not None and family[0] == "moment":
                yield family[1]
