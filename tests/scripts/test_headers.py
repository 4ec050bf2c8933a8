"""What a list of protocols needs is read without parsing their files, and says what the real reader says."""

from __future__ import annotations

import os
import shutil
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atencion.resources import shipped_protocols
from atencion.scripts.catalogue import Catalogue
from atencion.scripts.headers import Header, read_header


def test_the_header_of_every_shipped_protocol_is_what_its_file_says() -> None:
    catalogue = Catalogue(shipped_protocols())
    headers = catalogue.headers()
    assert headers
    for header in headers:
        led_by = catalogue.protocol(header.id).protocol
        assert (header.title, header.channels, header.status) == (led_by.title, led_by.channels, led_by.status)
        assert (header.language, header.languages, header.roles) == (led_by.language, led_by.languages, led_by.roles)
        assert header.valid_from == led_by.valid.from_.isoformat()


@pytest.mark.parametrize(
    "channels",
    ["[email, sms]", "\n  - email\n  - sms", "\n- email\n- sms", '["email", sms]  # los dos', "[\n  email, sms]"],
)
def test_a_list_may_be_written_in_any_way(channels: str) -> None:
    assert read_header(f"title: Uno\nchannels: {channels}\nsteps:\n", "email/x").channels == ("email", "sms")


@pytest.mark.parametrize(
    "title", ["Una queja", '"Una queja"', "'Una queja'  # sí", ">-\n  Una\n  queja", "Una queja # no"]
)
def test_a_title_may_be_written_in_any_way(title: str) -> None:
    assert (
        read_header(f"# comentario\ntitle: {title}\nstatus: draft\nsteps:\n- title: Otro\n", "a/b").title == "Una queja"
    )


def test_nothing_is_read_past_the_steps() -> None:
    assert read_header("steps:\n  - id: a\nstatus: retired\n", "phone/x") == Header("phone/x", "phone/x", ("phone",))


@pytest.mark.parametrize(
    ("header", "can"),
    [
        ("status: draft", False),
        ("roles: [supervisor]", False),
        ("roles: [agent, supervisor]", True),
        ("valid: {from: '2027-01-01'}", False),
        ("valid: {from: '2026-01-01', to: '2026-12-27'}", False),
        ("valid:\n  from: '2026-01-01'\n  to: 2026-12-28", True),
    ],
)
def test_what_may_not_be_opened_is_not_offered(header: str, can: bool) -> None:
    assert read_header(header, "phone/x").is_open_to("agent", date(2026, 12, 28)) is can


@given(st.text(max_size=400))
def test_whatever_a_file_holds_it_has_a_header(text: str) -> None:
    assert read_header(text, "phone/x").id == "phone/x"


def test_a_file_is_read_again_only_once_it_has_changed(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(shipped_protocols(), tmp_path / "protocols"))
    catalogue, path = Catalogue(folder), folder / "phone" / "inbound.yaml"
    (before,) = [one for one in catalogue.headers() if one.id == "phone/inbound"]
    assert next(one for one in catalogue.headers() if one.id == "phone/inbound") is before
    path.write_text(path.read_text(encoding="utf-8").replace("title: Llamada", "title: LLAMADA", 1), encoding="utf-8")
    os.utime(path, (1, 1))
    assert next(one for one in catalogue.headers() if one.id == "phone/inbound").title.startswith("LLAMADA")
