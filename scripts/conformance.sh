#!/usr/bin/env bash
# Runs the YAML REST conformance suite (ELKHORN_CONFORMANCE names the folder of its runner) against a
# server of its own on a free port; the suite deletes every index of its target. Arguments go to the runner.
# Fails when a test fails that docs/conformance.tsv does not list, or passes although it does.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ -z "${ELKHORN_CONFORMANCE:-}" ]; then
  echo "ELKHORN_CONFORMANCE must name the folder of the conformance runner" >&2
  exit 1
fi
. scripts/server.sh
mkdir -p bin
start_server
dir=$PWD
(cd "$ELKHORN_CONFORMANCE" && go build -o "$dir/bin/conformance" .)
cd "$ELKHORN_CONFORMANCE"
"$dir/bin/conformance" -url "$ELKHORN_URL" -max-time 20m -v -list-failures "$dir/bin/conformance-failures.tsv" "$@" >"$dir/bin/conformance.txt" || true
cd "$dir"

# How many tests of each part pass, without those that are skipped; then without those that Elasticsearch 8 fails, too.
awk -F '\t' -v some="$#" '
  function part(api) {
    if (api ~ /(cat|cluster|nodes|snapshot|tasks)\.|\/(info|ping)$/) return "cat, cluster and the rest"
    if (api ~ /\/indices\.|ingest/) return "indices and ingest"
    if (api ~ /\/(bulk|create|delete|exists|get|get_source|index|mget|update|count|reindex)$/) return "documents and bulk"
    return "search and aggregations"
  }
  FILENAME ~ /tsv$/ { if ($2 ~ /^in Elasticsearch 8 too/) { split($1, at, "/"); old[part(at[1] "/" at[2])]++ } next }
  /^API / { table = 1; next }
  table && split($0, row, " ") == 4 { p = part(row[1]); passed[p] += row[2]; all[p] += row[2] + row[3] }
  END {
    for (p in all)
      if (some) printf "%-28s %3d of %3d  %5.1f %%\n", p, passed[p], all[p], 100 * passed[p] / all[p]
      else printf "%-28s %3d of %3d  %5.1f %%    %3d of %3d  %5.1f %%\n", p, passed[p], all[p], 100 * passed[p] / all[p], passed[p], all[p] - old[p], 100 * passed[p] / (all[p] - old[p])
  }
' docs/conformance.tsv bin/conformance.txt | sort
grep -E '^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$' bin/conformance.txt # a run that did not reach its end has no such line

known=$(grep -v '^#' docs/conformance.tsv | cut -f1 | sort)
failed=$(cut -f1 bin/conformance-failures.tsv | sort)
passed=$(sed -n 's/^PASS //p' bin/conformance.txt | sort)
worse=$(comm -13 <(echo "$known") <(echo "$failed"))
better=$(comm -12 <(echo "$known") <(echo "$passed"))
[ -z "$worse" ] || printf '\nThese tests fail and docs/conformance.tsv does not list them:\n%s\nWhy: bin/conformance-failures.tsv\n' "$worse"
[ -z "$better" ] || printf '\nThese tests pass: take them out of docs/conformance.tsv.\n%s\n' "$better"
[ -z "$worse$better" ]
