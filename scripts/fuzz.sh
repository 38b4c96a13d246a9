#!/usr/bin/env bash
# Fuzzes what reads clients' bytes, each target for FUZZ_TIME (10s; 20000x is so many inputs), beyond the seeds that every test run tries.
set -euo pipefail
cd "$(dirname "$0")/.."
targets=(
  "./internal/api FuzzParseBulk"
  "./internal/api FuzzRequestLine"
  "./internal/console/saved FuzzPrinted"
  "./internal/console/saved FuzzRead"
  "./internal/content FuzzRedact"
  "./internal/csvrow FuzzReadRow"
  "./internal/es/agg FuzzParse"
  "./internal/es/kql FuzzParse"
  "./internal/es/lucene FuzzParse"
  "./internal/es/lucene FuzzSimple"
  "./internal/es/query FuzzParse"
  "./internal/painless FuzzScripts"
  "./internal/event FuzzParseBinary"
  "./internal/pattern FuzzDissectFilter"
  "./internal/pipeline/queue FuzzPage"
  "./internal/pipeline/settings FuzzReadPipelines"
  "./internal/ruby FuzzScript"
  "./internal/server FuzzWorkbench"
  "./scenarios FuzzSearch"
)
for target in "${targets[@]}"; do
  read -r package name <<<"$target"
  go test -run '^$' -fuzz "^$name\$" -fuzztime "${FUZZ_TIME:-10s}" "$package"
done
