"""The data that an agent writes down: what each may hold, why it is asked for, and what is told when it will not do."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, model_validator

from atencion.i18n import _
from atencion.scripts.expressions import Known
from atencion.scripts.model import Identifier, Line, Strict, When, YesNo, invalid
from atencion.scripts.templates import show
from atencion.scripts.values import Absent, FieldType, Value, absent, parse, typed

SOURCES: Mapping[str, str] = {
    "cliente.nombre": "text",
    "cliente.apellidos": "text",
    "cliente.nif": "nif",
    "cliente.telefono": "phone",
    "cliente.email": "email",
    "cliente.direccion": "text",
    "cliente.codigo_postal": "postcode",
    "cliente.municipio": "text",
    "cliente.nacimiento": "date",
    "cliente.idioma": "text",
    "contrato.numero": "text",
}
"""What the store can know of a customer once their identity is verified, so that it is not asked again."""

LegalBasis = Literal[
    "contract", "consent", "legal_obligation", "vital_interest", "public_interest", "legitimate_interest"
]
"""GDPR art. 6.1, letters b, a, c, d, e and f."""

_MEASURED = {FieldType.INTEGER, FieldType.AMOUNT, FieldType.RATING, FieldType.DATE, FieldType.TIME}
_WRITTEN = {FieldType.TEXT, FieldType.NOTE}
_RATING = (0, 10)


class Option(Strict):
    """One thing to choose."""

    id: Identifier
    label: Line
    hint: Line | None = None


class Rejection(Strict):
    """A value that is well formed and will not do; `say` is what the agent is told."""

    when: When
    say: Line


def _pattern(value: Any) -> Any:
    """A regular expression for the linear-time engine, which has no backtracking to hang in."""
    if not isinstance(value, str) or len(value) > 300:
        raise invalid(_("se esperaba una expresión regular de 300 letras como mucho"))
    import re2

    options = re2.Options()
    options.log_errors = False
    options.max_mem = 1 << 20
    try:
        re2.compile(value, options)
    except re2.error as error:
        raise invalid(
            _("la expresión regular no vale: {detail}").format(detail=_told(error)), r"[A-Z]{2}\d{4}"
        ) from error
    return value


def _told(error: Exception) -> str:
    detail = error.args[0] if error.args else ""
    return detail.decode("utf-8", "replace") if isinstance(detail, bytes) else str(detail)


class CapturedField(Strict):
    """A datum that the agent writes down. `personal` ones are a person's, and say what for and on what ground.

    `min` and `max` bound a number, a date or an hour, and the length of a text. With a `source` the datum is not asked
    for once the store's own is known. `keep` ones stay when their step starts anew; personal ones do by themselves.
    An `answer` is what a message of the protocol says, so the words of an article go into it.
    """

    type: FieldType
    label: Line
    help: Line | None = None
    required: YesNo = True
    options: tuple[Option, ...] = ()
    min: Line | None = None
    max: Line | None = None
    pattern: Annotated[str, BeforeValidator(_pattern)] | None = None
    pattern_hint: Line | None = None
    reject: tuple[Rejection, ...] = ()
    allow: tuple[Absent, ...] = ()
    personal: YesNo = False
    purpose: Line | None = None
    basis: LegalBasis | None = None
    source: Line | None = None
    keep: YesNo | None = None
    opens_demand: YesNo = False
    answer: YesNo = False

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.type in {FieldType.CHOICE, FieldType.CHOICES}) != bool(self.options):
            raise invalid(
                _("las opciones van con los tipos choice y choices, y solo con ellos"),
                _("añadir «options», o quitarlas"),
            )
        if self.answer and self.type not in _WRITTEN:
            raise invalid(_("una respuesta son palabras"), _("el tipo note o text, o quitar «answer»"), under="answer")
        if self.personal and not (self.purpose and self.basis):
            raise invalid(_("un dato personal dice para qué se pide y con qué base"), _("añadir «purpose» y «basis»"))
        if self.source is not None and self.source not in SOURCES:
            raise invalid(_("no hay esa fuente"), ", ".join(SOURCES), under="source")
        for key in ("min", "max"):
            self._bound(key)
        return self

    @cached_property
    def labels(self) -> dict[str, str]:
        """Option ids and their labels."""
        return {option.id: option.label for option in self.options}

    @property
    def kept(self) -> bool:
        """Whether it stays when its step starts anew."""
        return self.personal if self.keep is None else self.keep

    @cached_property
    def bounds(self) -> tuple[Value | None, Value | None]:
        """The least and the greatest value, or number of letters, that it takes."""
        lowest, highest = _RATING if self.type is FieldType.RATING else (None, None)
        return (
            lowest if self.min is None else self._bound("min"),
            highest if self.max is None else self._bound("max"),
        )

    def accept(self, raw: str, name: str = "", known: Known | None = None) -> str | Absent:
        """What was typed as canonical text, or the answer that is no value.

        `known` is what its rejections may compare with, `name` how they call the value itself. Raises ValueError whose
        text says what was expected.
        """
        nothing = absent(raw)
        if nothing is not None and nothing in self.allow:
            return nothing
        canonical = parse(self.type, raw, self.labels)
        value = typed(self.type, canonical)
        self._in_bounds(len(canonical) if self.type in _WRITTEN else value)
        if self.pattern is not None and not _matches(self.pattern, canonical):
            raise ValueError(self.pattern_hint or _("otra forma: {pattern}").format(pattern=self.pattern))
        supposed = {**(known or {}), name: value}
        for rejection in self.reject:
            if rejection.when.holds(supposed):
                raise ValueError(rejection.say)
        return canonical

    def _bound(self, key: str) -> Value | None:
        raw = getattr(self, key)
        if raw is None:
            return None
        kind = FieldType.INTEGER if self.type in _WRITTEN else self.type
        if kind not in _MEASURED:
            message = _("«{key}» no va con el tipo {type}").format(key=key, type=self.type)
            raise invalid(message, _("quitarlo, u otro tipo"), under=key)
        try:
            return typed(kind, parse(kind, raw))
        except ValueError as error:
            raise invalid(_("se esperaba {expected}").format(expected=error), under=key) from error

    def _in_bounds(self, value: Value) -> None:
        lowest, highest = self.bounds
        unit = _(" letras") if self.type in _WRITTEN else ""
        if lowest is not None and value < lowest:  # type: ignore[operator]
            raise ValueError(_("{limit}{unit} como poco").format(limit=_shown(lowest), unit=unit))
        if highest is not None and value > highest:  # type: ignore[operator]
            raise ValueError(_("{limit}{unit} como mucho").format(limit=_shown(highest), unit=unit))


def _matches(pattern: str, text: str) -> bool:
    import re2

    return re2.fullmatch(pattern, text) is not None


def _shown(value: Value) -> str:
    return f"{value:%H:%M}" if hasattr(value, "minute") else show(value) if isinstance(value, Decimal) else str(value)
