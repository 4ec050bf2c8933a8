"""The JSON Schema takes what the program takes, and explains every key in Spanish."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from pydantic import BaseModel

from atencion.resources import shipped_protocols
from atencion.scripts.actions import ACTIONS
from atencion.scripts.catalogue import FRAGMENTS, TESTS, Catalogue
from atencion.scripts.document import parse, read_file
from atencion.scripts.includes import Include, Moment
from atencion.scripts.reference import TYPES, describe, describe_param
from atencion.scripts.schema import KINDS, schema
from atencion.scripts.values import FieldType
from tests.scripts.protocols import FRAGMENT, protocols
from tests.scripts.samples import HEAD, SMALL
from tests.scripts.schemas import wrong

SCHEMAS = {kind: schema(kind) for kind in KINDS}
FOLDER = Catalogue(shipped_protocols())
SHIPPED = [one.path for one in (*FOLDER.protocols(), *FOLDER.fragments())]
SHIPPED += FOLDER.example_paths()


def kind_of(path: Path) -> str:
    if path.name.endswith(TESTS):
        return "tests"
    return "fragment" if FRAGMENTS in path.parts else "protocol"


def faults(text: str, kind: str = "protocol") -> list[str]:
    return list(wrong(parse(text, "x.yaml").tree, SCHEMAS[kind], SCHEMAS[kind]))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_shipped_file_follows_it(path: Path) -> None:
    assert faults(read_file(path), kind_of(path)) == []


@given(protocols())
def test_any_protocol_follows_it(text: str) -> None:
    assert faults(text) == []


def test_a_fragment_follows_it_and_may_leave_any_value_to_its_users() -> None:
    assert faults(FRAGMENT, "fragment") == []
    told = FRAGMENT.replace("goto: tres", "goto: '${adonde}'").replace("[aparte]", "'${datos}'")
    assert faults(told, "fragment") == []


def test_includes_moments_and_calls_follow_it() -> None:
    steps = """\
steps:
  - {include: common/side@1, with: {a: b}, prefix: x_, remove: [uno], before: {dos: [{id: z, kind: resolve, title: Z}]}}
  - {id: ir, kind: call, title: Ir, run: common/side, with: {a: [b]}}
moments: [common/side, {use: common/side, id: otro, title: Otro}]
"""
    assert faults(HEAD + steps) == []


@pytest.mark.parametrize(
    "text",
    [
        SMALL.replace("author", "autor"),
        SMALL.replace("kind: resolve", "kind: resolver"),
        SMALL.replace("type: note", "type: nota"),
        SMALL.replace("- else: resolver", "- otherwise: resolver"),
        SMALL.replace("{id: resolver, kind: resolve", "{id: resolver, kind: resolve, time: {target: rápido}"),
        SMALL.replace("{id: resolver, kind: resolve", "{id: resolver, kind: resolve, do: [{fly: {}}]"),
        SMALL.replace('"1.0.0"', "uno"),
    ],
)
def test_what_is_wrong_in_its_form_does_not_follow_it(text: str) -> None:
    assert faults(text) != []


def models(model: type[BaseModel]) -> set[type[BaseModel]]:
    found, waiting = set(), [model]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += [inner for info in one.model_fields.values() for inner in inside(info.annotation)]
    return found


def inside(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [one for option in getattr(annotation, "__args__", ()) for one in inside(option)]


EFFECTIVE = {("Protocol", "paths"), ("Doing", "action"), ("Doing", "params"), ("Doing", "when")}
"""What is of the effective protocol and nobody writes."""


EVERY = {one for kind in (*KINDS.values(), Include, Moment) for one in models(kind)}


@pytest.mark.parametrize("model", sorted(EVERY, key=lambda one: one.__name__), ids=lambda one: one.__name__)
def test_every_key_is_explained(model: type[BaseModel]) -> None:
    keys = [info.alias or name for name, info in model.model_fields.items()]
    unexplained = [key for key in keys if not describe(model, key) and (model.__name__, key) not in EFFECTIVE]
    assert unexplained == [] or model.__name__ == "SidePath"


def test_every_type_and_every_parameter_of_an_action_is_explained() -> None:
    assert set(TYPES) == set(FieldType)
    for spec in ACTIONS.values():
        assert all(describe_param(name, param) for name, param in spec.params.items()), spec.name


def test_a_key_in_an_editor_says_what_it_is_for() -> None:
    ask = SCHEMAS["protocol"]["$defs"]["Ask"]["properties"]
    assert ask["capture"]["description"] == "Los datos que se anotan."
    assert "Pregunta y anota" in SCHEMAS["protocol"]["$defs"]["Ask"]["description"]
    assert "Abrir un expediente" in str(SCHEMAS["protocol"]["$defs"]["Do"])
