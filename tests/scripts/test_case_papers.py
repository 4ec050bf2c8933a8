"""Papers in every language, and whom customers can turn to in every region."""

from __future__ import annotations

import pytest

from atencion.errors import Refused
from atencion.resources import shipped_protocols
from atencion.scripts.case_papers import Bodies
from atencion.scripts.catalogue import Catalogue
from atencion.scripts.regions import CO_OFFICIAL, REGIONS

CATALOGUE = Catalogue(shipped_protocols())


def test_there_are_papers_in_every_official_language() -> None:
    official = {"es", *(language for languages in CO_OFFICIAL.values() for language in languages)}
    assert official <= set(CATALOGUE.papers.languages)


@pytest.mark.parametrize("language", sorted(CATALOGUE.papers.languages))
def test_every_kind_of_case_and_channel_has_its_name_in_every_language(language: str) -> None:
    papers = CATALOGUE.papers.of(language)
    assert set(papers.types) == set(CATALOGUE.organisation.case_type)
    assert set(papers.channels) >= {*CATALOGUE.organisation.channel, "post"}
    assert set(papers.decisions) == {"accepted", "partly", "refused"}


def test_a_language_that_has_no_papers_is_told() -> None:
    with pytest.raises(Refused, match="«oc»"):
        CATALOGUE.papers.of("oc")


@pytest.mark.parametrize("region", sorted(REGIONS))
def test_every_region_has_a_body_of_its_own_and_the_nearest_comes_first(region: str) -> None:
    found = CATALOGUE.bodies.for_customer(region, ["electricidad y gas"])
    assert found[0].regions == (region,)
    assert found[-1].id == "junta_nacional"


def test_where_the_organisation_is_a_member_those_bodies_are_told() -> None:
    joined = CATALOGUE.bodies.model_copy(update={"member": ("junta_nacional",)})
    assert [body.id for body in joined.for_customer("ES-MD", [])] == ["junta_nacional"]


def test_a_sector_has_bodies_of_its_own() -> None:
    found = [body.id for body in CATALOGUE.bodies.for_customer("ES-MD", ["telecomunicaciones"])]
    assert "usuario_teleco" in found and "aesa" not in found


def test_a_member_of_a_body_that_is_not_listed_is_a_problem() -> None:
    with pytest.raises(ValueError, match="no existe"):
        Bodies(checked_on=CATALOGUE.bodies.checked_on, member=("nadie",), bodies=CATALOGUE.bodies.bodies)
