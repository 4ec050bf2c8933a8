"""`atencion callback`: calls that customers were promised."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from atencion.cli.case_steps import moment
from atencion.cli.shared import NUMBER, as_json, open_desk, print_json, print_table, tell
from atencion.i18n import _

if TYPE_CHECKING:
    from atencion.cli import Options
    from atencion.data.callback_promises import Callback
    from atencion.desk import Desk


@click.group(help=_("Llamadas por devolver: prometer, ver y anotar."))
def command() -> None:
    """The group."""


@command.command(help=_("Promete una llamada en la franja que elige el cliente."))
@click.option("--phone", required=True, metavar=_("TELÉFONO"), help=_("A qué número."))
@click.option("--from", "start", required=True, metavar=_("FECHA"), help=_("Desde cuándo: 2026-12-28T16:00."))
@click.option("--until", "end", required=True, metavar=_("FECHA"), help=_("Hasta cuándo: 2026-12-28T18:00."))
@click.option("--reason", default="", metavar=_("TEXTO"), help=_("Para qué."))
@click.option("--case", "key", default="", metavar=_("CLAVE"), help=_("Expediente del que trata."))
@click.option("--customer", type=NUMBER, metavar=_("NÚMERO"), help=_("Cliente, por su número."))
@click.option("--department", default="", metavar="ID", help=_("La hará cualquiera de ese departamento."))
@click.option("--commercial", is_flag=True, help=_("Es comercial: solo en las horas que permite la ley."))
@click.option("--asked", is_flag=True, help=_("La comercial la ha pedido el cliente."))
@as_json
@click.pass_obj
def add(
    options: Options,
    phone: str,
    start: str,
    end: str,
    reason: str,
    key: str,
    customer: int | None,
    department: str,
    commercial: bool,
    asked: bool,
    json_: bool,
) -> None:
    from atencion.desk.callbacks import Promise

    if asked and not commercial:
        raise click.UsageError(_("--asked acompaña a --commercial."))
    with open_desk(options, create=True) as desk:
        agent = desk.agent(options.agent) if options.agent or len(desk.agents()) <= 1 else None
        promise = Promise(
            phone, moment(desk, start), moment(desk, end), reason, key, customer, None, department, commercial, asked
        )
        made = desk.callbacks.promise(promise, agent)
        if json_:
            print_json(_document(desk, made))
        else:
            tell(_("Llamada {id}: {window}.").format(id=made.id, window=_window(desk, made)))


@command.command("list", help=_("Las llamadas por devolver, la primera primero."))
@click.option("--agent", "code", metavar=_("CÓDIGO"), help=_("Solo las de ese agente y su departamento."))
@click.option(
    "--state",
    type=click.Choice(["booked", "missed", "done", "cancelled"]),
    default="booked",
    show_default=True,
    help=_("Cuáles."),
)
@as_json
@click.pass_obj
def list_(options: Options, code: str | None, state: str, json_: bool) -> None:
    with open_desk(options) as desk:
        found = desk.callbacks.due(desk.agent(code) if code else None, state=state)
        if json_:
            print_json([_document(desk, one) for one in found])
        elif found:
            print_table(
                [_("Número"), _("Franja"), _("Teléfono"), _("Expediente"), _("Intentos"), _("Para qué")],
                [[one.id, _window(desk, one), one.phone, one.case_key, one.attempts, one.reason] for one in found],
            )
        else:
            tell(_("No hay ninguna."))


@command.command(help=_("Anota que se ha llamado, que no contestan (--no-answer) o que ya no la quiere (--cancel)."))
@click.argument("number", metavar=_("NÚMERO"), type=NUMBER)
@click.option("--no-answer", is_flag=True, help=_("No contestan: sigue pendiente."))
@click.option("--cancel", is_flag=True, help=_("El cliente ya no la quiere."))
@click.pass_obj
def done(options: Options, number: int, no_answer: bool, cancel: bool) -> None:
    if no_answer and cancel:
        raise click.UsageError(_("Diga --no-answer o --cancel, y solo uno de los dos."))
    with open_desk(options) as desk:
        if no_answer:
            desk.callbacks.no_answer(number)
        elif cancel:
            desk.callbacks.cancel(number)
        else:
            desk.callbacks.done(number)
    tell(_("Anotado."))


@command.command("ask-supervisor", help=_("El cliente pide supervisión: si nadie acude, se le llama el mismo día."))
@click.option("--case", "key", default="", metavar=_("CLAVE"), help=_("Expediente del que trata."))
@click.option("--interaction", type=NUMBER, metavar=_("NÚMERO"), help=_("La interacción en curso, con su teléfono."))
@as_json
@click.pass_obj
def ask_supervisor(options: Options, key: str, interaction: int | None, json_: bool) -> None:
    with open_desk(options) as desk:
        request = desk.callbacks.ask_supervisor(desk.agent(options.agent), interaction_id=interaction, case_key=key)
        limit = desk.local(request.limit_at)
    if json_:
        print_json({"id": request.id, "limit": limit.isoformat(), "state": request.state})
    else:
        tell(_("Hasta las {limit} para que acuda alguien.").format(limit=f"{limit:%H:%M:%S}"))


def _window(desk: Desk, one: Callback) -> str:
    start, end = desk.local(one.from_at), desk.local(one.until_at)
    last = f"{end:%H:%M}" if end.date() == start.date() else f"{end:%d/%m/%Y %H:%M}"
    return f"{start:%d/%m/%Y %H:%M}-{last}"


def _document(desk: Desk, one: Callback) -> dict[str, Any]:
    return {
        "id": one.id,
        "phone": one.phone,
        "from": desk.local(one.from_at).isoformat(),
        "until": desk.local(one.until_at).isoformat(),
        "state": one.state,
        "attempts": one.attempts,
        "case": one.case_key or None,
        "customer_id": one.customer_id,
        "department": one.department or None,
        "reason": one.reason or None,
        "commercial": one.commercial,
        "asked": one.asked,
        "norm": one.norm or None,
    }
