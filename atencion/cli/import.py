"""`atencion import`: what other programs have written down."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from atencion.cli.shared import as_json, open_desk, print_json, tell
from atencion.i18n import _

if TYPE_CHECKING:
    from atencion.cli import Options


@click.group(help=_("Importa lo que otros programas han anotado."))
def command() -> None:
    """The group."""


@command.command("queue-log", help=_("Lee el «queue_log» de Asterisk: esperas y abandonos. Repetirlo no duplica nada."))
@click.argument("path", metavar=_("FICHERO"), type=click.Path(path_type=Path))
@as_json
@click.pass_obj
def queue_log(options: Options, path: Path, json_: bool) -> None:
    with open_desk(options, create=True) as desk:
        result = desk.import_queue_log(path)
    if json_:
        print_json({**vars(result), "torn_lines": list(result.torn_lines)})
        return
    told = _("{lines} líneas leídas, {calls} llamadas, {torn} líneas que no se entienden.")
    tell(told.format(lines=result.lines, calls=result.calls, torn=result.torn))
    if result.torn_lines:
        tell(_("Las primeras: {lines}").format(lines=", ".join(map(str, result.torn_lines))))
