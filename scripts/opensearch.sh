#!/usr/bin/env bash
# Sourced by scripts that compare with a real node: install_opensearch puts OpenSearch into
# OPENSEARCH_FOLDER (bin/opensearch), start_opensearch starts a node of it on a free port, sets
# OPENSEARCH_URL and stops the node when the script ends. Both need Maven and a Java development kit 21.
opensearch_folder=${OPENSEARCH_FOLDER:-$PWD/bin/opensearch}

# newest_java prints the folder of the newest development kit's programs, if it is new enough.
newest_java() {
  local dir version best=20 found=""
  for dir in "${JAVA_HOME:+$JAVA_HOME/bin}" /usr/lib/jvm/*/bin; do
    [ -x "$dir/javac" ] || continue
    version=$("$dir/javac" -version 2>&1 | sed -n 's/^javac \([0-9]*\).*/\1/p')
    if [ "${version:-0}" -gt "$best" ]; then best=$version found=$dir; fi
  done
  [ -n "$found" ] && printf '%s\n' "$found"
}

install_opensearch() {
  local java
  java=$(newest_java) || return 1
  if ! cmp -s tools/opensearch/pom.xml "$opensearch_folder/installed-pom.xml"; then
    rm -rf "$opensearch_folder"
    mkdir -p "$opensearch_folder"
    mvn -q -B -f tools/opensearch/pom.xml dependency:copy-dependencies -DoutputDirectory="$opensearch_folder/lib" || return 1
    cp tools/opensearch/pom.xml "$opensearch_folder/installed-pom.xml"
  fi
  "$java/javac" -nowarn -cp "$opensearch_folder/lib/*" -d "$opensearch_folder/classes" tools/opensearch/SingleNode.java
}

# start_opensearch [SETTING=VALUE]...: OPENSEARCH_HEAP is the node's heap. The trap of the script that calls
# it has to call stop_opensearch.
start_opensearch() {
  local java heap=${OPENSEARCH_HEAP:-1g}
  java=$(newest_java) || return 1
  opensearch_data=$(mktemp -d)
  coproc OPENSEARCH_NODE {
    exec "$java/java" -Xms"$heap" -Xmx"$heap" -Xss1m -Djava.awt.headless=true -Dio.netty.noUnsafe=true \
      -Dlog4j2.disable.jmx=true --add-modules=jdk.incubator.vector --enable-native-access=ALL-UNNAMED \
      -cp "$opensearch_folder/classes:$opensearch_folder/lib/*" SingleNode "$opensearch_data" "$@" 2>"$opensearch_data/log"
  }
  opensearch_pid=$OPENSEARCH_NODE_PID
  local line
  while read -rt 120 line <&"${OPENSEARCH_NODE[0]}"; do
    OPENSEARCH_URL=$(sed -n 's/^listening on \(http:[^ ]*\).*/\1/p' <<<"$line")
    if [ -n "$OPENSEARCH_URL" ]; then
      export OPENSEARCH_URL
      # What the node says later is of no interest, and must not fill the pipe.
      local said
      exec {said}<&"${OPENSEARCH_NODE[0]}" # a job in the background has no access to the first
      cat <&"$said" >/dev/null &
      opensearch_reader=$!
      return 0
    fi
  done
  tail -n 30 "$opensearch_data/log" >&2
  return 1
}

# stop_opensearch ends the node that was started, in order.
stop_opensearch() {
  [ -n "${opensearch_pid:-}" ] || return 0
  kill "$opensearch_pid" ${opensearch_reader:+"$opensearch_reader"} 2>/dev/null || true
  wait "$opensearch_pid" 2>/dev/null || true # its status is that of the signal
  rm -rf "$opensearch_data"
}
