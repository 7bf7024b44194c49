# Needs Python 3.11 or newer, make and a package registry. `make help` lists what can be made.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PIP := -m pip --disable-pip-version-check -qq
UV_VERSION := uv>=0.13,<0.14

CONTRACT := contracts/mhep1/tower_hamlets.sib
RECORDS := contracts/mhep1/data/2018-q2
AS_OF := 2018-07-31
EXAMPLES ?= 5000

# Without compiled modules every process that a test starts would compile them again: half a second each.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup demo quick test deep check format bench lock wheel clean

help: ## list what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(READY) ## install sibdsl and its tools in .venv

$(READY): requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "sibdsl needs Python 3.11 or newer; '$(PYTHON)' is $$($(PYTHON) --version 2>/dev/null || echo not installed)." >&2; \
	  echo "Name another, as in: make $(or $(MAKECMDGOALS),setup) PYTHON=/usr/bin/python3.12" >&2; \
	  exit 1; }
	@echo "Installing sibdsl and its tools in $(VENV) (about a minute)"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python $(PIP) install --require-hashes --requirement requirements/dev.txt
	@$(BIN)/python $(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

demo: $(READY) ## check, test, pay and explain a real contract
	@echo "Is the Tower Hamlets contract complete, and what does it assume?"
	@$(BIN)/sib check $(CONTRACT)
	@echo
	@echo "Run the worked examples written inside the contract."
	@$(BIN)/sib test $(CONTRACT)
	@echo
	@echo "Work out what each party owes for April to June 2018, on the records held at 31 July 2018."
	@$(BIN)/sib pay $(CONTRACT) --records $(RECORDS) --as-of $(AS_OF)
	@echo
	@echo "Where do the 5,400.00 of line L21 come from?"
	@$(BIN)/sib explain $(CONTRACT) --records $(RECORDS) --as-of $(AS_OF) --line L21 2>/dev/null
	@echo
	@echo "Do the fund's conditions hold, whatever is achieved?"
	@scratch=$$(mktemp -d) && trap 'rm -rf "$$scratch"' EXIT && \
	  $(BIN)/sib check $(CONTRACT) --quiet --rules funds/cbo --save "$$scratch"

quick: $(READY) ## a minute's worth: lint, and the tests that take no long
	@$(BIN)/ruff check --quiet
	@HYPOTHESIS_PROFILE=quick $(BIN)/python -m pytest --numprocesses auto --dist worksteal -m "not slow and not deep"

test: check ## check, then run the tests
	@$(BIN)/python -m pytest --numprocesses auto --dist worksteal

# EXAMPLES=50000 looks further: as many for each property.
deep: check ## every test with many new examples, for hours
	@HYPOTHESIS_PROFILE=deep EXAMPLES=$(EXAMPLES) LIMITS_EXAMPLES=$(EXAMPLES) $(BIN)/python -m pytest --numprocesses auto --dist worksteal -m ""

check: $(READY) ## lint, formatting, types, imports between parts, documentation
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --check --quiet || { echo "Some files are not formatted: make format" >&2; exit 1; }
	@$(BIN)/mypy --no-error-summary --num-workers auto
	@$(BIN)/python -m sibdsl.model.json_schema --check
	@$(BIN)/python scripts/constructs.py --check
	@$(BIN)/python scripts/python_page.py --check
	@imports=$$($(BIN)/lint-imports 2>&1) || { echo "$$imports"; exit 1; }
	@site=$$(mktemp -d) && trap 'rm -rf "$$site"' EXIT && $(BIN)/mkdocs build --strict --quiet --site-dir "$$site"

format: $(READY) ## format the code and mend what can be mended
	@$(BIN)/ruff format --quiet
	@$(BIN)/ruff check --fix --quiet

bench: $(READY) ## run the benchmarks
	@$(BIN)/python benchmarks/run.py
	@$(BIN)/python benchmarks/pay_against_sql.py

# LOCK=--upgrade takes newer versions; without it only what must change does.
lock: ## write the locks in requirements/ again from pyproject.toml
	@scratch=$$(mktemp -d) && trap 'rm -rf "$$scratch"' EXIT && \
	$(PYTHON) -m venv "$$scratch/venv" && \
	"$$scratch/venv/bin/python" $(PIP) install '$(UV_VERSION)' && \
	lock() { "$$scratch/venv/bin/uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	  --no-header --no-annotate --no-emit-index-url --no-emit-find-links $(LOCK) "$$@" pyproject.toml; } && \
	lock --output-file requirements/runtime.txt && \
	lock --extra dev --constraint requirements/runtime.txt --output-file requirements/dev.txt

wheel: $(READY) ## build the source archive, and the wheel from it, in dist/
	@rm -rf dist
	@$(BIN)/python -m build --no-isolation --quiet --outdir dist

clean: ## remove everything made here
	@rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
