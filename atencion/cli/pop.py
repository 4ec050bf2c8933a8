"""`atencion pop`: a telephone system hands an incoming call to the workstation that is open on this seat."""

from __future__ import annotations

import click

from atencion.i18n import _


@click.command(
    help=_(
        "Entrega una llamada entrante al puesto abierto en este equipo. "
        "Sirve de orden para la centralita y de programa para los enlaces tel:."
    )
)
@click.argument("link", metavar=_("[tel:NÚMERO]"), required=False)
@click.option("--phone", metavar=_("NÚMERO"), help=_("Quién llama; vacío u «anonymous» si lo oculta."))
@click.option("--channel", default="phone", show_default=True, help=_("Por dónde llega."))
@click.option("--queue", default="", metavar=_("COLA"), help=_("En qué cola espera."))
@click.option("--call-id", default="", metavar="ID", help=_("Cómo la llama la centralita."))
@click.option("--waited", type=click.IntRange(0, 86_400), default=0, metavar=_("SEGUNDOS"), help=_("Cuánto lleva."))
@click.option("--ended", is_flag=True, help=_("Ya no espera: ha colgado o la ha tomado otro."))
def command(
    link: str | None, phone: str | None, channel: str, queue: str, call_id: str, waited: int, ended: bool
) -> None:
    from atencion.seat import IncomingCall, hand_over, read_phone

    if (link is None) == (phone is None):
        raise click.UsageError(_("Diga quién llama, con --phone o con un enlace tel:, una de las dos cosas."))
    number = read_phone(link if link is not None else phone or "")
    hand_over(IncomingCall(number, channel, queue, call_id, waited, ended))
