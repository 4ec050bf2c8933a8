"""`atencion case`: what is done with a case between its opening and its answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from atencion.cli.case_rows import show_case
from atencion.cli.shared import NUMBER, as_json, open_desk
from atencion.i18n import _
from atencion.text import clean_line

if TYPE_CHECKING:
    from atencion.cli import Options
    from atencion.data.agents import StoredAgent
    from atencion.desk import Desk

Step = Callable[..., None]

_KEY = click.argument("key", metavar=_("CLAVE"))


def who(desk: Desk, options: Options) -> StoredAgent | None:
    """Who does it: the one named, or the only one there is; nobody if there are several."""
    if options.agent is not None or len(desk.agents()) <= 1:
        return desk.agent(options.agent)
    return None


def moment(desk: Desk, text: str) -> datetime:
    """What was typed as a moment, in the organisation's zone if it names none."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        message = _("«{text}» no es una fecha como 2026-12-28T10:30.").format(text=clean_line(text, 40))
        raise click.UsageError(message) from None
    return found if found.tzinfo else found.replace(tzinfo=desk.organisation.local_zone)


def commands() -> list[click.Command]:
    """Every one of them."""
    return [
        _step("add-item", _("Añade una cuestión o demanda, que tendrá su respuesta."), _TEXT, _add_item),
        _step("comment", _("Escribe algo para quien lo lleve."), _TEXT, _comment),
        _step("stop", _("Detiene sus plazos, con el motivo."), _TEXT, _stop),
        _step("resume", _("Reanuda sus plazos, con los días que quedaban."), _TEXT, _resume),
        _step("extend", _("Amplía el plazo que la norma permite ampliar y avisa al cliente."), _EXTEND, _extend),
        _step("go-out", _("Lo lleva un organismo de fuera: se detienen el cobro y el corte."), _BODY, _go_out),
        _step("come-back", _("El organismo ha decidido."), _TEXT, _come_back),
        _step("assign", _("Le da quien lo lleve, departamento o prioridad."), _ASSIGN, _assign),
        _step("answer-by", _("El cliente elige por dónde o en qué lengua se le responde."), _ANSWER_BY, _answer_by),
        _step("hand-over", _("Lo deriva a quien toque a esta hora, con un resumen."), _HAND_OVER, _hand_over),
        _step("accept", _("Acepta un expediente derivado: pasa a llevarlo quien lo acepta."), [], _accept),
        _step("return", _("Devuelve un expediente derivado, con el motivo."), _TEXT, _give_back),
        _step("link", _("Lo relaciona con otro, o con algo que se guarda fuera."), _LINK, _link),
        _step("task", _("Anota algo que hay que hacer antes de un momento."), _TASK, _task),
        _step("done", _("Una tarea suya está hecha."), _NUMBER, _done),
    ]


def _step(name: str, about: str, parameters: list[Callable[[Any], Any]], act: Step) -> click.Command:
    def run(options: Options, key: str, json_: bool, **said: Any) -> None:
        with open_desk(options) as desk:
            act(desk, key, who(desk, options), **said)
            show_case(desk, desk.cases.file(key), json_)

    made: Any = click.pass_obj(run)
    for decorate in [as_json, *reversed(parameters), _KEY]:
        made = decorate(made)
    return click.command(name, help=about)(made)


_TEXT = [click.argument("text", metavar=_("TEXTO"))]
_EXTEND = [*_TEXT, click.option("--told", is_flag=True, help=_("Ya se le ha dicho en la conversación."))]
_BODY = [click.argument("body", metavar=_("ORGANISMO"))]
_NUMBER = [click.argument("number", metavar=_("NÚMERO"), type=NUMBER)]
_ASSIGN = [
    click.option("--owner", metavar=_("CÓDIGO"), help=_("Agente que lo lleva.")),
    click.option("--department", default="", metavar="ID", help=_("Departamento.")),
    click.option("--priority", default="", type=click.Choice(["", "urgent", "high", "normal", "low"]), metavar="ID"),
]
_ANSWER_BY = [
    click.option("--channel", default="", metavar=_("MEDIO"), help=_("Por dónde.")),
    click.option("--address", default="", metavar=_("DIRECCIÓN"), help=_("Correo, teléfono o dirección.")),
    click.option("--language", default="", metavar=_("LENGUA"), help=_("En qué lengua.")),
]
_HAND_OVER = [
    click.option("--reason", required=True, metavar="ID", help=_("Motivo, de organisation.yaml.")),
    click.option("--summary", required=True, metavar=_("TEXTO"), help=_("Lo que tiene que saber quien lo reciba.")),
    click.option("--department", default="", metavar="ID", help=_("A qué departamento, si no es el de la ruta.")),
    click.option("--warm", is_flag=True, help=_("Se pasa de viva voz, con el cliente en línea.")),
]
_LINK = [
    click.option("--with", "other", default="", metavar=_("CLAVE"), help=_("El otro expediente.")),
    click.option("--reference", default="", metavar=_("TEXTO"), help=_("Cómo se encuentra lo que se guarda fuera.")),
]
_TASK = [
    click.argument("text", metavar=_("TEXTO")),
    click.option("--before", required=True, metavar=_("FECHA"), help=_("Antes de cuándo: 2026-12-28T16:00.")),
    click.option("--owner", metavar=_("CÓDIGO"), help=_("Quién; por defecto, cualquiera de su departamento.")),
]


def _add_item(desk: Desk, key: str, agent: StoredAgent | None, text: str) -> None:
    desk.cases.add_item(key, text, agent)


def _comment(desk: Desk, key: str, agent: StoredAgent | None, text: str) -> None:
    desk.cases.comment(key, text, agent)


def _stop(desk: Desk, key: str, agent: StoredAgent | None, text: str) -> None:
    desk.answers.stop(key, text, agent)


def _resume(desk: Desk, key: str, agent: StoredAgent | None, text: str) -> None:
    desk.answers.resume(key, text, agent)


def _extend(desk: Desk, key: str, agent: StoredAgent | None, text: str, told: bool) -> None:
    desk.answers.extend(key, text, agent, told=told)


def _go_out(desk: Desk, key: str, agent: StoredAgent | None, body: str) -> None:
    desk.answers.go_out(key, body, agent)


def _come_back(desk: Desk, key: str, agent: StoredAgent | None, text: str) -> None:
    desk.answers.come_back(key, text, agent)


def _assign(desk: Desk, key: str, agent: StoredAgent | None, owner: str | None, department: str, priority: str) -> None:
    holder = desk.agent(owner) if owner else None
    desk.cases.assign(key, agent, owner=holder, department=department, priority=priority)


def _answer_by(desk: Desk, key: str, agent: StoredAgent | None, channel: str, address: str, language: str) -> None:
    desk.answers.choose_answer(key, agent, channel=channel, address=address, language=language)


def _hand_over(
    desk: Desk, key: str, agent: StoredAgent | None, reason: str, summary: str, department: str, warm: bool
) -> None:
    desk.handovers.hand_over(key, reason, summary, agent, department=department, warm=warm)


def _accept(desk: Desk, key: str, agent: StoredAgent | None) -> None:
    desk.handovers.accept(key, agent or desk.agent())


def _give_back(desk: Desk, key: str, agent: StoredAgent | None, text: str) -> None:
    desk.handovers.give_back(key, text, agent or desk.agent())


def _link(desk: Desk, key: str, agent: StoredAgent | None, other: str, reference: str) -> None:
    desk.cases.link(key, agent, other=other, reference=reference)


def _task(desk: Desk, key: str, agent: StoredAgent | None, text: str, before: str, owner: str | None) -> None:
    desk.cases.add_task(key, text, moment(desk, before), agent, owner=desk.agent(owner) if owner else None)


def _done(desk: Desk, key: str, agent: StoredAgent | None, number: int) -> None:
    desk.cases.end_task(key, number, agent)
