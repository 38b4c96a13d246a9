#!/usr/bin/env bash
# Runs pipelines that write to and read from a real Redis server of their own (Debian's package redis-server).
set -euo pipefail
cd "$(dirname "$0")/.."
dir=$(mktemp -d)
redis-server --port 0 --unixsocket "$dir/socket" --dir "$dir" --save "" --appendonly yes --appendfsync always >"$dir/log" 2>&1 &
redis_pid=$!
trap 'kill "$redis_pid" 2>/dev/null; wait "$redis_pid" 2>/dev/null; rm -rf "$dir"' EXIT
for _ in $(seq 100); do
  [ -S "$dir/socket" ] && break
  read -rt 0.1 <> <(:) || true # wait without a process
done
REDIS_SOCKET="$dir/socket" go test -count=1 -tags peers -run 'TestRedisServer' ./internal/e2e "$@"
