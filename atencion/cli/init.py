"""`atencion init`: a store ready for work."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from atencion.cli.shared import tell
from atencion.i18n import _, ngettext
from atencion.text import clean_line

if TYPE_CHECKING:
    from atencion.cli import Options


@click.command(help=_("Prepara el almacén: tablas, artículos y quien atiende. No borra ni cambia lo que ya haya."))
@click.option(
    "--agents",
    "agents_path",
    type=click.Path(path_type=Path),
    metavar=_("FICHERO"),
    help=_("Los agentes, en YAML, como protocols/demo/agents.yaml."),
)
@click.pass_obj
def command(options: Options, agents_path: Path | None) -> None:
    from atencion.data.agents import AgentRecord
    from atencion.desk import Desk
    from atencion.desk.sample import read_agents

    wanted = read_agents(agents_path) if agents_path else []
    desk = Desk.open(options.store(), options.protocol_folder(), kind=None)
    try:
        if not wanted and not desk.agents():
            name = click.prompt(_("Nombre de quien atiende")) if sys.stdin.isatty() else ""
            if name:
                alias = click.prompt(_("Cómo se presenta al cliente"), default=name.split(" ")[0])
                wanted = [AgentRecord("A001", clean_line(name), clean_line(alias))]
        for agent in wanted:
            desk.put_agent(agent)
        if not desk.agents():
            desk.agent()
        articles, agents = len(desk.articles()), len(desk.agents())
        where = desk.store.where
    finally:
        desk.close()
    tell(_("Almacén listo: {where}").format(where=where))
    tell(ngettext("{n} artículo de consulta.", "{n} artículos de consulta.", articles).format(n=articles))
    tell(ngettext("{n} agente.", "{n} agentes.", agents).format(n=agents))
    tell(_("Ahora: «atencion customer import FICHERO.csv» trae sus clientes y «atencion» abre el puesto."))
