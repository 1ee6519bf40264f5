# `make up` and `make test` install what they need; nothing else has to be done by hand.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
# every version that is installed; `make up LOCK=` lets pip choose them
LOCK ?= locks
export LABELTUNE_LOCK := $(if $(LOCK),$(LABELTUNE_LOCK),off)
# else each of a few hundred processes would compile all modules again
unexport PYTHONDONTWRITEBYTECODE
LOCKED := pyproject.toml $(wildcard locks/*.txt)
CHECK_PYTHON = $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	echo "LabelTune needs Python 3.11 or newer, and $(PYTHON) is" \
		"$$($(PYTHON) --version 2>/dev/null || echo missing); name one with PYTHON=python3.11" >&2; \
	exit 1; }
# one for all that needs the running stack, the other for the rest
WORKERS := -n 2 --dist loadgroup --no-loadscope-reorder

.PHONY: help install install-dev up test test-all lint lock format bench clean

help:  ## what there is
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 14

install: .venv/.installed  ## LabelTune in .venv

install-dev: .venv/.installed-dev  ## and what its tests need

up: install  ## Label Studio, a local model, the backend and a sample project; Ctrl-C stops all
	@$(BIN)/labeltune up $(ARGS)

test: install-dev  ## what every commit must pass, with a real Label Studio, browser and model
	@$(BIN)/python -m pytest $(WORKERS) $(ARGS)

test-all: install-dev  ## and what takes long: trainers' own readers, Ray clusters, many more kills
	@$(BIN)/python -m pytest $(WORKERS) --thorough $(ARGS)

lint: install-dev  ## ruff, mypy, import contracts
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

lock: .venv-lock/.installed  ## write locks/ anew; UPGRADE=1 takes newer versions, UPGRADE=NAME one
	@UPGRADE='$(UPGRADE)' .venv-lock/bin/python -m tools.lock

format: install-dev  ## let ruff put the code in order
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: install-dev  ## the figures that the documentation quotes
	@for benchmark in benchmarks/*.py; do echo "== $$benchmark"; $(BIN)/python $$benchmark $(ARGS); done

clean:  ## remove the virtual environment and the tools' caches; data stays
	rm -rf .venv .venv-lock .venv-install.log .mypy_cache .ruff_cache .pytest_cache .hypothesis build *.egg-info
	find . -name __pycache__ -prune -exec rm -rf {} +

.venv/.installed: $(LOCKED)
	@$(CHECK_PYTHON)
	@$(PYTHON) -m tools.install all --lock '$(LOCK)'
	@touch $@

.venv/.installed-dev: $(LOCKED)
	@$(CHECK_PYTHON)
	@$(PYTHON) -m tools.install dev --lock '$(LOCK)'
	@$(BIN)/python -m sync.stack.label_studio >/dev/null
	@touch .venv/.installed $@

.venv-lock/.installed: Makefile
	@$(PYTHON) -m venv .venv-lock
	@.venv-lock/bin/python -m pip install -qq pip==26.3 pip-tools==7.6.2
	@touch $@
