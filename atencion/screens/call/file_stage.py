"""The full card of the customer, over the step: all there is between them and the organisation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from atencion.i18n import _
from atencion.screens.call.stage import Stage
from atencion.widgets.key_bar import Key
from atencion.widgets.plain import plain, plain_line

if TYPE_CHECKING:
    from atencion.desk.customer_file import CustomerFile, FileRow
    from atencion.screens.call.snapshot import Snapshot


class FileStage(Stage, can_focus=True):
    """Read only. Lists come by the page: one more with each Ctrl+O."""

    tool = True
    DEFAULT_CSS = "FileStage > Static { max-width: 110; height: auto; }"

    def __init__(self, snapshot: Snapshot) -> None:
        super().__init__(snapshot)
        self._file: CustomerFile | None = None
        self._contacts: list[FileRow] = []
        self._pages = 1

    def compose(self) -> ComposeResult:
        yield Static(_("Ficha completa"), classes="title", markup=False)
        yield Static(Content.styled(_("Leyendo…"), "$quiet"), id="file", markup=False)

    def on_mount(self) -> None:
        super().on_mount()
        self.screen.add_class("-whole")
        self.frame.ask("file", self.frame.call.file, self._show)

    def on_unmount(self) -> None:
        self.screen.remove_class("-whole")

    @property
    def main_label(self) -> str:
        return _("Volver al paso")

    def keys(self) -> Sequence[Key]:
        if self._file is None or len(self._contacts) >= self._file.contacts_total:
            return ()
        return (Key("Ctrl+O", _("Más contactos"), "stage_other", _("Trae los contactos anteriores a los que se ven.")),)

    def focus_first(self) -> None:
        self.focus(scroll_visible=False)

    def main(self) -> None:
        self.frame.close_tool()

    def other(self) -> None:
        """One more page of contacts."""
        if self._file is not None and len(self._contacts) < self._file.contacts_total:
            call, page = self.frame.call, self._pages
            self.frame.ask("file", lambda: call.contacts_page(page), self._more)

    def _more(self, rows: tuple[FileRow, ...]) -> None:
        self._pages += 1
        self._contacts += rows
        self._paint()

    def _show(self, found: CustomerFile) -> None:
        self._file = found
        self._contacts = list(found.contacts)
        self._paint()

    def _paint(self) -> None:
        assert self._file is not None
        self.query_one("#file", Static).update(Content("\n").join(self._lines(self._file)))
        self.frame.show_keys()

    def _lines(self, found: CustomerFile) -> Iterable[Content]:
        yield plain(found.name, "bold")
        for alert in found.alerts:
            yield plain_line(f"! {alert.text}", style="$warning bold")
            until = f"{alert.expires_on:%d/%m/%Y}"
            yield plain_line(_("  {reason}, hasta el {until}").format(reason=alert.reason, until=until), style="dim")
        yield Content()
        for line in found.lines:
            style = "dim strike" if line.ended else ""
            yield Content.assemble(
                (f"{line.label:<19}", "$quiet"),
                plain_line(line.value, style=style),
                ("   ", ""),
                plain_line(line.since, style="dim"),
            )
        for title, rows in (
            (_("Expedientes"), found.cases),
            (_("Contratos y productos"), found.contracts),
            (_("Facturas"), found.invoices),
            (_("Consentimientos"), found.consents),
            (_("Documentos"), found.documents),
            (_("Encuestas"), found.surveys),
        ):
            yield from self._section(title, rows)
        total = _("Contactos ({shown} de {total})").format(shown=len(self._contacts), total=found.contacts_total)
        yield from self._section(total, self._contacts)
        yield from self._section(_("Cambios en sus datos"), found.changes)

    def _section(self, title: str, rows: Sequence[FileRow]) -> Iterable[Content]:
        if not rows:
            return
        yield Content()
        yield plain(title, "$quiet bold")
        for row in rows:
            yield Content.assemble(
                (f"{self._day(row.at):<17}", "dim"),
                plain_line(row.text, style="bold" if row.open else ""),
                ("   ", ""),
                plain_line(row.detail, style="dim"),
            )

    def _day(self, at: date | datetime | None) -> str:
        if at is None:
            return "—"
        if isinstance(at, datetime):
            return f"{self.frame.desk.local(at):%d/%m/%Y %H:%M}"
        return f"{at:%d/%m/%Y}"
