# The targets of this house. `make` alone lists them.
.DEFAULT_GOAL := help
# Debian's own Python is built with profile-guided optimisation, as not every Python found first is.
PYTHON ?= $(shell /usr/bin/python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo /usr/bin/python3 || echo python3)
INSTALL := $(PYTHON) deploy/setup/install.py
RUN := .venv/bin/python
VALV := .venv/bin/valv

# Whole labs, and what the page may cost: with nothing beside them. All other rooms are shared by two workers.
APART := tests/behaviour tests/browser tests/web/test_budgets.py

.PHONY: help run lab demo test check fix lock web bench screens pictures clean

##@ Use
run: ## install what is missing and start the lab on embedded defaults (no Keycloak, no GPU)
	@$(INSTALL) system python weights web
	@exec $(VALV) up embedded $(ARGS)

lab: ## the same application on Keycloak, PostgreSQL, a Chroma server and vLLM
	@$(INSTALL) system system-lab python weights web keycloak models
	@exec $(VALV) up lab $(ARGS)

demo: ## the main job, step by step, against the lab that is running
	@exec $(VALV) demo $(ARGS)

##@ Work
test: ## every test that can run here, those against the real parts included
	@$(INSTALL) system system-lab system-test python-dev weights web javascript keycloak models
	@$(MAKE) --no-print-directory check
	@if [ -n "$(ARGS)" ]; then $(RUN) -m pytest $(ARGS); \
	else $(RUN) -m pytest -n 2 --dist loadscope $(APART:%=--ignore=%) && $(RUN) -m pytest $(APART); fi

check: ## what CI runs before the tests: format, lint, types, layers, locks (under 2 minutes)
	@$(INSTALL) system python-dev web
	@$(RUN) deploy/setup/check.py

fix: ## format, and mend what the linter can
	@$(INSTALL) system python-dev
	@$(RUN) -m ruff check -q --fix . || true
	@$(RUN) -m ruff format -q .

web: ## build the web application
	@$(INSTALL) web

bench: ## the figures of docs/benchmarks.md, as ratios in one run
	@$(INSTALL) system system-test python-dev weights web
	@$(RUN) -m bench $(ARGS)

screens: ## pictures of every page, both themes and widths, in ./screens
	@$(INSTALL) system system-test python-dev weights web
	@$(RUN) -m pytest -q tests/web/screens.py tests/browser/screens.py

pictures: ## the README's pictures, taken anew
	@$(INSTALL) system system-test python-dev weights web
	@$(RUN) -m pytest -q tests/browser/pictures.py

lock: ## resolve the Python dependencies anew (hashes, no addresses)
	@$(INSTALL) python-dev
	@$(RUN) deploy/setup/lock.py

clean: ## remove what was built or stored in this clone (the caches outside stay)
	@rm -rf .venv var web/dist web/node_modules .pytest_cache .mypy_cache .ruff_cache screens

##@ Help
help: ## this list
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} /^[a-z-]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
