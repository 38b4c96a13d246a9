#!/usr/bin/env bash
# Sends every scenario to Elkhorn and to a real OpenSearch node and compares the answers. The node is the
# one at ELKHORN_COMPARE_URL, whose indices are deleted, or one of its own.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ -z "${ELKHORN_COMPARE_URL:-}" ]; then
  . scripts/opensearch.sh
  trap stop_opensearch EXIT
  install_opensearch
  start_opensearch cluster.default_number_of_replicas=0
  export ELKHORN_COMPARE_URL=$OPENSEARCH_URL
fi
go test -count=1 -run 'TestCompare' ./scenarios "$@"
