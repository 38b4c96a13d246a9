package runtime

import (
	"strings"
	"testing"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
)

// faulty is a filter with a fault that one event in three meets, after it has changed the event.
type faulty struct{}

func (faulty) Filter(ev *event.Event, _ func(*event.Event)) pipeline.Outcome {
	n, _ := ev.Get(messagePath)
	ev.Set(event.MustPath("seen"), event.BoolOf(true))
	if n.Str() == "2" {
		var none *event.Path
		ev.Get(none)
	}
	return pipeline.Matched
}

// TestFilterPanics: an event on which a filter panics is tagged and goes on, as do those around it, and the log says where.
func TestFilterPanics(t *testing.T) {
	h := newHarness(t, `input { stdin {} } filter { faulty { id => "bad" add_tag => ["fine"] } } output { elasticsearch { index => "x" } }`, func(o *Options) {
		o.Env.Stdin = strings.NewReader("1\n2\n3\n2\n")
		o.Tables.Filters = plugin.NewTable("filter", pipeline.CommonFilterOptions, &plugin.Spec[pipeline.Filter, *pipeline.Env]{
			Name: "faulty", New: func(*pipeline.Env, *plugin.Settings) (pipeline.Filter, error) { return faulty{}, nil },
		})
	})
	h.run()
	docs := strings.Join(h.store.sources("x"), "\n")
	for part, times := range map[string]int{`"seen":true`: 4, `"tags":["fine"]`: 2, `"tags":["_filterpanic"]`: 2} {
		if got := strings.Count(docs, part); got != times {
			t.Errorf("%s is there %d times, want %d:\n%s", part, got, times, docs)
		}
	}
	log := h.log.String()
	if strings.Count(log, "panicked") != 1 || !strings.Contains(log, "filter=bad") || !strings.Contains(log, "at=test.conf:1:29") || !strings.Contains(log, "panic_test.go") {
		t.Errorf("the log:\n%s", log)
	}
}
