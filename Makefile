# Commands for people; CI calls the same ones.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Everything that is installed comes from a lock file with hashes.
UV := $(BIN)/uv
# What we are measured against stands beside, never among, what we use.
PEERS := .venv-bench

.PHONY: help demo test test-full check bench lock format catalogues clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

demo: $(VENV)/catalogues.done ## Run the demo city: one command on a fresh machine (PORT, CONSULT_DATA)
	@exec $(BIN)/python -m consult demo

test: $(VENV)/dev.done ## Run all tests; browser and accessibility matrix pairwise
	$(BIN)/python -m pytest -q -n 2 --dist loadfile $(ARGS)

test-full: $(VENV)/dev.done ## Run all tests with the whole matrix
	FULL_MATRIX=yes $(BIN)/python -m pytest -q -n 2 --dist loadfile $(ARGS)

check: $(VENV)/dev.done ## Lint, format, types, imports, templates, migrations, translations
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/djhtml --check site_content/templates
	$(BIN)/mypy
	$(BIN)/python -m tests.check_project

bench: $(VENV)/dev.done ## Measure speed and quality, printed as tables of ratios
	@$(MAKE) --no-print-directory $(PEERS)/bench.done || echo "the row against red-dwarf is left out"
	CONSULT_BENCH_PEERS=$(PEERS) $(BIN)/python -m benchmarks

format: $(VENV)/dev.done ## Format code and templates
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/djhtml site_content/templates

catalogues: $(VENV)/dev.done ## Collect strings into site_content/locale (needs gettext)
	$(BIN)/python -m consult.project.catalogues collect

lock: ## Pin all requirements by hash
	$(UV) pip compile requirements/base.in --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate -q -o requirements/base.lock
	$(UV) pip compile requirements/bench.in --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate -q -o requirements/bench.lock
	$(UV) pip compile requirements/dev.in -c requirements/base.lock --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate -q -o requirements/dev.lock

clean: ## Remove the environment and the demo's data
	rm -rf $(VENV) $(PEERS) .consult

$(UV): requirements/uv.lock
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/uv.lock
	@touch $(UV)

$(VENV)/base.done: $(UV) requirements/base.lock pyproject.toml
	@echo "environment …"
	$(UV) pip install -q --python $(BIN)/python --require-hashes --no-deps -r requirements/base.lock
	$(UV) pip install -q --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/catalogues.done: $(VENV)/base.done $(wildcard site_content/locale/*/LC_MESSAGES/*.po)
	$(BIN)/python -m consult.project.catalogues compile
	@touch $@

$(VENV)/dev.done: $(VENV)/catalogues.done requirements/dev.lock
	$(UV) pip install -q --python $(BIN)/python --require-hashes --no-deps -r requirements/dev.lock
	@touch $@

$(PEERS)/bench.done: $(UV) requirements/bench.lock
	$(UV) venv -q --clear --python $(BIN)/python $(PEERS)
	$(UV) pip install -q --python $(PEERS)/bin/python --require-hashes --no-deps -r requirements/bench.lock
	@touch $@
