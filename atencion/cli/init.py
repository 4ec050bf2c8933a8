"""`atencion init`: a store ready for work."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from atencion.cli.shared import open_desk, tell
from atencion.i18n import _, ngettext
from atencion.text import clean_line

if TYPE_CHECKING:
    from atencion.cli import Options
    from atencion.data.agents import AgentRecord


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
    from atencion.desk.sample import read_agents

    wanted = read_agents(agents_path) if agents_path else []
    with open_desk(options, create=True) as desk:
        there = {agent.code for agent in desk.agents()}
        if not wanted and not there and sys.stdin.isatty():
            wanted = [_ask()]
        added = [agent for agent in wanted if agent.code not in there]
        for agent in added:
            desk.put_agent(agent)
        if not there and not added:
            desk.agent()
        articles, agents, where = len(desk.knowledge.published()), desk.agents(), desk.store.where
    tell(_("Almacén listo: {where}").format(where=where))
    tell(ngettext("{n} artículo de consulta.", "{n} artículos de consulta.", articles).format(n=articles))
    names = ", ".join(f"{agent.code} {agent.alias}" for agent in agents)
    tell(ngettext("{n} agente: {names}.", "{n} agentes: {names}.", len(agents)).format(n=len(agents), names=names))
    if len(added) < len(wanted):
        kept = len(wanted) - len(added)
        tell(ngettext("{n} ya estaba y sigue igual.", "{n} ya estaban y siguen igual.", kept).format(n=kept))
    tell(_("Ahora: «atencion customer import FICHERO.csv» trae sus clientes y «atencion» abre el puesto."))


def _ask() -> AgentRecord:
    from atencion.data.agents import AgentRecord

    name = ""
    while not name:
        name = clean_line(click.prompt(_("Nombre de quien atiende")))
    alias = clean_line(click.prompt(_("Cómo se presenta al cliente"), default=name.split(" ")[0]))
    return AgentRecord("A001", name, alias)
