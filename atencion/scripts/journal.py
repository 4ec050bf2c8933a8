"""The words of the journal: every kind of entry there is, and the shape of one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

Scalar = str | int | float | bool | None


class Kind(StrEnum):
    """What can happen in an interaction."""

    OPENED = "opened"
    SPOKE = "spoke"
    SAID = "said"
    SENT = "sent"
    CAPTURED = "captured"
    CHECKED = "checked"
    UNCHECKED = "unchecked"
    CHOSE = "chose"
    DID = "did"
    ADVANCED = "advanced"
    JUMPED = "jumped"
    MOMENT = "moment"
    SKIPPED = "skipped"
    WENT_BACK = "went_back"
    CUT_OFF = "cut_off"
    NOTED = "noted"
    LOOKED_UP = "looked_up"
    IDENTIFIED = "identified"
    DROPPED = "dropped"
    REGISTERED = "registered"
    AMENDED = "amended"
    CHALLENGED = "challenged"
    ANSWERED = "answered"
    VERIFIED = "verified"
    LOCKED = "locked"
    SHOWED = "showed"
    SEARCHED = "searched"
    QUOTED = "quoted"
    TOLD = "told"
    NOT_FOUND = "not_found"
    JUDGED = "judged"
    CONSULTED = "consulted"
    ADVISED = "advised"
    RESOLVED = "resolved"
    ESCALATED = "escalated"
    KEY_TOLD = "key_told"
    LEFT_OPEN = "left_open"
    RESUMED = "resumed"
    CLOSED = "closed"
    PRACTISED = "practised"
    UTTERED = "uttered"
    HEARD = "heard"


class Recorded(Protocol):
    """An entry of the journal with its value: what the store gives back."""

    @property
    def seq(self) -> int: ...
    @property
    def at(self) -> datetime: ...
    @property
    def kind(self) -> str: ...
    @property
    def step(self) -> str: ...
    @property
    def body(self) -> Mapping[str, Scalar]: ...
    @property
    def value(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class NewEntry:
    """An entry about to be written.

    `body` holds ids, numbers and booleans of the program's own. What a person said or typed is `value`, which the store
    keeps apart so that it can be destroyed by law while the entry stays.
    """

    kind: Kind
    step: str = ""
    body: Mapping[str, Scalar] = field(default_factory=dict)
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry in its place: the first is number 1, moments are in UTC."""

    seq: int
    at: datetime
    kind: str
    step: str = ""
    body: Mapping[str, Scalar] = field(default_factory=dict)
    value: str | None = None
