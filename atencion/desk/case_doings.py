"""The actions of protocols on cases, and on the register of documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from atencion.data import case_papers, cases, documents
from atencion.desk.job import Job
from atencion.desk.receipts import fingerprint, receipt
from atencion.i18n import _

if TYPE_CHECKING:
    from atencion.data.connection import Connection


def open_case(connection: Connection, job: Job) -> None:
    """Open a case with the key that the journal already says."""
    kind = job.params["type"]
    if kind not in job.organisation.case_type:
        known = ", ".join(job.organisation.case_type)
        raise job.refused(_("la clase de expediente «{id}» no existe").format(id=kind), known)
    new = cases.NewCase(
        key=str(job.body["case"]),
        type=kind,
        subject=job.params["subject"],
        customer_id=job.occasion.customer_id,
        department=job.department(),
        opened_at=job.occasion.at,
        opened_by_interaction=job.occasion.interaction_id,
    )
    cases.open_case(connection, new)


def update_case(connection: Connection, job: Job) -> None:
    """Note something in the case of that key, or in the one in hand."""
    case = _case(connection, job)
    cases.link_case(connection, case.id, job.occasion.interaction_id)
    case_papers.add_note(connection, job.occasion, case.id, job.params["note"])


def issue_receipt(connection: Connection, job: Job) -> None:
    """Write down the receipt of the case in hand."""
    case = _case(connection, job)
    text = receipt(case, job.organisation, job.occasion.at.astimezone(job.organisation.local_zone))
    case_papers.add_receipt(
        connection, job.occasion, case.id, channel=job.params["by"], text=text, sha256=fingerprint(text)
    )


def register_document(connection: Connection, job: Job) -> None:
    """Give a document its code in the register of the year."""
    documents.register_document(
        connection,
        job.occasion,
        year=job.occasion.at.astimezone(job.organisation.local_zone).year,
        kind=job.params["type"],
        title=job.params["title"],
        reference=job.params.get("reference"),
        direction=job.params["direction"],
    )


def _case(connection: Connection, job: Job) -> cases.CaseSummary:
    key = "".join(job.params.get("key", job.run.case or "").split())
    if not key:
        raise job.refused(_("no hay ningún expediente abierto en este contacto"), _("abrir uno antes"))
    case = cases.case_by_key(connection, key)
    if case is None:
        raise job.refused(_("no hay ningún expediente con la clave {key}").format(key=key))
    if case.customer_id is not None and case.customer_id != job.occasion.customer_id:
        raise job.refused(_("el expediente {key} es de otra persona").format(key=key))
    return case
