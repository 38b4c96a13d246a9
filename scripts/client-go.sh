#!/usr/bin/env bash
# Runs the official Go client's tests against a server of their own.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/server.sh
start_server
# Vetting would analyse the whole typed client first, which takes minutes when nothing is cached.
cd clients/go && go test -vet=off ./...
