# `make help` lists the targets. An experiment other than the default: EXPERIMENT=experiments/NAME

PYTHON ?= $(shell command -v python3.11 || command -v python3)
EXPERIMENT ?= .
PORT ?= 5000
STUDIES_PORT ?= 8080
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check

# DVC starts the stages by their command, `depthgauge`.
export PATH := $(CURDIR)/$(BIN):$(PATH)
export MLFLOW_DISABLE_TELEMETRY := true
# The commands that messages name are those of who stands here, with no environment active.
export DEPTHGAUGE_MADE_IN := $(CURDIR)
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: environment
environment: $(READY) ## make the environment from the exact versions of requirements.lock

# Made anew, not mended: what was removed from the lock must not stay. Only files with a hash of the
# lock are installed, and sources are built with its setuptools, which comes first. Nothing is to be
# resolved, so two processes share the work, and what is never imported is never compiled: a third
# of the time. What every start imports is compiled here: in a shell that forbids it no start would.
# Of files with a hash of the lock pip takes the index's, so the torch that it takes by itself (a CPU
# build at hand, say) is laid aside first; what a CUDA build cannot start without comes last.
PARTS := torch 0 1 2 3 4
$(READY): requirements.lock requirements-cuda.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "make: CPython 3.11 is needed; name it with PYTHON=..." >&2; exit 2; }
	@# Of an active environment the Python below it: the environment itself is about to go.
	base=$$($(PYTHON) -c "import sys; print(sys._base_executable)") && rm -rf $(VENV) && \
		"$$base" -m venv $(VENV)
	printf '%s\n' --no-index '--find-links $(VENV)/torch' > $(VENV)/lock.torch
	awk '/^[a-z]/ { part = /^torch==/ ? "torch" : /^(pip|setuptools)==/ ? "first" : n++ % 5 } \
		part != "" { print >> ("$(VENV)/lock." part) }' requirements.lock
	$(PIP) install --no-deps --require-hashes -r $(VENV)/lock.first
	$(PIP) download --no-deps --dest $(VENV)/torch $$(grep -o '^torch==[^ ]*' requirements.lock)
	printf '%s\n' $(PARTS) | xargs -P 2 -I {} \
		$(PIP) install --no-deps --require-hashes --no-build-isolation --no-compile -r $(VENV)/lock.{}
	rm -r $(VENV)/torch
	test "$$(uname)" != Linux || $(BIN)/python -c "import torch" 2>/dev/null || \
		$(PIP) install --no-deps --require-hashes --no-compile -r requirements-cuda.lock
	$(PIP) install --no-deps --no-build-isolation -e .
	$(BIN)/python -c "import altair, dvc.cli, mlflow, optuna, pandas, scipy.stats, torch"
	touch $(READY)

.PHONY: repro
repro: $(READY) ## check settings and data, then run what is missing of the pipeline
	depthgauge -C "$(EXPERIMENT)" check
	cd "$(EXPERIMENT)" && dvc repro

.PHONY: experiments
experiments: $(READY) ## bring every bundled experiment, page and table up to date
	python -m tools.experiments

.PHONY: notebooks
notebooks: $(READY) ## run the notebooks and store them with their pictures
	python -m tools.notebooks

.PHONY: docs
docs: $(READY) ## make the site of docs/ and of every bundled experiment, site/index.html
	python -m tools.docs

.PHONY: check-results
check-results: $(READY) ## fail where a committed result is not of the committed code
	python -m tools.experiments --check

.PHONY: ui
ui: $(READY) ## serve the MLflow UI to this machine alone (PORT=5000)
	depthgauge -C "$(EXPERIMENT)" ui --port $(PORT)

.PHONY: dag
dag: $(READY) ## the stages of the pipeline and what each needs, all points of a stage as one
	@cd "$(EXPERIMENT)" && dvc dag --dot | sed -n 's/@[^"]*"/"/g; s/^"\(.*\)" -> "\(.*\)";$$/  \1 -> \2/p' | grep -v '\.dvc' | sort -u

.PHONY: studies
studies: $(READY) ## serve the Optuna dashboard to this machine alone (STUDIES_PORT=8080)
	depthgauge -C "$(EXPERIMENT)" studies --port $(STUDIES_PORT)

# A process for each core; what a test may share a process with stands in tests/conftest.py. A thread
# for each process: more, of OpenBLAS or of OpenMP, spin while they wait for a core that is taken.
PYTEST := OMP_NUM_THREADS=1 python -m pytest --quiet -n auto --dist loadscope --no-loadscope-reorder

.PHONY: test
test: $(READY) ## run the tests, side by side
	$(PYTEST)

.PHONY: test-slow
test-slow: $(READY) ## run the tests that take minutes
	$(PYTEST) -m slow

# What the tests of faults, signals and hostile inputs count, for docs/reliability.md. A sample of
# each is among the tests.
COUNTS := $(CURDIR)/.depthgauge/reliability.jsonl
FAULTS ?= all
SIGNALS ?= 1000
INPUTS ?= 20000
faults signals hostile: export DEPTHGAUGE_RELIABILITY_COUNTS := $(COUNTS)

.PHONY: reliability
reliability: $(READY) ## all of `faults`, `signals` and `hostile`, counted anew in docs/reliability.md
	mkdir -p $(dir $(COUNTS)) && rm -f $(COUNTS)
	$(MAKE) faults
	$(MAKE) signals
	$(MAKE) hostile

.PHONY: faults
faults: $(READY) ## a fault at every operation of every stage, for hours (FAULTS=20: so many of each)
	mkdir -p $(dir $(COUNTS))
	DEPTHGAUGE_FAULTS=$(FAULTS) python -m pytest --quiet -m "slow or not slow" tests/faults/test_faults.py
	python tools/reliability.py $(COUNTS)

.PHONY: signals
signals: $(READY) ## random signals to the whole pipeline, for hours (SIGNALS=1000)
	mkdir -p $(dir $(COUNTS))
	DEPTHGAUGE_SIGNALS=$(SIGNALS) python -m pytest --quiet -m slow tests/faults/test_signals.py
	python tools/reliability.py $(COUNTS)

.PHONY: hostile
hostile: $(READY) ## damaged and strange tables, settings and results, for hours (INPUTS=20000 of each)
	mkdir -p $(dir $(COUNTS))
	DEPTHGAUGE_HOSTILE_INPUTS=$(INPUTS) $(PYTEST) tests/hostile
	python tools/reliability.py $(COUNTS)

.PHONY: lint
lint: $(READY) ## check format, lint and types
	ruff format --check .
	ruff check .
	mypy

.PHONY: vulnerabilities
vulnerabilities: $(READY) ## look up every package of the lock in the database of known vulnerabilities
	@python -m tools.vulnerabilities

.PHONY: lock
lock: ## take today's newest versions that pyproject.toml allows into requirements.lock
	$(PYTHON) tools/lock.py

.PHONY: benchmark
benchmark: $(READY) ## measure speed against peers, and what logging costs
	python benchmarks/speed.py
	python benchmarks/logging_cost.py

.PHONY: clean
clean: ## remove the environment; results and the MLflow store stay
	rm -rf $(VENV)
