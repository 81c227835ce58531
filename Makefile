# Recount. `make` does the main job, `make help` lists the rest. Nothing here writes a tracked file but `make refresh`
# and `make locks`. Everything goes to build/; paths are relative, so a checkout may lie in any folder.

.DEFAULT_GOAL := all
.NOTPARALLEL:
.SUFFIXES:
.PHONY: all run site scoreboard test test-all lint lab bench refresh locks clean help install install-test install-spark fresh

WORKERS ?= 2
ARGS ?=
unexport PYTHONHOME PYTHONPATH MPLBACKEND CDPATH
export PYTHONNOUSERSITE := 1

# The first Python 3.11 found; `make PYTHON=/path/to/python3.11` names another.
PYTHON ?= $(shell for p in python3.11 python3 python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null && echo "$$p" && exit; done; echo python3)
py := build/venv/bin/python

# Only `make DATA=…` counts, not a variable of that name that happens to be in the shell.
ifneq ($(origin DATA),command line)
override DATA :=
endif
out := $(if $(DATA),build/user,build)

# Caches of Matplotlib and IPython lie in build/, so that a person's own settings never reach a figure or a kernel.
settled = MPLCONFIGDIR="$$PWD/build/cache/matplotlib" IPYTHONDIR="$$PWD/build/cache/ipython"
# `make DATA=folder`: tallies of that folder stand in for the published ones; results go to build/user.
own = if [ -n "$$DATA" ]; then \
	[ -d "$$DATA" ] || { echo "make: no folder $$DATA. Remedy: name the folder of your tallies: make DATA=folder" >&2; exit 2; }; \
	RECOUNT_TALLIES="$$(cd -- "$$DATA" && pwd)"; export RECOUNT_TALLIES; fi;
# What is compared with the published results, or becomes them, is made from the published tables.
published = env -u RECOUNT_DATA -u RECOUNT_TALLIES -u RECOUNT_OUTPUTS -u RECOUNT_FIGURES -u RECOUNT_STUDIES

all: install ## execute every notebook, judge, build the site, print the scoreboard (DATA=folder: with your own tallies)
	@$(own) $(settled) $(py) -m recount run --out "$$PWD/$(out)"
	@$(own) $(settled) $(py) -m recount site --from "$$PWD/$(out)" --out "$$PWD/$(out)/site"
	@$(own) $(settled) $(py) -m recount scoreboard --from "$$PWD/$(out)"
	@printf 'The site: open %s\n' "$$PWD/$(out)/site/index.html"

run: install ## only execute the notebooks and judge (ONLY="06 07": those alone)
	@$(own) $(settled) $(py) -m recount run --out "$$PWD/$(out)" $(if $(ONLY),--only $(ONLY))

site: install ## only build the site, from the last run
	@$(own) $(settled) $(py) -m recount site --from "$$PWD/$(out)" --out "$$PWD/$(out)/site"

scoreboard: install ## only print the scoreboard of the last run
	@$(own) $(settled) $(py) -m recount scoreboard --from "$$PWD/$(out)"

test: fresh install-test ## all tests, strict nbval included (ARGS="-k hedges": some of them)
	@$(published) $(settled) $(py) -m pytest -n $(WORKERS) $(ARGS)

test-all: fresh install-test install-spark ## the same with the slow tiers: Spark, planted defects, isolation
	@$(published) $(settled) $(py) -m pytest -n $(WORKERS) -m "not bench" $(ARGS)

lint: install-test ## ruff over code and notebooks
	@$(py) -m ruff check .
	@$(py) -m ruff format --check .

lab: install ## JupyterLab in that environment
	@MPLCONFIGDIR="$$PWD/build/cache/matplotlib" $(py) -m jupyterlab $$([ "$$(id -u)" = 0 ] && echo --allow-root) $(ARGS)

bench: install install-test ## the measured comparisons
	@$(published) $(settled) $(py) bench $(ARGS)

refresh: install ## maintainers: execute, write notebooks/ and outputs/ in place, say which numbers moved
	@$(published) $(settled) $(py) -m recount refresh $(ARGS)

locks: install-test ## maintainers: resolve requirements/*.in again (UPGRADE=1: to the newest versions)
	@$(py) requirements/lock.py $(if $(UPGRADE),--upgrade)

clean: ## remove build/ (with build/user) and the caches of the tools
	rm -rf build .pytest_cache .ruff_cache .hypothesis
	@find lib tests bench requirements site -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile

fresh: install
	@$(published) $(settled) $(py) -m recount run --out "$$PWD/build"
	@$(published) $(settled) $(py) -m recount site --from "$$PWD/build" --out "$$PWD/build/site"

install:
	@$(settled) "$(PYTHON)" requirements/install.py build/venv core site tally $(if $(NEWEST),--newest)

install-test:
	@$(settled) "$(PYTHON)" requirements/install.py build/venv core site tally test $(if $(NEWEST),--newest)

install-spark:
	@$(settled) "$(PYTHON)" requirements/install.py build/venv core site tally test spark $(if $(NEWEST),--newest)
	@java -version >/dev/null 2>&1 || echo "Note: no Java here, so the Spark tests are skipped. Remedy: install a Java 17 runtime."
