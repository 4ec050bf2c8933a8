"""`atencion case exception`: what an agent may not decide alone, asked of a supervisor and decided."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from atencion.cli.case_rows import cents, exception_row, exception_told
from atencion.cli.shared import NUMBER, as_json, open_desk, print_json, print_table, tell
from atencion.i18n import _

if TYPE_CHECKING:
    from atencion.cli import Options
    from atencion.data.case_exceptions import StoredException

_NUMBER = click.argument("number", metavar=_("NÚMERO"), type=NUMBER)
_REASON = click.argument("reason", metavar=_("MOTIVO"))


@click.group("exception", help=_("Excepciones: lo que pasa del límite de un agente y decide supervisión."))
def command() -> None:
    """The group."""


@command.command(help=_("Pide a supervisión algo que pasa del límite de quien lo pide."))
@click.argument("key", metavar=_("CLAVE"))
@click.argument("what", metavar=_("TEXTO"))
@click.option("--why", required=True, metavar=_("TEXTO"), help=_("Por qué."))
@click.option("--amount", metavar=_("EUROS"), help=_("Importe, si es una compensación: 60,00."))
@as_json
@click.pass_obj
def ask(options: Options, key: str, what: str, why: str, amount: str | None, json_: bool) -> None:
    with open_desk(options) as desk:
        asked = desk.exceptions.ask(key, what, why, desk.agent(options.agent), amount_cents=cents(amount))
    _show(asked, json_)


@command.command("list", help=_("Las que esperan a supervisión, la primera primero."))
@as_json
@click.pass_obj
def list_(options: Options, json_: bool) -> None:
    with open_desk(options) as desk:
        found = desk.exceptions.waiting()
    if json_:
        print_json([exception_row(one) for one in found])
    elif found:
        headings: list[Any] = [_("Número"), _("Expediente"), _("Quién"), _("Qué se pide"), _("Por qué")]
        print_table(headings, [[one.id, one.case_key, one.agent, exception_told(one), one.why] for one in found])
    else:
        tell(_("No hay ninguna."))


@command.command(help=_("La aprueba, con su motivo: vale para una sola decisión del expediente."))
@_NUMBER
@_REASON
@as_json
@click.pass_obj
def approve(options: Options, number: int, reason: str, json_: bool) -> None:
    _decide(options, number, reason, json_, approved=True)


@command.command(help=_("La rechaza, con su motivo."))
@_NUMBER
@_REASON
@as_json
@click.pass_obj
def refuse(options: Options, number: int, reason: str, json_: bool) -> None:
    _decide(options, number, reason, json_, approved=False)


def _decide(options: Options, number: int, reason: str, json_: bool, *, approved: bool) -> None:
    with open_desk(options) as desk:
        decided = desk.exceptions.decide(number, desk.agent(options.agent), approved=approved, reason=reason)
    _show(decided, json_)


def _show(one: StoredException, json_: bool) -> None:
    if json_:
        print_json(exception_row(one))
    else:
        tell(_("Excepción {id}: {what}").format(id=one.id, what=exception_told(one)))
