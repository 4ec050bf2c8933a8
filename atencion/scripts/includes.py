"""Reuse across files: the steps of fragments put where a protocol includes them, calls them or opens them as moments.

What comes out is one effective protocol in which every node keeps the place where it was written. A fragment is text
with parameters: a scalar may hold `${name}`, and one that is exactly that may be given a list or a group of keys.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Annotated, TypeVar

from pydantic import Field

from atencion.errors import Problem, ProblemsFound
from atencion.i18n import _
from atencion.scripts.document import Document, Loc, Mark, Node
from atencion.scripts.fields import CapturedField
from atencion.scripts.model import Criterion, Identifier, Line, Strict, validate
from atencion.scripts.protocol import END, FragmentRef, Language, Version

FindFragment = Callable[[str], Document]
"""The document of the fragment of that id. Raises ProblemsFound if it cannot be read, KeyError if there is none."""

MAX_DEPTH = 5

T = TypeVar("T", bound=Strict)


class FragmentParam(Strict):
    """What a fragment is told by whoever uses it; without a `default` it must be told."""

    label: Line
    default: str | None = None


class Fragment(Strict):
    """A file of steps for others to use, apart from its steps, which are read where they are used."""

    id: Annotated[str, Field(pattern=r"^common/[a-z0-9][a-z0-9-]*$")]
    version: Version
    title: Line
    description: Line | None = None
    author: Line
    approved_by: Line | None = None
    change_note: Line | None = None
    criteria: tuple[Criterion, ...] = ()
    language: Language = "es"
    languages: tuple[Language, ...] = ()
    params: dict[Identifier, FragmentParam] = Field(default_factory=dict)
    moment: Line | None = None
    fields: dict[Identifier, CapturedField] = Field(default_factory=dict)
    steps: Annotated[tuple[object, ...], Field(min_length=1)]


class Include(Strict):
    """An item of `steps` that puts a fragment's steps there, some of them changed."""

    include: FragmentRef
    with_: dict[Identifier, object] = Field(default_factory=dict, alias="with")
    prefix: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,20}_$")] = ""
    remove: tuple[Identifier, ...] = ()
    replace: dict[Identifier, dict[str, object]] = Field(default_factory=dict)
    before: dict[Identifier, tuple[object, ...]] = Field(default_factory=dict)
    after: dict[Identifier, tuple[object, ...]] = Field(default_factory=dict)


class Moment(Strict):
    """A difficult moment: a fragment that opens as a side path from any step."""

    use: FragmentRef
    id: Identifier | None = None
    title: Line | None = None
    with_: dict[Identifier, object] = Field(default_factory=dict, alias="with")


def expand(document: Document, find: FindFragment) -> Document:
    """The effective protocol of a protocol's document. Raises ProblemsFound with all that cannot be put together."""
    if not isinstance(document.tree, dict) or not isinstance(document.tree.get("steps"), list):
        return document  # Nothing to put together: the schema tells what is wrong.
    return _Expansion(document, find).whole()


@dataclass(frozen=True)
class _Placed:
    """A node with the places of itself, its keys and all that is in it."""

    node: str | list[_Placed] | dict[str, _Placed]
    mark: Mark
    keys: dict[str, Mark] | None = None

    @property
    def text(self) -> str:
        return self.node if isinstance(self.node, str) else ""

    def get(self, key: str) -> _Placed | None:
        return self.node.get(key) if isinstance(self.node, dict) else None

    def items(self) -> Iterator[tuple[str, _Placed]]:
        return iter(self.node.items()) if isinstance(self.node, dict) else iter(())

    def with_items(self, items: dict[str, _Placed]) -> _Placed:
        """The same group of keys with other items; anything else stays as it is."""
        if not isinstance(self.node, dict):
            return self
        return replace(self, node=items, keys={key: (self.keys or {}).get(key, self.mark) for key in items})


def _place(document: Document, node: Node, loc: Loc) -> _Placed:
    mark = document.place(loc)
    if isinstance(node, dict):
        inner = {key: _place(document, value, (*loc, key)) for key, value in node.items()}
        return _Placed(inner, mark, {key: document.place((*loc, key), key=True) for key in node})
    if isinstance(node, list):
        return _Placed([_place(document, value, (*loc, i)) for i, value in enumerate(node)], mark)
    return _Placed(node, mark)


def _unplace(placed: _Placed, loc: Loc, values: dict[Loc, Mark], keys: dict[Loc, Mark]) -> Node:
    values[loc] = placed.mark
    if isinstance(placed.node, dict):
        for key, mark in (placed.keys or {}).items():
            keys[(*loc, key)] = mark
        return {key: _unplace(value, (*loc, key), values, keys) for key, value in placed.node.items()}
    if isinstance(placed.node, list):
        return [_unplace(value, (*loc, i), values, keys) for i, value in enumerate(placed.node)]
    return placed.node


def _document(placed: _Placed) -> Document:
    values: dict[Loc, Mark] = {}
    keys: dict[Loc, Mark] = {}
    tree = _unplace(placed, (), values, keys)
    return Document(placed.mark.file, tree, values, keys)


class _Expansion:
    def __init__(self, document: Document, find: FindFragment) -> None:
        self._root = _place(document, document.tree, ())
        self._find = find
        own = self._root.get("fields")
        self._fields = dict(own.items()) if own is not None else {}
        self._paths: list[_Placed] = []
        self._fragments: dict[str, _Placed] = {}
        self._problems: list[Problem] = []

    def whole(self) -> Document:
        items = dict(self._root.items())
        if "paths" in items:
            self._tell((self._root.keys or {})["paths"], _("la clave «paths» no existe aquí"), "steps, moments")
        moments = items.pop("moments", None)
        items["steps"] = self._steps(items["steps"], ())
        if moments is not None:
            self._moments(moments)
        if self._fields:
            marks = (self._root.get("fields") or items["steps"]).mark
            items["fields"] = _Placed(self._fields, marks, self._field_keys())
        if self._paths:
            items["paths"] = _Placed(self._paths, items["steps"].mark)
        if self._problems:
            raise ProblemsFound(self._problems)
        return _document(self._root.with_items(items))

    def _field_keys(self) -> dict[str, Mark]:
        own = self._root.get("fields")
        written = (own.keys if own is not None else None) or {}
        return {name: written.get(name, field.mark) for name, field in self._fields.items()}

    def _steps(self, steps: _Placed, using: tuple[str, ...]) -> _Placed:
        """A list of steps with what they include and call."""
        if not isinstance(steps.node, list):
            return steps
        return replace(steps, node=[self._called(step, using) for step in self._flat(steps.node, using)])

    def _flat(self, steps: list[_Placed], using: tuple[str, ...]) -> list[_Placed]:
        """The steps with what they include in its place; read from the last, so that `end` is what follows."""
        done: list[_Placed] = []
        for item in reversed(steps):
            if item.get("include") is None:
                done.insert(0, item)
            else:
                done = [*self._included(item, _id(done[0]) if done else END, using), *done]
        return done

    def _included(self, item: _Placed, following: str, using: tuple[str, ...]) -> list[_Placed]:
        wanted = self._read(Include, item)
        ref = item.get("include")
        if wanted is None or ref is None:
            return []
        body = self._fragment(ref, wanted.include, item.get("with"), using)
        if body is None:
            return []
        steps = self._flat(self._changed(body, item, wanted), (*using, _bare(wanted.include)))
        return _renamed(steps, wanted.prefix, following)

    def _changed(self, body: _Placed, item: _Placed, wanted: Include) -> list[_Placed]:
        steps = list(body.node) if isinstance(body.node, list) else []
        by_id = {_id(step): step for step in steps}
        for name in (*wanted.remove, *wanted.replace, *wanted.before, *wanted.after):
            if name not in by_id:
                self._tell(item.mark, _("el fragmento no tiene el paso «{id}»").format(id=name), ", ".join(by_id))
        for name in (*wanted.remove, *wanted.replace):
            locked = by_id[name].get("locked") if name in by_id else None
            if locked is not None and locked.text in ("yes", "sí", "si", "true"):
                message = _("el paso «{id}» está bloqueado (locked)").format(id=name)
                self._tell(item.mark, message, _("ni quitarlo ni cambiarlo"))
        changed: list[_Placed] = []
        for step in steps:
            name = _id(step)
            changed += _list(_sub(item, "before", name))
            if name in wanted.replace:
                new = _sub(item, "replace", name)
                assert new is not None
                changed.append(new.with_items({"id": step.get("id") or new, **dict(new.items())}))
            elif name not in wanted.remove:
                changed.append(step)
            changed += _list(_sub(item, "after", name))
        return changed

    def _called(self, step: _Placed, using: tuple[str, ...]) -> _Placed:
        """A step; if it calls a fragment, that gets a side path and what it is told leaves the step."""
        run, kind = step.get("run"), step.get("kind")
        if run is None or kind is None or kind.text != "call":
            return step
        self._side_path(run, _id(step), step.get("title") or run, step.get("with"), using, moment=False)
        return step.with_items({key: value for key, value in step.items() if key != "with"})

    def _moments(self, moments: _Placed) -> None:
        if not isinstance(moments.node, list):
            self._tell(moments.mark, _("esto no es una lista"), _("una lista: [a, b] o líneas con «- »"))
            return
        for item in moments.node:
            if isinstance(item.node, str):
                item = _Placed({"use": item}, item.mark, {"use": item.mark})
            wanted = self._read(Moment, item)
            if wanted is not None:
                ref = item.get("use")
                assert ref is not None
                path = wanted.id or _bare(wanted.use).rpartition("/")[2].replace("-", "_")
                self._side_path(ref, path, item.get("title"), item.get("with"), (), moment=True)

    def _side_path(
        self,
        ref: _Placed,
        path: str,
        title: _Placed | None,
        told: _Placed | None,
        using: tuple[str, ...],
        *,
        moment: bool,
    ) -> None:
        body = self._fragment(ref, ref.text, told, using)
        if body is None or not isinstance(body.node, list):
            return
        about = self._about(ref.text, ref)
        using = (*using, _bare(ref.text))
        flat = _renamed(self._flat(body.node, using), f"{path}.", END)
        steps = replace(body, node=[self._called(step, using) for step in flat])
        whole = {"id": _Placed(path, ref.mark), "title": title or about.get("title") or ref, "steps": steps}
        hint = about.get("moment")
        if moment:
            whole["moment"] = _Placed("yes", ref.mark)
        if moment and hint is not None:
            whole["hint"] = hint
        self._paths.append(_Placed(whole, ref.mark, dict.fromkeys(whole, ref.mark)))

    def _fragment(self, ref: _Placed, wanted: str, told: _Placed | None, using: tuple[str, ...]) -> _Placed | None:
        """The steps of a fragment with its parameters put in, or None if that cannot be; its fields join the others."""
        name = _bare(wanted)
        if name in using or len(using) >= MAX_DEPTH:
            way = " → ".join((*using, name))
            self._tell(
                ref.mark, _("los fragmentos dan vueltas: {way}").format(way=way), _("que ninguno se use a sí mismo")
            )
            return None
        about = self._about(wanted, ref)
        if not about.node:
            return None
        major = wanted.partition("@")[2]
        version = about.get("version")
        if major and version is not None and version.text.partition(".")[0] != major:
            message = _("«{id}» va por la versión {version}").format(id=name, version=version.text)
            self._tell(ref.mark, message, _("la {major}").format(major=major))
        values = self._values(ref, about, told)
        if values is None:
            return None
        fields = about.get("fields")
        for key, field in fields.items() if fields is not None else ():
            self._fields.setdefault(key, _filled(field, values))
        steps = about.get("steps")
        return _filled(steps, values) if steps is not None else None

    def _about(self, wanted: str, ref: _Placed) -> _Placed:
        """A fragment's own file, read once; nothing if it cannot be used, which is told."""
        name = _bare(wanted)
        if name not in self._fragments:
            self._fragments[name] = _Placed({}, Mark(name, 1, 1))
            try:
                document = self._find(name)
                validate(Fragment, document)
                self._fragments[name] = _place(document, document.tree, ())
            except KeyError:
                message = _("{what} «{name}» no existe").format(what=_("el fragmento"), name=name)
                self._tell(ref.mark, message, _("un fichero {path}").format(path=f"{name}.yaml"))
            except ProblemsFound as error:
                self._problems += error.problems
        return self._fragments[name]

    def _values(self, ref: _Placed, about: _Placed, told: _Placed | None) -> dict[str, _Placed] | None:
        known = dict((about.get("params") or about.with_items({})).items())
        given = dict(told.items()) if told is not None else {}
        for key in given:
            if key not in known:
                mark = (told.keys or {}).get(key, told.mark) if told is not None else ref.mark
                self._tell(mark, _("el fragmento no pide «{key}»").format(key=key), ", ".join(known))
        values = dict(given)
        for key, param in known.items():
            default = param.get("default")
            if key not in values and default is None:
                self._tell(ref.mark, _("al fragmento le falta «{key}»").format(key=key), f"with: {{{key}: …}}")
                return None
            if key not in values and default is not None:
                values[key] = default
        return values

    def _read(self, model: type[T], item: _Placed) -> T | None:
        try:
            return validate(model, _document(item))
        except ProblemsFound as error:
            self._problems += error.problems
            return None

    def _tell(self, mark: Mark, message: str, expected: str = "") -> None:
        problem = Problem(*mark, message, expected)
        if problem not in self._problems:
            self._problems.append(problem)


_PARAM = re.compile(r"\$\{([a-z][a-z0-9_]*)\}")


def _filled(placed: _Placed, values: dict[str, _Placed]) -> _Placed:
    """A node with its parameters put in."""
    if isinstance(placed.node, dict):
        return replace(placed, node={key: _filled(value, values) for key, value in placed.node.items()})
    if isinstance(placed.node, list):
        return replace(placed, node=[_filled(value, values) for value in placed.node])
    whole = _PARAM.fullmatch(placed.node)
    if whole and whole[1] in values:
        return values[whole[1]]
    return replace(placed, node=_PARAM.sub(lambda m: values[m[1]].text if m[1] in values else m[0], placed.node))


def _renamed(steps: list[_Placed], prefix: str, following: str) -> list[_Placed]:
    """Steps with their ids under a prefix, and their ways to each other too; `end` is what follows."""
    own = {_id(step) for step in steps}

    def name(placed: _Placed) -> _Placed:
        if placed.text == END:
            return replace(placed, node=following)
        return replace(placed, node=prefix + placed.text) if placed.text in own else placed

    def ways(placed: _Placed) -> _Placed:
        if not isinstance(placed.node, list):
            return name(placed)
        return replace(placed, node=[one.with_items(_each(one, ("goto", "else"), name)) for one in placed.node])

    def step(placed: _Placed) -> _Placed:
        named = placed.with_items(_each(placed, ("id",), name))
        return named.with_items(_each(named, ("next", "options"), ways))

    return [step(one) for one in steps]


def _each(placed: _Placed, keys: tuple[str, ...], change: Callable[[_Placed], _Placed]) -> dict[str, _Placed]:
    """The items of a node, those of some keys changed."""
    return {key: change(value) if key in keys else value for key, value in placed.items()}


def _id(step: _Placed) -> str:
    placed = step.get("id")
    return placed.text if placed is not None else ""


def _bare(ref: str) -> str:
    return ref.partition("@")[0]


def _sub(item: _Placed, key: str, name: str) -> _Placed | None:
    found = item.get(key)
    return found.get(name) if found is not None else None


def _list(placed: _Placed | None) -> list[_Placed]:
    return list(placed.node) if placed is not None and isinstance(placed.node, list) else []
