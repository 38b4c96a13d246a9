#!/usr/bin/env bash
# Installs the Python clients that clients/python runs, a virtual environment for each file of
# clients/python/requirements, into bin/clients. What is installed already is left as it is.
set -euo pipefail
cd "$(dirname "$0")/.."

install() { # list, folder of the virtual environment
  rm -rf "$2"
  "${PYTHON:-python3}" -m venv "$2" &&
    "$2/bin/pip" install -q --disable-pip-version-check -r "$1" &&
    cp "$1" "$2/installed.txt"
}

# Most of an installation is waiting and unpacking, so they run side by side.
running=()
for list in clients/python/requirements/*.txt; do
  home=bin/clients/$(basename "$list" .txt)
  if cmp -s "$list" "$home/installed.txt"; then continue; fi
  install "$list" "$home" &
  running+=("$!")
done
failed=0
for pid in "${running[@]+"${running[@]}"}"; do wait "$pid" || failed=1; done
exit "$failed"
