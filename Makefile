# The tasks of this project. `make demo` and `make test` need Python 3.11 or later and nothing else.
PYTHON ?= python3

# Python keeps what it compiles, whatever the machine has set: each of the many processes would compile it again.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: demo test lint types imports format lock clean

demo: .venv/ready
	.venv/bin/nfi demo

test: .venv-dev/ready
	.venv-dev/bin/python -m pytest -n auto --dist loadgroup

lint: .venv-dev/ready
	.venv-dev/bin/ruff check
	.venv-dev/bin/ruff format --check

types: .venv-dev/ready
	.venv-dev/bin/mypy

imports: .venv-dev/ready
	.venv-dev/bin/lint-imports

format: .venv-dev/ready
	.venv-dev/bin/ruff check --fix
	.venv-dev/bin/ruff format

# Each environment is made from its lock once, and again when the lock changes.
.venv/ready: requirements.lock
.venv-dev/ready: requirements-dev.lock
.venv/ready .venv-dev/ready: pyproject.toml
	$(PYTHON) -m venv --clear $(@D)
	$(@D)/bin/python -m pip install --quiet --disable-pip-version-check --no-compile --require-hashes -r $(if $(findstring dev,$(@D)),requirements-dev.lock,requirements.lock)
	$(@D)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

# Make the locks again from pyproject.toml. uv.lock names package hosts, so it is not kept.
lock:
	$(PYTHON) -m venv .venv-lock
	.venv-lock/bin/python -m pip install --quiet uv
	.venv-lock/bin/uv lock --upgrade
	.venv-lock/bin/uv export --quiet --no-emit-project --no-header --no-default-groups --group build --output-file requirements.lock
	.venv-lock/bin/uv export --quiet --no-emit-project --no-header --no-default-groups --group build --group dev --group peers --output-file requirements-dev.lock
	rm -rf .venv-lock uv.lock

clean:
	rm -rf .venv .venv-dev .venv-lock .mypy_cache .ruff_cache .pytest_cache .hypothesis nfi-demo
