PORT ?= 8000
BIN := .venv/bin
ENVIRONMENT := .venv/installed
ALONE := tools/python tools/alone.py

.DEFAULT_GOAL := help
.PHONY: help book site serve lab test course epubcheck runall grade keys grading-test chapter promise address refresh bytes lint eslint \
  format firefox bench fuzz mutants oldest newest pythons wasm clean chromium

help:  ## print this help
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

book:  ## build the site and print the page to open
	@$(ALONE) $(MAKE) --no-print-directory site

# While a build is under way it is not fresh: after an interruption the next one starts afresh.
site: $(ENVIRONMENT) _build/fresh
	@mv _build/fresh _build/unfinished
	@$(BIN)/jupyter-book build -q -W -n --keep-going . >/dev/null || \
	  { echo "The book was not built, for what is said above. A warning is an error here."; exit 1; }
	@mv _build/unfinished _build/fresh
	@echo "Open $(CURDIR)/_build/html/index.html"

serve: book  ## build the site and serve it on localhost
	@echo "Open http://localhost:$(PORT) (stop with Ctrl-C)"
	@$(BIN)/python -m http.server $(PORT) --bind 127.0.0.1 --directory _build/html

lab: $(ENVIRONMENT)  ## open the chapters in JupyterLab
	@$(BIN)/jupyter trust --log-level=ERROR chapters/*.ipynb >/dev/null
	$(BIN)/jupyter lab chapters

test: $(ENVIRONMENT) chromium lint  ## check everything: code, claims, notebooks, site
	$(BIN)/pytest -n 2 --dist loadfile --nbval --nbval-current-env

course: book  ## make slides, PDF, worksheets, notebooks, ... in _build/course (PART=slides: that alone)
	@$(ALONE) $(BIN)/python -m tools.course $(PART)
	@$(ALONE) $(MAKE) --no-print-directory site >/dev/null
	@echo "Open $(CURDIR)/_build/html/chapters/teach.html"

runall: book  ## run all student notebooks in a new environment, from their archive
	@$(ALONE) $(BIN)/python -m tools.course notebooks
	@$(BIN)/python -m tools.course.runall

grade: $(ENVIRONMENT) .venv-grading/installed  ## grade notebooks with nbgrader: SUBMISSIONS=folder
	@$(BIN)/python -m tools.grading grade "$(SUBMISSIONS)"

keys: $(ENVIRONMENT)  ## list each student's right answers to the assignments: STUDENTS=file
	@$(BIN)/python -m tools.grading keys "$(STUDENTS)"

grading-test: $(ENVIRONMENT) .venv-grading/installed  ## grade a dozen kinds of simulated students
	$(BIN)/pytest -q tests/simulated_students.py

epubcheck:  ## check the EPUB of the course (needs Debian's epubcheck)
	@$(MAKE) --no-print-directory course PART=epub
	java -jar /usr/share/java/epubcheck.jar --failonwarnings _build/course/momentum.epub

chapter: $(ENVIRONMENT)  ## begin a chapter: NAME=10_noise TITLE="Average the noise"
	@$(BIN)/python -m tools.chapter "$$NAME" "$$TITLE"

address: $(ENVIRONMENT)  ## write the repository's address of _config.yml into README and CITATION
	@$(BIN)/python tools/address.py

refresh: $(ENVIRONMENT)  ## execute every notebook again and normalise it
	@$(BIN)/python tools/refresh.py

bytes: $(ENVIRONMENT)  ## compare what the chapters store with another processor's bytes
	@$(BIN)/python tools/same_bytes.py

lint: $(ENVIRONMENT)  ## ruff and codespell
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/codespell

eslint:  ## lint the JavaScript of figures and pages (needs Node)
	@mkdir -p _build/eslint && cp tools/eslint.config.mjs _build/eslint
	@npm install --silent --no-audit --no-fund --prefix _build/eslint eslint@10 @eslint/js@10 globals@17
	_build/eslint/node_modules/.bin/eslint -c _build/eslint/eslint.config.mjs momentum/explorers/js _ext/run/page course

format: $(ENVIRONMENT)  ## let ruff mend what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

firefox: book  ## recompute the built chapters in Firefox (Debian's firefox-esr)
	@$(BIN)/python tools/firefox.py

bench: $(ENVIRONMENT)  ## print the speed ratios of benchmarks/
	@for script in benchmarks/*.py; do OMP_NUM_THREADS=1 $(BIN)/python $$script || exit 1; done

fuzz: $(ENVIRONMENT)  ## 100,000 random calls of the package
	$(BIN)/python tests/test_random_calls.py 100000

promise: $(ENVIRONMENT)  ## change the prose digit by digit: does the guard notice?
	$(BIN)/python -m tools.promise.mutants

mutants: $(ENVIRONMENT)  ## change the package place by place: do the tests notice?
	$(BIN)/python tools/mutants.py

oldest:  ## test the package with the oldest versions it names
	tools/python tools/versions.py oldest

newest:  ## test the package with the newest versions there are
	tools/python tools/versions.py newest

pythons:  ## build and test the book under other Pythons, in chroots
	tools/python tools/pythons.py

wasm:  ## build the packages that a page's own Python loads, in a chroot
	tools/python -m tools.wasm.build

clean:  ## delete what was built (not .venv)
	rm -rf _build .pytest_cache .ruff_cache

chromium: $(ENVIRONMENT)
	@$(BIN)/python tools/chromium.py

$(ENVIRONMENT): requirements.txt constraints.txt pyproject.toml
	@$(ALONE) tools/python tools/environment.py

# nbgrader, and what the notebooks of students need, apart from what the book is made with.
.venv-grading/installed: course/grading.txt
	@tools/python -m venv --clear .venv-grading
	@.venv-grading/bin/python -m pip --disable-pip-version-check --quiet install -r $<
	@touch $@

# After a move of the checkout, or of the Python it was made with, .venv is of no use.
ifneq ($(shell [ -x .venv/bin/python ] && [ "$$(cat $(ENVIRONMENT) 2>/dev/null)" = "$$(pwd -P)" ] || echo gone),)
.PHONY: $(ENVIRONMENT)
endif

# Sphinx does not see that its own extensions changed: then, and after a failed build, start afresh.
_build/fresh: $(ENVIRONMENT) _config.yml $(wildcard third_party/*/* _ext/*.py _ext/static/* _ext/run/*/* momentum/explorers/js/* momentum/explorers/js/figures/*)
	@rm -rf _build && mkdir _build && touch $@
