#!/usr/bin/env bash
# Runs the official Go client's tests against a server of their own.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/server.sh
start_server
cd clients/go && go test ./...
