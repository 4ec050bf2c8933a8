"""`atencion outbox`: what is to be sent to customers."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import click

from atencion.cli.case_rows import message_state
from atencion.cli.shared import as_json, open_desk, print_json, print_table, tell
from atencion.i18n import _

if TYPE_CHECKING:
    from atencion.cli import Options


@click.group(help=_("Lo que se envía: ver, enviar y reintentar."))
def command() -> None:
    """The group."""


@command.command("list", help=_("Los mensajes, los últimos primero, con sus intentos."))
@click.option("--state", default="", metavar=_("ESTADO"), help=_("Solo los que están así: pending, failed, doubtful…"))
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help=_("Cuántos como mucho."))
@as_json
@click.pass_obj
def list_(options: Options, state: str, limit: int, json_: bool) -> None:
    with open_desk(options) as desk:
        found = desk.outbox.messages(state, limit)
        if json_:
            print_json(
                [
                    {
                        "id": one.id,
                        "idempotency_key": one.idempotency_key,
                        "channel": one.channel,
                        "case": one.case_key or None,
                        "subject": one.subject,
                        "recipient": one.recipient,
                        "state": one.state,
                        "created_at": one.created_at.isoformat(),
                        "next_at": one.next_at.isoformat() if one.state == "pending" else None,
                        "sent_at": one.sent_at.isoformat() if one.sent_at else None,
                        "last_error": one.last_error or None,
                        "attempts": [
                            {"at": tried.at.isoformat(), "outcome": tried.outcome, "detail": tried.detail}
                            for tried in desk.outbox.attempts(one.id)
                        ],
                    }
                    for one in found
                ]
            )
        elif found:
            print_table(
                [_("Número"), _("Expediente"), _("Medio"), _("Estado"), _("Intentos"), _("Asunto"), _("Último fallo")],
                [
                    [
                        one.id,
                        one.case_key,
                        one.channel,
                        message_state(one.state),
                        one.attempts,
                        one.subject,
                        one.last_error,
                    ]
                    for one in found
                ],
            )
        else:
            tell(_("No hay ninguno."))


@command.command(help=_("Envía lo que toca ahora. Con --watch, sigue hasta que se interrumpa."))
@click.option("--watch", is_flag=True, help=_("Sigue enviando lo que vaya tocando."))
@as_json
@click.pass_obj
def send(options: Options, watch: bool, json_: bool) -> int:
    with open_desk(options) as desk:
        while True:
            done = desk.outbox.send_due()
            if not watch:
                break
            time.sleep(2)
    if json_:
        print_json({"sent": done.sent, "put_off": done.put_off, "failed": done.failed, "doubtful": done.doubtful})
    else:
        tell(
            _("{sent} enviados, {put_off} para más tarde, {failed} fallidos, {doubtful} en duda.").format(
                sent=done.sent, put_off=done.put_off, failed=done.failed, doubtful=done.doubtful
            )
        )
    return 1 if done.failed or done.doubtful else 0


@command.command(help=_("Vuelve a intentar un mensaje fallido o en duda."))
@click.argument("number", metavar=_("NÚMERO"), type=click.IntRange(1, 2**31 - 1))
@click.pass_obj
def retry(options: Options, number: int) -> None:
    with open_desk(options) as desk:
        desk.outbox.retry(number)
    tell(_("Se enviará en la próxima ronda: atencion outbox send."))
