"""Every table of the store. Integer ids unless said; money in integer cents; moments in UTC.

A personal value (what a customer said, what an agent typed) never stands in the journal: an entry points to
`PersonalValue`, whose content can be blocked and destroyed while the journal stays whole. Data protection law asks for
both (GDPR art. 17; LOPDGDD art. 32). The search tables are not models: each engine has its own, made in the migrations
under names that begin with `search_`.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from atencion.data.types import Key, Line, Lines, Moment


def _line(**options: Any) -> Any:
    return Field(sa_type=Line, **options)


def _lines(**options: Any) -> Any:
    return Field(sa_type=Lines, **options)


def _key(**options: Any) -> Any:
    return Field(sa_type=Key, **options)


def _moment(**options: Any) -> Any:
    return Field(sa_type=Moment, **options)


def _id() -> Any:
    return Field(default=None, primary_key=True)


class StoreInfo(SQLModel, table=True):
    """What the store says of itself: its `kind`."""

    __tablename__ = "store_info"

    key: str = _line(primary_key=True)
    value: str = _line()


class Agent(SQLModel, table=True):
    """Who attends. The alias is the name given to customers."""

    __tablename__ = "agent"

    id: int | None = _id()
    code: str = _key(unique=True)
    name: str = _line()
    alias: str = _line(default="")
    role: str = _line(default="agent")
    department: str = _line(default="")
    active: bool = True


class Origin(SQLModel, table=True):
    """One occasion on which customers' data came in or changed: an import, a call, a merge; who did it, and when."""

    __tablename__ = "origin"

    id: int | None = _id()
    kind: str = _line()
    detail: str = _line(default="")
    at: datetime = _moment()
    agent_id: int | None = Field(default=None, foreign_key="agent.id")
    interaction_id: int | None = Field(default=None, index=True)  # no reference: interactions refer to customers


class Customer(SQLModel, table=True):
    """A person or a company. `search_name` is the folded words of every name it has or had.

    `version` grows with each change made by a person. A customer that is `merged_into` another is kept for the day the
    merge is undone, and found no more.
    """

    __tablename__ = "customer"

    id: int | None = _id()
    external_id: str | None = _line(default=None, unique=True)
    external_key: str | None = _key(default=None, index=True)
    kind: str = _line(default="person")
    given_name: str = _line(default="")
    surnames: str = _line(default="")
    company_name: str = _line(default="")
    birth_date: date | None = None
    language: str = _line(default="es")
    treatment: str = _line(default="usted")
    search_name: str = _key(default="", index=True)
    created_at: datetime = _moment()
    updated_at: datetime = _moment()
    version: int = 1
    former_names: str = _line(default="")
    accessibility: str = _line(default="")
    merged_into: int | None = Field(default=None, foreign_key="customer.id")
    origin_id: int | None = Field(default=None, foreign_key="origin.id")


class Identifier(SQLModel, table=True):
    """An identity document; `normal` is its letters and digits in capitals."""

    __tablename__ = "identifier"
    __table_args__ = (Index("ix_identifier_unique", "customer_id", "normal", unique=True),)

    id: int | None = _id()
    customer_id: int = Field(foreign_key="customer.id")
    kind: str = _line()
    value: str = _line()
    normal: str = _key(index=True)
    valid_to: date | None = None
    origin_id: int | None = Field(default=None, foreign_key="origin.id")


class ContactPoint(SQLModel, table=True):
    """A phone (`normal` in E.164, `reversed` its characters backwards, to find it by its last digits) or an e-mail."""

    __tablename__ = "contact_point"
    __table_args__ = (
        Index("ix_contact_point_unique", "customer_id", "kind", "normal", unique=True),
        Index("ix_contact_point_normal", "kind", "normal"),
        Index("ix_contact_point_reversed", "reversed"),
    )

    id: int | None = _id()
    customer_id: int = Field(foreign_key="customer.id")
    kind: str = _line()
    label: str = _line(default="")
    value: str = _line()
    normal: str = _key()
    reversed: str | None = _key(default=None)
    is_primary: bool = False
    valid_from: date | None = None
    valid_to: date | None = None
    last_used_on: date | None = None
    origin_id: int | None = Field(default=None, foreign_key="origin.id")


class Address(SQLModel, table=True):
    """Where a customer lives or has its seat."""

    __tablename__ = "address"

    id: int | None = _id()
    customer_id: int = Field(foreign_key="customer.id", index=True)
    street: str = _line(default="")
    postcode: str = _line(default="")
    town: str = _line(default="")
    province: str = _line(default="")
    is_primary: bool = False
    valid_from: date | None = None
    valid_to: date | None = None
    origin_id: int | None = Field(default=None, foreign_key="origin.id")


class SavedSearch(SQLModel, table=True):
    """A query for many customers, kept by its name."""

    __tablename__ = "saved_search"

    name: str = _key(primary_key=True)
    query: str = _lines()
    saved_at: datetime = _moment()


class Product(SQLModel, table=True):
    """What the organisation sells."""

    __tablename__ = "product"

    id: int | None = _id()
    code: str = _key(unique=True)
    name: str = _line()
    family: str = _line(default="")
    description: str = _lines(default="")


class Contract(SQLModel, table=True):
    """A product held by a customer; the keys are the letters and digits of number and meter (or CUPS) in capitals."""

    __tablename__ = "contract"

    id: int | None = _id()
    customer_id: int = Field(foreign_key="customer.id", index=True)
    product_id: int = Field(foreign_key="product.id", index=True)
    number: str = _line(unique=True)
    number_key: str = _key(index=True)
    status: str = _line(default="active")
    started_on: date | None = None
    ended_on: date | None = None
    address: str = _line(default="")
    monthly_cents: int | None = None
    last_invoice_cents: int | None = None
    meter: str = _line(default="")
    meter_key: str = _key(default="", index=True)


class Invoice(SQLModel, table=True):
    """A bill; `number_key` is the letters and digits of the number in capitals."""

    __tablename__ = "invoice"

    id: int | None = _id()
    customer_id: int = Field(foreign_key="customer.id", index=True)
    contract_id: int | None = Field(default=None, foreign_key="contract.id")
    number: str = _line(unique=True)
    number_key: str = _key(index=True)
    period: str = _line(default="")
    issued_on: date | None = None
    due_on: date | None = None
    amount_cents: int
    status: str = _line(default="issued")


class CustomerAlert(SQLModel, table=True):
    """What whoever attends a customer must know at once, why, and until when."""

    __tablename__ = "customer_alert"

    id: int | None = _id()
    customer_id: int = Field(foreign_key="customer.id", index=True)
    text: str = _line()
    reason: str = _line()
    origin_id: int | None = Field(default=None, foreign_key="origin.id")
    expires_on: date
    ended_at: datetime | None = _moment(default=None)


class CustomerChange(SQLModel, table=True):
    """One cell that changed in the history of a customer: `field` of the row `row_id` of `entity`.

    An empty `field` is the row itself, that came to be (`old` null) or is no more (`new` null).
    """

    __tablename__ = "customer_change"

    id: int | None = _id()
    customer_id: int = Field(foreign_key="customer.id", index=True)
    origin_id: int = Field(foreign_key="origin.id", index=True)
    entity: str = _line()
    row_id: int
    field: str = _line()
    old: str | None = _lines(default=None)
    new: str | None = _lines(default=None)


class CustomerMerge(SQLModel, table=True):
    """Two records that were made one. What it changed is in the history, under its origin."""

    __tablename__ = "customer_merge"

    id: int | None = _id()
    kept_id: int = Field(foreign_key="customer.id", index=True)
    merged_id: int = Field(foreign_key="customer.id", index=True)
    origin_id: int = Field(foreign_key="origin.id")
    undone_at: datetime | None = _moment(default=None)


class TwinPair(SQLModel, table=True):
    """Two customers that may be one; `reasons` is JSON, `score` from 0 to 100."""

    __tablename__ = "twin_pair"
    __table_args__ = (Index("ix_twin_pair_status", "status", "score"),)

    low_id: int = Field(primary_key=True, foreign_key="customer.id")
    high_id: int = Field(primary_key=True, foreign_key="customer.id", index=True)
    score: int
    reasons: str = _lines(default="[]")
    status: str = _line(default="open")
    found_at: datetime = _moment()
    decided_at: datetime | None = _moment(default=None)
    decided_by: int | None = Field(default=None, foreign_key="agent.id")


class CustomerImport(SQLModel, table=True):
    """A file of customers read in; `rows_done` is where it goes on if it was interrupted."""

    __tablename__ = "customer_import"

    id: int | None = _id()
    origin_id: int = Field(foreign_key="origin.id")
    name: str = _line()
    fingerprint: str = _key(index=True)
    status: str = _line(default="running")
    rows_done: int = 0
    created: int = 0
    updated: int = 0
    rejected: int = 0
    started_at: datetime = _moment()
    ended_at: datetime | None = _moment(default=None)


class ProtocolText(SQLModel, table=True):
    """The exact text of a protocol that led an interaction, so that it can be folded again years later."""

    __tablename__ = "protocol_text"

    hash: str = _key(primary_key=True)
    protocol_id: str = _line()
    version: str = _line()
    source: str = _lines()
    first_used_at: datetime = _moment()


class InteractionRow(SQLModel, table=True):
    """One contact on one channel. Status, customer, outcome and whether it may be `recorded` repeat what the journal
    says, for lists.
    """

    __tablename__ = "interaction"
    __table_args__ = (
        Index("ix_interaction_agent_status", "agent_id", "status"),
        Index("ix_interaction_customer_opened", "customer_id", "opened_at"),
    )

    id: int | None = _id()
    channel: str = _line()
    direction: str = _line()
    agent_id: int = Field(foreign_key="agent.id")
    protocol_id: str = _line()
    protocol_version: str = _line()
    protocol_hash: str = Field(sa_type=Key, foreign_key="protocol_text.hash")
    customer_id: int | None = Field(default=None, foreign_key="customer.id")
    phone: str | None = _line(default=None)
    opened_at: datetime = _moment(index=True)
    closed_at: datetime | None = _moment(default=None)
    status: str = _line(default="open")
    disposition: str | None = _line(default=None)
    outcome: str | None = _line(default=None)
    recorded: bool | None = None


class PersonalValue(SQLModel, table=True):
    """What was said or typed. Blocked: hidden from all but the law's own ends. Destroyed: the content is gone."""

    __tablename__ = "personal_value"

    id: int | None = _id()
    interaction_id: int | None = Field(default=None, foreign_key="interaction.id", index=True)
    customer_id: int | None = Field(default=None, foreign_key="customer.id", index=True)
    content: str | None = _lines(default=None)
    created_at: datetime = _moment()
    blocked_at: datetime | None = _moment(default=None)
    destroyed_at: datetime | None = _moment(default=None)


class JournalEntry(SQLModel, table=True):
    """One thing that happened; never changed, never deleted: the database itself refuses."""

    __tablename__ = "journal_entry"
    __table_args__ = ({"sqlite_with_rowid": False},)

    interaction_id: int = Field(primary_key=True, foreign_key="interaction.id")
    seq: int = Field(primary_key=True)
    at: datetime = _moment()
    agent_id: int = Field(foreign_key="agent.id")
    kind: str = _line()
    step: str = _line(default="")
    body: str = _lines(default="{}")
    value_id: int | None = Field(default=None, foreign_key="personal_value.id")


class Draft(SQLModel, table=True):
    """What is typed and not yet confirmed."""

    __tablename__ = "draft"

    interaction_id: int = Field(primary_key=True, foreign_key="interaction.id")
    slot: str = _line(primary_key=True)
    content: str = _lines()
    updated_at: datetime = _moment()


class ServiceCase(SQLModel, table=True):
    """What a customer wants settled, with the key to follow it by.

    `seq` is the number of its last event. What lists sort by repeats what events and clocks say: `due_at` is when the
    first running clock falls due, empty if none runs.
    """

    __tablename__ = "service_case"
    __table_args__ = (
        Index("ix_service_case_owner_due", "owner_id", "due_at"),
        Index("ix_service_case_department_due", "department", "due_at"),
        Index("ix_service_case_due_at", "due_at"),
        Index("ix_service_case_opened_at", "opened_at"),
        Index("ix_service_case_status_resolved", "status", "resolved_at"),
    )

    id: int | None = _id()
    key: str = _key(unique=True)
    type: str = _line()
    subject_value_id: int | None = Field(default=None, foreign_key="personal_value.id")
    status: str = _line(default="open")
    customer_id: int | None = Field(default=None, foreign_key="customer.id", index=True)
    department: str = _line(default="")
    owner_id: int | None = Field(default=None, foreign_key="agent.id", index=True)
    opened_at: datetime = _moment()
    opened_by_interaction: int | None = Field(default=None, foreign_key="interaction.id")
    subtype: str = _line(default="")
    priority: str = _line(default="normal")
    channel: str = _line(default="phone")
    language: str = _line(default="es")
    region: str = _line(default="")
    contract_id: int | None = Field(default=None, foreign_key="contract.id", index=True)
    product_id: int | None = Field(default=None, foreign_key="product.id")
    amount_cents: int | None = None
    submitted_at: datetime | None = _moment(default=None)
    answer_channel: str = _line(default="")
    address_value_id: int | None = Field(default=None, foreign_key="personal_value.id")
    decision: str = _line(default="")
    compensation_cents: int | None = None
    external_body: str = _line(default="")
    due_at: datetime | None = _moment(default=None)
    due_on: date | None = None
    due_norm: str = _line(default="")
    resolved_at: datetime | None = _moment(default=None)
    notified_at: datetime | None = _moment(default=None)
    merged_into_id: int | None = Field(default=None, foreign_key="service_case.id")
    seq: int = 0


class CaseInteraction(SQLModel, table=True):
    """An interaction that touched a case."""

    __tablename__ = "case_interaction"

    case_id: int = Field(primary_key=True, foreign_key="service_case.id")
    interaction_id: int = Field(primary_key=True, foreign_key="interaction.id", index=True)


class _Done(SQLModel):
    """What every thing that a protocol had done in the store says of itself."""

    id: int | None = _id()
    interaction_id: int = Field(foreign_key="interaction.id", index=True)
    agent_id: int = Field(foreign_key="agent.id")


class ConsentRecord(_Done, table=True):
    """A consent, with the words it was asked for in; one that was withdrawn and is not on record has no `given_at`."""

    __tablename__ = "consent_record"
    __table_args__ = (Index("ix_consent_record_customer_purpose", "customer_id", "purpose"),)

    customer_id: int = Field(foreign_key="customer.id")
    purpose: str = _key()
    text_value_id: int | None = Field(default=None, foreign_key="personal_value.id")
    channel: str = _line()
    given_at: datetime | None = _moment(default=None)
    withdrawn_at: datetime | None = _moment(default=None)
    withdrawn_by_interaction: int | None = Field(default=None, foreign_key="interaction.id")


class DocumentSeries(SQLModel, table=True):
    """The last number given to a document that came in or went out in a year."""

    __tablename__ = "document_series"

    year: int = Field(primary_key=True)
    direction: str = _line(primary_key=True)
    last: int


class DocumentEntry(_Done, table=True):
    """A document in the register of entries and exits; `code` counts without gaps in each year."""

    __tablename__ = "document_entry"

    code: str = _key(unique=True)
    type: str = _line()
    title_value_id: int = Field(foreign_key="personal_value.id")
    reference_value_id: int | None = Field(default=None, foreign_key="personal_value.id")
    direction: str = _line()
    registered_at: datetime = _moment()
    customer_id: int | None = Field(default=None, foreign_key="customer.id", index=True)


class LoyaltyMember(_Done, table=True):
    """A customer in a loyalty programme; `asked` if it was they who asked for it."""

    __tablename__ = "loyalty_member"
    __table_args__ = (UniqueConstraint("customer_id", "programme"),)

    customer_id: int = Field(foreign_key="customer.id")
    programme: str = _key()
    asked: bool = False
    enrolled_at: datetime = _moment()


class LoyaltyOffer(_Done, table=True):
    """A loyalty programme that was offered; `asked` if the customer asked for it."""

    __tablename__ = "loyalty_offer"

    customer_id: int | None = Field(default=None, foreign_key="customer.id")
    programme: str = _key()
    asked: bool = False
    offered_at: datetime = _moment()


class SurveyRequest(_Done, table=True):
    """A survey that somebody is to be asked to answer."""

    __tablename__ = "survey_request"

    customer_id: int | None = Field(default=None, foreign_key="customer.id")
    case_id: int | None = Field(default=None, foreign_key="service_case.id")
    survey: str = _key()
    channel: str = _line()
    asked_at: datetime = _moment()


class SurveyAnswer(_Done, table=True):
    """What somebody answered to a survey."""

    __tablename__ = "survey_answer"
    __table_args__ = (Index("ix_survey_answer_survey_at", "survey", "answered_at"),)

    customer_id: int | None = Field(default=None, foreign_key="customer.id", index=True)
    case_id: int | None = Field(default=None, foreign_key="service_case.id")
    survey: str = _key()
    score: int
    comment_value_id: int | None = Field(default=None, foreign_key="personal_value.id")
    answered_at: datetime = _moment()


class CaseEvent(SQLModel, table=True):
    """One thing that happened to a case; like the journal's entries, never changed and never deleted."""

    __tablename__ = "case_event"
    __table_args__ = (Index("ix_case_event_kind_at", "kind", "at"), {"sqlite_with_rowid": False})

    case_id: int = Field(primary_key=True, foreign_key="service_case.id")
    seq: int = Field(primary_key=True)
    at: datetime = _moment()
    agent_id: int | None = Field(default=None, foreign_key="agent.id")
    kind: str = _line()
    body: str = _lines(default="{}")
    value_id: int | None = Field(default=None, foreign_key="personal_value.id")


class CaseItem(SQLModel, table=True):
    """A question or demand of a case, and the answer to it."""

    __tablename__ = "case_item"
    __table_args__ = ({"sqlite_with_rowid": False},)

    case_id: int = Field(primary_key=True, foreign_key="service_case.id")
    number: int = Field(primary_key=True)
    value_id: int = Field(foreign_key="personal_value.id")
    decision: str = _line(default="")
    reasons_value_id: int | None = Field(default=None, foreign_key="personal_value.id")


class CaseClock(SQLModel, table=True):
    """A term that runs for a case. `left_days` is what was left of it when it was stopped."""

    __tablename__ = "case_clock"
    __table_args__ = (Index("ix_case_clock_norm_due", "norm", "due_at"),)

    id: int | None = _id()
    case_id: int = Field(foreign_key="service_case.id", index=True)
    norm: str = _line()
    ends: str = _line()
    started_at: datetime = _moment()
    due_at: datetime = _moment()
    due_on: date
    estimated: bool = False
    extended: bool = False
    state: str = _line(default="running")
    left_days: int | None = None
    ended_at: datetime | None = _moment(default=None)


class CaseLink(SQLModel, table=True):
    """What a case has to do with: another case, or something kept elsewhere by its `reference`."""

    __tablename__ = "case_link"

    id: int | None = _id()
    case_id: int = Field(foreign_key="service_case.id", index=True)
    kind: str = _line()
    other_case_id: int | None = Field(default=None, foreign_key="service_case.id")
    reference: str = _line(default="")


class CaseTask(SQLModel, table=True):
    """Something to be done by somebody, or by a department, before a moment."""

    __tablename__ = "case_task"
    __table_args__ = (Index("ix_case_task_agent_due", "agent_id", "due_at"),)

    id: int | None = _id()
    case_id: int = Field(foreign_key="service_case.id", index=True)
    agent_id: int | None = Field(default=None, foreign_key="agent.id")
    department: str = _line(default="")
    value_id: int = Field(foreign_key="personal_value.id")
    due_at: datetime = _moment()
    done_at: datetime | None = _moment(default=None)


class CaseDocument(SQLModel, table=True):
    """What was written to a customer about a case, word for word, with its hash (SHA-256)."""

    __tablename__ = "case_document"
    __table_args__ = (Index("ix_case_document_case_kind", "case_id", "kind"),)

    id: int | None = _id()
    case_id: int = Field(foreign_key="service_case.id")
    kind: str = _line()
    language: str = _line()
    at: datetime = _moment()
    hash: str = _line()
    value_id: int = Field(foreign_key="personal_value.id")


class CaseHandover(SQLModel, table=True):
    """A case given to a department or level, and whether it was accepted, returned, passed on or gone on with."""

    __tablename__ = "case_handover"
    __table_args__ = (Index("ix_case_handover_department_state", "department", "state"),)

    id: int | None = _id()
    case_id: int = Field(foreign_key="service_case.id", index=True)
    route: str = _line(default="")
    level: int = 1
    department: str = _line()
    reason: str = _line(default="")
    warm: bool = False
    agent_id: int | None = Field(default=None, foreign_key="agent.id", index=True)
    at: datetime = _moment()
    summary_value_id: int = Field(foreign_key="personal_value.id")
    state: str = _line(default="waiting")
    decided_by: int | None = Field(default=None, foreign_key="agent.id")
    decided_at: datetime | None = _moment(default=None)
    comment_value_id: int | None = Field(default=None, foreign_key="personal_value.id")
    seen_at: datetime | None = _moment(default=None)


class CaseException(SQLModel, table=True):
    """Something beyond an agent's limits that they asked a supervisor for, what was decided, and when it was used."""

    __tablename__ = "case_exception"
    __table_args__ = (Index("ix_case_exception_state", "state"),)

    id: int | None = _id()
    case_id: int = Field(foreign_key="service_case.id", index=True)
    agent_id: int = Field(foreign_key="agent.id", index=True)
    asked_at: datetime = _moment()
    what_value_id: int = Field(foreign_key="personal_value.id")
    why_value_id: int = Field(foreign_key="personal_value.id")
    amount_cents: int | None = None
    state: str = _line(default="waiting")
    decided_by: int | None = Field(default=None, foreign_key="agent.id")
    decided_at: datetime | None = _moment(default=None)
    reason_value_id: int | None = Field(default=None, foreign_key="personal_value.id")
    used_at: datetime | None = _moment(default=None)
    seen_at: datetime | None = _moment(default=None)


class ContractLock(SQLModel, table=True):
    """Why a contract may not be cut off, or its debt not collected, while a case is pending."""

    __tablename__ = "contract_lock"

    id: int | None = _id()
    contract_id: int = Field(foreign_key="contract.id", index=True)
    case_id: int = Field(foreign_key="service_case.id", index=True)
    norm: str = _line()
    since: datetime = _moment()
    until: datetime | None = _moment(default=None)


class OutboxMessage(SQLModel, table=True):
    """Something to be sent. Its idempotency key keeps it from being queued, or sent, twice."""

    __tablename__ = "outbox_message"
    __table_args__ = (Index("ix_outbox_message_state_next", "state", "next_at"),)

    id: int | None = _id()
    idempotency_key: str = _key(unique=True)
    channel: str = _line()
    case_id: int | None = Field(default=None, foreign_key="service_case.id", index=True)
    document_id: int | None = Field(default=None, foreign_key="case_document.id")
    subject: str = _line(default="")
    recipient_value_id: int = Field(foreign_key="personal_value.id")
    body_value_id: int = Field(foreign_key="personal_value.id")
    state: str = _line(default="pending")
    attempts: int = 0
    created_at: datetime = _moment()
    next_at: datetime = _moment()
    lease_until: datetime | None = _moment(default=None)
    sent_at: datetime | None = _moment(default=None)
    last_error: str = _line(default="")


class OutboxAttempt(SQLModel, table=True):
    """A try to send a message, and how it ended."""

    __tablename__ = "outbox_attempt"

    message_id: int = Field(primary_key=True, foreign_key="outbox_message.id")
    number: int = Field(primary_key=True)
    at: datetime = _moment()
    outcome: str = _line()
    detail: str = _line(default="")


class CallbackPromise(SQLModel, table=True):
    """A call that a customer was promised, within a window of theirs."""

    __tablename__ = "callback_promise"
    __table_args__ = (
        Index("ix_callback_promise_state_from", "state", "from_at"),
        Index("ix_callback_promise_agent_state", "agent_id", "state"),
    )

    id: int | None = _id()
    case_id: int | None = Field(default=None, foreign_key="service_case.id")
    interaction_id: int | None = Field(default=None, foreign_key="interaction.id")
    customer_id: int | None = Field(default=None, foreign_key="customer.id")
    phone_value_id: int = Field(foreign_key="personal_value.id")
    from_at: datetime = _moment()
    until_at: datetime = _moment()
    agent_id: int | None = Field(default=None, foreign_key="agent.id")
    department: str = _line(default="")
    reason_value_id: int | None = Field(default=None, foreign_key="personal_value.id")
    commercial: bool = False
    asked: bool = False
    norm: str = _line(default="")
    state: str = _line(default="booked")
    attempts: int = 0
    created_at: datetime = _moment()
    ended_at: datetime | None = _moment(default=None)


class SupervisorRequest(SQLModel, table=True):
    """A customer who asked for a supervisor: from when, until when somebody had to take it, and how it ended."""

    __tablename__ = "supervisor_request"
    __table_args__ = (Index("ix_supervisor_request_state_limit", "state", "limit_at"),)

    id: int | None = _id()
    interaction_id: int | None = Field(default=None, foreign_key="interaction.id")
    case_id: int | None = Field(default=None, foreign_key="service_case.id")
    agent_id: int = Field(foreign_key="agent.id")
    asked_at: datetime = _moment()
    limit_at: datetime = _moment()
    state: str = _line(default="waiting")
    taken_by: int | None = Field(default=None, foreign_key="agent.id")
    ended_at: datetime | None = _moment(default=None)
    callback_id: int | None = Field(default=None, foreign_key="callback_promise.id")


class QueueCall(SQLModel, table=True):
    """A call as the telephone exchange's own log tells it. In milliseconds; `entered_ms` since 1970, in UTC."""

    __tablename__ = "queue_call"
    __table_args__ = (Index("ix_queue_call_entered", "entered_ms"), {"sqlite_with_rowid": False})

    queue: str = _key(primary_key=True)
    call_id: str = _key(primary_key=True)
    entered_ms: int = Field(sa_type=BigInteger)
    wait_ms: int | None = None
    talk_ms: int | None = None
    outcome: str = _line(default="waiting")
    agent: str = _line(default="")


class Article(SQLModel, table=True):
    """A knowledge article. Lists are JSON; `words` are the stems that search finds it by, fields parted by bars."""

    __tablename__ = "article"

    number: int | None = _id()
    id: str = _key(unique=True)
    title: str = _line()
    say: str = _lines(default="")
    body: str = _lines(default="")
    tags: str = _lines(default="[]")
    synonyms: str = _lines(default="[]")
    channels: str = _lines(default="[]")
    norms: str = _lines(default="[]")
    related: str = _lines(default="[]")
    criteria: str = _lines(default="[]")
    version: str = _line(default="")
    hash: str = _line(default="")
    status: str = _line(default="published")
    valid_from: date | None = None
    valid_to: date | None = None
    review_by: date | None = None
    checked_on: date | None = None
    sample: bool = False
    owner: str = _line(default="")
    author: str = _line(default="")
    approved_by: str = _line(default="")
    language: str = _line(default="es")
    says: str = _lines(default="{}")
    audience: str = _lines(default="[]")
    products: str = _lines(default="[]")
    replaced_by: str = _key(default="")
    words: str = _lines(default="")


class ArticleVersion(SQLModel, table=True):
    """What an article was before it was replaced, whole, as JSON."""

    __tablename__ = "article_version"

    id: int | None = _id()
    article_id: str = _key(index=True)
    version: str = _line()
    hash: str = _line()
    content: str = _lines()
    replaced_at: datetime = _moment()


class ArticleFile(SQLModel, table=True):
    """A file that an article was read from, as it was then: one that has not changed since is not read again."""

    __tablename__ = "article_file"

    path: str = _key(primary_key=True)
    article_id: str = _key(index=True)
    changed_ns: int = Field(sa_type=BigInteger)
    size: int = Field(sa_type=BigInteger)


class ArticleUse(SQLModel, table=True):
    """How often an article was told, and what agents said of it: repeats what journals say, for the search."""

    __tablename__ = "article_use"

    article_id: str = _key(primary_key=True)
    told: int = 0
    useful: int = 0
    wrong: int = 0
    last_told_at: datetime | None = _moment(default=None)


class ArticleTold(SQLModel, table=True):
    """A version of an article that was read to a customer: repeats a journal's entry, to find whom to call back."""

    __tablename__ = "article_told"
    __table_args__ = (Index("ix_article_told_article", "article_id", "version"),)

    interaction_id: int = Field(primary_key=True, foreign_key="interaction.id")
    seq: int = Field(primary_key=True)
    article_id: str = _key()
    version: str = _line()
    hash: str = _line()
    agent_id: int = Field(foreign_key="agent.id")
    told_at: datetime = _moment()


class ArticleFeedback(SQLModel, table=True):
    """What an agent said of an article: repeats a journal's entry, whose value holds the agent's words."""

    __tablename__ = "article_feedback"

    interaction_id: int = Field(primary_key=True, foreign_key="interaction.id")
    seq: int = Field(primary_key=True)
    article_id: str = _key(index=True)
    version: str = _line()
    verdict: str = _line()
    agent_id: int = Field(foreign_key="agent.id")
    given_at: datetime = _moment()


class KnowledgeGap(SQLModel, table=True):
    """A question that no article answered: repeats a journal's entry, whose value holds the question.

    Open until an article answers it, or somebody says why none will.
    """

    __tablename__ = "knowledge_gap"

    interaction_id: int = Field(primary_key=True, foreign_key="interaction.id")
    seq: int = Field(primary_key=True)
    kind: str = _line()
    agent_id: int = Field(foreign_key="agent.id")
    raised_at: datetime = _moment()
    status: str = _line(default="open", index=True)
    article_id: str = _key(default="")
    reason: str = _lines(default="")
    settled_by: int | None = Field(default=None, foreign_key="agent.id")
    settled_at: datetime | None = _moment(default=None)


class PracticeNote(SQLModel, table=True):
    """What passes between learner and trainer around an attempt: what the trainer has the customer say, marks, verdicts
    and signatures; and the forms that another attempt needs.
    """

    __tablename__ = "practice_note"

    id: int | None = _id()
    interaction_id: int = Field(foreign_key="interaction.id", index=True)
    kind: str = _line()
    name: str = _line()
    mark: int | None = None
    seq: int = 0
    words: str = _lines(default="")
    written_at: datetime = _moment()
