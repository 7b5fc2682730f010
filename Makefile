# Needs python3 (3.11 or newer), make and the package index; everything else goes into .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt

.PHONY: demo test check lint types floors properties hostile fuzz omissions bench bench-large bench-rivals wheel-test security audit-dependencies advisories sbom score install install-dev clean

install: $(VENV)/.installed
install-dev: $(VENV)/.installed-dev

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; set PYTHON=python3.x" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml constraints.txt | $(BIN)/python
	$(INSTALL) -e .
	@touch $@

$(VENV)/.installed-dev: pyproject.toml constraints.txt | $(BIN)/python
	$(INSTALL) -e '.[dev]'
	@touch $@ $(VENV)/.installed

# The demonstration organisation has findings, so the audit must exit 1, and only 1 is right.
demo: install
	@$(BIN)/auditor audit fixtures/demo/organisation; code=$$?; \
	if [ $$code -ne 1 ]; then echo "demo: the audit exited $$code instead of 1" >&2; exit 1; fi

test: install-dev
	$(BIN)/python -m pytest -q -n auto -m "not slow"

lint: install-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: install-dev
	$(BIN)/mypy --strict auditor tests benchmarks

floors: install-dev
	$(BIN)/lint-imports

check: lint types floors security test advisories

# What is dangerous in the code that ships; what is accepted has its reason beside it.
security: install-dev
	$(BIN)/bandit --quiet --configfile pyproject.toml --recursive auditor

# Security advisories for what constraints.txt pins. Exit code 75: NOT CHECKED, because no service could say.
audit-dependencies: install-dev
	$(BIN)/python -m tests.advisories

# The same as part of a longer run, which goes on where nothing can be asked, and has said so; AUDITOR_REQUIRE_ADVISORIES=1
# makes that a failure.
advisories: install-dev
	$(BIN)/python -m tests.advisories $(if $(AUDITOR_REQUIRE_ADVISORIES),,--lenient)

# What an installation with every extra for users brings along, in CycloneDX form.
sbom: install-dev
	$(BIN)/python -m tests.sbom dist/auditor.cdx.json

properties: install-dev
	AUDITOR_PROPERTIES=full $(BIN)/python -m pytest -q -n auto -m properties

# Every hostile input in a process of its own, and docs/reference/hostile-input.md anew; make test tries the light ones.
hostile: install-dev
	$(BIN)/python -m tests.hostile

# Changed and random documents for everything that reads, led by coverage where atheris can be installed; FUZZ_SECONDS=600
# FUZZ_TARGET=x.yaml choose. What is found lies in build/fuzz.
fuzz: install-dev
	-@$(INSTALL) -e '.[fuzz]' 2>/dev/null || echo "atheris cannot be installed for this Python; going on without it"
	$(BIN)/python -m tests.fuzzing

# Puts small faults into analysis and policy, one at a time, and looks whether a test fails: a sample of SCORE_SAMPLE=400
# (or all) chosen by SCORE_SEED=1; writes docs/reference/mutation-score.md. Takes an hour of two processors.
score: install-dev
	$(INSTALL) -e '.[score]'
	$(BIN)/python -m tests.score

# Everything that can be left out of the demonstration organisation; make test tries a sample.
omissions: install-dev
	AUDITOR_OMISSIONS=all $(BIN)/python -m pytest -q -n auto tests/test_omissions.py

# The benchmark table (docs/performance.md): BENCH="--flows 100 --rounds 3" chooses sizes and rounds, --folder keeps
# the organisations. The large one needs 6 GB of disk, memory to match, and hours.
bench: install-dev
	$(BIN)/python -m benchmarks.run $(BENCH)

bench-large: install-dev
	$(BIN)/python -m benchmarks.run --flows 10000 --rounds 3 $(BENCH)

# Other tools on the same facts; needs Debian's swi-prolog-nox.
bench-rivals: install-dev
	$(INSTALL) -e '.[bench]'
	$(BIN)/python -m benchmarks.rivals $(BENCH)

# Writes docs/ and the made parts of the README anew; the tests compare.
docs: install-dev
	$(BIN)/python -m tests.docs

# Photographs of the HTML report for the README; needs Chromium.
pictures: install-dev
	$(BIN)/python -m tests.docs.pictures

wheel-test: install-dev
	$(BIN)/python -m pytest -q -m slow tests/test_wheel.py

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
