"""A report of a failure says where it was and nothing of what was being handled."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from atencion.crash import write_crash_report

SECRET = "Ana Pérez 12345678Z"


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path


def raised(name: str) -> BaseException:
    try:
        try:
            {}[name]
        except KeyError as error:
            raise ValueError(f"no such customer: {name}") from error
    except ValueError as error:
        return ExceptionGroup(name, [error])


def report(error: BaseException) -> str:
    path = write_crash_report(error)
    assert path is not None
    return path.read_text(encoding="utf-8")


def test_it_names_the_kinds_and_the_places_of_all_errors_behind_it() -> None:
    text = report(raised(SECRET))
    assert [kind in text for kind in ("ExceptionGroup", "ValueError", "KeyError")] == [True, True, True]
    assert "test_crash.py:" in text


def test_it_holds_none_of_the_data_in_the_messages() -> None:
    text = report(raised(SECRET))
    assert not any(word in text for word in SECRET.split())


def test_only_its_owner_can_read_it() -> None:
    path = write_crash_report(raised(SECRET))
    assert path is not None
    assert (stat.S_IMODE(path.stat().st_mode), stat.S_IMODE(path.parent.stat().st_mode)) == (0o600, 0o700)


def test_a_disk_that_takes_no_file_gives_no_report_and_no_second_failure(state: Path) -> None:
    (state / "state").write_text("a file where the folder should be")
    assert write_crash_report(raised(SECRET)) is None


def test_an_error_that_comes_from_itself_is_told_once() -> None:
    error = ValueError()
    error.__context__ = error
    assert report(error).count("ValueError") == 1
