package e2e

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// safePipelines lists one pipeline that takes all its events through a queue on disk, whose pages are small enough that many
// begin and end between two kills.
const safePipelines = `
- pipeline.id: safe
  path.config: safe.conf
  pipeline.workers: 2
  queue: {type: persisted, page_capacity: 128kb, max_bytes: 64mb, checkpoint.acks: 256}
`

const safeBeats = `input { beats { host => "127.0.0.1" port => %s type => "beats" } }
`

// safeKafka is a member that keeps its name over restarts: the group gives it its partitions back at once.
const safeKafka = `input {
  kafka {
    bootstrap_servers => "%s" topics => ["%s"] group_id => "%s" group_instance_id => "one" type => "kafka"
    codec => json auto_offset_reset => "earliest" auto_commit_interval_ms => 100
  }
}
`

const safeOutput = `output { elasticsearch { hosts => ["http://elasticsearch:9200"] index => "safe-%{type}" } }
`

// TestKillQueue kills the program again and again while a Beats client, and Kafka where KAFKA_BROKERS names one (scripts/peer-kafka.sh
// does), send through a queue on disk: what was acknowledged to the one, and committed to the group of the other, is in the store.
func TestKillQueue(t *testing.T) {
	t.Parallel()
	kills := killsAsked(t)
	random := rand.New(rand.NewPCG(seed(t), 1))
	dir := t.TempDir()
	api, port := "127.0.0.1:"+freePort(t), freePort(t)
	beats := &beatsLoad{label: "beats", address: "127.0.0.1:" + port}
	sources, config := []source{beats}, fmt.Sprintf(safeBeats, port)
	var kafka *kafkaLoad
	if brokers := os.Getenv("KAFKA_BROKERS"); brokers != "" {
		kafka = newKafkaLoad(t, brokers)
		sources, config = append(sources, kafka), config+fmt.Sprintf(safeKafka, brokers, kafka.topic, kafka.topic)
	} else {
		t.Log("KAFKA_BROKERS is not set: Beats events alone")
	}
	writeFile(t, dir, "safe.conf", config+safeOutput)
	args := []string{"up", "--data", filepath.Join(dir, "data"), "--http", api, "--ui", "off", "--pipelines", writeFile(t, dir, "pipelines.yml", safePipelines)}

	g := newGate()
	finish := startLoad(t, g, sources...)
	began, moments, slowest := time.Now(), map[string]int{}, time.Duration(0)
	for range kills {
		launched := time.Now()
		p := launch(t, nil, args...)
		moment := killMoment(random)
		moments[moment]++
		if moment == "starting" {
			<-time.After(time.Duration(random.IntN(80)) * time.Millisecond)
			p.kill()
			continue
		}
		p.wait()
		slowest = max(slowest, time.Since(launched))
		g.lift()
		waitForAcknowledgements(t, p, sources)
		<-time.After(time.Duration(random.IntN(300)) * time.Millisecond)
		g.drop()
		if moment == "stopping" {
			p.terminate()
			<-time.After(time.Duration(random.IntN(60)) * time.Millisecond)
		}
		p.kill()
	}
	p := start(t, args...)
	g.lift()
	finish()
	t.Logf("killed %v in %s, slowest start %s", moments, time.Since(began).Round(time.Second), slowest.Round(time.Millisecond))
	p.verifySafe("safe-beats", beats.keys, func(n int) string { return fmt.Sprintf("beats-%07d", n) })
	t.Logf("beats: %d events sent again", beats.resent)
	if kafka != nil {
		p.verifySafe("safe-kafka", kafka.keys, kafkaKey)
		eventually(t, "all records to be committed", func() (bool, string) {
			n := kafka.acknowledged()
			return n == kafka.keys, fmt.Sprintf("%d of %d", n, kafka.keys)
		})
	}
	p.stop()
}

// verifySafe waits until every event of a source is stored, at least once.
func (p *process) verifySafe(index string, made int, key func(int) string) {
	p.tb.Helper()
	var found map[string]int
	eventually(p.tb, "the queue on disk to be empty", func() (bool, string) {
		if n := p.count(index, ""); n < made {
			return false, fmt.Sprintf("%s: %d documents of %d events\n%s", index, n, made, &p.stderr)
		}
		found = p.keys(index)
		missing := missingKeys(found, made, key)
		return len(missing) == 0, fmt.Sprintf("%s: %d of %d events are missing: %s\n%s", index, len(missing), made, first(missing), &p.stderr)
	})
	if len(found) != made {
		p.tb.Errorf("%s: %d different events are stored, %d were made", index, len(found), made)
	}
	p.tb.Logf("%s: %d events, each of them stored, %d stored again", index, made, surplus(found))
}
