#!/usr/bin/env bash
# Sourced by scripts that need a server of their own: start_server sets ELKHORN_URL and stops the server
# when the script ends.
start_server() {
  server_dir=$(mktemp -d)
  : >"$server_dir/log" # it is read at once, perhaps before the server has made it
  "${ELKHORN_BIN:-bin/elkhorn}" server --data "$server_dir/data" --http 127.0.0.1:0 --ui off "$@" 2>"$server_dir/log" &
  server_pid=$!
  trap 'kill "$server_pid" 2>/dev/null; wait "$server_pid" 2>/dev/null; rm -rf "$server_dir"' EXIT
  for _ in $(seq 600); do
    ELKHORN_URL=$(sed -n 's/.*Elasticsearch *\(http:[^ ]*\).*/\1/p' "$server_dir/log")
    if [ -n "$ELKHORN_URL" ]; then
      export ELKHORN_URL
      return 0
    fi
    kill -0 "$server_pid" 2>/dev/null || break
    read -rt 0.1 <> <(:) || true # wait without a process
  done
  cat "$server_dir/log" >&2
  return 1
}
