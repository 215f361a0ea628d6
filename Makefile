# The environment and the verbs. Everything from extracts to report is the runner's: python -m pipelines.
STUDY ?= south-glos
VENV  := .venv
BIN   := $(VENV)/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
RUN   := $(BIN)/python -m pipelines
READY := $(VENV)/.ready

# The interpreter: uv finds or fetches none here, it uses what the machine has (3.11 to 3.13).
PYTHON ?= python3
# A folder that `make wheelhouse` filled on another machine: make report WHEELHOUSE=/media/wheelhouse
WHEELS := $(if $(WHEELHOUSE),--no-index --find-links $(WHEELHOUSE))

.PHONY: help new report watch validate synthetic quotes notebooks lab test bench synthetic-sites lint wheelhouse clean

help: ## print these verbs
	@echo "make VERB [STUDY=south-glos]"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# A real file: made once, and again only when the lock file or the project's metadata changes.
$(READY): requirements.lock pyproject.toml
	@echo "setting up $(VENV) from requirements.lock, once: this takes a minute or two"
	@if command -v uv >/dev/null 2>&1; then \
	  uv venv --quiet --allow-existing --python $(PYTHON) $(VENV) && \
	  uv pip install --quiet --compile-bytecode $(WHEELS) --python $(BIN)/python --require-hashes -r requirements.lock && \
	  uv pip install --quiet $(WHEELS) --python $(BIN)/python --no-deps --no-build-isolation -e . ; \
	else \
	  $(PYTHON) -m venv $(VENV) && \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check $(WHEELS) --require-hashes -r requirements.lock && \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check $(WHEELS) --no-deps --no-build-isolation -e . ; \
	fi
	@touch $@

new: $(READY) ## FROM=path, a folder of exports, to a commented definition
	@$(RUN) new $(STUDY) $(if $(FROM),"$(FROM)") $(if $(CODES),--codes)

report: $(READY) ## extracts to reports/STUDY/index.html
	@$(RUN) report $(STUDY) $(if $(SITE),--site $(SITE)) $(if $(SITES),--sites $(SITES)) $(if $(SCHEDULER),--scheduler $(SCHEDULER)) $(if $(WORKERS),--workers $(WORKERS))

watch: $(READY) ## the report in the browser, made anew as files are saved
	@$(RUN) watch $(STUDY) $(if $(PORT),--port $(PORT))

validate: $(READY) ## check the extracts and write the data query log
	@$(RUN) validate $(STUDY)

synthetic: $(READY) ## made-up extracts that fit the definition, until data come
	@$(RUN) synthetic $(STUDY) $(if $(PEOPLE),--people $(PEOPLE)) $(if $(SEED),--seed "$(SEED)") $(if $(FAULTS),--faults "$(FAULTS)")

quotes: $(READY) ## passages to sign off as quotations; FROM=sheet takes them in
	@$(RUN) quotes $(STUDY) $(if $(FROM),"$(FROM)")

notebooks: $(READY) ## run the committed notebooks again and store their outputs
	@$(RUN) notebooks

lab: $(READY) ## JupyterLab on the notebooks
	@$(RUN) lab

test: $(READY) ## the whole test suite, the committed notebooks included
	@$(RUN) test

bench: $(READY) ## the runner beside the stock tools; tests/bench/results.md
	@$(RUN) bench

synthetic-sites: $(READY) ## a study of N=25 sites under .build/, for the bench
	@$(RUN) synthetic-sites $(or $(N),25)

lint: $(READY) ## ruff and the floors that imports must keep
	@$(RUN) lint

wheelhouse: $(READY) ## every wheel of the lock file, for a machine without network
	@$(RUN) wheelhouse

clean: $(READY) ## take away .build/ and reports/ of STUDY
	@$(RUN) clean $(STUDY)
