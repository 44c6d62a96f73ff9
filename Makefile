# make demo   builds the demonstration graph from data/articles into out/
# make test   style, types and all tests
# make bench  speed and memory, measured; the store alone takes a quarter of an hour of processor time
# make load   asks a served store for a minute, by several clients
# make kills  kills hundreds of builds and looks at what they leave
# make pictures  the pictures of the page in examples/, taken anew
# make bundles   the files of others that the page and its tests use, fetched anew
# Everything runs in .venv, which is made once, from requirements.lock.

PYTHON ?= $(shell for python in python3.11 python3.12 python3.13 python3; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/installed

.PHONY: demo test lint bench kills load yasgui servers lock browser bundles pictures clean
.DEFAULT_GOAL := demo

demo: $(INSTALLED)
	$(BIN)/kg build data/articles -o out

test: lint browser servers
	$(BIN)/python -m pytest

lint: $(INSTALLED)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

bench: $(INSTALLED)
	$(BIN)/python tests/bench.py
	$(BIN)/python tests/bench_store.py
	$(BIN)/python tests/bench_page.py

pictures: $(INSTALLED) browser
	$(BIN)/kg build data/articles -o out
	$(BIN)/python tests/browser/pictures.py out/graph.html examples/pictures

kills: $(INSTALLED)
	$(BIN)/python tests/kills.py

load: $(INSTALLED)
	$(BIN)/python tests/load.py

# A store on a server is tested with Virtuoso too; where there is none and none can be installed, that skips.
servers:
	@command -v virtuoso-t >/dev/null || \
	{ test "$$(id -u)" = 0 && command -v apt-get >/dev/null && apt-get update -qq && \
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
	virtuoso-opensource-7-bin >/dev/null; } || echo "no Virtuoso: the tests of a store on it will skip"

# The query page of `kg serve`; kept in the repository, this is how it came there.
YASGUI := 4.6.2
yasgui:
	cd "$$(mktemp -d)" && npm pack --silent @zazuko/yasgui@$(YASGUI) && tar xzf *.tgz && \
	cp package/build/yasgui.min.js package/build/yasgui.min.css $(CURDIR)/kg/static/yasgui/
	cd kg/static/yasgui && sha256sum --check SHA256SUMS

# The page is tested in Chromium; where there is none and none can be installed, those tests skip.
browser:
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null || \
	{ test "$$(id -u)" = 0 && command -v apt-get >/dev/null && apt-get update -qq && \
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
	chromium chromium-driver >/dev/null; } || echo "no Chromium: the tests of the page in a browser will skip"

# Files of others, at pinned versions and with their licences, from the npm registry: sigma.js and
# graphology draw large graphs in the page (MIT), axe-core tests the page for barriers (MPL-2.0).
BUNDLES := sigma@3.0.3 graphology@0.26.0 axe-core@4.14.1
LIB := kg/templates/lib
AXE := tests/browser/axe
bundles:
	rm -rf build/npm && mkdir -p build/npm $(LIB) $(AXE)
	cd build/npm && npm pack --silent $(BUNDLES)
	tar -xzf build/npm/sigma-*.tgz -C build/npm package/dist/sigma.min.js package/LICENSE.txt
	mv build/npm/package/dist/sigma.min.js $(LIB)/sigma.min.js
	mv build/npm/package/LICENSE.txt $(LIB)/sigma.LICENSE.txt
	tar -xzf build/npm/graphology-*.tgz -C build/npm package/dist/graphology.umd.min.js package/LICENSE.txt
	mv build/npm/package/dist/graphology.umd.min.js $(LIB)/graphology.min.js
	mv build/npm/package/LICENSE.txt $(LIB)/graphology.LICENSE.txt
	tar -xzf build/npm/axe-core-*.tgz -C build/npm package/axe.min.js package/LICENSE package/LICENSE-3RD-PARTY.txt
	mv build/npm/package/axe.min.js build/npm/package/LICENSE build/npm/package/LICENSE-3RD-PARTY.txt $(AXE)/
	sha256sum --check $(LIB)/SHA256SUMS

$(INSTALLED): pyproject.toml requirements.lock
	@test -n "$(PYTHON)" || { echo "no Python 3.11 or later found; name one: make PYTHON=/path/to/python"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

lock:
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
	--extra train --extra baseline --extra dev --custom-compile-command "make lock" --output-file requirements.lock pyproject.toml

clean:
	rm -rf out build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find kg tests examples -name __pycache__ -prune -exec rm -rf {} +
