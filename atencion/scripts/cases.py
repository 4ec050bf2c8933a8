"""What may happen to a case, and when an answer is one. Pure: no clock, no store.

Nothing here closes a case because its time ran out (Ley 10/2025 art. 13.2): only somebody's act does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from atencion.errors import Refused
from atencion.i18n import _
from atencion.text import clean_text, fold_words

LONGEST = 20_000
"""Characters of a subject, an item or an answer."""


class CaseStatus(StrEnum):
    """Where a case stands."""

    OPEN = "open"
    WAITING = "waiting"
    ESCALATED = "escalated"
    RESOLVED = "resolved"
    NOTIFIED = "notified"
    CLOSED = "closed"
    REOPENED = "reopened"


class Move(StrEnum):
    """What can be done that moves a case. ASK waits for the customer to complete it, LAPSE says they did not."""

    ASK = "ask"
    COMPLETE = "complete"
    LAPSE = "lapse"
    ESCALATE = "escalate"
    ACCEPT = "accept"
    RETURN = "return"
    ANSWER = "answer"
    RESOLVE = "resolve"
    NOTIFY = "notify"
    CLOSE = "close"
    REOPEN = "reopen"
    MERGE = "merge"


class Decision(StrEnum):
    """How a demand, or a whole case, is decided."""

    ACCEPTED = "accepted"
    PARTLY = "partly"
    REFUSED = "refused"


class CaseRefused(Refused):
    """A case cannot take this. `norm` is the one that forbids it, if one does."""

    def __init__(self, message: str, remedy: str = "", *, norm: str | None = None) -> None:
        super().__init__(message, remedy=remedy)
        self.norm = norm


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one item: what is decided and why."""

    item: int
    decision: Decision
    reasons: str


def after(status: CaseStatus, move: Move) -> CaseStatus:
    """Where a move leads. Raises CaseRefused if the case cannot take it."""
    to = MOVES[status].get(move)
    if to is None:
        raise CaseRefused(
            _("El expediente está {status} y no admite eso.").format(status=status_label(status)),
            _("Ahora admite: {moves}.").format(moves=", ".join(move_label(one) for one in MOVES[status])),
        )
    return to


def status_label(status: CaseStatus | str) -> str:
    """The status as people read it."""
    return {
        CaseStatus.OPEN: _("abierto"),
        CaseStatus.WAITING: _("pendiente del cliente"),
        CaseStatus.ESCALATED: _("derivado"),
        CaseStatus.RESOLVED: _("resuelto, sin comunicar"),
        CaseStatus.NOTIFIED: _("resuelto y comunicado"),
        CaseStatus.CLOSED: _("cerrado"),
        CaseStatus.REOPENED: _("reabierto"),
    }.get(CaseStatus(status), str(status))


def move_label(move: Move) -> str:
    """The move as people read it."""
    return {
        Move.ASK: _("pedir lo que falta"),
        Move.COMPLETE: _("completar"),
        Move.LAPSE: _("dar por no completado"),
        Move.ESCALATE: _("derivar"),
        Move.ACCEPT: _("aceptar"),
        Move.RETURN: _("devolver"),
        Move.ANSWER: _("contestar"),
        Move.RESOLVE: _("resolver"),
        Move.NOTIFY: _("comunicar"),
        Move.CLOSE: _("cerrar"),
        Move.REOPEN: _("reabrir"),
        Move.MERGE: _("unir a otro"),
    }[move]


def decision_label(decision: Decision | str) -> str:
    """The decision as people read it."""
    return {
        Decision.ACCEPTED: _("aceptada"),
        Decision.PARTLY: _("aceptada en parte"),
        Decision.REFUSED: _("no aceptada"),
    }[Decision(decision)]


def check_answers(items: Mapping[int, str | None], answers: Sequence[Answer]) -> dict[int, Answer]:
    """The answers by item, each item once and each with its reasons (Ley 10/2025 art. 13.1).

    Refused if an item is left without answer or reasons, or if one text answers items that differ.
    """
    by_item: dict[int, Answer] = {}
    if not items:
        raise CaseRefused(_("No consta qué pidió el cliente."), norm=NORM_REASONED)
    for answer in answers:
        if answer.item not in items:
            raise CaseRefused(_("No hay ninguna cuestión {number}.").format(number=answer.item))
        if answer.item in by_item:
            raise CaseRefused(_("La cuestión {number} tiene dos respuestas.").format(number=answer.item))
        by_item[answer.item] = Answer(answer.item, answer.decision, clean_text(answer.reasons, LONGEST).strip())
    without = [number for number in items if number not in by_item or not fold_words(by_item[number].reasons)]
    if without:
        raise CaseRefused(
            _("Falta la respuesta razonada a lo que se planteó: {numbers}.").format(
                numbers=", ".join(_told(number, items[number]) for number in without)
            ),
            _("Cada cuestión se contesta con sus motivos."),
            norm=NORM_REASONED,
        )
    _refuse_one_text_for_all(items, by_item)
    return by_item


def whole_decision(answers: Sequence[Answer]) -> Decision:
    """What a case amounts to: accepted or refused if every item is, else in part."""
    decisions = {answer.decision for answer in answers}
    return decisions.pop() if len(decisions) == 1 else Decision.PARTLY


def _refuse_one_text_for_all(items: Mapping[int, str | None], by_item: Mapping[int, Answer]) -> None:
    seen: dict[tuple[str, ...], int] = {}
    for number, answer in sorted(by_item.items()):
        words = tuple(fold_words(answer.reasons))
        other = seen.setdefault(words, number)
        if other != number and fold_words(items[other] or "") != fold_words(items[number] or ""):
            raise CaseRefused(
                _("El mismo texto contesta a cuestiones distintas: {one} y {other}.").format(
                    one=_told(other, items[other]), other=_told(number, items[number])
                ),
                _("No valen fórmulas generales: cada una lleva su respuesta."),
                norm=NORM_REASONED,
            )


def _told(number: int, text: str | None) -> str:
    words = clean_text(text or "", 60, 1)
    return f"{number} («{words}»)" if words else str(number)


OPEN_STATES = frozenset({CaseStatus.OPEN, CaseStatus.WAITING, CaseStatus.ESCALATED, CaseStatus.REOPENED})
"""Not decided yet."""

NORM_REASONED = "ley-10-2025/13.1"

_IN_HAND: dict[Move, CaseStatus] = {
    Move.ASK: CaseStatus.WAITING,
    Move.ESCALATE: CaseStatus.ESCALATED,
    Move.RESOLVE: CaseStatus.RESOLVED,
    Move.MERGE: CaseStatus.CLOSED,
}
MOVES: dict[CaseStatus, dict[Move, CaseStatus]] = {
    CaseStatus.OPEN: {**_IN_HAND, Move.ANSWER: CaseStatus.OPEN},
    CaseStatus.REOPENED: {**_IN_HAND, Move.ANSWER: CaseStatus.REOPENED},
    CaseStatus.WAITING: {
        Move.COMPLETE: CaseStatus.OPEN,
        Move.LAPSE: CaseStatus.RESOLVED,
        Move.ANSWER: CaseStatus.WAITING,
        Move.RESOLVE: CaseStatus.RESOLVED,
        Move.MERGE: CaseStatus.CLOSED,
    },
    CaseStatus.ESCALATED: {
        **_IN_HAND,
        Move.ANSWER: CaseStatus.ESCALATED,
        Move.ACCEPT: CaseStatus.OPEN,
        Move.RETURN: CaseStatus.OPEN,
    },
    CaseStatus.RESOLVED: {Move.NOTIFY: CaseStatus.NOTIFIED, Move.REOPEN: CaseStatus.REOPENED},
    CaseStatus.NOTIFIED: {Move.CLOSE: CaseStatus.CLOSED, Move.REOPEN: CaseStatus.REOPENED},
    CaseStatus.CLOSED: {Move.REOPEN: CaseStatus.REOPENED},
}
"""Every move there is. A case is closed from NOTIFIED alone, or by being merged into the one that goes on."""
