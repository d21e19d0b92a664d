# A thin front: what is built and tested stands in the files meson.build.
PREFIX ?= /usr/local
DESTDIR ?=
TIME ?= 60
ONLY ?=
WERROR ?= $(if $(CI),true,false)

MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.PHONY: demo build check bench san fuzz lint install format clean help

demo: build ## print the league table and write the site to build/site
	@tools/demo

build: ## build the program build/assay
	@tools/prepare build
	@tools/configure build
	@ninja -C build assay >&2

check: ## run the tests but the slow ones; ends with `N passed, N failed`
	@tools/prepare check
	@tools/configure build -Dtests=enabled -Dwerror=$(WERROR)
	@ninja -C build
	@tools/test build --no-suite slow

bench: build ## measure; ONLY=group runs one group
	@bench/run $(ONLY)

san: ## run the tests under the address and undefined behaviour sanitizers
	@tools/prepare check
	@tools/configure build-san -Dtests=enabled -Db_sanitize=address,undefined -Doptimization=1
	@ninja -C build-san
	@tools/test build-san --no-suite slow --no-suite source --timeout-multiplier 5

fuzz: ## fuzz every parser for TIME=60 seconds
	@tools/prepare check
	@CC=clang-14 tools/configure build-fuzz -Dfuzz=true -Dtests=disabled -Db_lundef=false \
		-Db_sanitize=address,undefined -Dwerror=$(WERROR)
	@ninja -C build-fuzz fuzzers assay
	@tools/fuzz build-fuzz $(TIME)

lint: ## judge the form of the sources
	@tools/prepare check
	@tools/configure build -Dtests=enabled -Dwerror=$(WERROR)
	@tools/lint build

install: ## install under PREFIX=/usr/local, into DESTDIR= when set
	@tools/prepare build
	@tools/configure build -Dprefix=$(PREFIX)
	@ninja -C build assay
	@DESTDIR=$(DESTDIR) meson install -C build --no-rebuild

format: ## bring the C sources into form
	@tools/prepare check
	@find src fuzz test bench -name '*.[ch]' -print0 | xargs -0 -r clang-format-14 -i

clean: ## remove everything that was built
	rm -rf .npm build build-san build-fuzz build-clang

help: ## print this
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | expand -t 12
