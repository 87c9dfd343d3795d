# One command each. Needs Python 3.11 or newer and make; everything else goes into .venv.

PYTHON ?= python3
VENV ?= .venv
PYTEST_ARGS ?=
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
PACKAGES := core schemas edge issuer holder-wallet verifier ledger app
UV_COMPILE := $(VENV)-lock/bin/uv pip compile pyproject.toml - --quiet --universal --python-version 3.11 \
	--generate-hashes --strip-extras --no-annotate --no-emit-index-url --no-emit-find-links --no-header

.PHONY: help demo test coverage peers conformance command-suites lint format bench torture docs lock clean

# Other implementations that tests and the benchmark talk to live in an environment of their own (make peers).
export CERTWEAVE_PEERS ?= $(abspath $(VENV)-peers)

help:
	@echo "make demo     a seeded world to look at and to break"
	@echo "make test     all tests, in random order"
	@echo "make coverage which lines and branches of the core no test reaches"
	@echo "make peers    install other implementations, which make test then asks, too"
	@echo "make conformance SUITES=DIR   run the test suites of W3C that lie in a folder"
	@echo "make command-suites SUITES=DIR   the two of them that call a program instead of a server"
	@echo "make lint     ruff, mypy strict, import contracts"
	@echo "make bench    issuing and verifying per second, beside the floor of this machine and other projects"
	@echo "make torture  a million seeded mutations through every parser and verifier"
	@echo "make docs     rewrite the reference pages that come from the code"
	@echo "make lock     resolve the dependencies anew and pin them with hashes"

demo: $(VENV)/run.stamp
	$(BIN)/certweave demo

test: $(VENV)/dev.stamp
	$(BIN)/python -m pytest $(PYTEST_ARGS)

# The core is pure: what reaches it without servers and browsers must reach all of it.
coverage: $(VENV)/dev.stamp
	$(BIN)/python -m pytest --core-coverage $(PYTEST_ARGS) tests/unit tests/property tests/conformance tests/security

peers: $(VENV)-peers/peers.stamp
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory $(VENV)-peers/node/peers.stamp; \
	else echo "npm is not installed; the peers in JavaScript are left out"; fi
	@if [ -n "$(CERTWEAVE_PY313)" ]; then $(MAKE) --no-print-directory $(VENV)-peers/acapy/peers.stamp; \
	else echo "CERTWEAVE_PY313 names no Python 3.13; acapy-agent, which needs one, is left out"; fi

conformance: $(VENV)/dev.stamp
	$(BIN)/python -m tools.conformance $(SUITES)

command-suites: $(VENV)/dev.stamp
	$(BIN)/python -m tools.command_suites $(SUITES)

lint: $(VENV)/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy $(PACKAGES) tests tools
	$(BIN)/lint-imports

format: $(VENV)/dev.stamp
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/run.stamp
	$(BIN)/certweave bench

torture: $(VENV)/dev.stamp
	$(BIN)/python -m tests.torture --cases 1000000 --jobs 2 $(TORTURE_ARGS)

docs: $(VENV)/dev.stamp
	$(BIN)/python -m tools.reference

lock:
	test -x $(VENV)-lock/bin/uv || { $(PYTHON) -m venv $(VENV)-lock && $(VENV)-lock/bin/python -m pip install --quiet uv; }
	printf 'hatchling\neditables\n' | $(UV_COMPILE) --extra services --output-file constraints.txt
	printf 'hatchling\neditables\n' | $(UV_COMPILE) --extra services --extra postgres --extra bbs --extra dev \
		--constraint constraints.txt --output-file constraints-dev.txt
	printf 'did-webvh\nopenid4vci>=1.0.0a1\nopenvc-core[data-integrity]\nsd-jwt\n' | $(subst pyproject.toml -,-,$(UV_COMPILE)) --output-file constraints-peers.txt
	printf 'acapy-agent\n' | $(subst 3.11,3.13,$(subst pyproject.toml -,-,$(UV_COMPILE))) --output-file constraints-acapy.txt

clean:
	rm -rf $(VENV) $(VENV)-lock $(VENV)-peers .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist

# Versions and hashes are enforced for everything that is downloaded; our own code is then linked in
# without asking any index.
$(VENV)/run.stamp: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(PIP) install --require-hashes --no-deps --requirement constraints.txt
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/dev.stamp: pyproject.toml constraints-dev.txt | $(VENV)/bin/python
	$(PIP) install --require-hashes --no-deps --requirement constraints-dev.txt
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)-peers/peers.stamp: constraints-peers.txt
	$(PYTHON) -m venv $(VENV)-peers
	$(VENV)-peers/bin/python -m pip --disable-pip-version-check --quiet install \
		--require-hashes --no-deps --requirement constraints-peers.txt
	@touch $@

$(VENV)-peers/node/peers.stamp: tests/peers/package.json tests/peers/package-lock.json tests/peers/.npmrc
	@mkdir -p $(@D)
	cp $^ $(@D)/
	cd $(@D) && npm ci --ignore-scripts --silent
	@touch $@

$(VENV)-peers/acapy/peers.stamp: constraints-acapy.txt
	$(CERTWEAVE_PY313) -m venv $(@D)
	$(@D)/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes --no-deps --requirement $<
	@touch $@

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed: make PYTHON=python3.12 ..." if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
