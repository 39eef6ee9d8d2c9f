# Needs Python 3.13, make and a package index. Everything else is put into .venv and .local; nothing outside this folder is touched.
#
#   make run               the whole platform on this machine       (PORT, EMULATOR_PORT, FRESH=1, DETACH=1, DEMO=1)
#   make stop              end a platform that runs in the background
#   make test              all that continuous integration runs
#   make test-unit         the half-minute version
#   make test-botocore     the integration tests once more, with botocore between functions and AWS (AWS_CLIENT=lean: the lean client)
#   make test-nightly      the random and the large ones at their full numbers (hours)
#   make check-aws         the template against AWS's quotas, rules and roles: prints how much of each quota is used
#   make docs              the documentation as static files in .local/docs; a running platform shows it at /docs
#   make doctor [STAGE=staging]                                    what is wrong with a stack, and what to do
#   make deploy STAGE=staging [ARCHITECTURE=arm64] [PARAMETERS="LogLevel=DEBUG"]      to AWS, with your credentials

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help env run stop test test-in-process test-deployed test-unit test-integration test-properties test-browser test-e2e test-clients test-botocore test-nightly lint types \
	check-aws aws-calls build lock openapi signing-vectors processors template release package deploy docs doctor clean

UV_VERSION := 0.13.9
VENV := .venv/bin
BOOTSTRAP := .local/bootstrap
export UV ?= $(CURDIR)/$(BOOTSTRAP)/bin/uv
export UV_PYTHON_DOWNLOADS := never
export SAM_CLI_TELEMETRY := 0
unexport PYTHONDONTWRITEBYTECODE PYTHONPATH VIRTUAL_ENV

MACHINE := $(if $(filter arm64 aarch64,$(shell uname -m)),arm64,x86_64)
STAGE ?= local
# On a laptop functions run on its own processor; in AWS arm64 costs a fifth less.
ARCHITECTURE ?= $(if $(filter local,$(STAGE)),$(MACHINE),arm64)
export ARCHITECTURE
export STAGE PARAMETERS PROCESSORS PYTHON PORT EMULATOR_PORT FRESH DETACH DEMO
PYTEST := $(VENV)/pytest -q

help:
	@sed -n 's/^#   //p' Makefile

# Environment: a pinned uv in a folder of its own, which then makes exactly what uv.lock says.
env: .local/env.stamp

.local/env.stamp: uv.lock pyproject.toml $(BOOTSTRAP)/$(UV_VERSION).stamp
	$(UV) sync --frozen --compile-bytecode --quiet --python "$$(./bin/find-python)"
	touch $@ .local/run.stamp

# A first start gets only what it needs, and makes the parts of the build meanwhile: with the Python that was found, and no library.
.local/run.stamp: uv.lock pyproject.toml $(BOOTSTRAP)/$(UV_VERSION).stamp
	@mkdir -p .local/logs
	@echo "getting what the platform needs, and making the parts of its functions; the first time takes a while"
	@"$$(./bin/find-python)" -m local.artifacts ahead >.local/logs/ahead.log 2>&1 & ahead=$$!; \
	$(UV) sync --frozen --inexact --no-default-groups --group run --quiet --python "$$(./bin/find-python)"; \
	wait $$ahead || echo "the build makes them again: .local/logs/ahead.log says why" >&2
	@touch $@

$(BOOTSTRAP)/$(UV_VERSION).stamp:
	"$$(./bin/find-python)" -m venv $(BOOTSTRAP)
	$(BOOTSTRAP)/bin/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	touch $@

run: .local/run.stamp
	@$(VENV)/python -m local.run

stop:
	@if [ -x $(VENV)/python ]; then $(VENV)/python -m local.stop; fi

# Side by side goes what one core does alone, and what mostly waits beside what never does; each part is shown when it has ended.
SIDE_BY_SIDE := @$(MAKE) --no-print-directory -j 3 -O

test: env
	$(SIDE_BY_SIDE) lint types check-aws
	@echo "the code in one process, and the deployed template with the pages, side by side: about twenty-five minutes on two cores"
	$(SIDE_BY_SIDE) test-in-process test-deployed

# Two chains of about the same length. In each one part after another: each takes all the cores that it gets. A part that fails does not hide what the others find.
ONE_BY_ONE = failed=; for part in $(1); do $(MAKE) --no-print-directory test-$$part || failed="$$failed $$part"; done; \
	[ -z "$$failed" ] || { echo "failed:$$failed"; exit 1; }

test-in-process: env
	+@$(call ONE_BY_ONE,unit integration properties)

test-deployed: env build
	+@$(call ONE_BY_ONE,e2e browser clients)

test-unit: env
	$(PYTEST) -n auto tests/unit

test-integration: env
	$(PYTEST) -n auto tests/integration

# The same behaviour with either AWS client: the in-memory services stand behind sockets, and functions ask them with it.
# `make test` takes a few files of each room, `make test-nightly` all.
AWS_CLIENT ?= botocore
CLIENT_TESTS := tests/integration/test_authentication.py tests/integration/test_secrets.py \
	tests/integration/wallet tests/integration/payments/test_faults.py tests/integration/payments/test_refunds.py \
	tests/integration/webhooks/test_delivery.py tests/integration/webhooks/test_sweeper.py tests/integration/dashboard/test_payment_proofs.py

test-clients: env
	TEST_AWS_CLIENT=lean $(PYTEST) -n auto $(CLIENT_TESTS)
	TEST_AWS_CLIENT=botocore $(PYTEST) -n auto $(CLIENT_TESTS)

test-botocore: env
	TEST_AWS_CLIENT=$(AWS_CLIENT) $(PYTEST) -n auto tests/integration

# What each function asks AWS for, noted anew while the integration tests run. Roles are held to it by tests/unit/test_rights_in_use.py.
aws-calls: env
	AWS_CALLS=write $(PYTEST) -n auto tests/integration

test-properties: env
	$(PYTEST) -n auto tests/properties

# Needs chromium and npm; skips and says which is missing (TEST_TOOLS=required: fails). Screenshots are left in build/screenshots.
test-browser: env
	$(PYTEST) -n 2 --dist loadfile tests/browser

# They mostly wait, for schedules and for caches to expire; so three at a time, each with an emulator and a deployment of its own.
test-e2e: env build
	$(PYTEST) -n 3 --dist loadfile --no-loadscope-reorder tests/e2e

# `make test` runs the same tests at numbers that fit into minutes.
test-nightly: env build
	PROBED=all $(PYTEST) tests/unit/paycorex/test_processors.py
	SIMULATOR_SEEDS=10000 STORM_SEEDS=1000 PROPERTY_EXAMPLES=500 CHAIN_TRUTH_EXAMPLES=100 HOSTILE_EXAMPLES=500 CONTRACT_SECONDS=1800 $(PYTEST) -n auto --timeout 14400 tests/properties
	$(MAKE) --no-print-directory test-botocore AWS_CLIENT=lean
	$(MAKE) --no-print-directory test-botocore AWS_CLIENT=botocore
	SLOW_PAGES=5 $(PYTEST) -n 2 --dist loadfile --timeout 3600 tests/browser --ignore tests/browser/test_lighthouse.py -k "not twenty_seconds"
	LIGHTHOUSE=all $(PYTEST) --timeout 3600 tests/browser/test_lighthouse.py
	VERIFIED_TRANSACTIONS=10000 $(PYTEST) --timeout 3600 tests/integration/paycorex/test_ledger_verification.py
	LOAD_EVENTS=2000 $(PYTEST) tests/integration/webhooks/test_load.py
	LOAD_PAYMENTS=1000 LOAD_REAL_TIME=1 $(PYTEST) tests/e2e/test_payment_load.py

lint: env
	$(VENV)/ruff check .
	$(VENV)/ruff format --check .
	$(VENV)/lint-imports

types: env
	$(VENV)/mypy .

# RELEASED: the template that stacks have now, to see what one deployment may not change at once.
check-aws: env build .local/review.stamp
	@$(VENV)/python -m local.check_aws $(if $(RELEASED),--released $(RELEASED))

# checkov wants older libraries than the project has, so it has an environment of its own, just as pinned.
.local/review.stamp: local/review/tools/uv.lock .local/env.stamp
	UV_PROJECT_ENVIRONMENT=$(CURDIR)/.local/review $(UV) sync --frozen --quiet --project local/review/tools --python $(VENV)/python
	touch $@

build: env
	@$(VENV)/python -m local.build

# The layers' pins and the list of their licences follow the lock file; tests hold them together.
lock: env
	$(UV) lock
	$(UV) lock --project local/review/tools
	$(VENV)/python -m local.lock
	$(UV) sync --frozen --quiet
	$(VENV)/python -m local.third_party

docs: env
	$(VENV)/python -m local.docs_site.site

# What GET /openapi.json serves, and what the clients and the Postman collection have of it; tests hold them to the doors.
openapi: env
	$(VENV)/python -m local.openapi
	$(VENV)/python -m local.web_contract
	$(VENV)/python -m local.clients
	$(VENV)/python -m local.postman

# Known answers for anybody's client, docs/signing-vectors.json; a test holds them to the server's code.
signing-vectors: env
	$(VENV)/python -m local.signing_vectors

# What every processor can do, asked of the library in about a minute (ONLY=own: our own connectors, at once); a test holds it to both.
processors: env
	$(VENV)/python -m local.probing.catalogue $(ONLY)

# template.yaml from template/, one file a room; a test holds both together.
template: env
	$(VENV)/python -m local.template

# After a release: its code becomes what the next version's tests run beside themselves.
release: env
	$(VENV)/python -m local.release_archive

# For other tools than sam: examples/deploy.
package: build
	@$(VENV)/python -m local.package $(BUCKET)

deploy: build
	@$(VENV)/python -m local.to_aws

# What is wrong with the stack of STAGE (by default: with the platform that runs here), and what to do.
doctor: env
	@$(VENV)/python -m local.doctor

clean: stop
	rm -rf .venv .local .aws-sam .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
