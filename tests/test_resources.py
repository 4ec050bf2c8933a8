"""The program finds what comes with it, and the person's own folders."""

from __future__ import annotations

from pathlib import Path

import pytest

from atencion import resources
from atencion.errors import AtencionError


def test_in_a_checkout_the_protocols_are_those_beside_the_package() -> None:
    assert (resources.shipped_protocols() / "organisation.yaml").is_file()
    assert resources.shipped_protocols() == Path(__file__).parent.parent / "protocols"


def test_protocols_inside_the_package_come_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "atencion" / "_protocols").mkdir(parents=True)
    (tmp_path / "protocols").mkdir()
    monkeypatch.setattr(resources, "PACKAGE", tmp_path / "atencion")
    assert resources.shipped_protocols() == tmp_path / "atencion" / "_protocols"


def test_an_installation_without_protocols_is_told_and_how_to_mend_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resources, "PACKAGE", tmp_path / "atencion")
    with pytest.raises(AtencionError) as caught:
        resources.shipped_protocols()
    assert "--protocols" in caught.value.remedy


def test_the_default_store_is_a_file_in_the_data_folder_and_asking_makes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert resources.default_store() == f"sqlite:///{tmp_path}/data/atencion/atencion.db"
    assert not (tmp_path / "data").exists()
