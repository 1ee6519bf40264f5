# `make up` and `make test` install what they need; nothing else has to be done by hand.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
# one for all that needs the running stack, the other for the rest
WORKERS := -n 2 --dist loadgroup --no-loadscope-reorder
PIP := $(BIN)/python -m pip install --disable-pip-version-check

.PHONY: help install install-dev up test test-all lint format bench clean

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

format: install-dev  ## let ruff put the code in order
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: install-dev  ## the figures that the documentation quotes
	@for benchmark in benchmarks/*.py; do echo "== $$benchmark"; $(BIN)/python $$benchmark $(ARGS); done

clean:  ## remove the virtual environment and the tools' caches; data stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis build *.egg-info

.venv/.installed: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "LabelTune needs Python 3.11 or newer; name one with PYTHON=python3.11" >&2; exit 1; }
	@[ -x $(BIN)/pip ] || { echo "Making a virtual environment in .venv"; \
		$(PYTHON) -m venv .venv 2>/dev/null \
		|| { rm -rf .venv; echo "Installing Debian's python3-venv"; \
		     $(SUDO) apt-get update -qq && $(SUDO) apt-get install -y -qq python3-venv >/dev/null \
		     && $(PYTHON) -m venv .venv; }; }
	@echo "Installing LabelTune (2 GB with PyTorch; a few minutes the first time)"
	@# torch first and by itself: left to the resolver, a newer build with CUDA would be taken
	@$(PIP) 'torch==2.13.*'
	@$(PIP) -e '.[all]'
	@touch $@

.venv/.installed-dev: .venv/.installed
	@echo "Installing what the tests need"
	@$(PIP) -e '.[dev]'
	@# redis-tools holds the server's program, too, and starts no service as redis-server does
	@{ command -v chromium && command -v redis-check-rdb; } >/dev/null || { \
		echo "Installing Debian's chromium and redis-tools"; \
		$(SUDO) apt-get update -qq && \
		$(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
			chromium redis-tools >/dev/null; }
	@$(BIN)/python -m sync.stack.label_studio
	@touch $@
