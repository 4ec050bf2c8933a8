"""Products and the contracts customers have for them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from atencion.data.connection import Connection
from atencion.data.customer_search import key_of
from atencion.data.sql import Statement
from atencion.text import clean_line, clean_text


@dataclass(frozen=True)
class ProductRecord:
    """What the organisation sells."""

    code: str
    name: str
    family: str = ""
    description: str = ""


@dataclass(frozen=True)
class NewContract:
    """A contract of the customer with that external id for the product with that code. Money in cents.

    `meter` is the number of the meter, or the supply's CUPS.
    """

    customer_external_id: str
    number: str
    product_code: str
    status: str = "active"
    started_on: date | None = None
    ended_on: date | None = None
    address: str = ""
    monthly_cents: int | None = None
    last_invoice_cents: int | None = None
    meter: str = ""


def put_products(connection: Connection, products: Iterable[ProductRecord]) -> None:
    """Write products, or bring those of the same code up to date."""
    _PUT_PRODUCT.run_many(
        connection,
        (
            {
                "code": clean_line(product.code, 80),
                "name": clean_line(product.name),
                "family": clean_line(product.family, 80),
                "description": clean_text(product.description),
            }
            for product in products
        ),
    )


def put_contracts(connection: Connection, contracts: Iterable[NewContract]) -> int:
    """Write contracts, or bring those of the same number up to date; returns how many.

    Those of a customer or a product that is not in the store are left out.
    """
    wanted = list(contracts)
    customers = {
        row.external_id: row.id for row in _CUSTOMERS.run(connection, values=[c.customer_external_id for c in wanted])
    }
    products = {row.code: row.id for row in _PRODUCTS.run(connection)}
    rows = [
        {
            "customer_id": customers[contract.customer_external_id],
            "product_id": products[contract.product_code],
            "number": clean_line(contract.number, 80),
            "number_key": key_of(contract.number),
            "status": clean_line(contract.status, 40),
            "started_on": contract.started_on,
            "ended_on": contract.ended_on,
            "address": clean_line(contract.address),
            "monthly_cents": contract.monthly_cents,
            "last_invoice_cents": contract.last_invoice_cents,
            "meter": clean_line(contract.meter, 80),
            "meter_key": key_of(contract.meter),
        }
        for contract in wanted
        if contract.customer_external_id in customers and contract.product_code in products
    ]
    _PUT_CONTRACT.run_many(connection, rows)
    return len(rows)


_PUT_PRODUCT = Statement(
    """
    INSERT INTO product (code, name, family, description) VALUES (:code, :name, :family, :description)
    ON CONFLICT (code) DO UPDATE SET name = excluded.name, family = excluded.family, description = excluded.description
    """
)
_PUT_CONTRACT = Statement(
    """
    INSERT INTO contract (customer_id, product_id, number, number_key, status, started_on, ended_on, address,
        monthly_cents, last_invoice_cents, meter, meter_key)
    VALUES (:customer_id, :product_id, :number, :number_key, :status, :started_on, :ended_on, :address,
        :monthly_cents, :last_invoice_cents, :meter, :meter_key)
    ON CONFLICT (number) DO UPDATE SET customer_id = excluded.customer_id, product_id = excluded.product_id,
        status = excluded.status, started_on = excluded.started_on, ended_on = excluded.ended_on,
        address = excluded.address, monthly_cents = excluded.monthly_cents,
        last_invoice_cents = excluded.last_invoice_cents, meter = excluded.meter, meter_key = excluded.meter_key
    """
)
_CUSTOMERS = Statement("SELECT id, external_id FROM customer WHERE external_id IN @values")
_PRODUCTS = Statement("SELECT id, code FROM product")
