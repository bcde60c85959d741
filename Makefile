# Everything a contributor types. What a target does stands in scripts/ and tests/run.py.

PORT ?= 8000
PYTHON := .venv/bin/python
# What is said holds letters that not every locale has.
export PYTHONUTF8 := 1

.DEFAULT_GOAL := help
.PHONY: help run test setup check format prove bench development

help:
	@echo "make run [PORT=8000]  set up whatever is missing, and serve the demo on this machine"
	@echo "make test             set up whatever is missing, and run the tests on both databases"
	@echo "make setup            set up only: .venv, dependencies, translations, database"
	@echo "make check            formatting, lint, templates, migrations, translations, settings"
	@echo "make format           put Python and templates in the house's format"
	@echo "make prove            the long proofs, and the rest of what runs on PostgreSQL"
	@echo "make bench            what each page costs with up to 100,000 groups; sources read a second"

run:
	@scripts/run.sh $(PORT)

test: | development
	@$(PYTHON) -m tests.run

setup:
	@scripts/setup.sh

check: | development
	@scripts/check.sh

format: | development
	@scripts/format.sh

prove: | development
	@$(PYTHON) -m tests.run --prove

bench: | development
	@$(PYTHON) -m benchmarks
	@$(PYTHON) -m benchmarks.collecting

# Not for typing: what the others need beside the sources. Does nothing where it is there.
development:
	@scripts/install.sh development
	@$(PYTHON) scripts/messages.py compile
