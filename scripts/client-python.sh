#!/usr/bin/env bash
# Runs the installed elasticsearch-py against a server of its own.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/server.sh
start_server
"${PYTHON:-python3}" clients/python/check.py "$ELKHORN_URL"
