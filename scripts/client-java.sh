#!/usr/bin/env bash
# Runs Elastic's Java client, in each installed version of clients/java/versions, against a server of its own.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/server.sh
start_server
while read -r version; do
  home=bin/clients/java-$version
  mkdir -p "$home/classes"
  javac -nowarn -Xlint:-unchecked -cp "$home/lib/*" -d "$home/classes" clients/java/Check.java "clients/java/v${version%%.*}/Connect.java"
  java -cp "$home/classes:$home/lib/*" Check "$ELKHORN_URL" "$version"
done <clients/java/versions
