"""The floor: a bare Textual app of one table."""

from textual.app import App, ComposeResult
from textual.widgets import DataTable


class Bare(App[None]):
    """One table of a hundred rows."""

    def compose(self) -> ComposeResult:
        yield DataTable(cursor_type="row")

    def on_mount(self) -> None:
        table = self.query_one(DataTable)
        table.add_columns("número", "cliente", "teléfono", "estado")
        table.add_rows((f"fila {i:05}", f"Cliente {i}", f"600{i:06}", "pendiente") for i in range(100))
        table.focus()


if __name__ == "__main__":
    Bare().run()
