#!/usr/bin/env bash
# Runs pipelines that write to and read from a real Redis server of their own (Debian's package redis-server).
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/ports.sh
dir=$(mktemp -d)
port=$(free_ports 1)
redis-server --bind 127.0.0.1 --port "$port" --dir "$dir" --save "" --requirepass secret >"$dir/log" 2>&1 &
redis_pid=$!
trap 'kill "$redis_pid" 2>/dev/null; wait "$redis_pid" 2>/dev/null; rm -rf "$dir"' EXIT
for _ in $(seq 100); do
  (: >"/dev/tcp/127.0.0.1/$port") 2>/dev/null && break
  read -rt 0.1 <> <(:) || true # wait without a process
done
REDIS_PORT=$port go test -count=1 -tags peers -run 'TestRedisServer' ./internal/e2e "$@"
