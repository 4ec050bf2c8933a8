"""The folder of practice: scenarios, speech acts and marks, read when they are asked for."""

from __future__ import annotations

import csv
import difflib
import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from atencion.errors import AtencionError, Problem, ProblemsFound, Refused
from atencion.i18n import _
from atencion.resources import shipped_protocols
from atencion.scripts.catalogue import TESTS, Catalogue
from atencion.scripts.document import Document, parse, read_file
from atencion.scripts.model import validate
from atencion.scripts.protocol import Protocol
from atencion.text import clean_line
from atencion.training.lint import lint
from atencion.training.lint_world import Around
from atencion.training.rubric import Rubric
from atencion.training.scenario import Scenario
from atencion.training.speech_acts import Recogniser, SpeechActs

_NO_SCENARIOS = frozenset({"acts", "rubric"})


@dataclass(frozen=True)
class LoadedScenario:
    """A scenario with the very text it was read from, by whose hash an attempt pins it."""

    scenario: Scenario
    source: str
    document: Document

    @cached_property
    def hash(self) -> str:
        """The SHA-256 of its text."""
        return hashlib.sha256(self.source.encode()).hexdigest()


@dataclass(frozen=True)
class ListedScenario:
    """A scenario's file: the scenario, or what is wrong with it."""

    id: str
    path: Path
    loaded: LoadedScenario | None
    problems: tuple[Problem, ...] = ()


class Library:
    """All that practice needs of an organisation's folder; what the folder lacks comes from the program's own."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.folder = catalogue.folder / "practice"

    @cached_property
    def recogniser(self) -> Recogniser:
        """Raises ProblemsFound if the speech acts cannot be used."""
        return Recogniser(self._acts.acts)

    @cached_property
    def acts_hash(self) -> str:
        """The SHA-256 of the speech acts' text."""
        return hashlib.sha256(read_file(self._file("acts.yaml")).encode()).hexdigest()

    @cached_property
    def rubric(self) -> Rubric:
        """The marks. Raises ProblemsFound."""
        path = self._file("rubric.yaml")
        return validate(Rubric, parse(read_file(path), str(path)))

    @cached_property
    def rubric_hash(self) -> str:
        """The SHA-256 of the marks' text."""
        return hashlib.sha256(read_file(self._file("rubric.yaml")).encode()).hexdigest()

    def scenarios(self) -> list[ListedScenario]:
        """Every scenario of the folder, by name."""
        return [self._listed(path) for path in self._paths()]

    def scenario(self, which: str) -> LoadedScenario:
        """The scenario of that id or, wherever it is, of that file.

        Raises Refused if there is none, ProblemsFound if it cannot be used.
        """
        return self.load(self.path_of(which))

    def path_of(self, which: str) -> Path:
        """The file of the scenario of that id, or the one named itself. Raises Refused if there is no such scenario."""
        if which.endswith((".yaml", ".yml")):
            return Path(which)
        known = {path.stem: path for path in self._paths()}
        if which not in known:
            close = difflib.get_close_matches(which, known, 1)
            hint = _("¿Quería decir «{key}»?").format(key=close[0]) if close else ", ".join(known)
            if Path(f"{which}.yaml").is_file():
                hint = _("Si es el fichero de esta carpeta, escriba {which}.yaml").format(which=which)
            raise Refused(_("El escenario «{id}» no existe.").format(id=clean_line(which, 80)), remedy=hint)
        return known[which]

    def load(self, path: Path) -> LoadedScenario:
        """A scenario from its file. Raises ProblemsFound with all that is wrong in it."""
        return self.from_text(read_file(path), str(path), expected_id=path.stem)

    def from_text(self, source: str, file: str, *, expected_id: str | None = None) -> LoadedScenario:
        """A scenario from its text. Raises ProblemsFound."""
        document = parse(source, file)
        scenario = validate(Scenario, document)
        problems = lint(scenario, document, self._around(scenario.protocol))
        if expected_id is not None and scenario.id != expected_id:
            message = _("el id «{id}» no es el de su fichero").format(id=scenario.id)
            problems.append(document.problem(("id",), message, expected_id))
        if problems:
            raise ProblemsFound(problems)
        return LoadedScenario(scenario, source, document)

    def unpinned(self, source: str, scenario_id: str) -> Scenario:
        """The scenario that an attempt began with, from its text."""
        return validate(Scenario, parse(source, scenario_id))

    def tests_of(self, which: str) -> Path | None:
        """The file of attempts beside a scenario, if there is one. Raises Refused if there is no such scenario."""
        path = self.path_of(which)
        tests = path.with_name(f"{path.stem}{TESTS}")
        return tests if tests.is_file() else None

    @cached_property
    def _acts(self) -> SpeechActs:
        path = self._file("acts.yaml")
        return validate(SpeechActs, parse(read_file(path), str(path)))

    def _around(self, protocol_id: str) -> Around:
        protocol: Protocol | None = None
        try:
            protocol = self.catalogue.protocol(protocol_id).protocol
        except AtencionError:
            pass  # Told of the scenario: its protocol is not there or cannot be used.
        return Around(
            frozenset(self.recogniser.acts),
            self.rubric,
            protocol,
            frozenset(self.products),
            frozenset(self.catalogue.norms),
            self.catalogue.organisation,
            self._articles,
        )

    @cached_property
    def _articles(self) -> frozenset[str]:
        """The ids of the organisation's articles, which are the names of their files."""
        return frozenset(path.stem for path in (self.catalogue.folder / "knowledge").rglob("*.md"))

    @cached_property
    def products(self) -> dict[str, dict[str, str]]:
        """The products that planted contracts may be of, by code."""
        own = self.catalogue.folder / "demo" / "products.csv"
        path = own if own.is_file() else shipped_protocols() / "demo" / "products.csv"
        with path.open(encoding="utf-8", newline="") as stream:
            return {row["code"]: row for row in csv.DictReader(stream, delimiter=";")}

    def _listed(self, path: Path) -> ListedScenario:
        try:
            return ListedScenario(path.stem, path, self.load(path))
        except ProblemsFound as error:
            return ListedScenario(path.stem, path, None, error.problems)

    def _paths(self) -> list[Path]:
        if not self.folder.is_dir():
            return []
        found = sorted(self.folder.glob("*.yaml"))
        return [path for path in found if path.stem not in _NO_SCENARIOS and not path.name.endswith(TESTS)]

    def _file(self, name: str) -> Path:
        own = self.folder / name
        return own if own.is_file() else shipped_protocols() / "practice" / name
