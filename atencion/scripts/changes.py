"""Two versions of a protocol compared in words: what was added, taken away, moved and reworded. Pure."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pydantic import BaseModel

from atencion.i18n import _
from atencion.scripts.drawing import exits
from atencion.scripts.fields import CapturedField
from atencion.scripts.protocol import END, Check, Protocol, Step
from atencion.scripts.texts import Text


@dataclass(frozen=True, slots=True)
class Change:
    """A difference: what it is about (`header`, `field`, `step` or `moment`), which one, and in words."""

    about: str
    name: str
    told: str


def changes(before: Protocol, after: Protocol) -> list[Change]:
    """All that differs from one version to the other, in the order in which a person would ask."""
    return [
        *_header(before, after),
        *_fields(before.fields, after.fields),
        *_steps(before, after),
        *_moments(before, after),
    ]


_APART = {"fields", "steps", "paths"}


def _header(before: Protocol, after: Protocol) -> Iterator[Change]:
    for name, info in Protocol.model_fields.items():
        if name in _APART:
            continue
        key, old, new = info.alias or name, getattr(before, name), getattr(after, name)
        if old != new:
            yield Change("header", key, _from_to(key, old, new))


def _fields(before: Mapping[str, CapturedField], after: Mapping[str, CapturedField]) -> Iterator[Change]:
    for name in dict.fromkeys((*before, *after)):
        if name not in after:
            yield Change("field", name, _("dato quitado: «{label}»").format(label=before[name].label))
        elif name not in before:
            yield Change("field", name, _("dato nuevo: «{label}»").format(label=after[name].label))
        else:
            for told in _keys(before[name], after[name]):
                yield Change("field", name, told)


def _steps(before: Protocol, after: Protocol) -> Iterator[Change]:
    old, new = before.by_id, after.by_id
    moved = _moved([name for name in old if name in new], [name for name in new if name in old])
    for name, step in old.items():
        if name not in new:
            yield Change("step", name, _("paso quitado: «{title}»").format(title=step.title))
    for name, step in new.items():
        place = _before(after, name)
        if name not in old:
            told = _("paso nuevo: «{title}», {place}").format(title=step.title, place=place)
            yield Change("step", name, told)
            continue
        if name in moved:
            yield Change("step", name, _("cambia de sitio: ahora {place}").format(place=place))
        for told in _step(before, after, old[name], step):
            yield Change("step", name, told)


def _before(protocol: Protocol, name: str) -> str:
    above = next((step for step, below in protocol.below.items() if below == name), None)
    return _("después de «{step}»").format(step=above) if above else _("el primero")


def _moved(old: Sequence[str], new: Sequence[str]) -> set[str]:
    """Those that no longer stand where the longest common order would have them."""
    matcher = difflib.SequenceMatcher(a=old, b=new, autojunk=False)
    kept = {name for block in matcher.get_matching_blocks() for name in new[block.b : block.b + block.size]}
    return set(new) - kept


_TOLD_APART = {"say", "next", "options", "checks", "id"}


def _step(before: Protocol, after: Protocol, old: Step, new: Step) -> Iterator[str]:
    yield from _said(old.say, new.say)
    ways_before, ways_after = _ways(before, old), _ways(after, new)
    for way in ways_before:
        if way not in ways_after:
            yield _("ya no va {way}").format(way=way)
    for way in ways_after:
        if way not in ways_before:
            yield _("ahora va {way}").format(way=way)
    yield from _checks(old.checks, new.checks)
    yield from _keys(old, new, apart=_TOLD_APART)


def _ways(protocol: Protocol, step: Step) -> list[str]:
    following = protocol.below[step.id]
    ways = []
    for why, target in exits(protocol, step):
        if not why and target == following and not step.next:
            continue  # It just goes on; what stands below is told as the steps that come and go.
        to = _("al final") if target == END else _("a «{step}»").format(step=target)
        ways.append(f"{to} ({why})" if why else to)
    return ways


def _said(old: Text | None, new: Text | None) -> Iterator[str]:
    before = {one.key: one.template.source for one in old.variants} if old else {}
    after = {one.key: one.template.source for one in new.variants} if new else {}
    for key in dict.fromkeys((*before, *after)):
        name = "" if key == "default" else f" ({key})"
        if key not in after:
            yield _("ya no se dice{variant}: «{text}»").format(variant=name, text=_short(before[key]))
        elif key not in before:
            yield _("se dice además{variant}: «{text}»").format(variant=name, text=_short(after[key]))
        elif before[key].split() != after[key].split():
            told = _("cambia lo que se dice{variant}: {change}")
            yield told.format(variant=name, change=_words(before[key], after[key]))


def _words(old: str, new: str) -> str:
    """What changes between two texts, word by word: [-gone-] and {+new+}."""
    before, after = old.split(), new.split()
    parts: list[str] = []
    for kind, i, j, k, m in difflib.SequenceMatcher(a=before, b=after, autojunk=False).get_opcodes():
        if kind == "equal":
            same = before[i:j]
            parts += same if len(same) <= 6 else [*same[:3], "…", *same[-3:]]
            continue
        parts += [f"[-{' '.join(before[i:j])}-]"] if j > i else []
        parts += [f"{{+{' '.join(after[k:m])}+}}"] if m > k else []
    return " ".join(parts)


def _checks(old: Sequence[Check], new: Sequence[Check]) -> Iterator[str]:
    before, after = {check.id: check for check in old}, {check.id: check for check in new}
    for name in dict.fromkeys((*before, *after)):
        if name not in after:
            yield _("comprobación quitada: «{label}»").format(label=before[name].label)
        elif name not in before:
            yield _("comprobación nueva: «{label}»").format(label=after[name].label)
        else:
            yield from _keys(before[name], after[name])


def _moments(before: Protocol, after: Protocol) -> Iterator[Change]:
    old, new = {one.id: one for one in before.moments}, {one.id: one for one in after.moments}
    for name in dict.fromkeys((*old, *new)):
        if name not in new:
            yield Change("moment", name, _("momento quitado: «{title}»").format(title=old[name].title))
        elif name not in old:
            yield Change("moment", name, _("momento nuevo: «{title}»").format(title=new[name].title))


def _keys(old: BaseModel, new: BaseModel, apart: set[str] | None = None) -> Iterator[str]:
    """The keys of two groups that differ."""
    for name in dict.fromkeys((*type(old).model_fields, *type(new).model_fields)):
        if name in (apart or ()):
            continue
        before, after = getattr(old, name, None), getattr(new, name, None)
        if before != after and _shown(before) != _shown(after):
            info = type(new).model_fields.get(name)
            yield _from_to((info.alias if info else None) or name, before, after)


def _from_to(key: str, old: object, new: object) -> str:
    before, after = _shown(old), _shown(new)
    if not before:
        return _("{key}: ahora {after}").format(key=key, after=after)
    if not after:
        return _("{key}: ya no {before}").format(key=key, before=before)
    return _("{key}: de {before} a {after}").format(key=key, before=before, after=after)


def _shown(value: object) -> str:
    if value is None or value == () or value == "":
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return "[" + ", ".join(_shown(one) for one in value) + "]"
    if isinstance(value, BaseModel):
        parts = (
            f"{info.alias or name}: {_shown(getattr(value, name))}" for name, info in type(value).model_fields.items()
        )
        return "{" + ", ".join(part for part in parts if not part.endswith(": ")) + "}"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_shown(one)}" for key, one in value.items()) + "}"
    return _short(str(getattr(value, "source", value)))


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 120 else line[:119] + "…"
