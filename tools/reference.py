"""The tables of docs/protocolos.md, made from the models that read protocols.

`python -m tools.reference` writes them into the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, time
from decimal import Decimal
from pathlib import Path

from pydantic import BaseModel

from atencion.scripts.actions import ACTIONS
from atencion.scripts.answers import Escalation
from atencion.scripts.examples import Example, ExampleStep
from atencion.scripts.expectations import Expected
from atencion.scripts.expressions import JOURNAL_FACTS, WORLD_FACTS
from atencion.scripts.fields import SOURCES, CapturedField, Rejection
from atencion.scripts.includes import Fragment, FragmentParam, Include, Moment
from atencion.scripts.lint import SAID
from atencion.scripts.protocol import Branch, Check, Protocol, Repeat, StepBase, Timer, Timing
from atencion.scripts.reference import FACTS, KEYS, MODELS, TYPES, describe, describe_param
from atencion.scripts.templates import FILTERS

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "protocolos.md"

_BETWEEN = re.compile(r"(<!-- tabla: ([a-z-]+) -->\n).*?(<!-- fin -->)", re.DOTALL)

_SAMPLES: dict[str, object] = {
    "importe": Decimal("1234.5"), "fecha": date(2026, 12, 7), "fecha_corta": date(2026, 12, 7),
    "dia": date(2026, 12, 7), "hora": time(9, 30), "telefono": "+34612345678", "deletreo": "482",
    "alfabeto": "B7", "neutro": "usuario/a", "mayuscula": "sí", "minuscula": "Correo", "lista": ("luz", "gas"),
}  # fmt: skip


def tables() -> dict[str, str]:
    """Each table by its name."""
    models: dict[str, type[BaseModel]] = {
        "cabecera": Protocol, "fragmento": Fragment, "parametro": FragmentParam, "include": Include, "momento": Moment,
        "dato": CapturedField, "rechazo": Rejection, "paso": StepBase, "comprobacion": Check, "rama": Branch,
        "tiempo": Timing, "aviso": Timer, "repeticion": Repeat, "ejemplo": Example, "respuesta": ExampleStep,
        "derivacion": Escalation, "espera": Expected,
    }  # fmt: skip
    return {name: _keys(model) for name, model in models.items()} | {
        "tipos": _table(("tipo", "lo que se admite", "ejemplo"), ((f"`{k}`", *said) for k, said in TYPES.items())),
        "clases": _kinds(),
        "diario": _table(("nombre", "qué es"), ((f"`{name}`", FACTS[name]) for name in JOURNAL_FACTS)),
        "mundo": _table(("nombre", "qué es"), ((f"`{name}`", FACTS[name]) for name in WORLD_FACTS)),
        "acciones": _actions(),
        "filtros": _filters(),
        "nombres": _table(
            ("grupo", "nombres"),
            ((f"`{group}`", ", ".join(f"`.{key}`" for key in keys) or "—") for group, keys in SAID.items()),
        ),
        "fuentes": ", ".join(f"`{name}`" for name in SOURCES) + ".\n",
    }


def written(page: str) -> str:
    """The page with its tables as they are now."""
    known = tables()
    return _BETWEEN.sub(lambda found: found[1] + known[found[2]] + found[3], page)


def _keys(model: type[BaseModel]) -> str:
    rows = []
    for name, info in model.model_fields.items():
        key = info.alias or name
        if describe(model, key):
            rows.append((f"`{key}`", "sí" if info.is_required() else "", describe(model, key)))
    if model is Protocol:
        rows.insert(-2, ("`moments`", "", describe(Protocol, "moments")))
    return _table(("clave", "hace falta", "qué es"), rows)


def _kinds() -> str:
    rows = []
    for model in _subclasses(StepBase):
        kind = str(model.model_fields["kind"].annotation.__args__[0])  # type: ignore[union-attr]
        own = KEYS.get(model.__name__, {})
        needs = [f"`{key}` obligatorio" for key in getattr(model, "needs", ())]
        keys = [*needs, *(f"`{key}`: {said[:1].lower()}{said[1:].rstrip('.')}" for key, said in own.items())]
        rows.append((f"`{kind}`", MODELS[model.__name__], "; ".join(keys) or "—"))
    return _table(("`kind`", "qué hace", "claves propias"), rows)


def _subclasses(model: type[BaseModel]) -> list[type[BaseModel]]:
    return [one for one in model.__subclasses__() if one.__module__.startswith("atencion.")]


def _actions() -> str:
    rows = []
    for name, spec in ACTIONS.items():
        params = [
            f"`{key}`{'' if param.required else ' (puede faltar)'}: "
            + describe_param(key, param).replace(" Puede faltar.", "").rstrip(".")
            for key, param in spec.params.items()
        ]
        rows.append(
            (f"`{name}`", spec.title() + (" (con identidad comprobada)" if spec.verified else ""), "; ".join(params))
        )
    return _table(("acción", "qué hace", "datos"), rows)


def _filters() -> str:
    rows = []
    for name, filter_ in FILTERS.items():
        sample = _SAMPLES.get(name)
        said = "" if sample is None else str(filter_(sample)).replace("\u00a0", " ")
        rows.append((f"`{name}`", said))
    return _table(("filtro", "cómo se dice"), rows)


def _table(headings: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    lines = [list(headings), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    lines.insert(1, ["---"] * len(lines[0]))
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
