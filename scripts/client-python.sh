#!/usr/bin/env bash
# Runs the Python clients of one set of requirements, or all that are installed, each against a server of
# its own: client-python.sh [NAME]. scripts/install-clients.sh installs them.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/server.sh

# checks prints the programs of a set of requirements.
checks() {
  case $1 in
    elasticsearch8) echo python/check.py python/handler_check.py python/dsl_check.py ;;
    elasticsearch9) echo python/check.py python/handler_check.py ;;
    eland) echo python/eland_check.py ;;
    curator) echo python/curator_check.py ;;
    elastalert) echo python/elastalert_check.py ;;
    race) echo race/check.py ;;
    *)
      echo "there is no set of clients called $1" >&2
      return 1
      ;;
  esac
}

start_server
if [ $# -eq 0 ]; then
  set -- $(basename -a bin/clients/*)
fi
for name; do
  for check in $(checks "$name"); do
    "bin/clients/$name/bin/python" "clients/$check" "$ELKHORN_URL"
  done
done
