# Every task of the project. `make` alone prints this list.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
WORKERS ?= 2

.PHONY: help demo test check fmt bench soak schemas lock clean

help: ## print this list
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/^([a-z]+):[^#]*## (.*)/  make \1\t\2/' | expand -t 16

$(READY): requirements-dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' || \
		{ echo "Python 3.11, 3.12 or 3.13 is needed; set PYTHON=/path/to/one"; exit 1; }
	@echo "Setting up $(VENV) (once)"
	@$(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(READY)

demo: $(READY) ## whole exchanges between real processes on this machine, checked from outside
	@$(BIN)/torugart demo

test: $(READY) ## the whole test suite, on the embedded defaults, loopback only
	@$(BIN)/python -m pytest -n $(WORKERS)

check: $(READY) ## format, lint, types, layers, generated files fresh
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/torugart schemas check

fmt: $(READY) ## format and mend what can be mended
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: $(READY) ## what each stage costs, beside the floor; writes benchmarks/results.md
	@$(BIN)/python benchmarks/stages.py

soak: $(READY) ## thousands of random lives of exchanges, held against an independent model; takes long
	@LIFE_SEQUENCES=5000 LIFE_STEPS=50 $(BIN)/python -m pytest --timeout 0 tests/exchange/test_life_model.py

schemas: $(READY) ## write schemas/ and the generated documents from the model
	@$(BIN)/torugart schemas build

lock: ## make the locked requirements anew (needs uv)
	uv pip compile --universal --generate-hashes --python-version 3.11 --no-emit-index-url --no-header -q pyproject.toml -o requirements.txt
	uv pip compile --universal --generate-hashes --python-version 3.11 --no-emit-index-url --no-header -q --extra dev pyproject.toml -o requirements-dev.txt

clean: ## remove what was made here
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist
