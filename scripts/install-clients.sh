#!/usr/bin/env bash
# Installs the Python clients that clients/python runs, a virtual environment for each file of
# clients/python/requirements, and, where Maven is found, the Java clients that clients/java runs, into bin/clients. What is installed
# already is left as it is.
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
install_java() { # version, folder
  rm -rf "$2"
  mvn -q -B -f clients/java/pom.xml -Dclient="$1" dependency:copy-dependencies -DoutputDirectory="$PWD/$2/lib" &&
    cp clients/java/pom.xml "$2/installed.xml"
}

if command -v mvn >/dev/null; then
  while read -r version; do
    home=bin/clients/java-$version
    if cmp -s clients/java/pom.xml "$home/installed.xml"; then continue; fi
    install_java "$version" "$home" || exit 1 # one after the other: they share Maven's repository
  done <clients/java/versions
fi
failed=0
for pid in "${running[@]+"${running[@]}"}"; do wait "$pid" || failed=1; done
exit "$failed"
