"""What must come out of an example conversation, beside what did."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from pydantic import Field

from atencion.errors import AtencionError
from atencion.i18n import _
from atencion.scripts.answers import Names
from atencion.scripts.document import Loc
from atencion.scripts.model import Line, Strict
from atencion.scripts.run import Run

Difference = tuple[Loc, str, str]
"""Where the example says what was expected, what came out, and what would have been right."""


class Expected(Strict):
    """What must come out; what is not named is not looked at."""

    path: tuple[Line, ...] | None = None
    passes: tuple[Line, ...] = ()
    fields: dict[Line, str] = Field(default_factory=dict)
    says: dict[Line, Names] = Field(default_factory=dict)
    does: tuple[Line, ...] | None = None
    outcome: Line | None = None
    owed: tuple[Line, ...] | None = None
    refused: Line | None = None


def differences(
    expect: Expected,
    run: Run,
    said: Mapping[str, Sequence[str]],
    did: Sequence[str],
    refused: AtencionError | None,
) -> list[Difference]:
    """Where a conversation differs from what was expected; none if it does not."""
    return [*_of_the_way(expect, run, refused), *_of_what_was_said(expect, said), *_of_what_is_left(expect, run, did)]


def _of_the_way(expect: Expected, run: Run, refused: AtencionError | None) -> Iterator[Difference]:
    if expect.refused is not None:
        told = refused.message if refused is not None else _("no se negó a nada")
        if expect.refused not in told:
            yield ("expect", "refused"), told, expect.refused
    went = _("el camino fue {path}").format(path=_joined(run.path))
    if expect.path is not None and list(expect.path) != run.path:
        yield ("expect", "path"), went, _joined(expect.path)
    rest = iter(run.path)
    if not all(step in rest for step in expect.passes):
        yield ("expect", "passes"), went, _joined(expect.passes)


def _of_what_was_said(expect: Expected, said: Mapping[str, Sequence[str]]) -> Iterator[Difference]:
    for step, parts in expect.says.items():
        words = " ".join(" ".join(said.get(step, ())).split())
        for part in parts:
            if part not in words:
                yield ("expect", "says", step), _("se dijo «{words}»").format(words=words), part


def _of_what_is_left(expect: Expected, run: Run, did: Sequence[str]) -> Iterator[Difference]:
    for name, wanted in expect.fields.items():
        found = _canonical(run.values.get(name))
        if found != wanted:
            yield ("expect", "fields", name), _("«{name}» quedó en «{value}»").format(name=name, value=found), wanted
    if expect.does is not None and list(expect.does) != list(did):
        yield ("expect", "does"), _("se hizo: {actions}").format(actions=", ".join(did) or "—"), ", ".join(expect.does)
    if expect.outcome is not None and expect.outcome != run.outcome:
        told = _("el resultado fue «{outcome}»").format(outcome=run.outcome or "—")
        yield ("expect", "outcome"), told, expect.outcome
    owed = [one.label for one in run.owed]
    if expect.owed is not None and sorted(expect.owed) != sorted(owed):
        yield (
            ("expect", "owed"),
            _("quedó debido: {labels}").format(labels="; ".join(owed) or "—"),
            "; ".join(expect.owed),
        )


def _joined(path: Iterable[str]) -> str:
    return " → ".join(path)


def _canonical(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ",".join(value)
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
