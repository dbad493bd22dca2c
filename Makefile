# Walking the Latent Space. Each target sets up what it needs and does nothing where nothing has changed.
# Chosen by the caller: PYTHON=python3.12, LATENTWALK_CHROMIUM=/path/to/chromium.

# Without .SHELLFLAGS, which make 3.81, macOS's own, ignores: a recipe with a pipe or a loop begins with `set -euo pipefail`.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help setup python book offline pdf format style test lab checkpoints bench outputs stills translations address clean

PYTHON ?= python3
PY := .venv/bin/python

# Settings and caches of the tools stay inside the project: nothing is read from or written to the home folder, and
# the kernel is the one of .venv whatever kernels the user has registered.
CACHE := $(CURDIR)/.cache
export JUPYTER_CONFIG_DIR := $(CACHE)/jupyter/config
export JUPYTER_DATA_DIR := $(CACHE)/jupyter/data
export JUPYTER_RUNTIME_DIR := $(CACHE)/jupyter/runtime
export JUPYTER_PREFER_ENV_PATH := 1
export JUPYTER_PLATFORM_DIRS := 1
export IPYTHONDIR := $(CACHE)/ipython
export MPLCONFIGDIR := $(CACHE)/matplotlib
export HYPOTHESIS_STORAGE_DIRECTORY := $(CACHE)/hypothesis
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PYTHONNOUSERSITE := 1
# torch's threads spin only briefly while they wait for each other, then sleep: threads that spin for long keep each
# other from working on a machine that does something else as well, and training becomes many times slower.
export GOMP_SPINCOUNT := 10000
unexport PYTHONPATH PYTHONHOME JUPYTER_PATH
# Compiled once: each notebook and each worker has a Python of its own.
unexport PYTHONDONTWRITEBYTECODE

help:
	@echo "make book         the rendered book, in _build/html"
	@echo "make offline      that book as one zip to take along, in _build"
	@echo "make pdf          that book as one PDF, with stills for the figures, in _build"
	@echo "                  (with LANGUAGE=zh: of the Chinese edition)"
	@echo "                  (book, offline and pdf with SOLUTIONS=no: without the exercises' solutions, for teachers)"
	@echo "make test         every test, the book's build among them"
	@echo "make style        of these, what reads the sources without running them"
	@echo "make format       mend what of that a formatter can"
	@echo "make lab          the notebooks in JupyterLab (LAB=... adds options)"
	@echo "make checkpoints  make the networks and tables that ship anew (NAMES=... for some of them)"
	@echo "make outputs      run the notebooks and store their text outputs (NAMES=... for some of them)"
	@echo "make stills       a picture of every figure, for paper and for pages without JavaScript"
	@echo "make translations the catalogues of other languages, in step with the English text"
	@echo "make address      write the repository's address, from _config.yml, into the notebooks"
	@echo "make bench        the measurements in benchmarks/ (NAMES=... for some of them)"
	@echo "make clean        remove what was built (not .venv, nor book/node_modules)"

# All that is installed, or what needs no browser: the Python packages. What is there and up to date is left alone.
setup python:
	@python=$(PY); $$python -c 'import pip' 2>/dev/null || { \
	  python="$(PYTHON)"; "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	    echo "error: $(PYTHON) is not Python 3.11 or newer; name one with: make PYTHON=/path/to/python3"; exit 1; }; }; \
	  "$$python" book/environment.py $(filter python,$@)

book: setup
	@$(PY) book/build.py

offline: book
	@$(PY) book/pack.py

pdf: book
	@$(PY) -m latentbook.chromium
	@$(if $(filter command,$(origin LANGUAGE)),LANGUAGE_OF_THE_BOOK=$(LANGUAGE)) $(PY) book/pdf.py

# One part after the other, with the time that each took; the first that fails ends the run.
part = @echo; echo "== $(1)"; $(2) || { echo "make test: stopped at: $(1)"; exit 1; }; echo "-- $(1): $$SECONDS s"
NODE := $(PY) -m latentbook.node
BIOME := book/node_modules/@biomejs/biome/bin/biome
PYRIGHT := book/node_modules/pyright/index.js
# Workers share the cores: each computes in one thread.
ONE_THREAD := OMP_NUM_THREADS=1

STYLE = $(PY) -m ruff check . && $(PY) -m ruff format --check . && $(NODE) $(BIOME) ci . && $(NODE) $(PYRIGHT) \
  && .venv/bin/actionlint && .venv/bin/zizmor --offline --quiet .github

style: setup
	@$(STYLE) || { echo "make format mends what a formatter can."; exit 1; }

format: setup
	@$(PY) -m ruff check --fix-only --quiet . && $(PY) -m ruff format --quiet . && $(NODE) $(BIOME) check --write --log-level=error .

test: setup
	@$(PY) -m latentbook.chromium shell
	@$(PY) -m latentbook.firefox
	$(call part,style,$(STYLE))
	$(call part,unit tests of the JavaScript,$(NODE) --test tests/js/*.test.js)
	$(call part,unit tests,$(ONE_THREAD) $(PY) -m pytest -n 2 --dist loadfile tests/unit)
	$(call part,book,$(PY) book/build.py)
	$(call part,the notebooks and the browsers,$(ONE_THREAD) $(PY) -m pytest -n 4 --nbval --known tests/notebooks notebooks tests/book)

lab: setup
	@$(PY) -m jupyterlab $(if $(filter 0,$(shell id -u)),--allow-root) $(LAB) notebooks/00_walk.ipynb

checkpoints: python
	@set -eu; $(PY) benchmarks/_machine.py; $(PY) -m latentwalk.making $(NAMES); \
	echo "make checkpoints: $$SECONDS s"

outputs: python
	@$(PY) book/refresh.py $(NAMES)

# The stills are made from a built book, and the book shows them: it is built once without and once with them.
stills: setup
	@$(PY) -m latentbook.chromium
	@LATENTWALK_STILLS=none $(PY) book/build.py
	@$(PY) book/stills.py
	@$(PY) book/build.py

translations: python
	@$(PY) book/translations.py update

address: python
	@$(PY) book/_ext/address.py

# What is printed is kept in _build/bench; the book's page "How fast is it?" shows the copies in book/speed.
bench: book
	@mkdir -p _build/bench
	@set -euo pipefail; for name in $(or $(NAMES),training likelihood scaling decode page lab workshop); do \
	  echo "== $$name"; $(PY) benchmarks/$$name.py | tee _build/bench/$$name.txt; done

clean:
	rm -rf _build .cache .pytest_cache .ruff_cache
	find src notebooks tests benchmarks book -name node_modules -prune -o -name __pycache__ -prune -exec rm -rf {} +
	@echo "Still there: .venv and book/node_modules, which the next target would only install again."
