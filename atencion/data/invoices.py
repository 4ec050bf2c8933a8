"""What customers were billed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from atencion.data.connection import Connection
from atencion.data.customer_search import key_of
from atencion.data.sql import Statement, day_or_none
from atencion.text import clean_line


@dataclass(frozen=True)
class NewInvoice:
    """An invoice of the contract with that number. Money in cents; `status` is issued, paid, unpaid or cancelled."""

    contract_number: str
    number: str
    amount_cents: int
    period: str = ""
    issued_on: date | None = None
    due_on: date | None = None
    status: str = "issued"


@dataclass(frozen=True)
class Invoice:
    """An invoice in a list. Money in cents; `contract` is the number of its contract, or empty."""

    id: int
    number: str
    contract: str
    period: str
    issued_on: date | None
    due_on: date | None
    amount_cents: int
    status: str


def put_invoices(connection: Connection, invoices: Iterable[NewInvoice]) -> int:
    """Write invoices, or bring those of the same number up to date; those of no known contract are left out."""
    wanted = list(invoices)
    contracts = {row.number: row for row in _CONTRACTS.run(connection, values=[one.contract_number for one in wanted])}
    rows = [
        {
            "customer_id": contracts[one.contract_number].customer_id,
            "contract_id": contracts[one.contract_number].id,
            "number": clean_line(one.number, 80),
            "number_key": key_of(one.number),
            "period": clean_line(one.period, 80),
            "issued_on": one.issued_on,
            "due_on": one.due_on,
            "amount_cents": one.amount_cents,
            "status": clean_line(one.status, 40),
        }
        for one in wanted
        if one.contract_number in contracts
    ]
    _PUT.run_many(connection, rows)
    return len(rows)


def invoices_of(connection: Connection, customer_id: int, limit: int = 20, offset: int = 0) -> list[Invoice]:
    """The invoices of a customer, the latest first."""
    return [
        Invoice(
            row.id,
            row.number,
            row.contract or "",
            row.period,
            day_or_none(row.issued_on),
            day_or_none(row.due_on),
            row.amount_cents,
            row.status,
        )
        for row in _OF_CUSTOMER.run(connection, customer_id=customer_id, limit=limit, offset=offset)
    ]


_CONTRACTS = Statement("SELECT id, customer_id, number FROM contract WHERE number IN @values")
_PUT = Statement(
    """
    INSERT INTO invoice (customer_id, contract_id, number, number_key, period, issued_on, due_on, amount_cents, status)
    VALUES (:customer_id, :contract_id, :number, :number_key, :period, :issued_on, :due_on, :amount_cents, :status)
    ON CONFLICT (number) DO UPDATE SET customer_id = excluded.customer_id, contract_id = excluded.contract_id,
        period = excluded.period, issued_on = excluded.issued_on, due_on = excluded.due_on,
        amount_cents = excluded.amount_cents, status = excluded.status
    """
)
_OF_CUSTOMER = Statement(
    """
    SELECT i.*, k.number AS contract FROM invoice i LEFT JOIN contract k ON k.id = i.contract_id
    WHERE i.customer_id = :customer_id ORDER BY i.issued_on DESC NULLS LAST, i.id DESC
    LIMIT :limit OFFSET :offset
    """
)
