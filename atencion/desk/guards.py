"""What the law forbids while talking: offers and surveys at the wrong time, and recordings gone too soon."""

from __future__ import annotations

from atencion.data import cases
from atencion.data.cases import CaseFilter, CaseSummary
from atencion.desk.case_keys import clean_key, spoken_key
from atencion.desk.case_work import enabled, told_with_norm, unknown_case
from atencion.desk.surroundings import Surroundings
from atencion.errors import Refused
from atencion.i18n import _
from atencion.scripts.cases import OPEN_STATES, CaseRefused, CaseStatus

NO_OFFER = "ley-10-2025/16.2"
NOT_FOR_SELLING = "trlgdcu/21.2"
NO_SURVEY = "ley-10-2025/18.2"
KEEP_RECORDING = "ley-10-2025/13.5"

_TOLD = (CaseStatus.NOTIFIED, CaseStatus.CLOSED)


class Guards:
    """The guards of a desk. Each returns if the thing may be done, and raises CaseRefused with its norm if not."""

    def __init__(self, around: Surroundings) -> None:
        self._around = around

    def check_offer(self, customer_id: int, *, asked: bool = False, improves: bool = False) -> None:
        """Whether something may be offered to a customer who is being attended.

        Not while a matter of theirs on the continuity of a basic service is pending, unless they ask for it or it is
        part of the solution and `improves` what they have (Ley 10/2025 art. 16.2); nor while a complaint or claim is,
        unless they ask (TRLGDCU art. 21.2).
        """
        if asked:
            return
        with told_with_norm(self._around):
            for case in self._pending(customer_id):
                if self._continuity(case) and enabled(self._around, NO_OFFER):
                    if improves:
                        continue
                    raise CaseRefused(
                        _("No se hacen ofertas: está pendiente un asunto de continuidad del suministro, {key}.").format(
                            key=spoken_key(case.key)
                        ),
                        _("Salvo que el cliente la pida, o sea parte de la solución y mejore lo que tiene."),
                        norm=NO_OFFER,
                    )
                if self._complaint(case) and enabled(self._around, NOT_FOR_SELLING):
                    raise CaseRefused(
                        _("No se hacen ofertas al atender una reclamación: está pendiente {key}.").format(
                            key=spoken_key(case.key)
                        ),
                        _("Salvo que el cliente la pida."),
                        norm=NOT_FOR_SELLING,
                    )

    def check_survey(self, key: str) -> None:
        """Whether the customer may be asked how a case went: not before it is settled (Ley 10/2025 art. 18.2)."""
        with told_with_norm(self._around), self._around.store.reading() as connection:
            case = cases.case_by_key(connection, clean_key(key))
            if case is None:
                raise unknown_case(clean_key(key))
            if case.status not in _TOLD and enabled(self._around, NO_SURVEY):
                raise CaseRefused(
                    _("No se encuesta antes de resolver: el expediente {key} sigue pendiente.").format(
                        key=spoken_key(case.key)
                    ),
                    norm=NO_SURVEY,
                )

    def check_end_of_recording(self, interaction_id: int) -> None:
        """Whether a recording may go: not before its cases' answers are told (Ley 10/2025 arts. 12.1 and 13.5)."""
        with told_with_norm(self._around), self._around.store.reading() as connection:
            for case in cases.cases_of_interaction(connection, interaction_id):
                if case.status not in _TOLD and enabled(self._around, KEEP_RECORDING):
                    raise CaseRefused(
                        _("La grabación se guarda hasta comunicar la respuesta del expediente {key}.").format(
                            key=spoken_key(case.key)
                        ),
                        norm=KEEP_RECORDING,
                    )

    def _pending(self, customer_id: int) -> list[CaseSummary]:
        with self._around.store.reading() as connection:
            found = cases.list_cases(connection, CaseFilter(customer_id=customer_id), 1_000)
        return [case for case in found if case.status in OPEN_STATES]

    def _continuity(self, case: CaseSummary) -> bool:
        try:
            return self._around.organisation.case_kind(case.type, case.subtype).continuity
        except Refused:  # the organisation has dropped that kind since
            return False

    def _complaint(self, case: CaseSummary) -> bool:
        try:
            return self._around.organisation.case_kind(case.type, case.subtype).locks
        except Refused:
            return False
