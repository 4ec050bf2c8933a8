"""What a protocol can have done in the store: actions by name, with typed parameters. The desk does them.

A capability plugs in by registering an `ActionSpec` here and how it is done at the desk; the engine knows neither.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Any

from pydantic import BeforeValidator

from atencion.errors import AtencionError
from atencion.i18n import _
from atencion.scripts.model import Strict, When, invalid
from atencion.scripts.templates import Context, Template, TemplateError, parse_template
from atencion.scripts.values import FieldType, parse


@dataclass(frozen=True)
class Param:
    """A parameter: its type, whether it must be given, the words it may be, or the kind of id that it refers to.

    What is `said` is for people to read, and so are the data in it; elsewhere they stand as the store keeps them.
    """

    type: FieldType = FieldType.TEXT
    required: bool = True
    options: tuple[str, ...] = ()
    refers_to: str = ""
    said: bool = False


@dataclass(frozen=True)
class ActionSpec:
    """An action. `title` is what it does in the agent's language; `verified` ones need the customer's identity."""

    name: str
    title: Callable[[], str]
    params: Mapping[str, Param] = field(default_factory=dict)
    verified: bool = False
    offers: Mapping[str, str] | None = None
    """The parameters with which it is an offer, which some contacts may not make; None if it never is one."""


ACTIONS: dict[str, ActionSpec] = {}
"""Every action there is, by its name."""


def register(spec: ActionSpec) -> ActionSpec:
    """Make an action known to protocols."""
    ACTIONS[spec.name] = spec
    return spec


class Doing(Strict):
    """An action that a step asks for when it is left as done, if `when` holds."""

    action: str
    params: dict[str, Template]
    when: When | None = None

    @property
    def spec(self) -> ActionSpec:
        """What it is."""
        return ACTIONS[self.action]

    def rendered(self, context: Context) -> dict[str, str]:
        """Its parameters as canonical text; those that come out empty are left out.

        Raises ActionRefused naming the parameter that will not do.
        """
        found: dict[str, str] = {}
        for name, template in self.params.items():
            text = template.render(context, said=self.spec.params[name].said)
            if not text:
                continue
            try:
                found[name] = checked(self.spec.params[name], text)
            except ValueError as error:
                raise ActionRefused(self.spec, name, str(error)) from error
        missing = [name for name, param in self.spec.params.items() if param.required and name not in found]
        if missing:
            raise ActionRefused(self.spec, missing[0], _("algo escrito"))
        return found


class ActionRefused(AtencionError):
    """A parameter of an action is not what it should be."""

    def __init__(self, spec: ActionSpec, param: str, expected: str) -> None:
        message = _("No se puede hacer «{title}»: «{param}» no vale.").format(title=spec.title(), param=param)
        super().__init__(message, remedy=expected)


def checked(param: Param, text: str) -> str:
    """A parameter's text in canonical form. Raises ValueError that says what was expected."""
    if param.options and text not in param.options:
        raise ValueError(_("una de estas opciones: {options}").format(options=", ".join(param.options)))
    return parse(param.type, text)


@dataclass(frozen=True)
class Due:
    """An action about to be done: which of its step's it is, and its parameters as canonical text.

    `body` is what the desk adds for the journal, such as the key of the case that it opens.
    """

    number: int
    action: str
    params: Mapping[str, str]
    body: Mapping[str, str] = field(default_factory=dict)

    def in_hand(self) -> Due:
        """It, saying for the journal that the case whose key it names is the one in hand from then on."""
        key = "".join(self.params.get("key", "").split())
        return replace(self, body={**self.body, "case": key}) if key else self

    def as_text(self) -> str:
        """The parameters as the journal keeps them."""
        return json.dumps(dict(self.params), ensure_ascii=False, sort_keys=True)


def _doing(value: Any) -> Any:
    """`{open_case: {type: …}}`, with an optional `when` beside it."""
    if isinstance(value, Doing):
        return value
    names = [key for key in value if key != "when"] if isinstance(value, dict) else []
    if len(names) != 1:
        raise invalid(_("se esperaba una acción con sus datos, como {{open_case: {{type: queja, subject: …}}}}"))
    name = names[0]
    if name not in ACTIONS:
        raise invalid(_("la acción «{name}» no existe").format(name=name), _hint(name, ACTIONS), under=name)
    params = value[name] or {}
    if not isinstance(params, dict):
        raise invalid(_("los datos de una acción son claves y valores"), ", ".join(ACTIONS[name].params), under=name)
    spec, templates = ACTIONS[name], dict[str, Template]()
    for key, text in params.items():
        templates[key] = _parameter(spec, key, text)
    missing = [key for key, param in spec.params.items() if param.required and key not in params]
    if missing:
        raise invalid(
            _("a «{name}» le falta «{key}»").format(name=name, key=missing[0]),
            _("añadir «{key}: …»").format(key=missing[0]),
            under=name,
        )
    return {"action": name, "params": templates} | ({"when": value["when"]} if "when" in value else {})


def _parameter(spec: ActionSpec, key: str, text: Any) -> Template:
    if key not in spec.params:
        message = _("«{name}» no tiene el dato «{key}»").format(name=spec.name, key=key)
        raise invalid(message, _hint(key, spec.params), under=spec.name)
    if not isinstance(text, str):
        raise invalid(_("«{key}» no es un texto").format(key=key), _("un texto entre comillas"), under=spec.name)
    try:
        template = parse_template(text)
        if not template.names and "{%" not in text:
            checked(spec.params[key], text)
    except TemplateError as error:
        raise invalid(
            _("«{key}»: {problem}").format(key=key, problem=error), error.expected, under=spec.name
        ) from error
    except ValueError as error:
        raise invalid(_("«{key}» no vale así").format(key=key), str(error), under=spec.name) from error
    return template


def _hint(name: str, known: Mapping[str, object]) -> str:
    close = difflib.get_close_matches(name, known, 1)
    return _("¿quería decir «{key}»?").format(key=close[0]) if close else ", ".join(known)


DoingItem = Annotated[Doing, BeforeValidator(_doing)]

_LINE, _NOTE = Param(), Param(FieldType.NOTE, said=True)
PRESUME_VULNERABLE = "presume_vulnerable"
"""The action by which a contact knows that its customer comes first (Ley 10/2025 art. 15.2)."""

_ASKED = Param(FieldType.YES_NO, required=False)
_OFFER = {"programme": Param(), "asked": _ASKED, "improves": _ASKED}
_BY = Param(options=("email", "sms", "post", "none"))

register(
    ActionSpec(
        "open_case",
        lambda: _("Abrir un expediente"),
        {
            "type": Param(refers_to="case_type"),
            "subtype": Param(required=False),
            "subject": _NOTE,
            "items": Param(FieldType.NOTE, required=False, said=True),
            "department": Param(required=False, refers_to="department"),
            "amount": Param(FieldType.AMOUNT, required=False),
            "priority": Param(required=False, options=("normal", "high")),
        },
    )
)
register(ActionSpec("update_case", lambda: _("Anotar en el expediente"), {"key": Param(required=False), "note": _NOTE}))
register(
    ActionSpec(
        "update_customer",
        lambda: _("Cambiar un dato del cliente"),
        {
            "datum": Param(options=("phone", "email", "language", "treatment", "address", "postcode", "town")),
            "value": _LINE,
        },
        verified=True,
    )
)
register(ActionSpec("record_consent", lambda: _("Registrar un consentimiento"), {"purpose": _LINE, "text": _NOTE}))
register(ActionSpec("withdraw_consent", lambda: _("Registrar que retira un consentimiento"), {"purpose": _LINE}))
register(
    ActionSpec(
        "register_document",
        lambda: _("Registrar un documento"),
        {
            "type": _LINE,
            "title": Param(said=True),
            "reference": Param(required=False),
            "direction": Param(options=("in", "out")),
        },
    )
)
register(
    ActionSpec(
        "schedule_callback",
        lambda: _("Apuntar una llamada de vuelta"),
        {
            "when": _LINE,
            "phone": Param(FieldType.PHONE, required=False),
            "department": Param(required=False, refers_to="department"),
            "reason": _NOTE,
            "kind": Param(required=False, options=("service", "commercial", "supervisor")),
            "asked": _ASKED,
        },
        offers={"kind": "commercial"},
    )
)
register(ActionSpec("issue_receipt", lambda: _("Emitir el justificante"), {"by": _BY, "to": Param(required=False)}))
register(ActionSpec(PRESUME_VULNERABLE, lambda: _("Atenderle antes: dice que es vulnerable")))
register(ActionSpec("offer_loyalty", lambda: _("Ofrecer el programa de fidelización"), _OFFER, offers={}))
register(ActionSpec("enrol_loyalty", lambda: _("Dar de alta en el programa"), _OFFER, verified=True, offers={}))
register(
    ActionSpec(
        "send_survey",
        lambda: _("Enviar una encuesta"),
        {"survey": _LINE, "by": _BY, "case": Param(required=False)},
    )
)
register(
    ActionSpec(
        "record_survey",
        lambda: _("Anotar la respuesta a una encuesta"),
        {
            "survey": _LINE,
            "score": Param(FieldType.INTEGER),
            "comment": Param(FieldType.NOTE, required=False, said=True),
            "case": Param(required=False),
        },
    )
)
