#!/usr/bin/env bash
# Runs every suite that this machine can run. A suite whose tools are missing is left out and named at
# the end; REQUIRE=browser,… makes that a failure. Installs nothing but npm packages of the project.
set -uo pipefail
cd "$(dirname "$0")/.."

export CGO_ENABLED=0 ELKHORN_BIN="$PWD/bin/elkhorn"
passed=0 failed=0 left_out=() failures=()
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT

suite() { # name, command…
  local name=$1 log
  shift
  log="$logs/$((passed + failed))"
  printf '\n=== %s\n' "$name"
  if "$@" 2>&1 | tee "$log"; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    failures+=("$name" "$log")
    printf '=== %s FAILED\n' "$name"
  fi
}

# What failed is said again at the end, where a long log is read first.
repeat_failures() {
  local i
  for ((i = 0; i < ${#failures[@]}; i += 2)); do
    printf '\n=== FAILED: %s\n' "${failures[i]}"
    grep -vE '^ok  |no test files|✓' "${failures[i + 1]}" | tail -n 30
  done
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
suite "clients: the official JavaScript clients, elasticdump and Elastic's MCP server" scripts/client-javascript.sh
for list in clients/python/requirements/*.txt; do
  name=$(basename "$list" .txt)
  if cmp -s "$list" "bin/clients/$name/installed.txt"; then
    suite "clients: $name (Python)" scripts/client-python.sh "$name"
  else
    leave_out python "clients: $name (Python)" "not installed; scripts/install-clients.sh does it"
  fi
done
java_clients=yes
while read -r version; do
  cmp -s clients/java/pom.xml "bin/clients/java-$version/installed.xml" || java_clients=""
done <clients/java/versions
if [ -n "$java_clients" ] && command -v javac >/dev/null; then
  suite "clients: the official Java clients" scripts/client-java.sh
else
  leave_out java "clients: the official Java clients" "not installed; scripts/install-clients.sh does it, with Maven and a JDK 17 or later"
fi
if [ -n "$(find /usr/lib /usr/local/lib -path '*/rsyslog/omelasticsearch.so' -print -quit 2>/dev/null)" ]; then
  suite "clients: rsyslog" scripts/client-rsyslog.sh
else
  leave_out rsyslog "clients: rsyslog" "rsyslog with omelasticsearch not found"
fi
if [ -f bin/kafka/installed-pom.xml ]; then
  suite "pipelines: a real Kafka broker" scripts/peer-kafka.sh
else
  leave_out kafka "pipelines: a real Kafka broker" "not installed; scripts/peer-kafka.sh does it"
fi
if command -v redis-server >/dev/null; then
  suite "pipelines: a real Redis server" scripts/peer-redis.sh
else
  leave_out redis "pipelines: a real Redis server" "redis-server not found"
fi
if [ -n "${ELKHORN_COMPARE_URL:-}" ] || [ -f bin/opensearch/installed-pom.xml ]; then
  suite "scenarios: the same answers as an OpenSearch node" scripts/compare.sh
else
  leave_out opensearch "scenarios: the same answers as an OpenSearch node" "not installed; make compare does it"
fi
suite "bench: builds and checks itself" env -C bench go test ./...

repeat_failures
printf '\n'
for line in "${left_out[@]+"${left_out[@]}"}"; do printf 'left out: %s\n' "$line"; done
printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "${#left_out[@]}"
[ "$failed" -eq 0 ]
