#!/usr/bin/env bash
# Runs pipelines that write to and read from a real Kafka broker of their own, also while they are killed (ELKHORN_KILLS times).
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/kafka.sh
trap stop_kafka EXIT
install_kafka
start_kafka
go test -count=1 -tags peers -timeout 40m -run 'TestKafkaBroker|TestKillQueue' ./internal/e2e ./internal/server "$@"
