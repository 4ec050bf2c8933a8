"""`atencion customer`: importing, finding and showing."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from atencion.cli.shared import stopped_between
from tests.cli.conftest import Run
from tests.terminal import Terminal, program

ROWS = "nombre;apellidos;NIF;móvil\nAna;Inventada Uno;99000001C;749000001\nLuis;Inventado Dos;12345678A;749000002\n"


def write(folder: Path, text: str = ROWS, name: str = "new.csv") -> Path:
    path = folder / name
    path.write_text(text)
    return path


def many(folder: Path, rows: int) -> Path:
    lines = (f"E{n};Nombre{n % 90};Apellido{n % 90};7490{n:05}\n" for n in range(rows))
    return write(folder, "código;nombre;apellidos;móvil\n" + "".join(lines), "many.csv")


def test_good_rows_are_written_and_the_others_go_to_a_file_with_the_reason(run: Run, db: Path, tmp_path: Path) -> None:
    done = run(db, "customer", "import", write(tmp_path), "--json")
    counts = done.document
    assert (done.code, done.err) == (0, "")
    assert {"read", "created", "updated", "rejected", "rejects_file", "seconds"} <= set(counts)
    assert (counts["read"], counts["created"], counts["updated"], counts["rejected"]) == (2, 1, 0, 1)
    assert "12345678A" in Path(counts["rejects_file"]).read_text(encoding="utf-8-sig")


def test_importing_twice_makes_no_twins(run: Run, db: Path, tmp_path: Path) -> None:
    path = write(tmp_path)
    run(db, "customer", "import", path)
    again = run(db, "customer", "import", path, "--json").document
    assert (again["created"], again["updated"]) == (0, 1)


def test_the_rejects_go_where_they_are_wanted(run: Run, db: Path, tmp_path: Path) -> None:
    done = run(db, "customer", "import", write(tmp_path), "--rejects", tmp_path / "bad.csv")
    assert (done.code, str(tmp_path / "bad.csv") in done.out, (tmp_path / "bad.csv").exists()) == (0, True, True)


@pytest.mark.parametrize(
    ("text", "said"),
    [(None, "none.csv"), ("", "vac"), ("color;peso\nrojo;3\n", "nombre")],
    ids=["missing", "empty", "no customers"],
)
def test_what_is_no_list_of_customers_is_told(run: Run, db: Path, tmp_path: Path, text: str | None, said: str) -> None:
    path = tmp_path / "none.csv" if text is None else write(tmp_path, text)
    done = run(db, "customer", "import", path)
    assert (done.code, done.out, said in done.err) == (1, "", True)


def test_no_progress_is_shown_in_a_pipe(run: Run, db: Path, tmp_path: Path) -> None:
    assert run(db, "customer", "import", many(tmp_path, 2_500)).err == ""


def test_progress_is_shown_on_a_terminal(db: Path, tmp_path: Path) -> None:
    with Terminal(program("--db", str(db), "customer", "import", str(many(tmp_path, 2_500)))) as terminal:
        assert terminal.wait_for_end() == 0
        assert "█".encode() in terminal.output


def test_an_interrupted_import_says_so_and_leaves_nothing_half_written(db: Path, run: Run, tmp_path: Path) -> None:
    path = many(tmp_path, 60_000)
    with Terminal(program("--db", str(db), "customer", "import", str(path))) as terminal:
        terminal.wait_for_output("█".encode())
        assert terminal.kill(signal.SIGINT) == 130
        assert "ningún cliente ha quedado a medias" in terminal.text.replace("\n", "")
    found = run(db, "customer", "find", "E0", "--json").document["results"]
    assert [one["external_id"] for one in found][:1] == ["E0"]
    assert run(db, "doctor", "--json").document["well"] is True
    counts = run(db, "customer", "import", path, "--json").document
    assert 0 < counts["resumed_at"] < 60_000
    assert (counts["read"], counts["created"], counts["updated"]) == (60_000, 60_000, 0)


def test_an_interrupt_is_heeded_between_two_steps_and_a_second_one_at_once() -> None:
    steps: list[int] = []
    with stopped_between(steps.append) as report:
        report(1)
        signal.raise_signal(signal.SIGINT)
        steps.append(2)  # what is under way goes on to where nothing is half done
        with pytest.raises(KeyboardInterrupt):
            report(3)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert steps == [1, 2]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_customer_is_found_by_phone(run: Run, db: Path) -> None:
    done = run(db, "customer", "find", "749", "037", "199", "--json")
    assert done.code == 0
    assert done.document["query"] == "749 037 199"
    assert done.document["elapsed_ms"] > 0
    assert done.document["results"] == [
        {"id": 1, "external_id": "DEMO-0001", "name": "François d'Aubry", "matched_on": "phone"}
    ]
    assert "François d'Aubry" in run(db, "customer", "find", "749037199").out


def test_a_result_says_why_it_is_there(run: Run, db: Path) -> None:
    assert "teléfono: termina así" in run(db, "customer", "find", "037199").out


def test_a_file_of_queries_gives_a_line_of_json_for_each(run: Run, db: Path, tmp_path: Path) -> None:
    path = tmp_path / "queries.txt"
    path.write_text("749037199\n\n  nadie así \ngarcía\n" + "x" * 30_000 + "\n👩‍🔧\n", encoding="utf-8")
    done = run(db, "customer", "find", "--from-file", path, "--json", "--limit", 3)
    rows = [json.loads(line) for line in done.out.splitlines()]
    assert (done.code, done.err) == (0, "")
    assert [set(row) for row in rows] == [{"query", "elapsed_ms", "results"}] * len(rows)
    assert [row["query"] for row in rows][:3] == ["749037199", "nadie así", "garcía"]
    assert [len(row["results"]) for row in rows][:3] == [1, 0, 3]
    assert rows[0]["results"] == [
        {"id": 1, "external_id": "DEMO-0001", "name": "François d'Aubry", "matched_on": "phone"}
    ]


def test_a_file_of_queries_gives_a_person_the_first_of_each(run: Run, db: Path, tmp_path: Path) -> None:
    path = tmp_path / "queries.txt"
    path.write_text("749037199\nnadie así\n", encoding="utf-8")
    lines = run(db, "customer", "find", "--from-file", path).out.splitlines()
    assert "François d'Aubry  (teléfono)" in lines[0]
    assert lines[1].endswith("→  -")


def test_progress_of_a_file_of_queries_is_shown_on_a_terminal(db: Path, tmp_path: Path) -> None:
    path = tmp_path / "queries.txt"
    path.write_text("garcía\n" * 200, encoding="utf-8")
    command = program("--db", str(db), "customer", "find", "--from-file", str(path), "--json", "--limit", "1")
    with Terminal(command) as terminal:
        assert terminal.wait_for_end() == 0
        assert "█".encode() in terminal.output


@pytest.mark.parametrize("arguments", [(), ("ana", "--from-file", "-"), ("--from-file", "/none/there")])
def test_what_to_find_is_said_in_one_way(run: Run, db: Path, arguments: tuple[str, ...]) -> None:
    assert run(db, "customer", "find", *arguments).code == 2


def test_all_that_meet_a_condition_are_given(run: Run, db: Path) -> None:
    done = run(db, "customer", "search", "cp:36205", "y", "no", "tipo:empresa", "--json")
    rows = [json.loads(line) for line in done.out.splitlines()]
    assert {"DEMO-0001", "DEMO-0002"} <= {row["external_id"] for row in rows}
    assert int(run(db, "customer", "search", "cp:36205 no tipo:empresa", "--count").out) == len(rows)
    assert "François d'Aubry  Vigo" in run(db, "customer", "search", "cp:36205").out


def test_a_condition_is_kept_by_name(run: Run, db: Path) -> None:
    assert run(db, "customer", "search", "cp:36205", "--save", "vigo", "--count").code == 0
    assert (
        run(db, "customer", "search", "@vigo", "--count").out
        == run(db, "customer", "search", "cp:36205", "--count").out
    )
    assert "@vigo" in run(db, "customer", "search").out
    assert run(db, "customer", "search", "--forget", "vigo").code == 0
    assert run(db, "customer", "search", "@vigo").code == 1


def test_what_is_wrong_in_a_condition_is_told(run: Run, db: Path) -> None:
    done = run(db, "customer", "search", "color:rojo")
    assert (done.code, done.out) == (1, "")
    assert "columna 1" in done.err and "Campos: nombre" in done.err


def test_as_many_are_found_as_are_wanted(run: Run, db: Path) -> None:
    assert len(run(db, "customer", "find", "garcía", "--limit", 3, "--json").document["results"]) == 3
    assert run(db, "customer", "find", "garcía", "--limit", 0).code == 2


@pytest.mark.parametrize("query", ["nadie así", "", "\x1b[31m", "%_'\"", "\udcff"])
def test_nobody_found_is_no_failure(run: Run, db: Path, query: str) -> None:
    done = run(db, "customer", "find", query)
    assert (done.code, done.err, "\x1b" in done.out) == (0, "", False)
    assert run(db, "customer", "find", query, "--json").document["results"] == []


@pytest.mark.parametrize("which", ["1", "DEMO-0001"])
def test_a_customer_is_shown_by_number_or_code(run: Run, db: Path, which: str) -> None:
    shown = run(db, "customer", "show", which, "--json").document
    assert (shown["id"], shown["external_id"], shown["birth_date"]) == (1, "DEMO-0001", "1955-01-03")
    assert shown["identifiers"] == [{"kind": "nie", "value": "Z9900000T"}]
    assert "36205 Vigo, Pontevedra" in run(db, "customer", "show", which).out


def test_a_place_without_its_street_is_shown_as_it_is(run: Run, db: Path, tmp_path: Path) -> None:
    run(db, "customer", "import", write(tmp_path, "código;nombre;CP;provincia\nZ9;Ana;28001;Madrid\n"))
    shown = [line.split() for line in run(db, "customer", "show", "Z9").out.splitlines()]
    assert ["Dirección", "28001,", "Madrid"] in shown


@pytest.mark.parametrize("which", ["999999", "DEMO-9999", "9" * 30, "-5"])
def test_a_customer_nobody_has_is_told(run: Run, db: Path, which: str) -> None:
    done = run(db, "customer", "show", "--", which)
    assert (done.code, done.out, which in done.err) == (1, "", True)


@pytest.mark.parametrize("command", [("customer", "find", "x"), ("customer", "show", "1"), ("interaction", "list")])
def test_a_command_that_reads_makes_no_store(run: Run, tmp_path: Path, command: tuple[str, ...]) -> None:
    store = tmp_path / "none.db"
    done = run(store, *command)
    assert (done.code, done.out, "atencion init" in done.err, store.exists()) == (3, "", True, False)


@pytest.mark.parametrize("store", ["postgresql://nobody@127.0.0.1:1/none", "mysql://x/y", "sqlite://"])
def test_a_store_that_cannot_be_reached_is_exit_3(run: Run, store: str) -> None:
    done = run(store, "customer", "find", "x")
    assert (done.code, done.out, "Traceback" in done.err) == (3, "", False)


def test_a_folder_is_no_store(run: Run, tmp_path: Path) -> None:
    done = run(tmp_path, "customer", "find", "x")
    assert (done.code, str(tmp_path) in done.err) == (3, True)


def test_bytes_that_are_no_text_do_no_harm(db: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "atencion", "--db", os.fsencode(db), "customer", "show", b"\xff\xfe"],
        capture_output=True,
        timeout=60,
    )
    assert (done.returncode, b"Traceback" in done.stderr) == (1, False)
