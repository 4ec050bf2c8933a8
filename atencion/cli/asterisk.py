"""`atencion asterisk`: the calls that an Asterisk exchange rings at this seat are handed to the workstation."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import click

from atencion.i18n import _

if TYPE_CHECKING:
    from atencion.seat import IncomingCall


@click.command(
    help=_(
        "Sigue una centralita Asterisk (AMI) y entrega al puesto abierto en este equipo lo que suena en su extensión, "
        "hasta Ctrl+C. La clave se toma de ATENCION_AMI_SECRET o se pregunta."
    )
)
@click.argument("host", metavar=_("EQUIPO[:PUERTO]"))
@click.option("--user", required=True, metavar=_("USUARIO"), help=_("Usuario de manager.conf."))
@click.option("--extension", required=True, metavar=_("EXTENSIÓN"), help=_("La de este puesto: 101 o PJSIP/101."))
@click.option("--secret", envvar="ATENCION_AMI_SECRET", prompt=_("Clave"), hide_input=True, hidden=True)
def command(host: str, user: str, extension: str, secret: str) -> None:
    from atencion.asterisk import PORT, Exchange, follow

    name, _colon, port = host.rpartition(":") if host.count(":") == 1 else (host, "", "")
    if port and not port.isdecimal():
        raise click.UsageError(_("«{port}» no es un puerto.").format(port=port))
    exchange = Exchange(name, user, secret, extension, int(port) if port else PORT)
    try:
        asyncio.run(follow(exchange, _hand_over))
    except KeyboardInterrupt:
        pass


def _hand_over(call: IncomingCall) -> None:
    from atencion.seat import NoSeat, hand_over

    try:
        hand_over(call)
    except NoSeat as error:
        click.echo(str(error), err=True)
    else:
        told = _("Ya no suena: {phone}") if call.ended else _("Suena: {phone}")
        click.echo(told.format(phone=call.phone or _("número oculto")))
