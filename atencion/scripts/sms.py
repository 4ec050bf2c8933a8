"""How long a text message is, as networks count it: 3GPP TS 23.038 (once GSM 03.38). Pure.

A message of GSM-7 characters takes 160 in one segment and 153 in each of several; those of the extension table count
double. One character outside both turns the whole message into UCS-2: 70 units in one segment, 67 in each of several,
where a character beyond the basic plane is two units. Neither a double nor a pair is parted between segments.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

GSM_7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""The default alphabet, its escape apart."""

GSM_7_EXTENSION = frozenset("\f^{}\\[~]|€")
"""The characters that need an escape before them."""


class Encoding(StrEnum):
    """How a message travels."""

    GSM_7 = "GSM-7"
    UCS_2 = "UCS-2"


_ROOM = {Encoding.GSM_7: (160, 153), Encoding.UCS_2: (70, 67)}


@dataclass(frozen=True, slots=True)
class SmsLength:
    """`units` are what is counted, `left` those that the last segment still takes; `forcing` are the characters that
    keep the message from being GSM-7, each once.
    """

    encoding: Encoding
    units: int
    segments: int
    left: int
    forcing: tuple[str, ...] = ()


def measure(text: str) -> SmsLength:
    """How long a message is. An empty one takes no segment."""
    forcing = tuple(dict.fromkeys(char for char in text if char not in GSM_7 and char not in GSM_7_EXTENSION))
    encoding = Encoding.UCS_2 if forcing else Encoding.GSM_7
    if forcing:
        sizes = [2 if ord(char) > 0xFFFF else 1 for char in text]
    else:
        sizes = [2 if char in GSM_7_EXTENSION else 1 for char in text]
    units, (alone, joined) = sum(sizes), _ROOM[encoding]
    if units <= alone:
        return SmsLength(encoding, units, int(units > 0), alone - units, forcing)
    segments, last = _packed(sizes, joined)
    return SmsLength(encoding, units, segments, joined - last, forcing)


def capacity(encoding: Encoding, segments: int) -> int:
    """How many units so many segments take."""
    alone, joined = _ROOM[encoding]
    return alone if segments == 1 else segments * joined


def _packed(sizes: Iterable[int], room: int) -> tuple[int, int]:
    """How many segments characters of these sizes fill, and how many units stand in the last."""
    segments, filled = 1, 0
    for size in sizes:
        if filled + size > room:
            segments, filled = segments + 1, 0
        filled += size
    return segments, filled
