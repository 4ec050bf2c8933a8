"""Cases: what customers want settled, each with the key it is followed by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from atencion.data.connection import Connection
from atencion.data.personal_values import put_value
from atencion.data.sql import Statement, day_or_none, moment, moment_or_none
from atencion.errors import Refused
from atencion.i18n import _


@dataclass(frozen=True)
class NewCase:
    """A case about to be opened. `subject` is what the customer wants; `address` where they want the answer."""

    key: str
    type: str
    subject: str
    customer_id: int | None
    department: str
    opened_at: datetime
    opened_by_interaction: int | None = None
    owner_id: int | None = None
    subtype: str = ""
    priority: str = "normal"
    channel: str = "phone"
    language: str = "es"
    region: str = ""
    contract_id: int | None = None
    product_id: int | None = None
    amount_cents: int | None = None
    submitted_at: datetime | None = None
    answer_channel: str = ""
    address: str = ""


@dataclass(frozen=True)
class CaseSummary:
    """A case in a list; `subject` is None if the law had it hidden or destroyed. Money in cents.

    `seq` is the number of its last event; `due_at` when the first clock that runs falls due, `due_norm` whose it is.
    """

    id: int
    key: str
    type: str
    subject: str | None
    status: str
    customer_id: int | None
    department: str
    owner_id: int | None
    opened_at: datetime
    opened_by_interaction: int | None
    subtype: str = ""
    priority: str = "normal"
    channel: str = "phone"
    language: str = "es"
    region: str = ""
    contract_id: int | None = None
    product_id: int | None = None
    amount_cents: int | None = None
    submitted_at: datetime | None = None
    answer_channel: str = ""
    address_value_id: int | None = None
    decision: str = ""
    compensation_cents: int | None = None
    external_body: str = ""
    due_at: datetime | None = None
    due_on: date | None = None
    due_norm: str = ""
    resolved_at: datetime | None = None
    notified_at: datetime | None = None
    merged_into_id: int | None = None
    seq: int = 0

    @property
    def answered_by(self) -> str:
        """Where the customer is answered: the channel they chose, or the one they came by (Ley 10/2025 art. 13.5)."""
        return self.answer_channel or self.channel

    @property
    def received_at(self) -> datetime:
        """When the matter came in, from which its terms count."""
        return self.submitted_at or self.opened_at


@dataclass(frozen=True)
class CaseFilter:
    """Which cases to list; what is empty or None asks for nothing."""

    status: str = ""
    type: str = ""
    department: str = ""
    owner_id: int | None = None
    customer_id: int | None = None


def open_case(connection: Connection, new: NewCase) -> int:
    """Write an open case, with the interaction that opened it; returns its id. Refused if the key is taken."""
    about = {"at": new.opened_at, "customer_id": new.customer_id, "interaction_id": new.opened_by_interaction}
    subject_id = put_value(connection, new.subject, **about)  # type: ignore[arg-type]
    address_id = put_value(connection, new.address, **about) if new.address else None  # type: ignore[arg-type]
    row = {name: value for name, value in vars(new).items() if name not in ("subject", "address")}
    case_id = _OPEN.run(connection, **row, subject_value_id=subject_id, address_value_id=address_id).scalar()
    if case_id is None:
        raise Refused(_("Ya hay un expediente con la clave {key}.").format(key=new.key))
    if new.opened_by_interaction is not None:
        link_case(connection, int(case_id), new.opened_by_interaction)
    return int(case_id)


def link_case(connection: Connection, case_id: int, interaction_id: int) -> None:
    """Say that an interaction touched a case."""
    _LINK.run(connection, case_id=case_id, interaction_id=interaction_id)


def hold_case(connection: Connection, key: str) -> CaseSummary | None:
    """The case of that key, which nobody else can change until this transaction ends; None if there is none."""
    if _HOLD.run(connection, key=key).scalar() is None:
        return None
    return case_by_key(connection, key)


def save_case(connection: Connection, case: CaseSummary) -> None:
    """Write all of a held case that may change."""
    _SAVE.run(connection, **vars(case))


def case_by_key(connection: Connection, key: str) -> CaseSummary | None:
    """The case of that key, or None."""
    row = _BY_KEY.run(connection, key=key.strip().upper()).first()
    return None if row is None else _summary(row)


def case_by_id(connection: Connection, case_id: int) -> CaseSummary | None:
    """The case of that id, or None."""
    row = _BY_ID.run(connection, case_id=case_id).first()
    return None if row is None else _summary(row)


def list_cases(connection: Connection, wanted: CaseFilter, limit: int = 50) -> list[CaseSummary]:
    """Cases, the latest first."""
    return [
        _summary(row)
        for row in _LIST.run(
            connection,
            status=wanted.status,
            type=wanted.type,
            department=wanted.department,
            owner_id=wanted.owner_id or 0,
            customer_id=wanted.customer_id or 0,
            limit=limit,
        )
    ]


def untold_cases(connection: Connection, limit: int) -> list[CaseSummary]:
    """Cases decided whose customer has not been told, those decided first, first."""
    return [_summary(row) for row in _UNTOLD.run(connection, limit=limit)]


def due_cases(
    connection: Connection,
    before: datetime,
    limit: int,
    *,
    owner_id: int | None = None,
    department: str = "",
) -> list[CaseSummary]:
    """Cases of an agent, of a department or of all, with a clock that falls due before a moment, the first first."""
    statement = _DUE_OF_OWNER if owner_id is not None else _DUE_OF_DEPARTMENT if department else _DUE
    rows = statement.run(connection, before=before, limit=limit, owner_id=owner_id, department=department)
    return [_summary(row) for row in rows]


def count_due(connection: Connection, before: datetime, owner_id: int) -> int:
    """How many cases of an agent have a clock that falls due before a moment."""
    return int(_COUNT_DUE.run(connection, before=before, owner_id=owner_id).scalar_one())


def cases_of_customer(connection: Connection, customer_id: int, limit: int = 20) -> list[CaseSummary]:
    """The cases of a customer, open ones first, the latest first."""
    return [_summary(row) for row in _OF_CUSTOMER.run(connection, customer_id=customer_id, limit=limit)]


def cases_of_interaction(connection: Connection, interaction_id: int) -> list[CaseSummary]:
    """The cases that an interaction touched."""
    return [_summary(row) for row in _OF_INTERACTION.run(connection, interaction_id=interaction_id)]


def interactions_of_case(connection: Connection, case_id: int) -> list[int]:
    """The interactions that touched a case."""
    return [int(row.interaction_id) for row in _INTERACTIONS.run(connection, case_id=case_id)]


def pass_interactions(connection: Connection, from_case: int, to_case: int) -> None:
    """What touched one case touches the other as well."""
    _PASS.run(connection, from_case=from_case, to_case=to_case)


def _summary(row: Any) -> CaseSummary:
    return CaseSummary(
        id=row.id,
        key=row.key,
        type=row.type,
        subject=row.content if row.blocked_at is None else None,
        status=row.status,
        customer_id=row.customer_id,
        department=row.department,
        owner_id=row.owner_id,
        opened_at=moment(row.opened_at),
        opened_by_interaction=row.opened_by_interaction,
        subtype=row.subtype,
        priority=row.priority,
        channel=row.channel,
        language=row.language,
        region=row.region,
        contract_id=row.contract_id,
        product_id=row.product_id,
        amount_cents=row.amount_cents,
        submitted_at=moment_or_none(row.submitted_at),
        answer_channel=row.answer_channel,
        address_value_id=row.address_value_id,
        decision=row.decision,
        compensation_cents=row.compensation_cents,
        external_body=row.external_body,
        due_at=moment_or_none(row.due_at),
        due_on=day_or_none(row.due_on),
        due_norm=row.due_norm,
        resolved_at=moment_or_none(row.resolved_at),
        notified_at=moment_or_none(row.notified_at),
        merged_into_id=row.merged_into_id,
        seq=row.seq,
    )


_OPEN = Statement(
    """
    INSERT INTO service_case (key, type, subject_value_id, status, customer_id, department, owner_id, opened_at,
        opened_by_interaction, subtype, priority, channel, language, region, contract_id, product_id, amount_cents,
        submitted_at, answer_channel, address_value_id, decision, external_body, due_norm, seq)
    VALUES (:key, :type, :subject_value_id, 'open', :customer_id, :department, :owner_id, :opened_at,
        :opened_by_interaction, :subtype, :priority, :channel, :language, :region, :contract_id, :product_id,
        :amount_cents, :submitted_at, :answer_channel, :address_value_id, '', '', '', 0)
    ON CONFLICT (key) DO NOTHING RETURNING id
    """
)
_LINK = Statement(
    """
    INSERT INTO case_interaction (case_id, interaction_id) VALUES (:case_id, :interaction_id) ON CONFLICT DO NOTHING
    """
)
_HOLD = Statement("UPDATE service_case SET seq = seq WHERE key = :key RETURNING id")
_SAVE = Statement(
    """
    UPDATE service_case SET status = :status, customer_id = :customer_id, department = :department,
        owner_id = :owner_id, priority = :priority, language = :language, answer_channel = :answer_channel,
        address_value_id = :address_value_id, decision = :decision, compensation_cents = :compensation_cents,
        external_body = :external_body, due_at = :due_at, due_on = :due_on, due_norm = :due_norm,
        resolved_at = :resolved_at, notified_at = :notified_at, merged_into_id = :merged_into_id, seq = :seq
    WHERE id = :id
    """
)
_SUMMARY = """
    SELECT s.*, v.content, v.blocked_at FROM service_case s LEFT JOIN personal_value v ON v.id = s.subject_value_id
"""
_BY_KEY = Statement(_SUMMARY + "WHERE s.key = :key")
_BY_ID = Statement(_SUMMARY + "WHERE s.id = :case_id")
_LIST = Statement(
    _SUMMARY
    + """
    WHERE (:status = '' OR s.status = :status) AND (:type = '' OR s.type = :type)
        AND (:department = '' OR s.department = :department) AND (:owner_id = 0 OR s.owner_id = :owner_id)
        AND (:customer_id = 0 OR s.customer_id = :customer_id)
    ORDER BY s.opened_at DESC, s.id DESC LIMIT :limit
    """
)
_UNTOLD = Statement(_SUMMARY + "WHERE s.status = 'resolved' ORDER BY s.resolved_at, s.id LIMIT :limit")
_IS_DUE = "s.due_at IS NOT NULL AND s.due_at < :before"
_BY_DUE = _IS_DUE + " ORDER BY s.due_at, s.id LIMIT :limit"
_DUE = Statement(_SUMMARY + "WHERE " + _BY_DUE)
_DUE_OF_OWNER = Statement(
    _SUMMARY + "WHERE s.owner_id = :owner_id AND (:department = '' OR s.department = :department) AND " + _BY_DUE
)
_DUE_OF_DEPARTMENT = Statement(_SUMMARY + "WHERE s.department = :department AND " + _BY_DUE)
_COUNT_DUE = Statement("SELECT count(*) FROM service_case s WHERE s.owner_id = :owner_id AND " + _IS_DUE)
_OF_CUSTOMER = Statement(
    _SUMMARY
    + """
    WHERE s.customer_id = :customer_id
    ORDER BY CASE WHEN s.status IN ('notified', 'closed') THEN 1 ELSE 0 END, s.opened_at DESC, s.id DESC LIMIT :limit
    """
)
_OF_INTERACTION = Statement(
    _SUMMARY
    + """
    JOIN case_interaction l ON l.case_id = s.id WHERE l.interaction_id = :interaction_id ORDER BY s.id
    """
)
_INTERACTIONS = Statement("SELECT interaction_id FROM case_interaction WHERE case_id = :case_id ORDER BY 1")
_PASS = Statement(
    """
    INSERT INTO case_interaction (case_id, interaction_id)
    SELECT :to_case, interaction_id FROM case_interaction WHERE case_id = :from_case ON CONFLICT DO NOTHING
    """
)
