# Everything runs in .venv, made from the hashed lock files; nothing else needs to be installed. The lock files are
# complete, so they are installed without asking a resolver: a newer release of anything changes nothing.
SUPPORTED := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for each in python3 python3.14 python3.13 python3.12 python3.11; do \
  $$each -c '$(SUPPORTED)' 2>/dev/null && echo $$each && break; done)
# installs faster than pip, where it is on the PATH; `make UV=` goes without
ifeq ($(origin UV), undefined)
UV := $(shell command -v uv 2>/dev/null)
endif
BIN := .venv/bin
DIST := dist

ifeq ($(UV),)
PIP = $(BIN)/python -m pip --disable-pip-version-check install --quiet --no-deps --no-compile
else
PIP = $(UV) pip install --quiet --python $(BIN)/python --no-deps
endif
INSTALL = $(PIP) --require-hashes

# a step that says nothing unless it fails: then first what to do, and then what it printed
attempt = @log=$$($(1) 2>&1) || { printf '%s\n\n%s\n' "$(2)" "$$log" >&2; exit 1; }
NO_PYTHON = This needs Python 3.11 or newer. Install it, or name it: make demo PYTHON=/path/to/python3.12
NO_VENV = $(PYTHON) cannot make a virtual environment. On Debian and Ubuntu, install python3-venv first.
NO_INDEX = The libraries cannot be installed. If the package index cannot be reached, check the network, the proxy and the settings of \
  $(if $(UV),uv (make UV= installs by pip),pip), then try again.

.PHONY: install demo check unit test test-all coverage mutants bench bench-full dist proto lock
.DELETE_ON_ERROR:

# what the product needs; the tools of its developers come on top, where a target needs them
install: .venv/runtime

.venv/pyvenv.cfg:
	@$(or $(PYTHON),false) -c '$(SUPPORTED)' 2>/dev/null || { echo "$(NO_PYTHON)" >&2; exit 1; }
	$(call attempt,$(PYTHON) -m venv $(if $(UV),--without-pip) .venv,$(NO_VENV))

# the few that build come first: they show soon whether anything can be installed
.venv/runtime: requirements/build.txt requirements/runtime.txt pyproject.toml | .venv/pyvenv.cfg
	$(call attempt,$(INSTALL) -r requirements/build.txt,$(NO_INDEX))
	@echo "Installing what the service needs into .venv"
	$(call attempt,$(INSTALL) -r requirements/runtime.txt,$(NO_INDEX))
	$(call attempt,$(PIP) --no-build-isolation --editable .,The product cannot be installed into .venv.)
	@touch $@

.venv/dev: requirements/dev.txt .venv/runtime
	@echo "Installing what checks and tests need into .venv"
	$(call attempt,$(INSTALL) -r requirements/dev.txt,$(NO_INDEX))
	@touch $@

.venv/bench: requirements/bench.txt .venv/dev
	@echo "Installing what the benchmarks need into .venv"
	$(call attempt,$(INSTALL) -r requirements/bench.txt,$(NO_INDEX))
	$(BIN)/python -m requirements.closure bench
	@touch $@

demo: .venv/runtime
	@$(BIN)/invitations demo

check: .venv/dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/hadolint Dockerfile deploy/compose/oauth-server.Dockerfile
	$(BIN)/python -m requirements.closure

unit: .venv/dev
	$(BIN)/pytest tests/unit --cov --cov-report=
	$(BIN)/coverage report --include='src/domain/*,src/application/*' --fail-under=100

# the tests that a change needs
test: unit
	$(BIN)/pytest tests/integration -m "not full" --numprocesses=auto --dist=loadfile

# all of them: faults, kills, other servers and clients, releases
test-all: unit
	$(BIN)/pytest tests/integration --numprocesses=auto --dist=loadfile

# every test, in the processes that they start too; takes about twice as long as the tests
coverage: .venv/dev
	$(BIN)/pytest tests --cov --cov-report=term --cov-fail-under=95

# every survivor but those that docs/mutants.md explains is a test that is missing
mutants: .venv/dev
	rm -rf mutants
	$(BIN)/mutmut run
	$(BIN)/mutmut results

# everything in one run of about eight minutes, on two cores and a PostgreSQL of its own, beside the release before:
# `make bench BEFORE=<commit or tag>` names another one
bench: .venv/bench
	$(BIN)/python -m benchmarks $(BEFORE:%=--before %)
	$(BIN)/python -m benchmarks.grpc_and_http

# with ten million patients and invitations, and ten minutes of load: about 45 minutes, 12 GB
bench-full: .venv/bench
	$(BIN)/python -m benchmarks --full $(BEFORE:%=--before %)

# a release: wheel, sdist and the list of what it runs with; without network, and the same bytes from the same commit
dist: export SOURCE_DATE_EPOCH ?= $(shell git log -1 --format=%ct 2>/dev/null || echo 315532800)
dist: .venv/dev
	rm -rf $(DIST)
	$(BIN)/python -m build --no-isolation --outdir $(DIST)
	$(BIN)/python -m requirements.bill_of_materials $(DIST)/invitation-tokens.cdx.json

# the code that is generated from proto/, which a test compares
proto: .venv/dev
	$(BIN)/python -m grpc_tools.protoc --proto_path=proto \
	  --proto_path=$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))') \
	  --python_out=src/adapters/grpc/generated --pyi_out=src/adapters/grpc/generated \
	  invitations/v1/invitations.proto

COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
  --no-annotate --no-header
lock:
	$(COMPILE) pyproject.toml --output-file requirements/runtime.txt
	$(COMPILE) pyproject.toml --group dev --constraint requirements/runtime.txt --output-file requirements/dev.txt
	$(COMPILE) --group bench --constraint requirements/dev.txt --output-file requirements/bench.txt
	$(COMPILE) --group build --constraint requirements/dev.txt --output-file requirements/build.txt
