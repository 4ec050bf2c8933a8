"""`atencion case`: open, follow, answer and join cases."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import click

from atencion.cli.case_exceptions import command as exceptions
from atencion.cli.case_rows import case_row, cents, due_row, due_told, left_told, show_case, state_told, summary_row
from atencion.cli.case_steps import commands, moment, who
from atencion.cli.shared import as_json, open_desk, print_json, print_table, tell
from atencion.i18n import _
from atencion.text import clean_line

if TYPE_CHECKING:
    from atencion.cli import Options

_KEY = click.argument("key", metavar=_("CLAVE"))
_TOLD = click.option("--told", is_flag=True, help=_("Ya se le ha dicho en la conversación."))
_VERSION = click.option("--version", type=click.IntRange(0), help=_("Solo si sigue como estaba: el «seq» que se leyó."))


@click.group(help=_("Expedientes: abrir, seguir, resolver, reabrir y unir."))
def command() -> None:
    """The group."""


@command.command("open", help=_("Abre un expediente y da su clave y su justificante."))
@click.option("--type", "type_", required=True, metavar="ID", help=_("Clase: consulta, queja, reclamacion…"))
@click.option("--subtype", default="", metavar="ID", help=_("Subclase."))
@click.option("--subject", required=True, metavar=_("TEXTO"), help=_("Qué pide el cliente."))
@click.option("--item", "items", multiple=True, metavar=_("TEXTO"), help=_("Cada cuestión o demanda; se repite."))
@click.option("--customer", type=click.IntRange(1), metavar=_("NÚMERO"), help=_("Cliente, por su número."))
@click.option("--contract", default="", metavar=_("NÚMERO"), help=_("Contrato del que trata."))
@click.option("--amount", metavar=_("EUROS"), help=_("Importe que reclama, como 12,40."))
@click.option("--channel", default="phone", show_default=True, help=_("Por dónde ha llegado."))
@click.option("--language", default="", metavar=_("LENGUA"), help=_("Lengua que pide el cliente: es, ca, gl, eu, en."))
@click.option("--department", default="", metavar="ID", help=_("Departamento; por defecto, el de su clase."))
@click.option("--owner", metavar=_("CÓDIGO"), help=_("Agente que lo lleva."))
@click.option("--priority", type=click.Choice(["urgent", "high", "normal", "low"]), help=_("Prioridad."))
@click.option("--received", metavar=_("FECHA"), help=_("Cuándo llegó, si no es ahora: 2026-12-30T23:59."))
@click.option("--answer-by", default="", metavar=_("MEDIO"), help=_("Medio que elige para justificante y respuesta."))
@click.option("--address", default="", metavar=_("DIRECCIÓN"), help=_("Correo, teléfono o dirección para recibirlos."))
@click.option("--region", default="", metavar="ES-XX", help=_("Comunidad del cliente, si no consta su dirección."))
@click.option("--interaction", type=click.IntRange(1), metavar=_("NÚMERO"), help=_("Interacción en la que se abre."))
@click.option("--vulnerable", is_flag=True, help=_("El cliente dice que es vulnerable: se le da prioridad."))
@as_json
@click.pass_obj
def open_(
    options: Options, /, type_: str, amount: str | None, received: str | None, owner: str | None, **said: Any
) -> None:
    from atencion.desk.case_opening import CaseRequest

    with open_desk(options, create=True) as desk:
        agent = who(desk, options)
        holder = desk.agent(owner) if owner else agent
        request = CaseRequest(
            type=type_,
            subject=said["subject"],
            items=said["items"],
            subtype=said["subtype"],
            channel=said["channel"],
            language=said["language"],
            customer_id=said["customer"],
            contract_number=said["contract"],
            amount_cents=cents(amount),
            department=said["department"],
            owner_id=holder.id if holder is not None else None,
            priority=said["priority"] or "",
            received_at=moment(desk, received) if received is not None else None,
            answer_channel=said["answer_by"],
            address=said["address"],
            region=said["region"],
            interaction_id=said["interaction"],
            vulnerable=said["vulnerable"],
        )
        show_case(desk, desk.cases.open(request, agent), said["json_"])


@command.command("list", help=_("Los expedientes, los últimos primero."))
@click.option("--status", default="", metavar=_("ESTADO"), help=_("Solo los que están así: open, waiting, resolved…"))
@click.option("--type", "type_", default="", metavar="ID", help=_("Solo los de esa clase."))
@click.option("--department", default="", metavar="ID", help=_("Solo los de ese departamento."))
@click.option("--agent", "owner", metavar=_("CÓDIGO"), help=_("Solo los que lleva ese agente."))
@click.option("--customer", type=click.IntRange(1), metavar=_("NÚMERO"), help=_("Solo los de ese cliente."))
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help=_("Cuántos como mucho."))
@as_json
@click.pass_obj
def list_(
    options: Options,
    status: str,
    type_: str,
    department: str,
    owner: str | None,
    customer: int | None,
    limit: int,
    json_: bool,
) -> None:
    from atencion.data.cases import CaseFilter

    with open_desk(options) as desk:
        owner_id = desk.agent(owner).id if owner else None
        found = desk.cases.listed(CaseFilter(status, type_, department, owner_id, customer), limit)
        if json_:
            print_json([summary_row(one) for one in found])
        elif found:
            headings = [_("Clave"), _("Clase"), _("Estado"), _("Departamento"), _("Vence"), _("Asunto")]
            print_table(headings, [case_row(desk, one) for one in found])
        else:
            tell(_("No hay ninguno."))


@command.command(help=_("Todo lo que consta de un expediente."))
@_KEY
@as_json
@click.pass_obj
def show(options: Options, key: str, json_: bool) -> None:
    with open_desk(options) as desk:
        show_case(desk, desk.cases.file(key), json_)


@command.command(help=_("Cómo está un expediente, para quien tiene la clave: sin datos de nadie."))
@_KEY
@as_json
@click.pass_obj
def status(options: Options, key: str, json_: bool) -> None:
    from atencion.desk.case_keys import spoken_key
    from atencion.scripts.cases import status_label

    with open_desk(options) as desk:
        found = desk.cases.status(key)
    if json_:
        print_json(
            {
                "key": found.key,
                "type": found.kind,
                "status": found.status,
                "received": found.received_on,
                "due": found.due_on,
                "merged_into": found.merged_into or None,
            }
        )
        return
    tell(f"{spoken_key(found.key)}  {found.kind}: {status_label(found.status)}")
    if found.merged_into:
        tell(_("Sigue en el expediente {key}.").format(key=spoken_key(found.merged_into)))
    if found.due_on:
        tell(_("Se responderá hasta el {day}.").format(day=f"{found.due_on:%d/%m/%Y}"))


@command.command(help=_("Lo que vence, lo primero primero."))
@click.option("--agent", "owner", metavar=_("CÓDIGO"), help=_("Solo lo que lleva ese agente."))
@click.option("--department", default="", metavar="ID", help=_("Solo lo de ese departamento."))
@click.option("--until", metavar=_("FECHA"), help=_("Lo que vence hasta ese día, incluido."))
@click.option("--within-hours", type=click.IntRange(0, 100_000), help=_("Lo que vence dentro de estas horas."))
@click.option("--limit", type=click.IntRange(1, 10_000), default=100, show_default=True, help=_("Cuántos como mucho."))
@as_json
@click.pass_obj
def due(
    options: Options,
    owner: str | None,
    department: str,
    until: str | None,
    within_hours: int | None,
    limit: int,
    json_: bool,
) -> None:
    with open_desk(options) as desk:
        agent = desk.agent(owner) if owner else None
        day = _day(until) if until else None
        found = desk.cases.due(agent=agent, department=department, until=day, within_hours=within_hours, limit=limit)
        if json_:
            print_json([due_row(desk, one) for one in found])
        elif found:
            print_table(
                [_("Clave"), _("Clase"), _("Norma"), _("Vence"), _("Quedan"), _("Estado")],
                [
                    [
                        one.case.key,
                        one.label,
                        one.norm.label,
                        due_told(desk, one),
                        left_told(one),
                        state_told(one.state),
                    ]
                    for one in found
                ],
            )
        else:
            tell(_("No vence nada."))


@command.command(help=_("Decide cada cuestión, con sus motivos, y hace llegar la respuesta."))
@_KEY
@click.option("--accept", "accepted", nargs=2, multiple=True, metavar=_("N MOTIVOS"), help=_("Acepta la cuestión N."))
@click.option("--partly", nargs=2, multiple=True, metavar=_("N MOTIVOS"), help=_("Acepta en parte la cuestión N."))
@click.option("--refuse", "refused", nargs=2, multiple=True, metavar=_("N MOTIVOS"), help=_("No acepta la cuestión N."))
@click.option("--compensation", metavar=_("EUROS"), help=_("Compensación que se concede."))
@_VERSION
@as_json
@click.pass_obj
def resolve(
    options: Options,
    key: str,
    accepted: tuple[tuple[str, str], ...],
    partly: tuple[tuple[str, str], ...],
    refused: tuple[tuple[str, str], ...],
    compensation: str | None,
    version: int | None,
    json_: bool,
) -> None:
    from atencion.scripts.cases import Answer, Decision

    said = [(Decision.ACCEPTED, accepted), (Decision.PARTLY, partly), (Decision.REFUSED, refused)]
    answers = [Answer(_number(number), decision, reasons) for decision, pairs in said for number, reasons in pairs]
    with open_desk(options) as desk:
        agent = who(desk, options)
        desk.answers.resolve(key, answers, agent, compensation_cents=cents(compensation), version=version)
        show_case(desk, desk.cases.file(key), json_)


@command.command(help=_("Anota que el cliente ya sabe la respuesta: por el medio del asunto o el que eligió."))
@_KEY
@click.option("--channel", default="", help=_("Por dónde se le ha dicho; si falta, por donde pidió la respuesta."))
@click.option("--language", default="", help=_("En qué lengua, si no es la del asunto."))
@as_json
@click.pass_obj
def notify(options: Options, key: str, channel: str, language: str, json_: bool) -> None:
    with open_desk(options) as desk:
        case = desk.cases.file(key).case
        desk.answers.notify(key, channel or case.answered_by, who(desk, options), language=language)
        show_case(desk, desk.cases.file(key), json_)


@command.command(help=_("Pide al cliente lo que falta y le avisa de las consecuencias."))
@_KEY
@click.argument("missing", metavar=_("TEXTO"))
@_TOLD
@as_json
@click.pass_obj
def ask(options: Options, key: str, missing: str, told: bool, json_: bool) -> None:
    with open_desk(options) as desk:
        desk.answers.ask(key, missing, who(desk, options), told=told)
        show_case(desk, desk.cases.file(key), json_)


@command.command(help=_("El cliente lo ha completado: el plazo para responder empieza de nuevo."))
@_KEY
@click.argument("what", metavar=_("TEXTO"))
@as_json
@click.pass_obj
def complete(options: Options, key: str, what: str, json_: bool) -> None:
    with open_desk(options) as desk:
        desk.answers.complete(key, what, who(desk, options))
        show_case(desk, desk.cases.file(key), json_)


@command.command(help=_("El cliente no lo ha completado en su plazo: se entiende resuelto."))
@_KEY
@as_json
@click.pass_obj
def lapse(options: Options, key: str, json_: bool) -> None:
    with open_desk(options) as desk:
        desk.answers.lapse(key, who(desk, options))
        show_case(desk, desk.cases.file(key), json_)


@command.command(help=_("Dice la causa de un corte y cuándo se espera que vuelva el servicio."))
@_KEY
@click.option("--cause", required=True, metavar=_("TEXTO"), help=_("La causa."))
@click.option("--restoration", required=True, metavar=_("TEXTO"), help=_("El tiempo estimado de reposición."))
@_TOLD
@as_json
@click.pass_obj
def answer(options: Options, key: str, cause: str, restoration: str, told: bool, json_: bool) -> None:
    with open_desk(options) as desk:
        desk.answers.answer_outage(key, cause, restoration, who(desk, options), told=told)
        show_case(desk, desk.cases.file(key), json_)


@command.command("answer-all", help=_("Dice a la vez la causa y la reposición a todos los que avisaron de un corte."))
@click.option("--cause", required=True, metavar=_("TEXTO"), help=_("La causa."))
@click.option("--restoration", required=True, metavar=_("TEXTO"), help=_("El tiempo estimado de reposición."))
@click.option("--department", default="", metavar="ID", help=_("Solo los de ese departamento."))
@click.option("--region", default="", metavar="ES-XX", help=_("Solo los de esa comunidad."))
@as_json
@click.pass_obj
def answer_all(options: Options, cause: str, restoration: str, department: str, region: str, json_: bool) -> None:
    with open_desk(options) as desk:
        done = desk.outages.answer(cause, restoration, who(desk, options), department=department, region=region)
    if json_:
        print_json({"told": list(done.told), "untold": list(done.untold)})
        return
    tell(_("{told} avisados; {untold} sin forma de avisarles.").format(told=len(done.told), untold=len(done.untold)))
    for key in done.untold:
        tell(f"   {key}")


@command.command(help=_("Reabre un expediente resuelto: sus plazos empiezan de nuevo."))
@_KEY
@click.option("--reason", required=True, metavar=_("TEXTO"), help=_("Por qué."))
@_VERSION
@as_json
@click.pass_obj
def reopen(options: Options, key: str, reason: str, version: int | None, json_: bool) -> None:
    with open_desk(options) as desk:
        desk.answers.reopen(key, reason, who(desk, options), version)
        show_case(desk, desk.cases.file(key), json_)


@command.command(help=_("Cierra un expediente del que el cliente ya sabe la respuesta."))
@_KEY
@as_json
@click.pass_obj
def close(options: Options, key: str, json_: bool) -> None:
    with open_desk(options) as desk:
        desk.answers.close(key, who(desk, options))
        show_case(desk, desk.cases.file(key), json_)


@command.command(help=_("Une un expediente a otro que trata de lo mismo y que sigue."))
@_KEY
@click.argument("into", metavar=_("EN-CLAVE"))
@as_json
@click.pass_obj
def merge(options: Options, key: str, into: str, json_: bool) -> None:
    with open_desk(options) as desk:
        show_case(desk, desk.cases.merge(key, into, who(desk, options)), json_)


@command.command(help=_("El justificante, u otro documento, tal como se registró: texto, HTML o PDF."))
@_KEY
@click.option("--kind", default="receipt", show_default=True, help=_("Qué documento: receipt, resolution, request…"))
@click.option("--format", "form", type=click.Choice(["text", "html", "pdf"]), default="text", show_default=True)
@click.option("--out", type=click.Path(dir_okay=False), metavar=_("FICHERO"), help=_("Dónde se escribe."))
@as_json
@click.pass_obj
def paper(options: Options, key: str, kind: str, form: str, out: str | None, json_: bool) -> None:
    from pathlib import Path

    with open_desk(options) as desk:
        made = desk.cases.paper(key, kind, form)
    if json_:
        document = made.document
        print_json(
            {
                "key": document.case_key,
                "kind": kind,
                "language": document.language,
                "at": document.at.isoformat(),
                "sha256": document.hash,
                "intact": document.intact,
                "text": document.text,
            }
        )
    elif out:
        Path(out).write_bytes(made.content)
        tell(_("Escrito en {path}").format(path=out))
    elif form == "pdf":
        raise click.UsageError(_("Un PDF se escribe en un fichero: --out FICHERO."))
    else:
        tell(made.content.decode())


@command.command(help=_("Si un contrato se puede cortar, o qué expediente lo impide."))
@click.argument("contract", metavar=_("CONTRATO"))
@as_json
@click.pass_obj
def lock(options: Options, contract: str, json_: bool) -> None:
    from atencion.scripts.cases import CaseRefused

    with open_desk(options) as desk:
        try:
            desk.answers.check_cut_off(contract)
        except CaseRefused as refusal:
            if not json_:
                raise
            print_json({"contract": contract, "locked": True, "norm": refusal.norm, "reason": refusal.message})
            return
    if json_:
        print_json({"contract": contract, "locked": False, "norm": None, "reason": None})
    else:
        tell(_("Ningún expediente lo impide."))


def _number(text: str) -> int:
    if not text.isdecimal() or len(text) > 6:
        raise click.UsageError(_("«{text}» no es el número de una cuestión.").format(text=clean_line(text, 40)))
    return int(text)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise click.UsageError(
            _("«{text}» no es una fecha como 2026-12-28.").format(text=clean_line(text, 40))
        ) from None


for _more in (*commands(), exceptions):
    command.add_command(_more)
