"""What goes wrong is told in words, with its place."""

from atencion.errors import AtencionError, Problem, ProblemsFound, Refused, StoreError


def test_each_kind_of_error_has_its_exit_code() -> None:
    assert [kind("…").exit_code for kind in (AtencionError, Refused, StoreError)] == [1, 1, 3]


def test_a_problem_says_its_place_what_is_wrong_and_what_was_expected() -> None:
    problem = Problem("guion.yaml", 3, 7, "«saludos» no se conoce", "una de: saludo, cierre")
    assert str(problem) == "guion.yaml:3:7: «saludos» no se conoce; una de: saludo, cierre"


def test_a_problem_with_nothing_expected_ends_at_what_is_wrong() -> None:
    assert str(Problem("guion.yaml", 1, 1, "está vacío")) == "guion.yaml:1:1: está vacío"


def test_problems_are_told_all_in_the_order_of_their_lines() -> None:
    late, early = Problem("a.yaml", 12, 1, "dos"), Problem("a.yaml", 2, 1, "uno")
    assert str(ProblemsFound([late, early])) == "a.yaml:2:1: uno\na.yaml:12:1: dos"
