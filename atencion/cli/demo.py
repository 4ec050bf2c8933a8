"""`atencion demo`: the workstation on sample data."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from atencion.cli import load_workstation, require_terminal
from atencion.i18n import _

if TYPE_CHECKING:
    from atencion.cli import Options
    from atencion.desk import Desk

DEMO_AGENT = "A101"
"""Who attends if nobody else is said."""


@click.command(help=_("Abre el puesto con datos de muestra inventados, en un almacén que se borra al salir."))
@click.pass_context
def command(context: click.Context) -> int:
    require_terminal(context)
    options: Options = context.obj
    if options.db is not None:
        return _open(options, options.db)
    with tempfile.TemporaryDirectory(prefix="atencion-demo-") as folder:
        return _open(options, str(Path(folder) / "demo.db"))


def _open(options: Options, store: str) -> int:
    def open_sample() -> Desk:
        from atencion.desk.sample import open_demo

        return open_demo(store, options.protocol_folder())

    app = load_workstation()
    code: int = app.run_workstation(open_sample, options.agent or DEMO_AGENT)
    return code
