"""`atencion doctor`: what the program stands on, what is wrong with it and how to mend it."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING

import click

from atencion import __version__
from atencion.cli.shared import as_json, print_json, tell
from atencion.errors import AtencionError, StoreError
from atencion.i18n import _, ngettext

if TYPE_CHECKING:
    from atencion.cli import Options

LEAST_FREE = 200 * 1024 * 1024
"""Bytes of disk below which it is time to say something."""


@dataclass(frozen=True)
class Finding:
    """One thing looked at. `remedy` says how to mend it, if it is not well."""

    about: str
    found: str
    remedy: str = ""
    exit_code: int = 0

    @property
    def well(self) -> bool:
        """Whether there is nothing to mend."""
        return not self.remedy


@click.command(help=_("Comprueba versiones, almacén, protocolos y terminal, y dice cómo arreglar lo que falle."))
@as_json
@click.pass_obj
def command(options: Options, json_: bool) -> int:
    findings = [*_versions(), *_store(options), *_protocols(options), *_terminal()]
    if json_:
        rows = [{"about": one.about, "found": one.found, "well": one.well, "remedy": one.remedy} for one in findings]
        print_json({"well": all(one.well for one in findings), "findings": rows})
    else:
        width = max(len(one.about) for one in findings)
        for one in findings:
            tell(f"{'✓' if one.well else '✕'} {one.about.ljust(width)}  {one.found}")
            for line in one.remedy.split("\n") if one.remedy else ():
                tell(f"  {' ' * width}  → {line}")
        wrong = sum(not one.well for one in findings)
        told = ngettext("Hay {n} cosa que arreglar.", "Hay {n} cosas que arreglar.", wrong).format(n=wrong)
        tell("")
        tell(told if wrong else _("Todo está bien."))
    return max(one.exit_code for one in findings)


def _versions() -> Iterator[Finding]:
    from atencion.data.sqlite import driver

    yield Finding("atencion", __version__)
    yield Finding("Python", f"{platform.python_version()}  {platform.platform()}")
    yield Finding("Textual", version("textual"))
    try:
        yield Finding("SQLite", driver().sqlite_version)
    except StoreError as error:
        yield Finding("SQLite", error.message, error.remedy, error.exit_code)


def _store(options: Options) -> Iterator[Finding]:
    from atencion.data.engine import open_store
    from atencion.data.migrate import VERSIONS

    about = _("Almacén")
    try:
        store = open_store(options.store(), create=False, kind=None)
    except StoreError as error:
        yield Finding(about, error.message, error.remedy or _("Créelo con: atencion init"), error.exit_code)
        return
    try:
        tables = _("tablas {version}").format(version=VERSIONS[-1])
        yield Finding(about, f"{store.where}  ({store.dialect}, {store.kind}, {tables})")
        wrong = store.check_integrity()
        found = "; ".join(wrong) if wrong else _("íntegro")
        remedy = _("No lo use ni lo copie encima: recupere la última copia de seguridad.") if wrong else ""
        yield Finding(_("Integridad"), found, remedy, 3 if wrong else 0)
        if store.path is not None:
            yield from _disk(store.path.parent.as_posix(), store.path.stat().st_size, os.access(store.path, os.W_OK))
    except StoreError as error:
        yield Finding(about, error.message, error.remedy, error.exit_code)
    finally:
        store.close()


def _disk(folder: str, size: int, writable: bool) -> Iterator[Finding]:
    free = shutil.disk_usage(folder).free
    short = free < LEAST_FREE
    remedy = _("Libere espacio: sin él no se puede guardar ningún paso.") if short else ""
    found = _("{size} MiB ocupados, {free} MiB libres").format(size=size // 2**20, free=free // 2**20)
    yield Finding(_("Disco"), found, remedy, 1 if short else 0)
    if not writable:
        yield Finding(_("Permisos"), _("solo lectura"), _("Dé permiso de escritura sobre el fichero."), 3)


def _protocols(options: Options) -> Iterator[Finding]:
    from atencion.scripts.catalogue import Catalogue

    try:
        folder = options.protocol_folder()
        problems = Catalogue(folder).check()
    except AtencionError as error:
        yield Finding(_("Protocolos"), error.message, error.remedy, 1)
        return
    count = ngettext("{n} problema", "{n} problemas", len(problems)).format(n=len(problems))
    remedy = "\n".join(map(str, problems))
    yield Finding(_("Protocolos"), f"{folder}  {count if problems else ''}".rstrip(), remedy, 1 if problems else 0)


def _terminal() -> Iterator[Finding]:
    about = _("Terminal")
    if not sys.stdout.isatty():
        yield Finding(about, _("ninguna: la salida va a un fichero o a otro programa"))
        return
    width, height = shutil.get_terminal_size()
    small = width < 80 or height < 24
    remedy = _("Agrande la ventana: el puesto está hecho para 80×24 o más.") if small else ""
    yield Finding(about, f"{os.environ.get('TERM', '—')}  {width}×{height}", remedy)
    utf8 = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    yield Finding(_("Letras"), sys.stdout.encoding, "" if utf8 else _("Use UTF-8: LANG=es_ES.UTF-8"), 0 if utf8 else 1)
    around: dict[str, Callable[[], bool]] = {
        "tmux": lambda: "TMUX" in os.environ,
        "SSH": lambda: "SSH_CONNECTION" in os.environ,
        "NO_COLOR": lambda: bool(os.environ.get("NO_COLOR")),
        _("color de 24 bits"): lambda: os.environ.get("COLORTERM", "") in ("truecolor", "24bit"),
    }
    found = [name for name, holds in around.items() if holds()]
    yield Finding(_("Entorno"), ", ".join(found) or "—")
