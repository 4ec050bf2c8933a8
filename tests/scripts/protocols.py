"""Protocols made up by chance: whatever the language allows, with everything that leads somewhere leading on."""

from __future__ import annotations

import json

from hypothesis import strategies as st

from tests.scripts.samples import HEAD

FRAGMENT = """\
id: common/side
version: "1.0.0"
title: Aparte
author: nadie
fields:
  aparte: {type: text, label: Aparte}
steps:
  - {id: uno, kind: ask, title: Uno, capture: [aparte]}
  - {id: dos, kind: choice, title: Dos, options: [{id: a, label: A, goto: end}, {id: b, label: B, goto: tres}]}
  - {id: tres, kind: message, title: Tres, say: "{{ aparte }}."}
"""

FIELDS = {
    "texto": {"type": "text", "label": "Texto", "opens_demand": "yes"},
    "numero": {"type": "integer", "label": "Número", "required": "no", "min": "0", "max": "50"},
    "claro": {"type": "yes_no", "label": "Claro"},
    "clase": {"type": "choice", "label": "Clase", "options": [{"id": "a", "label": "A"}, {"id": "b", "label": "B"}]},
    "varias": {
        "type": "choices",
        "label": "Varias",
        "required": "no",
        "options": [{"id": "x", "label": "X"}, {"id": "y", "label": "Y"}],
    },
    "telefono": {
        "type": "phone",
        "label": "Teléfono",
        "personal": "yes",
        "purpose": "llamar",
        "basis": "contract",
        "source": "cliente.telefono",
        "allow": ["no_facilita"],
    },
}

CONDITIONS = (
    'clase == "a"',
    "numero + 1 > 10",
    '"x" in varias',
    "claro",
    "cliente.edad >= 65",
    "telefono is known",
    "demandas.pendientes > 0",
    "not cliente.verificado",
    "momento.side.abierto",
)
conditions = st.sampled_from(CONDITIONS)

_KINDS = ("message", "ask", "choice", "knowledge", "resolve", "escalate", "checklist", "identify", "call", "action")


@st.composite
def protocols(draw: st.DrawFn) -> str:
    """The text of a protocol that has no problems: every step leads on or to a later one, and some back."""
    count = draw(st.integers(1, 6))
    names = [f"paso{number}" for number in range(count)] + ["cierre"]
    steps = [_step(draw, names, number) for number in range(count)]
    steps.append({"id": "cierre", "kind": "wrap_up", "title": "Cierre", "jump": "yes"})
    tree = {"fields": FIELDS, "moments": ["common/side"], "steps": steps}
    return HEAD + "\n".join(f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in tree.items()) + "\n"


def _step(draw: st.DrawFn, names: list[str], number: int) -> dict[str, object]:
    name, kind = names[number], draw(st.sampled_from(_KINDS))
    step: dict[str, object] = {"id": name, "kind": kind, "title": name.capitalize()}
    if kind == "message" or draw(st.booleans()):
        step["say"] = draw(st.sampled_from(("Hola.", "{{ texto }} y {{ numero }}.", "{% if claro %}Sí{% endif %}.")))
    if kind == "ask" or draw(st.integers(0, 4)) == 0:
        step["capture"] = draw(st.lists(st.sampled_from(list(FIELDS)), min_size=1, max_size=3, unique=True))
    if kind == "checklist" or draw(st.integers(0, 4)) == 0:
        step["checks"] = [{"id": "visto", "label": "Visto"}, {"id": "dicho", "label": "Dicho", "proof": "paso.dicho"}]
    if kind == "choice":
        ahead = draw(st.sampled_from(names[number + 1 :]))
        step["options"] = [{"id": "si", "label": "Sí", "goto": ahead}, {"id": "no", "label": "No"}]
    if kind == "call":
        step["run"] = "common/side"
    if kind == "action" or draw(st.integers(0, 5)) == 0:
        step["do"] = [{"when": "claro", "withdraw_consent": {"purpose": "publicidad"}}]
        if kind == "action":
            step["do"] = [{"issue_receipt": {"by": "none"}}]
    for key, value in (("optional", "yes"), ("jump", "yes"), ("only_if", draw(conditions))):
        if draw(st.integers(0, 5)) == 0:
            step[key] = value
    if draw(st.integers(0, 6)) == 0:
        step["repeat"] = {"while": draw(conditions), "times": "3"}
    if draw(st.booleans()):
        back = draw(st.sampled_from(names[: number + 1]))
        branch: dict[str, str] = {"when": draw(conditions), "goto": back}
        if draw(st.booleans()):
            branch["times"] = "2"
        step["next"] = [branch, {"else": names[number + 1]}]
    return step
