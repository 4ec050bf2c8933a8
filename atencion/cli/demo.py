"""`atencion demo`: the workstation on sample data."""

from __future__ import annotations

import tempfile
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import click

from atencion.i18n import _

if TYPE_CHECKING:
    from atencion.cli import Options
    from atencion.desk import Desk


@click.command(help=_("Abre el puesto con datos de muestra inventados, en un almacén que se borra al salir."))
@click.pass_obj
def command(options: Options) -> int:
    if options.db is not None:
        return _open(options.db, options.protocol_folder())
    with tempfile.TemporaryDirectory(prefix="atencion-demo-") as folder:
        return _open(str(Path(folder) / "demo.db"), options.protocol_folder())


def _open(store: str, protocols: Path) -> int:
    def open_sample() -> Desk:
        from atencion.desk.sample import open_demo

        return open_demo(store, protocols)

    app = import_module("atencion.app")
    code: int = app.run_workstation(open_sample, "A101")
    return code
