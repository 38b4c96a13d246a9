#!/usr/bin/env bash
# Runs every suite that this machine can run. A suite whose tools are missing is left out and named at
# the end; REQUIRE=browser,… makes that a failure. Installs nothing but npm packages of the project.
#
# Two lanes of suites run beside each other: what keeps the processors busy, and what mostly waits for a
# server of its own, whose output is printed after that of the first.
set -uo pipefail
cd "$(dirname "$0")/.."

export CGO_ENABLED=0 ELKHORN_BIN="$PWD/bin/elkhorn"
logs=$(mktemp -d)
: >"$logs/outcomes" # a line for each suite: passed, failed or left out, what is said of it, and its log
waiting_lane=""

# print_waiting_lane prints what the second lane said, once.
print_waiting_lane() {
  [ -n "$waiting_lane" ] || return 0
  waiting_lane=""
  cat "$logs/waiting_lane"
}
trap '[ -z "$waiting_lane" ] || kill -- -"$waiting_lane" 2>/dev/null; print_waiting_lane; rm -rf "$logs"' EXIT

suite() { # name, command…
  local name=$1 log outcome=passed begun=$SECONDS
  shift
  log=$(mktemp "$logs/XXXXXX")
  printf '\n=== %s\n' "$name"
  "$@" 2>&1 | tee "$log" || outcome=failed
  printf '=== %s %s after %d s\n' "$name" "$outcome" $((SECONDS - begun))
  printf '%s\t%s\t%s\n' "$outcome" "$name" "$log" >>"$logs/outcomes"
}

leave_out() { # tool, suite, reason
  local outcome="left out" reason=$3 log
  log=$(mktemp "$logs/XXXXXX")
  if [[ ",${REQUIRE:-}," == *",$1,"* ]]; then
    outcome=failed
    printf '%s, and REQUIRE names %s\n' "$reason" "$1" >"$log"
  fi
  printf '%s\t%s: %s\t%s\n' "$outcome" "$2" "$reason" "$log" >>"$logs/outcomes"
}

browser=""
for candidate in chromium chromium-browser google-chrome; do
  if command -v "$candidate" >/dev/null; then browser=$(command -v "$candidate") && break; fi
done

busy_suites() {
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
}

waiting_suites() {
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
}

# In a process group of its own, which an interruption ends with all its servers.
set -m
waiting_suites >"$logs/waiting_lane" 2>&1 </dev/null &
waiting_lane=$!
set +m
busy_suites
wait "$waiting_lane"
print_waiting_lane

# What failed is said again at the end, where a long log is read first.
while IFS=$'\t' read -r outcome name log; do
  [ "$outcome" = failed ] || continue
  printf '\n=== FAILED: %s\n' "$name"
  grep -vE '^ok  |no test files|✓' "$log" | tail -n 30
done <"$logs/outcomes"
printf '\n'
sed -n 's/^left out\t\(.*\)\t.*/left out: \1/p' "$logs/outcomes"
count() { grep -c "^$1" "$logs/outcomes"; }
printf '%d passed, %d failed, %d skipped, in %d s\n' "$(count passed)" "$(count failed)" "$(count 'left out')" "$SECONDS"
[ "$(count failed)" -eq 0 ]
