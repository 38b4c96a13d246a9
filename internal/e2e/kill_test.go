package e2e

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// defaultKills is how often a crash test kills the program unless ELKHORN_KILLS says otherwise.
const defaultKills = 5

// killPipeline takes Beats events and a rotated file to indices of their own.
const killPipeline = `input {
  beats { host => "127.0.0.1" port => %s type => "beats" }
  file { path => "%s*" start_position => "beginning" stat_interval => 0.1 discover_interval => 1 type => "tailed" }
}
output {
  elasticsearch { hosts => ["http://elasticsearch:9200"] index => "kill-%%{type}" }
}
`

// queuedPipeline takes Beats events through a queue on disk.
const queuedPipeline = `input { beats { host => "127.0.0.1" port => %s } }
output { elasticsearch { hosts => ["http://elasticsearch:9200"] index => "kill-queued" } }
`

// killPipelines lists both.
const killPipelines = `
- pipeline.id: kill
  path.config: kill.conf
- pipeline.id: queued
  path.config: queued.conf
  queue: {type: persisted, page_capacity: 64kb, max_bytes: 32mb}
`

// rig is a program under load from all kinds of sources, which survive its runs.
type rig struct {
	t       *testing.T
	args    []string
	gate    *gate
	ids     *bulkLoad // documents with explicit ids
	made    *bulkLoad // documents whose ids the program makes
	beats   *beatsLoad
	queued  *beatsLoad // to a queue on disk
	tailed  *fileLoad  // read by the file input
	shipped *fileLoad  // read by the shipper
	upkeep  *maintenance
}

func newRig(t *testing.T) *rig {
	dir := t.TempDir()
	api, beats, queued := "127.0.0.1:"+freePort(t), freePort(t), freePort(t)
	r := &rig{
		t: t, gate: newGate(),
		ids:     &bulkLoad{api: "http://" + api, index: "kill-ids", ids: true},
		made:    &bulkLoad{api: "http://" + api, index: "kill-made"},
		beats:   &beatsLoad{label: "beats", address: "127.0.0.1:" + beats},
		queued:  &beatsLoad{label: "queued", address: "127.0.0.1:" + queued},
		tailed:  &fileLoad{path: filepath.Join(dir, "tailed.log")},
		shipped: &fileLoad{path: filepath.Join(dir, "shipped.log")},
		upkeep:  &maintenance{api: "http://" + api},
	}
	writeFile(t, dir, "kill.conf", fmt.Sprintf(killPipeline, beats, r.tailed.path))
	writeFile(t, dir, "queued.conf", fmt.Sprintf(queuedPipeline, queued))
	config := writeFile(t, dir, "pipelines.yml", killPipelines)
	r.args = []string{"up", "--data", filepath.Join(dir, "data"), "--http", api, "--ui", "off", "--pipelines", config, r.shipped.path + "*"}
	return r
}

func (r *rig) sources() []source {
	return []source{r.ids, r.made, r.beats, r.queued, r.tailed, r.shipped, r.upkeep}
}

// acknowledgers are the sources that learn what is safe.
func (r *rig) acknowledgers() []source { return []source{r.ids, r.made, r.beats, r.queued} }

func (r *rig) acknowledged() []int {
	var counts []int
	for _, s := range r.acknowledgers() {
		counts = append(counts, s.acknowledged())
	}
	return counts
}

// indices are where the acknowledgers' events go, but for the last one's, which are safe before they are there.
var indices = []string{"kill-ids", "kill-made", "kill-beats"}

// checkAcknowledged checks that a fresh run holds as many events as were acknowledged before it.
func (r *rig) checkAcknowledged(p *process, before []int) {
	r.t.Helper()
	for i, index := range indices {
		if got := p.count(index, ""); got < before[i] {
			r.t.Fatalf("%s holds %d documents, %d were acknowledged\n%s", index, got, before[i], &p.stderr)
		}
	}
}

// waitForAcknowledgements waits until every one of sources had something acknowledged.
func waitForAcknowledgements(t *testing.T, p *process, sources []source) {
	t.Helper()
	before := make([]int, len(sources))
	for i, s := range sources {
		before[i] = s.acknowledged()
	}
	eventually(t, "acknowledgements to all sources", func() (bool, string) {
		for i, s := range sources {
			if s.acknowledged() == before[i] {
				return false, fmt.Sprintf("none for %s\n%s", s.name(), &p.stderr)
			}
		}
		return true, ""
	})
}

// TestKill kills the program again and again at random moments, under load, while it starts and while it stops.
func TestKill(t *testing.T) {
	t.Parallel()
	kills := killsAsked(t)
	random := rand.New(rand.NewPCG(seed(t), 0))
	r := newRig(t)
	finish := startLoad(t, r.gate, r.sources()...)

	var slowest time.Duration
	moments := map[string]int{}
	for range kills {
		began := time.Now()
		p := launch(t, nil, r.args...)
		moment := killMoment(random)
		moments[moment]++
		if moment == "starting" {
			<-time.After(time.Duration(random.IntN(40)) * time.Millisecond)
			p.kill()
			continue
		}
		before := r.acknowledged()
		p.wait()
		slowest = max(slowest, time.Since(began))
		r.checkAcknowledged(p, before)
		r.gate.lift()
		waitForAcknowledgements(t, p, r.acknowledgers())
		<-time.After(time.Duration(random.IntN(300)) * time.Millisecond)
		r.gate.drop()
		if moment == "stopping" {
			p.terminate()
			<-time.After(time.Duration(random.IntN(60)) * time.Millisecond)
		}
		p.kill()
	}
	p := start(t, r.args...)
	r.gate.lift()
	waitForAcknowledgements(t, p, r.acknowledgers())
	finish()
	t.Logf("killed %v, slowest recovery %s", moments, slowest.Round(time.Millisecond))
	r.verify(p)
}

// killsAsked is how often a crash test kills the program.
func killsAsked(t *testing.T) int {
	text := os.Getenv("ELKHORN_KILLS")
	if text == "" {
		return defaultKills
	}
	kills, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("ELKHORN_KILLS: %v", err)
	}
	return kills
}

// seed is the random seed, printed so that a run can be repeated.
func seed(t *testing.T) uint64 {
	value := rand.Uint64()
	if text := os.Getenv("ELKHORN_SEED"); text != "" {
		var err error
		if value, err = strconv.ParseUint(text, 10, 64); err != nil {
			t.Fatalf("ELKHORN_SEED: %v", err)
		}
	}
	t.Logf("seed %d", value)
	return value
}

// killMoment draws when to kill: mostly under full load, now and then while the program recovers or ends.
func killMoment(random *rand.Rand) string {
	switch random.IntN(5) {
	case 0:
		return "starting"
	case 1:
		return "stopping"
	}
	return "loaded"
}

// verify checks every promise, once all sources have ended and everything sent is acknowledged.
func (r *rig) verify(p *process) {
	t := r.t
	t.Helper()
	r.verifyBulk(p, r.ids)
	r.verifyBulk(p, r.made)

	found := p.keys("kill-beats")
	if missing := missingKeys(found, r.beats.keys, func(n int) string { return fmt.Sprintf("beats-%07d", n) }); len(missing) > 0 {
		t.Errorf("beats: %d of %d acknowledged events are lost: %s", len(missing), r.beats.keys, first(missing))
	}
	r.verifyQueued(p)
	t.Logf("beats: %d events acknowledged, %d sent again, %d stored twice", r.beats.keys, r.beats.resent, surplus(found))
	p.verifyLines("kill-tailed", r.tailed)
	p.verifyLines("logs-*", r.shipped)
	t.Logf("%d flushes and merges", r.upkeep.acknowledged())
}

// verifyQueued waits until every event that was acknowledged from the queue on disk is stored.
func (r *rig) verifyQueued(p *process) {
	r.t.Helper()
	var found map[string]int
	eventually(r.t, "the queue on disk to be empty", func() (bool, string) {
		found = p.keys("kill-queued")
		missing := missingKeys(found, r.queued.keys, func(n int) string { return fmt.Sprintf("beats-%07d", n) })
		return len(missing) == 0, fmt.Sprintf("%d of %d acknowledged events are missing: %s\n%s", len(missing), r.queued.keys, first(missing), &p.stderr)
	})
	r.t.Logf("queued: %d events acknowledged, %d sent again, %d stored twice", r.queued.keys, r.queued.resent, surplus(found))
}

func (r *rig) verifyBulk(p *process, b *bulkLoad) {
	r.t.Helper()
	found := p.keys(b.index)
	if missing := missingKeys(found, b.keys, func(n int) string { return fmt.Sprintf("%s-%07d", b.index, n) }); len(missing) > 0 {
		r.t.Errorf("%s: %d of %d acknowledged documents are lost: %s", b.name(), len(missing), b.keys, first(missing))
	}
	var twice []string
	for key, n := range found {
		if n > 1 && (b.ids || !b.resent[key]) {
			twice = append(twice, key)
		}
	}
	if len(twice) > 0 {
		r.t.Errorf("%s: %d documents are there twice: %s", b.name(), len(twice), first(twice))
	}
	if b.ids {
		var latest struct {
			Source struct{ Batch int } `json:"_source"`
		}
		p.mustCall("GET", "/"+b.index+"-latest/_doc/latest", "", &latest)
		if want := b.keys/bulkBatch - 1; latest.Source.Batch != want {
			r.t.Errorf("%s: the document written by every batch is of batch %d, want the last, %d", b.name(), latest.Source.Batch, want)
		}
	}
	r.t.Logf("%s: %d documents acknowledged, %d sent again, %d stored twice", b.name(), b.keys, len(b.resent), surplus(found))
}

// verifyLines waits until every line of a file is there.
func (p *process) verifyLines(index string, f *fileLoad) {
	p.tb.Helper()
	lines := int(f.lines.Load())
	var found map[string]int
	eventually(p.tb, f.name()+" to be read to its end", func() (bool, string) {
		if n := p.count(index, ""); n < lines {
			return false, fmt.Sprintf("%d documents of %d lines\n%s", n, lines, &p.stderr)
		}
		found = p.keys(index)
		missing := missingKeys(found, lines, lineKey)
		return len(missing) == 0, fmt.Sprintf("%d of %d lines are missing: %s\n%s", len(missing), lines, first(missing), &p.stderr)
	})
	if len(found) != lines {
		p.tb.Errorf("%s: %d different lines are stored, %d were written", f.name(), len(found), lines)
	}
	p.tb.Logf("%s: %d lines, %d stored twice", f.name(), lines, surplus(found))
}

// keys counts the documents of an index by their key, which lines carry as their first word.
func (p *process) keys(index string) map[string]int {
	p.tb.Helper()
	counts := map[string]int{}
	p.scan(index, matchAll, func(d document) {
		var source struct{ Key, Message string }
		if err := json.Unmarshal(d.Source, &source); err != nil {
			p.tb.Fatalf("document %s: %v", d.ID, err)
		}
		if source.Key == "" {
			source.Key, _, _ = strings.Cut(source.Message, " ")
		}
		counts[source.Key]++
	})
	return counts
}

func missingKeys(found map[string]int, n int, key func(int) string) []string {
	var missing []string
	for i := range n {
		if found[key(i)] == 0 {
			missing = append(missing, key(i))
		}
	}
	return missing
}

// surplus is how many documents are there besides the first of each key.
func surplus(found map[string]int) int {
	n := 0
	for _, count := range found {
		n += count - 1
	}
	return n
}

// first shows a few of many.
func first(all []string) string {
	return strings.Join(all[:min(len(all), 5)], ", ")
}
