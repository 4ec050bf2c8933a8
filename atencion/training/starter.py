"""A new scenario to begin from: one that works, with each part explained, and its attempts beside it."""

from __future__ import annotations

from atencion.i18n import _
from atencion.resources import shipped_protocols
from atencion.scripts.catalogue import TESTS

MODEL = "persona-mayor"
"""The shipped scenario that a new one is made from: the shortest."""


def starter(name: str) -> dict[str, str]:
    """The texts of the files of a new scenario, by the names of the files."""
    folder = shipped_protocols() / "practice"
    written = (folder / f"{MODEL}.yaml").read_text(encoding="utf-8")
    lines = []
    for line in written.replace(f"id: {MODEL}\n", f"id: {name}\n", 1).splitlines():
        lines += [f"# {row}" for row in _about().get(line.partition(":")[0], "").splitlines()]
        lines.append(line)
    tests = (folder / f"{MODEL}{TESTS}").read_text(encoding="utf-8")
    return {f"{name}.yaml": "\n".join(lines) + "\n", f"{name}{TESTS}": tests}


def _about() -> dict[str, str]:
    """What each part of a scenario is for, by the key it begins with."""
    return {
        "id": _(
            "Cambie lo que quiera y guarde: «atencion practice check» dice qué no vale, en qué línea y cómo se arregla."
        ),
        "aim": _("Qué aprende quien la practica, en una frase."),
        "level": _("guided: se ven el guion y las pistas. assisted: solo el guion. exam: ni guion ni pistas."),
        "protocol": _("El protocolo que lleva la llamada, y los criterios que se miran."),
        "time": _("Cuánto debería durar (target) y cuánto como mucho (limit): m son minutos, s segundos."),
        "seed": _("Con el mismo número, la persona dice siempre lo mismo."),
        "customer": _(
            "Quién llama: «person» es alguien de «world». «opens» es lo primero que dice (una de esas frases).\n"
            "«knows» es lo que contesta si le preguntan quién es, y «hides» lo que calla hasta que algo se lo saca.\n"
            "La paciencia va de 0 a 100; «every_10s» es lo que pierde cada diez segundos de espera."
        ),
        "world": _(
            "Qué hora es y qué hay en el almacén de práctica. Los datos no pueden ser de nadie de verdad.\n"
            "También se puede poner quién está de turno (on_duty), expedientes (cases) y artículos (articles)."
        ),
        "reactions": _("Qué hace la persona y después de qué. De varias que podrían ser, ocurre la primera."),
        "endings": _("Cómo puede acabar para ella; «good: yes» si acaba bien."),
        "general": _("Qué se mira de lo que ya mira rubric.yaml en cualquier llamada, y qué errores la hacen fallar."),
        "checks": _("Qué más se mira en esta: «met» es lo que se cumple; «partly», cumplirlo a medias."),
        "ideal": _("Los pasos del mejor camino, que se enseñan al acabar junto al de quien practica."),
    }
