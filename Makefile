# Countersign's few commands; `make help` lists them.
#
# Whatever is missing is looked for and installed by Tests/Support/setup/prerequisites.sh, which
# says in one sentence what it cannot do.

PREFIX ?= /usr/local
DESTDIR ?=

setup := Tests/Support/setup
venv := .venv
requirements := Tests/Support/llama/requirements.txt
binary := .build/release/countersign

# One set of flags for `build`, `demo` and `install`, so that none of them builds again what
# another has built.
release := -c release --static-swift-stdlib --product countersign

# The Python that runs the tests' model server; set it to use an environment of your own.
COUNTERSIGN_LLAMA_PYTHON ?= $(CURDIR)/$(venv)/bin/python
export COUNTERSIGN_LLAMA_PYTHON

bindir := $(DESTDIR)$(PREFIX)/bin
sharedir := $(DESTDIR)$(PREFIX)/share/countersign
mandir := $(DESTDIR)$(PREFIX)/share/man/man1
bash_completions := $(DESTDIR)$(PREFIX)/share/bash-completion/completions
zsh_completions := $(DESTDIR)$(PREFIX)/share/zsh/site-functions
fish_completions := $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d

.DEFAULT_GOAL := help
.PHONY: help demo build test test-deep bench mutations pictures lint install uninstall clean \
  test-prerequisites test-build syntax-agreement
# The commands of a target are steps in order; SwiftPM uses all cores by itself.
.NOTPARALLEL:

help: ## list these commands
	@sed -nE 's/^([a-z-]+):[^#]*## (.*)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 24

demo: ## build the program and try it on a throw-away repository with a recorded model
	@$(setup)/prerequisites.sh demo
	swift build $(release)
	@$(binary) demo

build: ## build the release program: .build/release/countersign
	@$(setup)/prerequisites.sh build
	swift build $(release)

# The tests that drive whole programs wait for them on the threads that all tests share, so they run
# by themselves, after the others.
run_tests := swift test --skip-build --disable-xctest
whole_programs := ProgramTests

test: test-prerequisites lint test-build ## install what the tests need, and run them all
	$(run_tests) --skip $(whole_programs)
	$(run_tests) --filter $(whole_programs)

test-deep: test-prerequisites lint test-build ## the same with the long property runs
	COUNTERSIGN_DEEP=1 $(run_tests) --skip $(whole_programs)
	COUNTERSIGN_DEEP=1 $(run_tests) --filter $(whole_programs)

# Not a part of the tests: it takes half an hour, and wants the machine for itself.
#
# BENCH_SOURCE   a clone of a git history, for the workload `real` and the text of the others
# BENCH_TAG, BENCH_RANGE   what of it to take; the defaults are for swift-syntax
# BENCH_ONLY, BENCH_RUNS   some workloads, with commas; how often
# BENCH_OPENING  range or worktree: how a review is opened
BENCH_DIRECTORY ?= $(CURDIR)/.build/bench
option = $(if $($(1)),--$(2) "$($(1))")

bench: build ## measure the release program beside others that are installed
	python3 Tests/Support/bench/bench.py --binary $(binary) --directory "$(BENCH_DIRECTORY)" \
	  $(call option,BENCH_SOURCE,source) $(call option,BENCH_TAG,tag) \
	  $(call option,BENCH_RANGE,range) $(call option,BENCH_ONLY,only) \
	  $(call option,BENCH_RUNS,runs) $(call option,BENCH_OPENING,opening)

# Not a part of the tests either: it takes the better part of an hour.
#
# MUTATIONS_ONLY        some invariants, with commas: I7,I9
# MUTATIONS_DIRECTORY   where clone and build are kept, so that the next time is quicker
MUTATIONS_DIRECTORY ?= $(CURDIR)/.build/mutations

mutations: test-build ## break each invariant of the commit in turn; a test has to notice
	python3 Tests/Support/mutations/mutations.py --directory "$(MUTATIONS_DIRECTORY)" \
	  $(call option,MUTATIONS_ONLY,only)

pictures: test-build ## draw the README's pictures anew, from the demo
	mkdir -p Documentation/pictures
	COUNTERSIGN_PICTURES=$(CURDIR)/Documentation/pictures $(run_tests) --filter PictureTests

lint: ## check the format, the fixtures and the rules no compiler knows
	@$(setup)/prerequisites.sh lint
	swift format lint --strict --parallel --configuration .swift-format --recursive \
	  Package.swift Sources Tests
	$(setup)/guards.sh
	python3 Tests/Support/demo/check.py

# For those who change a grammar; nothing else needs it. SYNTAX_FILES: directories of files to
# compare on, instead of the packages that are fetched.
SYNTAX_FILES ?= .build/syntax-corpus/tree .build/checkouts
syntax := Tests/Support/syntax
syntax_venv := .venv-syntax

syntax-agreement: ## compare the syntax colours with Pygments on real files, language by language
	@$(setup)/prerequisites.sh syntax
	@$(setup)/venv.sh $(syntax_venv) $(syntax)/requirements.txt
ifeq ($(origin SYNTAX_FILES),file)
	PYTHON="$(CURDIR)/$(syntax_venv)/bin/python" $(syntax)/corpus.sh .build/syntax-corpus
endif
	swift build --product SyntaxProbe
	$(syntax_venv)/bin/python $(syntax)/agreement.py \
	  --probe "$$(swift build --show-bin-path)/SyntaxProbe" --confusions 3 $(SYNTAX_FILES)

test-prerequisites:
	@$(setup)/prerequisites.sh test
ifeq ($(COUNTERSIGN_LLAMA_PYTHON),$(CURDIR)/$(venv)/bin/python)
	@$(setup)/venv.sh $(venv) $(requirements)
endif

test-build: test-prerequisites
	swift build --build-tests --explicit-target-dependency-import-check error

# After `make build`, `sudo make install` needs no swift: sudo's PATH seldom has one.
install: ## install under PREFIX (default /usr/local); DESTDIR is put before it
	@if command -v swift >/dev/null; then $(MAKE) --no-print-directory build; \
	elif ! [ -x $(binary) ]; then \
	  echo "There is no program to install and no swift on the PATH: run make build first." >&2; \
	  exit 2; \
	fi
	install -d "$(bindir)" "$(sharedir)" "$(mandir)" \
	  "$(bash_completions)" "$(zsh_completions)" "$(fish_completions)"
	install -m 755 $(binary) "$(bindir)/countersign"
	ln -sf countersign "$(bindir)/git-countersign"
	rm -rf "$(sharedir)/themes" "$(sharedir)/demo" "$(sharedir)/models"
	find Themes -type f -name '*.toml' -printf '%P\0' | \
	  xargs -0 -r -I{} install -D -m 644 'Themes/{}' "$(sharedir)/themes/{}"
	install -D -m 644 -t "$(sharedir)/models" Fixtures/models/recommendations.toml
	find Fixtures/demo -type f -printf '%P\0' | \
	  xargs -0 -r -I{} install -D -m 644 'Fixtures/demo/{}' "$(sharedir)/demo/{}"
	if [ -f Documentation/countersign.1 ]; then \
	  install -m 644 Documentation/countersign.1 "$(mandir)/countersign.1" && \
	  ln -sf countersign.1 "$(mandir)/git-countersign.1"; \
	fi
	$(binary) --generate-completion-script bash > "$(bash_completions)/countersign"
	$(binary) --generate-completion-script zsh > "$(zsh_completions)/_countersign"
	$(binary) --generate-completion-script fish > "$(fish_completions)/countersign.fish"

uninstall: ## remove what install put under PREFIX
	rm -f "$(bindir)/countersign" "$(bindir)/git-countersign" \
	  "$(mandir)/countersign.1" "$(mandir)/git-countersign.1" \
	  "$(bash_completions)/countersign" "$(zsh_completions)/_countersign" \
	  "$(fish_completions)/countersign.fish"
	rm -rf "$(sharedir)"

clean: ## remove what was built, and the Python environments
	rm -rf .build $(venv) $(syntax_venv)
