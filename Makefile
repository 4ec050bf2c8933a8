# Needs python3 (3.11 or newer) and make, nothing else. `make help` tells what there is.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
CATALOGUES := $(wildcard atencion/locale/*/LC_MESSAGES/*.po)
.DEFAULT_GOAL := help

.PHONY: help
help: ## What there is
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1	\2/p' $(MAKEFILE_LIST) | expand -t 18

.PHONY: setup
setup: $(READY) .venv/.catalogues ## Build .venv from the locked, hashed dependencies

$(READY): pyproject.toml uv.lock tools/uv.txt tools/bootstrap.py tools/hatch_build.py
	@echo "Building .venv ..."
	@$(PYTHON) tools/bootstrap.py
	@touch $@

.venv/.catalogues: $(READY) $(CATALOGUES)
	@$(BIN)/python tools/catalogues.py compile
	@touch $@

.PHONY: demo
demo: setup ## Open the workstation on a throwaway store with sample data
	@$(BIN)/atencion demo

.PHONY: test
test: lint types unit ## Every check: style, types, import directions, all tests

.PHONY: lint
lint: setup ## Style, and which package may import which
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --cache-dir .cache/import-linter

.PHONY: types
types: setup ## Strict type check
	$(BIN)/mypy

.PHONY: unit
unit: setup ## All tests save the long torture
	$(BIN)/pytest -m "not torture" -n 2 --dist worksteal

.PHONY: journeys
journeys: setup ## Whole calls in a real terminal
	$(BIN)/pytest tests/journeys -m "not torture"

.PHONY: torture
torture: setup ## Kill, corrupt and flood: the long runs
	$(BIN)/pytest -m torture

.PHONY: screens
screens: setup ## Pictures of every screen, into docs/screens
	$(BIN)/python -m tools.screens

.PHONY: bench
bench: setup ## Benchmarks, beside their reference programs
	$(BIN)/python -m bench

.PHONY: catalog
catalog: setup ## Bring the message catalogues up to the sources
	$(BIN)/python tools/catalogues.py update
	$(BIN)/python tools/catalogues.py compile

.PHONY: lock
lock: setup ## Lock the newest allowed versions again
	UV_NO_CONFIG=1 .tools/bin/uv lock --upgrade --default-index https://pypi.org/simple

.PHONY: wheel
wheel: setup ## The wheel and the source archive, into dist/
	$(BIN)/python -m hatchling build

.PHONY: clean
clean: ## Remove all that was built
	rm -rf .venv .tools .cache .pytest_cache .mypy_cache .ruff_cache .hypothesis dist build
	find atencion -name '*.mo' -delete
	find atencion tests tools bench -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true
