PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
ENVIRONMENT := .venv/installed

.DEFAULT_GOAL := help
.PHONY: help book serve lab test refresh lint format bench fuzz mutants clean chromium

help:  ## print this help
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

book: $(ENVIRONMENT) _build/fresh  ## build the site, print the page to open
	@$(BIN)/jupyter-book build -q -W -n --keep-going . >/dev/null || \
	  { rm -f _build/fresh; echo "The book has warnings, see above: each one is an error."; exit 1; }
	@echo "Open $(CURDIR)/_build/html/index.html"

serve: book  ## build the site and serve it on localhost
	@echo "Open http://localhost:$(PORT) (stop with Ctrl-C)"
	@$(BIN)/python -m http.server $(PORT) --bind 127.0.0.1 --directory _build/html

lab: $(ENVIRONMENT)  ## open the chapters in JupyterLab
	$(BIN)/jupyter lab chapters

test: $(ENVIRONMENT) chromium lint  ## check everything: code, claims, notebooks, site
	$(BIN)/pytest -n 2 --dist loadfile --nbval --nbval-current-env

refresh: $(ENVIRONMENT)  ## execute every notebook again and normalise it
	@$(BIN)/python tools/refresh.py

lint: $(ENVIRONMENT)  ## ruff and codespell
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/codespell

format: $(ENVIRONMENT)  ## let ruff mend what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(ENVIRONMENT)  ## print the speed ratios of benchmarks/
	@for script in benchmarks/*.py; do OMP_NUM_THREADS=1 $(BIN)/python $$script || exit 1; done

fuzz: $(ENVIRONMENT)  ## 100,000 random calls of the package
	$(BIN)/python tests/test_random_calls.py 100000

mutants: $(ENVIRONMENT)  ## change the package place by place: do the tests notice?
	$(BIN)/python tools/mutants.py

clean:  ## delete what was built (not .venv)
	rm -rf _build .pytest_cache .ruff_cache

chromium: $(ENVIRONMENT)
	@$(BIN)/python tools/chromium.py

$(ENVIRONMENT): requirements.txt constraints.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "The book needs Python 3.11 or newer; $(PYTHON) is not. Try: make PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

# Sphinx does not see that its own extensions changed: then, and after a failed build, start afresh.
_build/fresh: $(ENVIRONMENT) _config.yml $(wildcard _ext/*.py momentum/explorers/static/*)
	@rm -rf _build && mkdir _build && touch $@
