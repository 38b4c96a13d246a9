//go:build peers

package e2e

import (
	"fmt"
	"os"
	"testing"
	"time"
)

// peerEvents is how many events go through a real broker or server: enough for some seconds of work between kills.
const peerEvents = 60_000

// needed is an environment variable that the script of a peer sets.
func needed(t *testing.T, name string) string {
	t.Helper()
	value := os.Getenv(name)
	if value == "" {
		t.Fatalf("%s is not set: run this test by its script", name)
	}
	return value
}

// passThrough writes peerEvents with one process, reads them with another one, which is killed again and again, and checks that each is
// stored, and under how many ids.
func passThrough(t *testing.T, output, input, id string) {
	dir := t.TempDir()
	writer := writeFile(t, dir, "writer.conf", fmt.Sprintf("input { generator { count => %d threads => 1 message => \"x\" add_field => { \"run\" => \"1\" } } }\noutput { %s }\n", peerEvents, output))
	reader := writeFile(t, dir, "reader.conf", fmt.Sprintf("input { %s }\noutput { elasticsearch { hosts => [\"http://elasticsearch:9200\"] index => \"peer\" document_id => \"%s\" } }\n", input, id))
	run := func() *process {
		return start(t, "up", "--data", dir+"/data", "--http", "127.0.0.1:0", "--ui", "off", "--pipelines", reader)
	}
	p := run()
	w := start(t, "up", "--data", dir+"/writer", "--http", "127.0.0.1:0", "--ui", "off", "--pipelines", writer)
	for kills := 1; kills <= 3; kills++ {
		want := peerEvents * kills / 8
		for deadline := time.Now().Add(startTimeout); p.count("peer", "") < want; time.Sleep(10 * time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatalf("only %d events came in %s\n%s\n%s", p.count("peer", ""), startTimeout, &p.stderr, &w.stderr)
			}
		}
		p.kill()
		p = run()
	}
	p.waitForCount("peer", "", peerEvents)
	w.stop()
	p.stop()
	p = run() // what was acknowledged does not come again under another id
	p.waitForCount("peer", "", peerEvents)
	p.stop()
}

// TestKafkaBroker: what is produced is consumed by a group over kills and restarts, and the counts are equal.
func TestKafkaBroker(t *testing.T) {
	brokers := needed(t, "KAFKA_BROKERS")
	topic := fmt.Sprintf("peer-%d", time.Now().UnixNano())
	passThrough(t,
		fmt.Sprintf(`kafka { bootstrap_servers => "%s" topic_id => "%s" codec => json acks => "all" compression_type => "zstd" message_key => "%%{sequence}" }`, brokers, topic),
		fmt.Sprintf(`kafka { bootstrap_servers => "%s" topics => ["%s"] codec => json auto_offset_reset => "earliest" decorate_events => "basic" consumer_threads => 2 session_timeout_ms => 6000 heartbeat_interval_ms => 500 group_id => "%s" }`, brokers, topic, topic),
		"%{[@metadata][kafka][partition]}-%{[@metadata][kafka][offset]}")
}

// TestRedisServer: what is appended to a list is read over kills and restarts, and the counts are equal.
func TestRedisServer(t *testing.T) {
	port := needed(t, "REDIS_PORT")
	server := fmt.Sprintf(`port => %s password => "secret" data_type => "list" key => "peer"`, port)
	passThrough(t, "redis { host => [\"127.0.0.1\"] "+server+" }", "redis { host => \"127.0.0.1\" "+server+" }", "%{sequence}")
}
