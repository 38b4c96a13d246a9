#!/usr/bin/env bash
# Installs the official JavaScript clients of clients/javascript and runs them against a server of their own.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/server.sh
npm --prefix clients/javascript install --no-audit --no-fund --no-save --silent
start_server
cd clients/javascript
node check.mjs "$ELKHORN_URL"
node mcp.mjs "$ELKHORN_URL"
