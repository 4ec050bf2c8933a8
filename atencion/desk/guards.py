"""What the law forbids while talking: offers and surveys at the wrong time, and recordings gone too soon.

Whatever offers or asks calls these in the transaction that writes it, so that no way leads round them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from atencion.data import cases, consents
from atencion.data.cases import CaseFilter, CaseSummary
from atencion.desk.case_keys import spoken_key
from atencion.desk.surroundings import Surroundings
from atencion.errors import Refused
from atencion.i18n import _
from atencion.scripts.cases import OPEN_STATES, CaseRefused, CaseStatus

if TYPE_CHECKING:
    from atencion.data.connection import Connection

NO_OFFER = "ley-10-2025/16.2"
NOT_FOR_SELLING = "trlgdcu/21.2"
OBJECTED = "rgpd/21"
NO_SURVEY = "ley-10-2025/18.2"
KEEP_RECORDING = "ley-10-2025/13.5"

_TOLD = (CaseStatus.NOTIFIED, CaseStatus.CLOSED)
_MOST = 1_000


def refuse_offer(
    connection: Connection,
    around: Surroundings,
    customer_id: int | None,
    interaction_id: int | None = None,
    *,
    continuity: bool = False,
    asked: bool = False,
    improves: bool = False,
) -> None:
    """Raise CaseRefused if nothing may be offered to a customer, or in a contact, as things stand.

    Not while a matter on the continuity of a basic service is pending, be it the contact's own, unless they ask for it
    or it is part of the solution and `improves` what they have (Ley 10/2025 art. 16.2); nor while a complaint or claim
    is, unless they ask (TRLGDCU art. 21.2); nor to whoever said they want none (RGPD art. 21). `continuity` if the
    contact itself is about that.
    """
    if asked:
        return
    purpose = around.organisation.advertising_purpose
    objected = customer_id is not None and purpose is not None and consents.took_back(connection, customer_id, purpose)
    if objected and around.binds(OBJECTED):
        raise CaseRefused(_("No se hacen ofertas: el cliente dijo que no las quiere."), norm=OBJECTED)
    if continuity and not improves and around.binds(NO_OFFER):
        raise CaseRefused(
            _("No se hacen ofertas: este contacto trata de la continuidad del suministro."),
            _("Salvo que el cliente la pida, o sea parte de la solución y mejore lo que tiene."),
            norm=NO_OFFER,
        )
    for case in _cases_at_hand(connection, customer_id, interaction_id):
        if case.status not in OPEN_STATES:
            continue
        if _continuity(around, case) and around.binds(NO_OFFER):
            if improves:
                continue
            raise CaseRefused(
                _("No se hacen ofertas: está pendiente un asunto de continuidad del suministro, {key}.").format(
                    key=spoken_key(case.key)
                ),
                _("Salvo que el cliente la pida, o sea parte de la solución y mejore lo que tiene."),
                norm=NO_OFFER,
            )
        if _complaint(around, case) and around.binds(NOT_FOR_SELLING):
            raise CaseRefused(
                _("No se hacen ofertas al atender una reclamación: está pendiente {key}.").format(
                    key=spoken_key(case.key)
                ),
                _("Salvo que el cliente la pida."),
                norm=NOT_FOR_SELLING,
            )


def refuse_survey(
    connection: Connection,
    around: Surroundings,
    customer_id: int | None,
    interaction_id: int,
    *,
    case_id: int | None,
    unsettled: bool,
) -> None:
    """Raise CaseRefused if the customer may not be asked yet how they were attended (Ley 10/2025 art. 18.2).

    About one case, if it is named: not before it is answered and told. Or else about what is at hand: not while any
    matter of the customer or of the contact is pending, or the contact's own demand `unsettled`.
    """
    if case_id is not None:
        named = cases.case_by_id(connection, case_id)
        _refuse_survey_of(around, [named] if named is not None else [])
        return
    _refuse_survey_of(around, _cases_at_hand(connection, customer_id, interaction_id))
    if unsettled and around.binds(NO_SURVEY):
        raise CaseRefused(
            _("No se encuesta antes de resolver: la demanda de este contacto no ha terminado."), norm=NO_SURVEY
        )


def refuse_end_of_recording(connection: Connection, around: Surroundings, interaction_id: int) -> None:
    """Raise CaseRefused if a recording may not go yet: not before the answers of its cases are told (Ley 10/2025 arts.
    12.1 and 13.5). For whatever destroys recordings.
    """
    for case in cases.cases_of_interaction(connection, interaction_id):
        if case.status not in _TOLD and around.binds(KEEP_RECORDING):
            raise CaseRefused(
                _("La grabación se guarda hasta comunicar la respuesta del expediente {key}.").format(
                    key=spoken_key(case.key)
                ),
                norm=KEEP_RECORDING,
            )


def _refuse_survey_of(around: Surroundings, found: Iterable[CaseSummary]) -> None:
    for case in found:
        if case.status not in _TOLD and around.binds(NO_SURVEY):
            raise CaseRefused(
                _("No se encuesta antes de resolver: el expediente {key} sigue pendiente.").format(
                    key=spoken_key(case.key)
                ),
                norm=NO_SURVEY,
            )


def _cases_at_hand(
    connection: Connection, customer_id: int | None, interaction_id: int | None
) -> Iterable[CaseSummary]:
    if interaction_id is not None:
        yield from cases.cases_of_interaction(connection, interaction_id)
    if customer_id is not None:
        yield from cases.list_cases(connection, CaseFilter(customer_id=customer_id), _MOST)


def _continuity(around: Surroundings, case: CaseSummary) -> bool:
    try:
        return around.organisation.case_kind(case.type, case.subtype).continuity
    except Refused:  # the organisation has dropped that kind since
        return False


def _complaint(around: Surroundings, case: CaseSummary) -> bool:
    try:
        return around.organisation.case_kind(case.type, case.subtype).locks
    except Refused:
        return False
