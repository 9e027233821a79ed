# `make run` and `make test` need Python 3.11+ and make; each builds .venv from the lock files by itself.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RECENT := import sys; sys.exit(sys.version_info < (3, 11))
TOO_OLD := Python 3.11 or later is needed, and $(PYTHON) is older or not there: try make PYTHON=python3.12 run

# a Python that is asked for by name: refused when it is too old, and another one than the last gets a fresh .venv
ifneq ($(origin PYTHON),file)
ifneq ($(shell $(PYTHON) -c '$(RECENT)' 2>&1 && echo recent),recent)
$(error $(TOO_OLD))
endif
FRESH := $(shell test ! -x $(BIN)/python || test "`$(BIN)/python -V 2>&1`" = "`$(PYTHON) -V 2>&1`" || rm -rf $(VENV))
endif

.PHONY: help run test lint mutants bench chaos sbom audit wheels image-test unit-test lock clean
help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(VENV)/.runtime: requirements.lock pyproject.toml
	@$(PYTHON) -c '$(RECENT)' 2>/dev/null || { echo "$(TOO_OLD)" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --no-index --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.runtime
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements-dev.lock
	@touch $@

run: $(VENV)/.runtime ## the playground; with BOT_TOKEN set, the bot on Telegram
	$(BIN)/python -m bot run --or-playground

test: $(VENV)/.dev lint ## lint, types, import rules, all tests
	$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile

lint: $(VENV)/.dev ## ruff, mypy and the import rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

mutants: $(VENV)/.dev ## put small bugs into the core and list those that no test notices (hours; ONLY=digests.dates: minutes)
	$(BIN)/mutmut run --max-children 2 $(if $(ONLY),'$(ONLY).*')
	$(BIN)/mutmut results $(if $(ONLY),| grep -F '$(ONLY).' || true)

bench: $(VENV)/.dev ## benchmarks against real peers, as ratios
	$(BIN)/python -m pytest tests/bench -m bench -s

SEEDS ?= 1-20
chaos: $(VENV)/.dev ## random faults against running instances, SEEDS=1-20 on each database; takes an hour, wants root for the full disk
	CHAOS_SEEDS=$(SEEDS) $(BIN)/python -u -m pytest tests/chaos -m chaos -rs -s

sbom: $(VENV)/.dev ## what is shipped, as CycloneDX in dist/sbom.json
	mkdir -p dist
	$(BIN)/cyclonedx-py requirements requirements.lock --pyproject pyproject.toml --output-reproducible --of JSON -o dist/sbom.json

audit: $(VENV)/.dev ## known weaknesses of the pinned packages, where their list can be had
	@$(BIN)/python .ci/audit

wheels: $(VENV)/.dev ## whether the lock can be installed on amd64 and arm64
	@$(BIN)/python -m tests.deploy.wheels

image-test: $(VENV)/.dev ## build the image and run it; needs root and Debian's buildah, debootstrap
	$(BIN)/python -m pytest tests/e2e/test_container.py -m container -rs -s

unit-test: $(VENV)/.dev ## run the systemd unit as deploy/README.md says; needs root and Debian's systemd-container, debootstrap
	$(BIN)/python -m pytest tests/deploy/test_systemd.py -m systemd -rs -s

lock: ## pin every dependency again, with hashes and without an address (uv writes none unless told to)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --group build pyproject.toml -o requirements.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --group dev pyproject.toml -o requirements-dev.lock

clean: ## forget the virtual environment and caches
	rm -rf $(VENV) mutants .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
