# Targets: up (build and run everything), test (all suites), check (the fast loop before a commit).
# Needs Go, Node and make; no C compiler. Suites that need more run when it is found: see REQUIRE below.

export CGO_ENABLED := 0
GO      ?= go
BIN     := bin/elkhorn
DATA    ?= ./elkhorn-data
BENCH_LARGE_DOCS ?= 100000000
# REQUIRE=browser,python,… makes leaving a suite out a failure.
REQUIRE ?=
export REQUIRE

.PHONY: up build ui test check bench bench-large bench-pipeline bench-ui conformance compare fuzz proof gen clean help

help: ## show this help
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

up: build ## build everything and run it with the demo workload
	$(BIN) up --demo --data $(DATA)

build: ui ## build the UI and the binary
	$(GO) build -trimpath -ldflags '-s -w' -o $(BIN) ./cmd/elkhorn

ui: ui/dist/index.html.gz ## build the UI

ui/node_modules/.package-lock.json: ui/package.json ui/package-lock.json
	cd ui && npm install --no-save --no-audit --no-fund
	@touch $@

ui/dist/index.html.gz: ui/node_modules/.package-lock.json ui/index.html ui/vite.config.ts $(shell find ui/src -type f 2>/dev/null)
	cd ui && npm run build
	@touch $@

test: build ## run every suite that this machine can run, and list those left out
	scripts/test.sh

check: ## format, vet, staticcheck and unit tests
	scripts/check.sh

bench: build ## measure ingest and queries beside other stores (BENCH_RIVALS, BENCH_DOCS); writes bench/RESULTS.md
	cd bench && $(GO) run . -bin ../$(BIN)

PROOF_TIME ?= 10m
proof: ## random histories with fresh seeds against the brute-force reference, for PROOF_TIME
	PROOF_TIME=$(PROOF_TIME) $(GO) test -count=1 -timeout 0 -run TestHistories ./internal/engine/proof

bench-pipeline: ## measure pipelines from input bytes to bulk bytes beside Benthos and go-grok; writes bench/PIPELINE.md
	cd bench/pipeline && $(GO) run -mod=mod .

bench-ui: build ## measure what a person waits for in a browser, with two million events (Chromium); writes bench/UI.md
	cd ui && ELKHORN_BIN=$(abspath $(BIN)) npm run bench

bench-large: build ## load 100 million documents under a memory limit of 1 GiB (BENCH_LARGE_DOCS); writes bench/LARGE.md
	cd bench && $(GO) run . -bin ../$(BIN) -large $(BENCH_LARGE_DOCS)

conformance: build ## run the Elasticsearch conformance suite named by ELKHORN_CONFORMANCE against a server of its own
	scripts/conformance.sh

compare: ## send scenarios/ to Elkhorn and to a real OpenSearch node (Maven, Java 21), and compare the answers
	scripts/compare.sh

fuzz: ## fuzz what reads clients' bytes, each target for FUZZ_TIME (10s)
	scripts/fuzz.sh

clean: ## remove what the build made
	rm -rf bin ui/dist/assets ui/dist/index.html* ui/node_modules
