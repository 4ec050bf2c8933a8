"""Making one customer of two, and two again.

One is kept; all that hangs from the other is moved to it, cell by cell in the history, so that undoing it is taking the
changes back. The other's row stays, out of every search, and leads to the one kept. What came after the merge stays
with the one kept unless it says that it is the other's: it hangs from an interaction, a case or a contract of theirs.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from atencion.data.connection import Connection
from atencion.data.customer_edits import BETWEEN_NAMES, add_former_name, reindex
from atencion.data.customer_history import (
    ROW,
    Change,
    as_text,
    note_changes,
    revert,
    write_cell,
)
from atencion.data.customers import (
    AddressRecord,
    ContactRecord,
    CustomerCard,
    CustomerRecord,
    IdentifierKind,
    IdentifierRecord,
    cards,
    identifier_row,
)
from atencion.data.origins import NewOrigin, OriginKind, add_origin
from atencion.data.sql import Statement, Value, moment, moment_or_none
from atencion.errors import Refused
from atencion.i18n import _

FIELDS = (
    "kind", "external_id", "given_name", "surnames", "company_name", "birth_date", "language", "treatment",
    "accessibility",
)  # fmt: skip
"""The data of which a customer has one: those of the one kept stand, unless they are empty or the other's are taken."""

FOLLOWERS = (
    "contract", "invoice", "customer_alert", "interaction", "service_case", "personal_value", "consent_record",
    "document_entry", "callback_promise", "loyalty_member", "loyalty_offer", "survey_request",
    "survey_answer",
)  # fmt: skip
"""The tables whose rows are moved whole. Identifiers, contacts and addresses are too, save those both have."""

WORDS = {
    "service_case": ("subject_value_id", "address_value_id"),
    "consent_record": ("text_value_id",),
    "document_entry": ("title_value_id", "reference_value_id"),
    "callback_promise": ("phone_value_id", "reason_value_id"),
    "survey_answer": ("comment_value_id",),
    "case_event": ("value_id",),
    "case_item": ("value_id", "reasons_value_id"),
    "case_task": ("value_id",),
    "case_document": ("value_id",),
    "case_handover": ("summary_value_id", "comment_value_id"),
    "case_exception": ("what_value_id", "why_value_id", "reason_value_id"),
    "outbox_message": ("recipient_value_id", "body_value_id"),
}
"""The columns that point to what was said or typed, by table, those of interactions apart."""


@dataclass(frozen=True)
class MergeField:
    """A datum in a preview: what each has, and whether the other's is the one that stays."""

    name: str
    kept: str
    other: str
    takes_other: bool

    @property
    def differs(self) -> bool:
        """Whether there is anything to choose."""
        return bool(self.kept and self.other and self.kept != self.other)


@dataclass(frozen=True)
class MergePreview:
    """What a merge would do: the fields one by one, and how many rows of each table would move, parts included."""

    kept: CustomerCard
    other: CustomerCard
    fields: tuple[MergeField, ...]
    moved: dict[str, int]
    different_documents: bool


@dataclass(frozen=True)
class Parts:
    """Identifiers, contacts and addresses of a customer."""

    identifiers: tuple[IdentifierRecord, ...]
    contacts: tuple[ContactRecord, ...]
    addresses: tuple[AddressRecord, ...]


@dataclass(frozen=True)
class Merge:
    """A merge that was made."""

    id: int
    kept_id: int
    merged_id: int
    at: datetime
    undone_at: datetime | None


@dataclass(frozen=True)
class Unmerged:
    """How undoing a merge ended: both customers, the later interactions given to the other, and what stayed changed."""

    kept_id: int
    restored_id: int
    given: tuple[int, ...]
    later: tuple[int, ...]
    kept_changes: tuple[Change, ...]


def preview(connection: Connection, kept_id: int, other_id: int, take: Collection[str] = ()) -> MergePreview:
    """What merging would do. Raises Refused if they cannot be merged, or `take` names no field."""
    kept, other = _both(connection, kept_id, other_id)
    unknown = [name for name in take if name not in FIELDS]
    if unknown:
        raise Refused(
            _("«{name}» no es un dato que se pueda elegir.").format(name=unknown[0]),
            remedy=_("Uno de estos: {names}").format(names=", ".join(FIELDS)),
        )
    fields = tuple(_field(kept, other, name, name in take) for name in FIELDS)
    passing = own_parts(other, kept)
    moved = {
        "identifier": len(passing.identifiers),
        "contact_point": len(passing.contacts),
        "address": len(passing.addresses),
    } | {table: len(list(_IDS[table].run(connection, id=other_id, kept=kept_id))) for table in FOLLOWERS}
    return MergePreview(kept, other, fields, moved, _documents_differ(kept, other))


def own_parts(customer: CustomerRecord, beside: CustomerRecord) -> Parts:
    """What a customer has that another has not: what would move if they were made one."""
    known = {part.normal for part in beside.identifiers}
    reached = {(part.kind, part.normal) for part in beside.contacts}
    homes = {(part.street, part.postcode) for part in beside.addresses}
    return Parts(
        tuple(part for part in customer.identifiers if part.normal not in known),
        tuple(part for part in customer.contacts if (part.kind, part.normal) not in reached),
        tuple(part for part in customer.addresses if (part.street, part.postcode) not in homes),
    )


def merge(
    connection: Connection, kept_id: int, other_id: int, take: Collection[str] = (), *, by: int | None, at: datetime
) -> int:
    """Make one of two; returns the number of the merge. Raises Refused as `preview`."""
    seen = preview(connection, kept_id, other_id, take)
    origin_id = add_origin(connection, NewOrigin(OriginKind.MERGE, at, by, detail=f"{kept_id} < {other_id}"))
    changes = _Changes(connection, kept_id)
    # The other gives its number up first: no two customers may have the same, not for an instant.
    changes.cell("customer", other_id, "merged_into", None, kept_id)
    if seen.other.external_id:
        changes.cell("customer", other_id, "external_id", seen.other.external_id, None)
    _take_fields(changes, seen)
    _move_parts(connection, changes, seen, origin_id)
    for table in FOLLOWERS:
        for row in _IDS[table].run(connection, id=other_id, kept=kept_id):
            changes.cell(table, row[0], "customer_id", other_id, kept_id)
    note_changes(connection, origin_id, changes.made)
    reindex(connection, [kept_id, other_id])
    _SETTLE_PAIRS.run(connection, id=other_id, kept=kept_id, at=at, by=by)
    return int(_ADD.run(connection, kept=kept_id, other=other_id, origin_id=origin_id).scalar_one())


def unmerge(
    connection: Connection, merge_id: int, give: Collection[int] = (), *, by: int | None, at: datetime
) -> Unmerged:
    """Make two again of a merge. What each has is as it was, save what was changed again since; the pair that the merge
    settled waits in the queue again, for it may have been made the wrong way round.

    Interactions since the merge go to the restored one if `give` names them, or if they came from a phone that is only
    its own. With them goes all that came in them; and with each case and contract of theirs, what came of it since.
    Raises Refused if there is no such merge to undo.
    """
    done = _merge_of(connection, merge_id)
    later = [int(row.id) for row in _LATER.run(connection, id=done.kept_id, at=moment(done.at))]
    wrong = sorted(set(give) - set(later))
    if wrong:
        raise Refused(
            _("La interacción {id} no es posterior a la fusión, o no es de este cliente.").format(id=wrong[0])
        )
    back = revert(connection, done.origin_id)
    reindex(connection, back.customers)
    origin_id = add_origin(connection, NewOrigin(OriginKind.UNMERGE, at, by, detail=str(merge_id)))
    given = sorted({*give, *_by_own_phone(connection, done.kept_id, done.merged_id, later)})
    note_changes(connection, origin_id, _give(connection, given, done))
    reverse = [Change(one.customer_id, one.entity, one.row_id, one.field, one.new, one.old) for one in back.undone]
    note_changes(connection, origin_id, reverse)
    _UNDONE.run(connection, id=merge_id, at=at)
    low, high = sorted((done.kept_id, done.merged_id))
    _REOPEN_PAIR.run(connection, low=low, high=high)
    stays = tuple(i for i in later if i not in given)
    return Unmerged(done.kept_id, done.merged_id, tuple(given), stays, back.kept)


def merges(connection: Connection, limit: int = 50) -> list[Merge]:
    """The latest merges, the latest first."""
    return [_as_merge(row) for row in _LATEST.run(connection, limit=limit)]


def merges_of(connection: Connection, customer_id: int) -> list[Merge]:
    """The merges that a customer was in, the latest first."""
    return [_as_merge(row) for row in _MERGES_OF.run(connection, id=customer_id)]


class _Changes:
    """Cells written and remembered, under the customer that is kept."""

    def __init__(self, connection: Connection, customer_id: int) -> None:
        self.made: list[Change] = []
        self._connection = connection
        self._customer_id = customer_id

    def cell(self, entity: str, row_id: int, field: str, old: Value, new: Value) -> None:
        """Write a cell."""
        write_cell(self._connection, entity, row_id, field, new)
        self.made.append(Change(self._customer_id, entity, row_id, field, as_text(old), as_text(new)))


def _both(connection: Connection, kept_id: int, other_id: int) -> tuple[CustomerCard, CustomerCard]:
    found = {card.id: card for card in cards(connection, [kept_id, other_id])}
    for customer_id in (kept_id, other_id):
        card = found.get(customer_id)
        if card is None:
            raise Refused(_("No hay ningún cliente {id}.").format(id=customer_id))
        if card.merged_into is not None:
            raise Refused(
                _("El cliente {id} ya está fusionado en el {into}.").format(id=customer_id, into=card.merged_into)
            )
    if kept_id == other_id:
        raise Refused(_("Un cliente no se fusiona consigo mismo."))
    return found[kept_id], found[other_id]


def _field(kept: CustomerCard, other: CustomerCard, name: str, taken: bool) -> MergeField:
    ours, theirs = _text(getattr(kept, name)), _text(getattr(other, name))
    # Of a name, given name and surnames go together: half of each would be nobody's.
    fills = not ours and bool(theirs) and (name not in _NAME or not kept.name)
    return MergeField(name, ours, theirs, bool(theirs) and (taken or fills))


_NAME = ("given_name", "surnames")


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _documents_differ(kept: CustomerCard, other: CustomerCard) -> bool:
    ours, theirs = ({part.normal for part in card.documents} for card in (kept, other))
    return bool(ours and theirs) and not ours & theirs


def _take_fields(changes: _Changes, seen: MergePreview) -> None:
    for field in seen.fields:
        old, new = getattr(seen.kept, field.name), getattr(seen.other, field.name)
        if field.takes_other and old != new:
            changes.cell("customer", seen.kept.id, field.name, _plain(old), _plain(new))
    names = seen.kept.former_names
    for name in (*seen.other.former_names.split(BETWEEN_NAMES), seen.other.name, seen.kept.name):
        names = add_former_name(names, name)
    now = replace(seen.kept, **{one.name: getattr(seen.other, one.name) for one in seen.fields if one.takes_other}).name
    names = BETWEEN_NAMES.join(one for one in names.split(BETWEEN_NAMES) if one != now)
    if names != seen.kept.former_names:
        changes.cell("customer", seen.kept.id, "former_names", seen.kept.former_names, names)


def _plain(value: Any) -> Value:
    return value if value is None or isinstance(value, date) else str(value)


def _move_parts(connection: Connection, changes: _Changes, seen: MergePreview, origin_id: int) -> None:
    kept, other = seen.kept, seen.other
    passing = own_parts(other, kept)
    for part in passing.identifiers:
        changes.cell("identifier", part.id, "customer_id", other.id, kept.id)
    has_primary = {part.kind for part in kept.contacts if part.primary}
    for contact in passing.contacts:
        changes.cell("contact_point", contact.id, "customer_id", other.id, kept.id)
        if contact.primary and contact.kind in has_primary:
            changes.cell("contact_point", contact.id, "is_primary", True, False)
    for address in passing.addresses:
        changes.cell("address", address.id, "customer_id", other.id, kept.id)
        if address.primary and any(one.primary for one in kept.addresses):
            changes.cell("address", address.id, "is_primary", True, False)
    _keep_number(connection, changes, seen, origin_id)


def _keep_number(connection: Connection, changes: _Changes, seen: MergePreview, origin_id: int) -> None:
    """Have the number that one of the two loses lead to the one kept."""
    takes = next(field.takes_other for field in seen.fields if field.name == "external_id")
    lost = seen.kept.external_id if takes else seen.other.external_id
    if lost:
        row = identifier_row(seen.kept.id, IdentifierRecord(IdentifierKind.CODE, lost), origin_id)
        added = _ADD_CODE.run(connection, **row).scalar()
        if added is not None:
            changes.made.append(Change(seen.kept.id, "identifier", int(added), ROW, None, lost))


def _merge_of(connection: Connection, merge_id: int) -> Any:
    row = _MERGE.run(connection, id=merge_id).first()
    if row is None:
        raise Refused(_("No hay ninguna fusión {id}.").format(id=merge_id))
    if row.undone_at is not None:
        raise Refused(_("La fusión {id} ya está deshecha.").format(id=merge_id))
    if row.now_in is not None:
        raise Refused(
            _("El cliente {id} se ha fusionado después en el {into}.").format(id=row.kept_id, into=row.now_in),
            remedy=_("Deshaga antes esa otra fusión."),
        )
    return row


def _by_own_phone(connection: Connection, kept_id: int, other_id: int, later: Sequence[int]) -> list[int]:
    kept, other = cards(connection, [kept_id, other_id])
    own = {part.normal for part in other.contacts} - {part.normal for part in kept.contacts}
    return [
        int(row.id)
        for row in _PHONES.run(connection, ids=list(later))
        if row.phone and _international(row.phone) in own
    ]


def _international(phone: str) -> str:
    digits = "".join(char for char in phone if char.isdigit() or char == "+")
    return digits if digits.startswith("+") else f"+34{digits}"


def _give(connection: Connection, interactions: Sequence[int], done: Any) -> list[Change]:
    """Move what came since a merge and is the restored one's: these interactions, and what hangs from any of theirs."""
    changes = _Changes(connection, done.merged_id)
    at = moment(done.at)
    about: dict[str, Value] = {"from": done.kept_id, "to": done.merged_id, "at": at, "day": at.date()}
    for table, statement in _THEIRS.items():
        for row in statement.run(connection, given=list(interactions), **about):
            changes.cell(table, row[0], "customer_id", done.kept_id, done.merged_id)
    return changes.made


def _as_merge(row: Any) -> Merge:
    return Merge(row.id, row.kept_id, row.merged_id, moment(row.at), moment_or_none(row.undone_at))


_IDS = {table: Statement(f"SELECT id FROM {table} WHERE customer_id = :id ORDER BY id") for table in FOLLOWERS} | {
    # In a programme one is once: where both are, each stays with its own.
    "loyalty_member": Statement(
        """
        SELECT id FROM loyalty_member WHERE customer_id = :id
            AND programme NOT IN (SELECT programme FROM loyalty_member WHERE customer_id = :kept)
        ORDER BY id
        """
    )
}
_IN_GIVEN = "interaction_id IN @given"
_OF_CONTRACT = "contract_id IN (SELECT id FROM contract WHERE customer_id = :to)"
_OF_CASE = "case_id IN (SELECT id FROM service_case WHERE customer_id = :to)"
_POINTED_TO = " UNION ALL ".join(
    f"SELECT {column} FROM {table} WHERE " + ("customer_id = :to" if table in FOLLOWERS else _OF_CASE)
    for table, columns in WORDS.items()
    for column in columns
)
# In this order: first what others hang from, last the words, that go with whatever points to them. What is not known by
# its interaction is only theirs if it came since the merge: before it, it was of whom it was for a reason.
_THEIRS = {
    table: Statement(f"SELECT id FROM {table} WHERE customer_id = :from AND ({condition}) ORDER BY id")
    for table, condition in {
        "interaction": "id IN @given",
        "customer_alert": "origin_id IN (SELECT id FROM origin WHERE interaction_id IN @given)",
        "invoice": f"issued_on >= :day AND {_OF_CONTRACT}",
        "service_case": f"opened_by_interaction IN @given OR (opened_at > :at AND {_OF_CONTRACT})",
        "callback_promise": f"{_IN_GIVEN} OR (created_at > :at AND {_OF_CASE})",
        "survey_request": f"{_IN_GIVEN} OR (asked_at > :at AND {_OF_CASE})",
        "survey_answer": f"{_IN_GIVEN} OR (answered_at > :at AND {_OF_CASE})",
        "consent_record": _IN_GIVEN,
        "document_entry": _IN_GIVEN,
        "loyalty_offer": _IN_GIVEN,
        "loyalty_member": _IN_GIVEN
        + " AND programme NOT IN (SELECT programme FROM loyalty_member WHERE customer_id = :to)",
        "personal_value": f"{_IN_GIVEN} OR (created_at > :at AND id IN ({_POINTED_TO}))",
    }.items()
}
_ADD_CODE = Statement(
    """
    INSERT INTO identifier (customer_id, kind, value, normal, origin_id)
    VALUES (:customer_id, :kind, :value, :normal, :origin_id) ON CONFLICT DO NOTHING RETURNING id
    """
)
_ADD = Statement(
    """
    INSERT INTO customer_merge (kept_id, merged_id, origin_id) VALUES (:kept, :other, :origin_id) RETURNING id
    """
)
_SELECT = "SELECT m.*, o.at FROM customer_merge m JOIN origin o ON o.id = m.origin_id "
_LATEST = Statement(_SELECT + "ORDER BY m.id DESC LIMIT :limit")
_MERGES_OF = Statement(_SELECT + "WHERE m.kept_id = :id OR m.merged_id = :id ORDER BY m.id DESC")
_MERGE = Statement(
    """
    SELECT m.*, o.at, c.merged_into AS now_in FROM customer_merge m
    JOIN origin o ON o.id = m.origin_id JOIN customer c ON c.id = m.kept_id WHERE m.id = :id
    """
)
_UNDONE = Statement("UPDATE customer_merge SET undone_at = :at WHERE id = :id")
_LATER = Statement("SELECT id FROM interaction WHERE customer_id = :id AND opened_at > :at ORDER BY id")
_PHONES = Statement("SELECT id, phone FROM interaction WHERE id IN @ids")
_SETTLE_PAIRS = Statement(
    """
    UPDATE twin_pair SET status = 'merged', decided_at = :at, decided_by = :by
    WHERE status = 'open' AND (low_id = :id OR high_id = :id) AND (low_id = :kept OR high_id = :kept)
    """
)
# Only what the merge decided is forgotten: that two had been told apart before it was decided by somebody.
_REOPEN_PAIR = Statement(
    """
    UPDATE twin_pair SET status = 'open', decided_at = NULL, decided_by = NULL
    WHERE low_id = :low AND high_id = :high AND status = 'merged'
    """
)
