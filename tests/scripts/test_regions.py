"""Where a postcode lies, and which languages are official there."""

from __future__ import annotations

import pytest

from atencion.scripts.regions import REGIONS, official_languages, region_of_postcode


@pytest.mark.parametrize(
    ("postcode", "region"),
    [("28013", "ES-MD"), ("08001", "ES-CT"), ("01001", "ES-PV"), ("52001", "ES-ML"), ("36205", "ES-GA")],
)
def test_a_postcode_lies_in_a_region(postcode: str, region: str) -> None:
    assert region_of_postcode(postcode) == region


@pytest.mark.parametrize("postcode", ["", "2801", "280133", "99001", "00001", "28O13", "２８０１３a"])
def test_what_is_no_postcode_lies_nowhere(postcode: str) -> None:
    assert region_of_postcode(postcode) is None


def test_every_province_has_one_region() -> None:
    found = [region_of_postcode(f"{province:02}001") for province in range(1, 53)]
    assert set(found) == set(REGIONS)


def test_the_languages_of_a_region_begin_with_spanish() -> None:
    assert official_languages("ES-CT") == ("es", "ca")
    assert official_languages("ES-MD") == official_languages(None) == ("es",)
