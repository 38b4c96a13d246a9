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
"$dir/bin/conformance" -url "$ELKHORN_URL" -max-time 20m -list-failures "$dir/bin/conformance-failures.tsv" "$@"
