"""The card of the customer: masked until the identity is verified."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from atencion.i18n import _
from atencion.widgets.plain import plain, plain_line

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from atencion.desk.customer_view import CustomerView


class CustomerCard(VerticalScroll, can_focus=False):
    """Who is calling, and what there is between them and the organisation."""

    DEFAULT_CSS = """
    CustomerCard { width: 34; padding: 1 2 0 1; scrollbar-size-vertical: 1; }
    """

    def __init__(self, local: Callable[[datetime], datetime]) -> None:
        super().__init__(id="card")
        self._local = local
        self._text = Static(markup=False)

    def compose(self) -> ComposeResult:
        yield self._text

    def show(self, view: CustomerView | None) -> None:
        """Show this customer, or that nobody is picked."""
        self._text.update(Content("\n").join(self._lines(view)))

    def _lines(self, view: CustomerView | None) -> list[Content]:
        if view is None:
            return [
                Content.styled(_("Cliente sin elegir"), "bold"),
                Content.styled(_("F2 lo busca por teléfono, documento, correo o nombre."), "$quiet"),
            ]
        lines = [plain(view.name, "bold"), _state(view), Content()]
        if view.comes_first:
            lines += [plain(f"! {view.comes_first}", "$warning bold"), Content()]
        for alert in view.alerts:
            lines += [
                plain(f"! {alert.text}", "$warning bold"),
                plain_line(f"  {alert.reason} · {alert.expires_on:%d/%m/%Y}", style="dim"),
                Content(),
            ]
        for detail in view.details:
            lines.append(Content.assemble((f"{detail.label} ", "$quiet"), plain_line(detail.value)))
        if view.contracts:
            lines += [Content(), Content.styled(_("Contratos"), "$quiet bold")]
            for contract in view.contracts:
                state = "" if contract.active else _(" (baja)")
                lines += [plain_line(contract.product + state), plain_line(f"  {contract.number}", style="dim")]
                lines += [plain(f"! {lock}", "$warning bold") for lock in contract.locks]
        open_cases = [case for case in view.cases if case.is_open]
        if open_cases:
            lines += [Content(), Content.styled(_("! Expedientes abiertos"), "$warning bold")]
            for case in open_cases:
                opened = f"{self._local(case.opened_at):%d/%m/%Y}"
                lines += [
                    plain_line(f"{case.key}  {case.type}"),
                    plain_line(f"  {case.department} · {opened}", style="dim"),
                ]
        if view.contacts:
            lines += [Content(), Content.styled(_("Contactos anteriores"), "$quiet bold")]
            lines += [
                plain_line(f"{self._local(one.opened_at):%d/%m/%Y %H:%M}  {one.outcome or '—'}")
                for one in view.contacts
            ]
        return lines


def _state(view: CustomerView) -> Content:
    if view.verified:
        return Content.styled(_("✓ identidad comprobada"), "$text-success")
    if view.registered:
        return Content.styled(_("✓ registrado en esta llamada"), "$text-success")
    if view.locked:
        return Content.styled(_("✕ identificación bloqueada"), "$error bold")
    return Content.styled(_("○ sin comprobar: datos tapados"), "$quiet")
