#!/usr/bin/env bash
# Runs rsyslog's omelasticsearch against a server of its own.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/server.sh
start_server
python3 clients/rsyslog/check.py "$ELKHORN_URL"
