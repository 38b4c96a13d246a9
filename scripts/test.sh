#!/usr/bin/env bash
# Runs every suite that this machine can run. A suite whose tools are missing is left out and named at
# the end; REQUIRE=browser,… makes that a failure. Installs nothing but npm packages of the project.
set -uo pipefail
cd "$(dirname "$0")/.."

export CGO_ENABLED=0 ELKHORN_BIN="$PWD/bin/elkhorn"
passed=0 failed=0 left_out=()

suite() { # name, command…
  local name=$1
  shift
  printf '\n=== %s\n' "$name"
  if "$@"; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    printf '=== %s FAILED\n' "$name"
  fi
}

leave_out() { # tool, suite, reason
  left_out+=("$2: $3")
  if [[ ",${REQUIRE:-}," == *",$1,"* ]]; then
    failed=$((failed + 1))
    printf '\n=== %s FAILED: %s, and REQUIRE names %s\n' "$2" "$3" "$1"
  fi
}

browser=""
for candidate in chromium chromium-browser google-chrome; do
  if command -v "$candidate" >/dev/null; then browser=$(command -v "$candidate") && break; fi
done

suite "go: vet" go vet ./...
suite "go: unit and integration tests" go test -timeout 10m ./...
suite "ui: types and lint" npm --prefix ui run --silent lint
suite "ui: unit tests" npm --prefix ui test --silent
if [ -n "$browser" ]; then
  suite "ui: journeys in a browser" env CHROMIUM="$browser" npm --prefix ui run --silent e2e
else
  leave_out browser "ui: journeys in a browser" "no Chromium found"
fi
if [ -z "${ELKHORN_TESTDATA:-}" ]; then
  leave_out testdata "tests over external sample data" "ELKHORN_TESTDATA is not set"
fi
suite "clients: the official Go clients" scripts/client-go.sh
suite "clients: the official JavaScript clients and elasticdump" scripts/client-javascript.sh
if "${PYTHON:-python3}" -c 'import elasticsearch' 2>/dev/null; then
  suite "clients: elasticsearch-py" scripts/client-python.sh
else
  leave_out python "clients: elasticsearch-py" "no Python with the elasticsearch package; PYTHON names another"
fi
suite "bench: builds and checks itself" env -C bench go test ./...

printf '\n'
for line in "${left_out[@]+"${left_out[@]}"}"; do printf 'left out: %s\n' "$line"; done
printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "${#left_out[@]}"
[ "$failed" -eq 0 ]
