"""`atencion customer duplicates`, `merge`, `unmerge`: customers that are twice in the store."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from atencion.cli.shared import NUMBER, Bar, as_json, open_desk, print_json, print_table, tell
from atencion.errors import Refused
from atencion.i18n import _, ngettext
from atencion.text import clean_line

if TYPE_CHECKING:
    from atencion.cli import Options
    from atencion.data.agents import StoredAgent
    from atencion.desk import Desk


@click.command(help=_("Busca clientes repetidos y enseña los pares que lo parecen."))
@click.option("--no-search", is_flag=True, help=_("Solo los que ya estaban en la cola."))
@click.option("--limit", type=click.IntRange(1, 100_000), default=100, show_default=True, help=_("Cuántos como mucho."))
@click.option("--dismiss", nargs=2, type=NUMBER, metavar=_("A B"), help=_("Son dos personas: no volver a decirlo."))
@as_json
@click.pass_obj
def duplicates(options: Options, no_search: bool, limit: int, dismiss: tuple[int, int] | None, json_: bool) -> int:
    from atencion.desk.twin_view import tell_reasons

    bar = Bar()
    try:
        with open_desk(options) as desk:
            if dismiss:
                desk.dismiss_twins(*dismiss, agent=_agent(options, desk))
                tell(_("Anotado: {one} y {other} son dos.").format(one=dismiss[0], other=dismiss[1]), err=json_)
            hunt = None if no_search or dismiss else desk.hunt_twins(on_progress=bar.show_part)
            pairs, total = desk.twin_queue(limit)
    finally:
        bar.end()
    if json_:
        print_json(
            {
                "compared": hunt.compared if hunt else 0,
                "seconds": hunt.seconds if hunt else 0.0,
                "waiting": total,
                "pairs": [
                    {
                        "a": pair.low_id,
                        "b": pair.high_id,
                        "a_name": pair.low_name,
                        "b_name": pair.high_name,
                        "score": pair.score,
                        "reasons": list(pair.reasons),
                    }
                    for pair in pairs
                ],
            }
        )
        return 0
    if not pairs:
        tell(_("No hay pares que parezcan repetidos."))
        return 0
    print_table(
        ["A", "B", _("Parecido"), _("Nombre"), _("Nombre"), _("Por qué")],
        [
            [pair.low_id, pair.high_id, pair.score, pair.low_name, pair.high_name, tell_reasons(pair.reasons)]
            for pair in pairs
        ],
    )
    waiting = ngettext("{n} par en la cola.", "{n} pares en la cola.", total).format(n=total)
    tell(waiting + " " + _("Para unirlos: atencion customer merge A B"))
    return 0


@click.command(help=_("Une dos clientes: se queda A, con todo lo de B. Se puede deshacer."))
@click.argument("kept", metavar="A", type=NUMBER)
@click.argument("other", metavar="B", type=NUMBER)
@click.option("--take", multiple=True, metavar=_("DATO=B"), help=_("Un dato que se toma de B, como surnames=B."))
@click.option("--dry-run", is_flag=True, help=_("No une nada: enseña qué quedaría, dato a dato."))
@as_json
@click.pass_obj
def merge(options: Options, kept: int, other: int, take: tuple[str, ...], dry_run: bool, json_: bool) -> int:
    from atencion.desk.customer_form import field_label
    from atencion.desk.twin_view import tell_datum, tell_moved

    chosen = _taken(take)
    with open_desk(options) as desk:
        seen = desk.preview_merge(kept, other, chosen)
        merge_id = None if dry_run else desk.merge_customers(kept, other, chosen, agent=_agent(options, desk))
    if json_:
        print_json(
            {
                "merge_id": merge_id,
                "kept": kept,
                "other": other,
                "different_documents": seen.different_documents,
                "fields": [
                    {"field": one.name, "a": one.kept, "b": one.other, "stays": "B" if one.takes_other else "A"}
                    for one in seen.fields
                ],
                "moved": seen.moved,
            }
        )
        return 0
    rows = [
        [
            field_label(one.name),
            tell_datum(one.name, one.kept) or "—",
            tell_datum(one.name, one.other) or "—",
            tell_datum(one.name, one.other if one.takes_other else one.kept) or "—",
            f"--take {one.name}=B" if one.differs and not one.takes_other else "",
        ]
        for one in seen.fields
        if one.kept or one.other
    ]
    print_table([_("Dato"), f"A ({kept})", f"B ({other})", _("Queda"), _("Para tomar el otro")], rows)
    if moved := tell_moved(seen.moved):
        tell(_("Pasan de B a A: {moved}.").format(moved=moved))
    if seen.different_documents:
        tell(_("! Sus documentos son distintos: asegúrese de que es la misma persona."))
    if merge_id is not None:
        tell(_("Unidos. Para deshacerlo: atencion customer unmerge {id}").format(id=merge_id))
    return 0


@click.command(help=_("Deshace una unión: vuelven a ser dos, cada uno con lo suyo."))
@click.argument("merge_id", metavar=_("NÚMERO"), type=NUMBER)
@click.option(
    "--give",
    multiple=True,
    type=NUMBER,
    metavar=_("INTERACCIÓN"),
    help=_("Una interacción posterior a la unión que es del que se recupera."),
)
@as_json
@click.pass_obj
def unmerge(options: Options, merge_id: int, give: tuple[int, ...], json_: bool) -> int:
    from atencion.desk.customer_form import field_label

    with open_desk(options) as desk:
        done = desk.unmerge_customers(merge_id, give, agent=_agent(options, desk))
    if json_:
        print_json({**vars(done), "kept_changes": [vars(change) for change in done.kept_changes]})
        return 0
    tell(_("Vuelven a ser dos: {kept} y {restored}.").format(kept=done.kept_id, restored=done.restored_id))
    if done.given:
        tell(
            _("Interacciones posteriores que pasan a {id}: {given}.").format(
                id=done.restored_id, given=", ".join(map(str, done.given))
            )
        )
    if done.later:
        tell(
            _("Interacciones posteriores que se quedan en {id}: {later}.").format(
                id=done.kept_id, later=", ".join(map(str, done.later))
            )
        )
    for change in done.kept_changes:
        tell(_("Se ha cambiado después y se queda: {field}.").format(field=field_label(change.field)))
    return 0


def _agent(options: Options, desk: Desk) -> StoredAgent | None:
    """Who does it, if it was said."""
    return desk.agent(options.agent) if options.agent else None


def _taken(take: tuple[str, ...]) -> list[str]:
    chosen = []
    for one in take:
        name, _mark, whose = one.partition("=")
        if whose.upper() != "B":
            raise Refused(_("«{text}» no se entiende.").format(text=clean_line(one, 60)), remedy=_("Escriba DATO=B."))
        chosen.append(name.strip())
    return chosen
