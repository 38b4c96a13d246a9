#!/usr/bin/env bash
# Sourced by scripts that need a real Kafka broker: install_kafka puts it into KAFKA_FOLDER (bin/kafka), start_kafka starts one
# broker in KRaft mode on free ports, sets KAFKA_BROKERS and stops it when stop_kafka is called. Both need Maven and Java 17.
. scripts/ports.sh
kafka_folder=${KAFKA_FOLDER:-$PWD/bin/kafka}

install_kafka() {
  cmp -s tools/kafka/pom.xml "$kafka_folder/installed-pom.xml" && return 0
  rm -rf "$kafka_folder"
  mkdir -p "$kafka_folder"
  mvn -q -B -f tools/kafka/pom.xml dependency:copy-dependencies -DoutputDirectory="$kafka_folder/lib" || return 1
  cp tools/kafka/pom.xml "$kafka_folder/installed-pom.xml"
}

# start_kafka: the trap of the script that calls it has to call stop_kafka.
start_kafka() {
  local client controller id
  kafka_data=$(mktemp -d)
  read -r client controller <<<"$(free_ports 2)"
  cat >"$kafka_data/server.properties" <<EOF
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:$controller
listeners=PLAINTEXT://127.0.0.1:$client,CONTROLLER://127.0.0.1:$controller
advertised.listeners=PLAINTEXT://127.0.0.1:$client
controller.listener.names=CONTROLLER
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
log.dirs=$kafka_data/logs
num.partitions=3
offsets.topic.num.partitions=1
offsets.topic.replication.factor=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
group.initial.rebalance.delay.ms=0
EOF
  # An id that begins with a dash, as one in 64 would, is taken for an option.
  id=$(python3 -c 'import base64, uuid; print("A" + base64.urlsafe_b64encode(uuid.uuid4().bytes).decode()[1:22])')
  java -XX:TieredStopAtLevel=1 -cp "$kafka_folder/lib/*" kafka.tools.StorageTool format -t "$id" -c "$kafka_data/server.properties" >"$kafka_data/log" 2>&1 || {
    cat "$kafka_data/log" >&2
    return 1
  }
  java -Xms256m -Xmx256m -XX:TieredStopAtLevel=1 -cp "$kafka_folder/lib/*" kafka.Kafka "$kafka_data/server.properties" >>"$kafka_data/log" 2>&1 &
  kafka_pid=$!
  local _
  for _ in $(seq 600); do
    if (: >"/dev/tcp/127.0.0.1/$client") 2>/dev/null; then
      export KAFKA_BROKERS=127.0.0.1:$client
      return 0
    fi
    kill -0 "$kafka_pid" 2>/dev/null || break
    read -rt 0.1 <> <(:) || true # wait without a process
  done
  tail -n 30 "$kafka_data/log" >&2
  return 1
}

# stop_kafka ends the broker. It has nothing to keep.
stop_kafka() {
  [ -n "${kafka_pid:-}" ] || return 0
  kill -9 "$kafka_pid" 2>/dev/null || true
  wait "$kafka_pid" 2>/dev/null || true # its status is that of the signal
  rm -rf "$kafka_data"
}
