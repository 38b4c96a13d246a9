#!/usr/bin/env bash
# Runs the YAML REST conformance suite (ELKHORN_CONFORMANCE names the folder of its runner) against a
# server of its own on a free port. The suite deletes every index of its target.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ -z "${ELKHORN_CONFORMANCE:-}" ]; then
  echo "ELKHORN_CONFORMANCE must name the folder of the conformance runner" >&2
  exit 1
fi
. scripts/server.sh
start_server
mkdir -p bin
(cd "$ELKHORN_CONFORMANCE" && go build -o "$OLDPWD/bin/conformance" .)
dir=$PWD
cd "$ELKHORN_CONFORMANCE"
# There is no target yet, so failing tests do not fail this run; a run that did not reach its end does.
"$dir/bin/conformance" -url "$ELKHORN_URL" -max-time 20m -list-failures "$dir/bin/conformance-failures.tsv" "$@" | tee "$dir/bin/conformance.txt" || true
grep -E '^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$' "$dir/bin/conformance.txt"
echo "each failure: bin/conformance-failures.tsv"
