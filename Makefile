# make run      trace this machine for three seconds
# make install  .venv/bin/d2bpf and what it needs
# make test     every test this machine can run; needs root, for BPF
# make check    static checks: ruff, mypy, layers, the Python the runtime must keep to
# make bench    start-up and cost per event against bpftrace and BCC -> docs/benchmarks.md
# make vm       behaviour cases on Debian's kernels 5.10, 6.1 and 6.12 in QEMU: make vm VM_ARGS='--kernels 6.12 --each 5'
# make corpus   how far D scripts kept elsewhere get, against tests/corpus/manifest.txt: make corpus CORPUS=folder [UPDATE=1]
#
# Each target installs what it needs where that is missing (Debian packages as root), and nothing otherwise.

PYTHON ?= /usr/bin/python3
VENV   := .venv
D2BPF  := $(VENV)/bin/d2bpf
PYTEST_ARGS ?=
BENCH_ARGS  ?=
VM_ARGS     ?=
CORPUS      ?=
UPDATE      ?=

RUN_PACKAGES   := python3-venv python3-bpfcc ca-certificates
TEST_PACKAGES  := $(RUN_PACKAGES) gcc g++ cpp libc6-dev binutils strace bpftrace bpftool \
                  postgresql default-jdk-headless mariadb-server
BENCH_PACKAGES := $(RUN_PACKAGES) gcc libc6-dev bpftrace
VM_PACKAGES    := $(RUN_PACKAGES) gcc g++ cpp libc6-dev qemu-system-x86 e2fsprogs

.DELETE_ON_ERROR:
.PHONY: install run test check bench vm corpus clean run-packages test-packages bench-packages vm-packages

install: $(VENV)/installed

run: install
	$(D2BPF) -s dscripts/syscalls-by-process.d

test: test-packages $(VENV)/installed-test
	$(VENV)/bin/python -m pytest --require-bpf $(PYTEST_ARGS)

check: $(VENV)/installed-test
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy
	$(VENV)/bin/python -m pytest -q tests/test_layers.py tests/test_embedded.py tests/lower/test_reserved.py

bench: bench-packages install
	$(VENV)/bin/python -m tests.bench.bench $(BENCH_ARGS)

vm: vm-packages $(VENV)/installed-test
	$(VENV)/bin/python -m tests.vm.lane $(VM_ARGS)

corpus: test-packages $(VENV)/installed-test
	$(VENV)/bin/python -m tests.corpus.run $(if $(UPDATE),--update) $(CORPUS)

clean:
	rm -rf build $(VENV)

# ---- the virtual environment; a stamp is newer than pyproject.toml once pip has done what that says ----

$(VENV)/pyvenv.cfg: | run-packages
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: pyproject.toml bin/d2bpf $(VENV)/pyvenv.cfg | run-packages
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --editable .
	touch $@

$(VENV)/installed-test: pyproject.toml bin/d2bpf $(VENV)/pyvenv.cfg | run-packages
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	touch $(VENV)/installed $@

# ---- the distribution's packages ----

define apt-install
missing=; \
for package in $(1); do \
	dpkg-query -W -f '$${Status}' $$package 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$package"; \
done; \
if [ -z "$$missing" ]; then exit 0; fi; \
if ! command -v apt-get >/dev/null; then echo "make: install what your distribution calls:$$missing" >&2; exit 1; fi; \
if [ "$$(id -u)" != 0 ]; then echo "make: as root: apt-get install$$missing" >&2; exit 1; fi; \
echo "apt-get install$$missing"; \
export DEBIAN_FRONTEND=noninteractive DEBCONF_NOWARNINGS=yes; \
apt-get -qq update || echo "make: going on with the package lists there are" >&2; \
apt-get -qq -y --no-install-recommends -o Dpkg::Use-Pty=0 install $$missing </dev/null >/dev/null
endef

# PostgreSQL's package would start a server; the tests start their own.
define no-cluster
if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && [ ! -e /etc/postgresql-common ]; then \
	mkdir -p /etc/postgresql-common && echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.conf; \
fi
endef

# Nor is a server to be started.
define without-services
policy=/usr/sbin/policy-rc.d; \
if [ "$$(id -u)" = 0 ] && [ ! -e $$policy ]; then \
	printf '#!/bin/sh\nexit 101\n' >$$policy && chmod +x $$policy && trap 'rm -f $$policy' EXIT; \
fi;
endef

run-packages:
	@$(call apt-install,$(RUN_PACKAGES))

test-packages:
	@$(no-cluster)
	@$(without-services) $(call apt-install,$(TEST_PACKAGES))

bench-packages:
	@$(call apt-install,$(BENCH_PACKAGES))

vm-packages:
	@$(call apt-install,$(VM_PACKAGES))
