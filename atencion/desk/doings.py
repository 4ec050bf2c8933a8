"""How the actions of protocols are done: each in the transaction that writes it in the journal, once."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from atencion.desk import case_doings, customer_doings
from atencion.desk.case_work import told_with_norm
from atencion.desk.job import Job
from atencion.scripts.journal import NewEntry

if TYPE_CHECKING:
    from atencion.data.connection import Connection

Doer = Callable[["Connection", Job], None]

DOERS: dict[str, Doer] = {
    "open_case": case_doings.open_case,
    "update_case": case_doings.update_case,
    "issue_receipt": case_doings.issue_receipt,
    "presume_vulnerable": case_doings.presume_vulnerable,
    "register_document": case_doings.register_document,
    "update_customer": customer_doings.update_customer,
    "record_consent": customer_doings.record_consent,
    "withdraw_consent": customer_doings.withdraw_consent,
    "schedule_callback": customer_doings.schedule_callback,
    "offer_loyalty": customer_doings.offer_loyalty,
    "enrol_loyalty": customer_doings.enrol_loyalty,
    "send_survey": customer_doings.send_survey,
    "record_survey": customer_doings.record_survey,
}
"""How each action is done, by its name. Whoever registers an `ActionSpec` adds its doer here."""


def do(connection: Connection, entry: NewEntry, job: Callable[[Mapping[str, str]], Job]) -> None:
    """Do the action of an entry. Raises Refused if it cannot be done; then nothing of the step is written."""
    wanted = job(json.loads(entry.value or "{}"))
    with told_with_norm(wanted.around):
        DOERS[wanted.action](connection, wanted)
