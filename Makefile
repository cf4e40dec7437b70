# Everything runs in .venv, made from the hashed lock files; nothing else needs to be installed.
PYTHON ?= python3
BIN := .venv/bin
DIST := dist

.PHONY: install demo check test coverage mutants bench bench-full dist proto lock

install: .venv/installed

.venv/installed: requirements/dev.txt pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
	touch $@

demo: install
	$(BIN)/invitations demo

check: install
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/hadolint Dockerfile deploy/compose/oauth-server.Dockerfile

test: install
	$(BIN)/pytest tests/unit --cov=domain --cov=application --cov-report=term --cov-fail-under=100
	$(BIN)/pytest tests/integration --numprocesses=auto --dist=loadfile

# every test, in the processes that they start too; takes about twice as long as the tests
coverage: install
	$(BIN)/pytest tests --cov --cov-report=term --cov-fail-under=95

# every survivor but those that docs/mutants.md explains is a test that is missing
mutants: install
	rm -rf mutants
	$(BIN)/mutmut run
	$(BIN)/mutmut results

# everything in one run of about six minutes, on two cores and a PostgreSQL of its own
bench: .venv/bench
	$(BIN)/python -m benchmarks
	$(BIN)/python -m benchmarks.grpc_and_http

# with ten million patients, half of them invited, and ten minutes of load: about 35 minutes, 8 GB
bench-full: .venv/bench
	$(BIN)/python -m benchmarks --full

.venv/bench: .venv/installed requirements/bench.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bench.txt
	touch $@

# a release: wheel, sdist and the list of what it runs with; without network, and the same bytes from the same commit
# (that the lock file does not say who needs what is all that the list's library would warn of)
dist: export SOURCE_DATE_EPOCH ?= $(shell git log -1 --format=%ct 2>/dev/null || echo 315532800)
dist: install
	rm -rf $(DIST)
	$(BIN)/python -m build --no-isolation --outdir $(DIST)
	$(BIN)/python -W ignore::UserWarning -m cyclonedx_py requirements requirements/runtime.txt \
	  --pyproject pyproject.toml --output-reproducible --output-file $(DIST)/invitation-tokens.cdx.json

# the code that is generated from proto/, which a test compares
proto: install
	$(BIN)/python -m grpc_tools.protoc --proto_path=proto \
	  --proto_path=$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))') \
	  --python_out=src/adapters/grpc/generated --pyi_out=src/adapters/grpc/generated \
	  invitations/v1/invitations.proto

lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header pyproject.toml --output-file requirements/runtime.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header pyproject.toml --group dev --constraint requirements/runtime.txt --output-file requirements/dev.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header --group bench --constraint requirements/dev.txt --output-file requirements/bench.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header --group build --constraint requirements/dev.txt --output-file requirements/build.txt
