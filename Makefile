# Tune or Prompt: every word you need. `make` alone explains them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8501
REFERENCE ?= ../shared/reference
STAMP := $(VENV)/.installed
DEV_STAMP := $(VENV)/.installed-dev

.PHONY: help port app test test-all check bench clean starters

help:  ## what there is
	@echo "Tune or Prompt"
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(STAMP): requirements.txt constraints.txt
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 is needed and '$(PYTHON)' was not found. Install it (Debian: apt install python3.11 python3.11-venv) or say where it is: make app PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || { echo "'$(PYTHON)' is $$($(PYTHON) --version 2>&1); Python 3.11 is needed. Say where it is: make app PYTHON=/path/to/python3.11"; exit 1; }
	@echo "Making the environment in $(VENV) and installing requirements.txt (some minutes, about 2 GB the first time) …"
	@$(PYTHON) -m venv $(VENV) || { echo "The environment could not be made. On Debian and Ubuntu: apt install python3.11-venv"; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt -c constraints.txt || { echo "Installing failed. Look at the last lines above: without network, connect and run the same command again; with a full disk, free about 3 GB."; exit 1; }
	@touch $@

$(DEV_STAMP): $(STAMP) requirements-dev.txt
	@echo "Installing what the tests and checks need …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt -c constraints.txt || { echo "Installing failed; see the last lines above and run the same command again."; exit 1; }
	@touch $@

starters: $(STAMP)  ## fetch the two small starter models (about 180 MB, once)
	@$(BIN)/python -m experiments models --fetch || echo "The starter models could not be fetched now. Advice and estimates work without them; pilots need them: run 'make starters' again when the machine is online."

port:
	@[[ "$(PORT)" =~ ^[0-9]{1,5}$$ ]] && (( 10#$(PORT) >= 1 && 10#$(PORT) <= 65535 )) || { echo "PORT=$(PORT) is no port. Give a number from 1 to 65535, for example: make app PORT=8502"; exit 1; }

app: port $(STAMP) starters  ## set everything up and open the app on 127.0.0.1 (PORT=8501)
	@$(BIN)/python -c 'import socket, sys; s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); sys.exit(0 if s.connect_ex(("127.0.0.1", $(PORT))) else 1)' || { echo "Port $(PORT) on this machine is in use. Stop what uses it, or choose another: make app PORT=8502"; exit 1; }
	@echo "Tune or Prompt: http://127.0.0.1:$(PORT)   (stop with Ctrl-C; running pilots go on)"
	@$(BIN)/python -m streamlit run app.py --server.port $(PORT)

test: $(DEV_STAMP) starters  ## pass the tests, one true pilot among them (some 10 minutes)
	@$(BIN)/python -m pytest -n 2 --dist loadfile -m "not slow and not browser"

test-all: test  ## and the slow ones: training every arm, exact memory, journeys in a browser (needs Chromium)
	@$(BIN)/python -m pytest -m "slow and not browser"
	@$(BIN)/python -m pytest -m browser

check: $(DEV_STAMP)  ## format, lint and types, as the tests' gate does
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy

bench: $(DEV_STAMP)  ## estimates and advice beside published measurements (REFERENCE=folder with memory/, latency/, quality/)
	@test -d "$(REFERENCE)/memory" || { echo "No measurements in '$(REFERENCE)'. Say where they are: make bench REFERENCE=/path/to/reference"; exit 1; }
	@$(BIN)/python -m benchmarks.estimates $(REFERENCE)
	@$(BIN)/python -m benchmarks.closed_form
	@$(BIN)/python -m benchmarks.dry_run $(REFERENCE)/memory --most 12
	@test ! -d "$(REFERENCE)/quality" || $(BIN)/python -m benchmarks.advice $(REFERENCE)/quality
	@if test -n "$(PILOT_FILE)"; then $(BIN)/python -m benchmarks.pilot $(PILOT_FILE); else echo "Speed of pilots: make bench PILOT_FILE=/path/to/a/file/of/examples"; fi

clean:  ## remove the environment and caches (your projects stay in the data home)
	@rm -rf $(VENV) .pytest_cache .ruff_cache .mypy_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
	@echo "Removed. Projects, runs and starter models were not touched."
