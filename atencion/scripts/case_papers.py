"""What is written to customers about their cases, in each language, and whom they can turn to outside the company."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from atencion.errors import Refused
from atencion.i18n import _
from atencion.scripts.model import Identifier, Line, Strict, YesNo, invalid
from atencion.scripts.templates import Template
from atencion.scripts.texts import Words

PaperKind = Literal["receipt", "resolution", "request", "lapse", "extension", "answer"]

NAMES = frozenset(
    {
        *("clave", "organizacion", "clase", "dia", "hora", "zona", "medio", "cuestiones", "plazo", "telefono", "web"),
        *("agente", "grabado", "responsable", "privacidad", "respuestas", "decision", "compensacion", "organismos"),
        *("participa", "falta", "dias", "ultimo_dia", "motivos", "causa", "reposicion"),
    }
)
"""What a text may name."""

# What a text cannot leave out, by what the law asks of it.
_NEEDED: dict[PaperKind, frozenset[str]] = {
    "receipt": frozenset({"clave", "dia", "hora", "cuestiones", "grabado"}),  # Ley 10/2025 arts. 11 and 12
    "resolution": frozenset({"clave", "respuestas", "organismos", "participa"}),  # arts. 13.1 and 13.7
    "request": frozenset({"clave", "falta", "dias", "ultimo_dia"}),  # art. 13.3
    "lapse": frozenset({"clave", "ultimo_dia"}),  # art. 13.4
    "extension": frozenset({"clave", "motivos", "ultimo_dia"}),  # RGPD art. 12.3
    "answer": frozenset({"clave", "causa", "reposicion"}),  # art. 17.2
}


class LanguagePapers(Strict):
    """The papers in one language, and the names in it of kinds, channels and decisions."""

    types: dict[Identifier, Line]
    channels: dict[Identifier, Line]
    decisions: dict[Literal["accepted", "partly", "refused"], Line]
    receipt: Words
    resolution: Words
    request: Words
    lapse: Words
    extension: Words
    answer: Words

    @model_validator(mode="after")
    def _complete(self) -> Self:
        for kind, needed in _NEEDED.items():
            names = {name.partition(".")[0] for name in self.paper(kind).names}
            if unknown := sorted(names - NAMES):
                raise invalid(_("«{kind}» nombra algo que no existe: {names}").format(kind=kind, names=unknown[0]))
            if missing := sorted(needed - names):
                raise invalid(_("a «{kind}» le falta decir {{{{ {name} }}}}").format(kind=kind, name=missing[0]))
        return self

    def paper(self, kind: PaperKind) -> Template:
        """The text of a kind of paper."""
        return {
            "receipt": self.receipt,
            "resolution": self.resolution,
            "request": self.request,
            "lapse": self.lapse,
            "extension": self.extension,
            "answer": self.answer,
        }[kind]


class Papers(Strict):
    """The papers in every language that the organisation writes in."""

    languages: Annotated[dict[Annotated[str, Field(pattern=r"^[a-z]{2}$")], LanguagePapers], Field(min_length=1)]

    def of(self, language: str) -> LanguagePapers:
        """Those of a language. Raises Refused if the organisation has none in it (Ley 10/2025 arts. 8.6 and 13.6)."""
        found = self.languages.get(language)
        if found is None:
            raise Refused(
                _("No hay textos en la lengua «{language}» y hay que contestar en ella.").format(language=language),
                remedy=_("Las que hay: {languages}. Se añaden en cases/papers.yaml.").format(
                    languages=", ".join(self.languages)
                ),
            )
        return found


class Body(Strict):
    """Somebody outside the company who can decide; of all regions or sectors if none is named."""

    id: Identifier
    name: Line
    regions: tuple[Annotated[str, Field(pattern=r"^ES-[A-Z]{2}$")], ...] = ()
    sectors: tuple[Line, ...] = ()
    how: Line | None = None
    web: Line | None = None

    def told(self) -> str:
        """It as it is written to the customer."""
        return ". ".join(filter(None, (self.name, self.how, self.web)))


class Bodies(Strict):
    """The out-of-court bodies, and which of them the organisation is a member of."""

    checked_on: date
    member: tuple[Identifier, ...] = ()
    takes_part: YesNo = True
    bodies: tuple[Body, ...]

    @model_validator(mode="after")
    def _known(self) -> Self:
        ids = {body.id for body in self.bodies}
        for one in self.member:
            if one not in ids:
                raise invalid(_("{what} «{name}» no existe").format(what=_("el organismo"), name=one))
        return self

    def body(self, body_id: str) -> Body:
        """The body of that id. Raises Refused if there is none."""
        found = next((body for body in self.bodies if body.id == body_id), None)
        if found is None:
            raise Refused(
                _("No hay ningún organismo «{id}».").format(id=body_id[:60]),
                remedy=", ".join(body.id for body in self.bodies),
            )
        return found

    def for_customer(self, region: str, sectors: Iterable[str]) -> list[Body]:
        """Whom a customer can turn to: those the organisation is a member of, or else the competent ones, the nearest
        first (Ley 10/2025 art. 13.7; Ley 7/2017 art. 40.3).
        """
        named = set(sectors)
        fitting = [
            body
            for body in self.bodies
            if (not body.regions or region in body.regions) and (not body.sectors or named & set(body.sectors))
        ]
        joined = [body for body in fitting if body.id in self.member]
        return joined or sorted(fitting, key=lambda body: (not body.regions, not body.sectors))
