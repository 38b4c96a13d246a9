#!/usr/bin/env bash
# Installs the Python clients that clients/python runs, a virtual environment for each file of
# clients/python/requirements, into bin/clients. What is installed already is left as it is.
set -euo pipefail
cd "$(dirname "$0")/.."
for list in clients/python/requirements/*.txt; do
  home=bin/clients/$(basename "$list" .txt)
  if cmp -s "$list" "$home/installed.txt"; then continue; fi
  rm -rf "$home"
  "${PYTHON:-python3}" -m venv "$home"
  "$home/bin/pip" install -q --disable-pip-version-check -r "$list"
  cp "$list" "$home/installed.txt"
done
