# make run    the demo city on this machine          make test      all checks and all tests
# make check  style, types, floors, words, templates make bench     measure
# make build  a wheel that carries everything        make pictures  screenshots for the documentation
# make attack bad input, bad people                make clock     every limit against a count day by day
# make federation  three installations, and a matter that crosses them
# make messages  look for new texts to translate     make lock      pin the newest allowed dependencies
SHELL := /bin/sh
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test check bench torture attack clock federation pictures messages build lock install assets
.DEFAULT_GOAL := run

run: assets
	@exec $(BIN)/tongban serve --demo $(ARGUMENTS)

test: check
	@sh tools/prepare.sh tests
	$(BIN)/pytest -n 2 $(ARGUMENTS)

check: assets
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint src --lint --quiet
	$(BIN)/python tools/messages.py check
	$(BIN)/tongban manage makemigrations --check --dry-run

bench: assets
	$(BIN)/python -m bench $(ARGUMENTS)

attack: assets
	@sh tools/prepare.sh tests
	@$(BIN)/python -m bench.attack $(ARGUMENTS)

clock: .venv/.tongban
	@$(BIN)/python -m bench.clock $(ARGUMENTS)

federation: assets
	@$(BIN)/python -m bench.federation $(ARGUMENTS)

torture: assets
	$(BIN)/python -m bench.torture $(ARGUMENTS)

pictures: assets
	@sh tools/prepare.sh tests
	$(BIN)/python tools/pictures.py

messages: .venv/.tongban
	$(BIN)/python tools/messages.py update
	$(BIN)/python tools/messages.py check

build: assets
	rm -rf build dist
	$(BIN)/python -m build --wheel --no-isolation

lock: .venv/.tongban
	$(BIN)/python tools/lock.py

install: .venv/.tongban

assets: .venv/.tongban
	@$(BIN)/python tools/assets.py build
	@$(BIN)/python tools/messages.py compile

.venv/.packages: requirements-development.txt tools/prepare.sh
	@sh tools/prepare.sh venv
	$(BIN)/python -m pip install -q --require-hashes -r requirements-development.txt
	@touch $@

.venv/.tongban: .venv/.packages pyproject.toml
	$(BIN)/python -m pip install -q --no-deps --no-build-isolation --no-index -e .
	@touch $@
