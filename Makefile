# Windows keeps a venv's programs in another folder.
ifeq ($(OS),Windows_NT)
PYTHON ?= python
PROGRAMS := .venv/Scripts
else
PYTHON ?= python3
PROGRAMS := .venv/bin
endif
RUNTIME := .venv/runtime.stamp
DEV := .venv/dev.stamp
NEEDS := pyproject.toml constraints.txt

.PHONY: demo test test-all test-lowest lint format words bench clean

demo: $(RUNTIME)
	$(PROGRAMS)/panhuo solve instances/dazu -o out/dazu

# The tests of the page drive the system's Chromium; where it is missing and can be installed it is, else they skip.
test: $(DEV)
	$(PROGRAMS)/python tests/page/browser.py
	$(PROGRAMS)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not slow"

test-all: $(DEV)
	$(PROGRAMS)/python tests/page/browser.py
	$(PROGRAMS)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

# The oldest dependencies that pyproject.toml allows, in a venv of their own.
test-lowest: .venv-lowest/dev.stamp
	$(subst .venv,.venv-lowest,$(PROGRAMS))/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not slow"

lint: $(DEV)
	$(PROGRAMS)/ruff check .
	$(PROGRAMS)/ruff format --check .
	$(PROGRAMS)/mypy
	$(PROGRAMS)/lint-imports --no-cache

format: $(DEV)
	$(PROGRAMS)/ruff check --fix .
	$(PROGRAMS)/ruff format .

# Sentences that have no Chinese translation yet, and translations that no sentence asks for any more.
words: $(DEV)
	$(PROGRAMS)/python tests/words/sentences.py

bench: $(DEV)
	$(PROGRAMS)/python benchmarks/demo.py

clean:
	$(PYTHON) -c "import shutil; [shutil.rmtree(d, ignore_errors=True) for d in ('.venv', '.venv-lowest', 'out', 'dist')]"

.venv/venv.stamp:
	$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11) and 'Python 3.11 or newer is needed; name one: make PYTHON=python3.12')"
	$(PYTHON) -m venv .venv
	$(PYTHON) -c "open('$@', 'w')"

$(RUNTIME): $(NEEDS) | .venv/venv.stamp
	$(PROGRAMS)/python -m pip install -q -c constraints.txt -e .
	$(PYTHON) -c "open('$@', 'w')"

$(DEV): $(NEEDS) | .venv/venv.stamp
	$(PROGRAMS)/python -m pip install -q -c constraints.txt -e ".[dev]"
	$(PYTHON) -c "open('$@', 'w'), open('$(RUNTIME)', 'w')"

.venv-lowest/dev.stamp: pyproject.toml constraints-lowest.txt
	$(PYTHON) -m venv .venv-lowest
	$(subst .venv,.venv-lowest,$(PROGRAMS))/python -m pip install -q -c constraints-lowest.txt -e ".[test]"
	$(PYTHON) -c "open('$@', 'w')"
