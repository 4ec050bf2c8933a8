"""What is typed in a call and not confirmed, until the store has it: lost neither by a refusal nor by a full disk."""

from __future__ import annotations

from collections.abc import Iterable


class Drafts:
    """By the name of its field. What stands here is newer than what the store last told.

    A text goes one of two ways: it is saved as a draft, or it is sent to be written for good. Both may fail, and then
    it is unsaved again.
    """

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}
        self._unsaved: set[str] = set()
        self._saving: list[dict[str, str]] = []
        self._sent: set[str] = set()

    def text(self, slot: str, stored: str) -> str:
        """What stands in a field of which the store last told `stored`."""
        return self._texts.get(slot, stored)

    def put(self, slot: str, text: str) -> None:
        """This was typed."""
        self._texts[slot] = text
        self._unsaved.add(slot)
        self._sent.discard(slot)

    def unsaved(self) -> dict[str, str]:
        """What would be lost if the program ended now."""
        slots = self._unsaved.union(self._sent, *self._saving)
        return {slot: text for slot, text in self._texts.items() if slot in slots}

    def take(self) -> dict[str, str]:
        """What is to be saved now; `saved` or `not_saved` tells how that ended."""
        taken = {slot: self._texts[slot] for slot in self._unsaved}
        self._unsaved.clear()
        if taken:
            self._saving.append(taken)
        return taken

    def saved(self, taken: dict[str, str]) -> None:
        """The store has it."""
        self._forget_saving(taken)

    def not_saved(self, taken: dict[str, str]) -> None:
        """The store has it not."""
        self._forget_saving(taken)
        self._unsaved.update(taken.keys() & self._texts.keys())

    def send(self, slots: Iterable[str]) -> None:
        """What stands in these fields is about to be written for good; `written` or `refused` tells how that ended."""
        sent = set(slots) & self._texts.keys()
        self._sent |= sent
        self._unsaved -= sent

    def refused(self) -> None:
        """What was sent is still only typed."""
        self._unsaved |= self._sent
        self._sent.clear()

    def written(self) -> None:
        """The store has told anew what it has: what was sent is no draft any more, what is saved stands there."""
        self._sent.clear()
        newer = self._unsaved.union(*self._saving)
        self._texts = {slot: text for slot, text in self._texts.items() if slot in newer}

    def _forget_saving(self, taken: dict[str, str]) -> None:
        self._saving = [one for one in self._saving if one is not taken]
