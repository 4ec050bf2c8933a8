"""What each kind of entry of a journal is called when it is shown to a person."""

from __future__ import annotations

from atencion.i18n import _


def happened(kind: str) -> str:
    """In a word or two, what an entry of this kind tells of; the kind itself if it is not known."""
    return {
        "opened": _("abierta"),
        "spoke": _("otra lengua"),
        "said": _("dicho"),
        "sent": _("enviado"),
        "captured": _("anotado"),
        "checked": _("marcado"),
        "unchecked": _("desmarcado"),
        "chose": _("elegido"),
        "did": _("acción hecha"),
        "advanced": _("sigue"),
        "jumped": _("salta a"),
        "moment": _("momento difícil"),
        "skipped": _("saltado"),
        "went_back": _("vuelve"),
        "cut_off": _("cortada"),
        "noted": _("nota"),
        "looked_up": _("cliente buscado"),
        "identified": _("cliente elegido"),
        "dropped": _("cliente descartado"),
        "registered": _("cliente registrado"),
        "amended": _("datos corregidos"),
        "challenged": _("preguntado"),
        "answered": _("contestado"),
        "verified": _("identidad comprobada"),
        "locked": _("identidad bloqueada"),
        "showed": _("datos mostrados"),
        "searched": _("consulta buscada"),
        "quoted": _("artículo para el mensaje"),
        "told": _("artículo dicho"),
        "not_found": _("sin artículo"),
        "judged": _("artículo valorado"),
        "consulted": _("consultado"),
        "advised": _("respondido"),
        "resolved": _("resuelta"),
        "escalated": _("derivada"),
        "key_told": _("clave dicha"),
        "left_open": _("apartada"),
        "resumed": _("retomada"),
        "closed": _("cerrada"),
        "practised": _("práctica"),
        "uttered": _("dicho con sus palabras"),
        "heard": _("oído"),
    }.get(kind, kind)
