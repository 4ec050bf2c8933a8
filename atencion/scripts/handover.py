"""What whoever takes a demand over has to know, drawn from the journal, so that the customer repeats nothing."""

from __future__ import annotations

from collections.abc import Mapping

from atencion.i18n import _
from atencion.scripts.run import Run
from atencion.scripts.templates import show
from atencion.scripts.values import FieldType


def summary_of(run: Run, titles: Mapping[str, str]) -> str:
    """The demand in hand in the customer's words, what was written down of it, what they were told, and the notes.

    `titles` are those of the articles, by their ids.
    """
    demand, protocol = run.demand, run.protocol
    lines = [demand.text or ""] if demand is not None else []
    for name, field in protocol.fields.items():
        told = field.opens_demand or field.type in (FieldType.CHOICE, FieldType.YES_NO)
        if not told and run.values.get(name):
            lines.append(f"{field.label}: {show(run.values[name])}")
    if demand is not None and demand.articles:
        read = ", ".join(f"«{titles.get(one, one)}»" for one in demand.articles)
        lines.append(_("Ya se le ha dicho: {articles}").format(articles=read))
    lines += [note.text for note in run.notes if note.text]
    return "\n".join(filter(None, lines))
