"""The exchange's log: torn lines told, nothing counted twice, in whatever pieces it comes."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from atencion.data.engine import Store
from atencion.data.queue_log import import_queue_log
from atencion.errors import Refused

WHOLE = """\
1780000000|1780000000.1|atencion|NONE|ENTERQUEUE||+34749037199|1
1780000012|1780000000.1|atencion|SIP/101|CONNECT|12|1780000000.2|3
1780000100|1780000000.1|atencion|SIP/101|COMPLETECALLER|12|88|1
1780000005|1780000005.3|atencion|NONE|ENTERQUEUE||+34749037199|2
1780000050|1780000005.3|atencion|NONE|ABANDON|1|2|45
1780000060|1780000060.4|ventas|NONE|ENTERQUEUE||+34749037199|1
1780000070|1780000060.4|ventas|NONE|EXITWITHTIMEOUT|1|1|10
1780000080|NONE|NONE|SIP/101|PAUSE|
"""
ROWS = [
    ("atencion", "1780000000.1", 1780000000000, 12000, 88000, "connected", "SIP/101"),
    ("atencion", "1780000005.3", 1780000005000, 45000, None, "abandoned", ""),
    ("ventas", "1780000060.4", 1780000060000, 10000, None, "left", ""),
]


def rows(store: Store) -> list[tuple[object, ...]]:
    with store.reading() as connection:
        found = connection.exec_driver_sql("SELECT * FROM queue_call ORDER BY queue, call_id")
        return [(r.queue, r.call_id, r.entered_ms, r.wait_ms, r.talk_ms, r.outcome, r.agent) for r in found]


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "queue_log"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_a_log_becomes_a_row_for_each_call(store: Store, tmp_path: Path) -> None:
    result = import_queue_log(store, written(tmp_path, WHOLE))
    assert (result.lines, result.calls, result.torn) == (8, 3, 0)
    assert rows(store) == ROWS


def test_the_same_log_again_changes_nothing(store: Store, tmp_path: Path) -> None:
    for _time in range(2):
        import_queue_log(store, written(tmp_path, WHOLE))
    assert rows(store) == ROWS


@pytest.mark.parametrize("cut", range(0, len(WHOLE), 37))
def test_a_log_that_was_turned_over_in_the_middle_of_a_line_loses_that_line_alone(
    tmp_path: Path, cut: int, store_once: Store
) -> None:
    torn = 0
    for part in (WHOLE[:cut], WHOLE[cut:]):
        torn += import_queue_log(store_once, written(tmp_path, part)).torn
    assert torn <= 2
    calls = {row[1] for row in rows(store_once)}
    assert calls >= {"1780000000.1", "1780000005.3"}


@pytest.fixture
def store_once(tmp_path: Path) -> Store:
    from atencion.data.engine import open_store

    return open_store(str(tmp_path / "one.db"))


def test_torn_lines_are_told_by_their_numbers_and_the_rest_is_read(store: Store, tmp_path: Path) -> None:
    lines = WHOLE.splitlines()
    lines[1:1] = [
        "17800000",
        "x|y|z|NONE|ENTERQUEUE||",
        "1780000000|c|q|NONE|NOSUCHEVENT|",
        "a|b|c|d|COMPLETEAGENT|x|y",
    ]
    result = import_queue_log(store, written(tmp_path, "\n".join(lines)))
    assert (result.torn, result.torn_lines) == (4, (2, 3, 4, 5))
    assert [row for row in rows(store) if row in ROWS] == ROWS


def test_a_call_whose_beginning_is_missing_began_when_its_wait_says(store: Store, tmp_path: Path) -> None:
    import_queue_log(store, written(tmp_path, "1780000012|z|q|SIP/1|CONNECT|12|x|3\n"))
    assert rows(store) == [("q", "z", 1780000000000, 12000, None, "connected", "SIP/1")]


def test_what_would_obey_a_terminal_is_not_kept(store: Store, tmp_path: Path) -> None:
    import_queue_log(store, written(tmp_path, b"1780000000|a\x1b[31m\xff|q\x1b]0;x|NONE|ENTERQUEUE||6|1\n"))
    (row,) = rows(store)
    assert "\x1b" not in str(row[0]) + str(row[1])


@given(st.binary(max_size=600))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_whatever_the_bytes_it_ends(store_once: Store, tmp_path: Path, noise: bytes) -> None:
    result = import_queue_log(store_once, written(tmp_path, noise))
    assert result.torn <= result.lines <= noise.count(b"\n") + 1


def test_a_file_that_cannot_be_read_is_told(store: Store, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no se puede leer"):
        import_queue_log(store, tmp_path / "nothing")
