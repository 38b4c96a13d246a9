package runtime

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
)

// ticker is a filter that emits an event whenever it is flushed.
type ticker struct{ flushes chan<- bool }

func (ticker) Filter(*event.Event, func(*event.Event)) pipeline.Outcome { return pipeline.Unmatched }

func (f ticker) Flush(now time.Time, final bool, emit func(*event.Event, pipeline.Outcome)) {
	emit(event.New(now), pipeline.Matched)
	f.flushes <- final
}

// silent is an input that never has an event.
type silent struct{}

func (silent) Run(ctx context.Context, _ pipeline.Sink) error {
	<-ctx.Done()
	return nil
}

// TestFlushWhileNothingComes lets a pipeline run without events: its filters are flushed by the clock, and for good at
// its end.
func TestFlushWhileNothingComes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		flushes := make(chan bool, 10)
		spec := pipeline.FilterSpec{Name: "ticker", New: func(*pipeline.Env, *plugin.Settings) (pipeline.Filter, error) { return ticker{flushes}, nil }}
		h := newHarness(t, `input { silent {} } filter { ticker { add_field => { "a" => "1" } } if [a] == "1" { mutate { add_field => { "b" => "2" } } } }
			output { stdout { codec => json_lines } }`, func(o *Options) {
			o.Tables.Inputs = plugin.NewTable("input", pipeline.CommonInputOptions, &pipeline.InputSpec{Name: "silent",
				New: func(*pipeline.Env, *plugin.Settings) (pipeline.Input, error) { return silent{}, nil }})
			o.Tables.Filters = plugin.NewTable("filter", pipeline.CommonFilterOptions, o.Tables.Filters.Find("mutate"), &spec)
		})
		stop := h.start()
		time.Sleep(2*pipeline.FlushInterval + time.Second)
		synctest.Wait()
		stop()
		close(flushes)
		var got []bool
		for final := range flushes {
			got = append(got, final)
		}
		if want := []bool{false, false, true}; !slices.Equal(got, want) {
			t.Errorf("flushes: got %v, want %v", got, want)
		}
		if n := strings.Count(h.stdout.String(), `"a":"1","b":"2"`); n != 3 {
			t.Errorf("%d of 3 events went through the filters that follow: %s", n, h.stdout)
		}
	})
}

// TestFinalFlushComesAfterTheLastEvent makes an event of what is left in a filter when the input ends.
func TestFinalFlushComesAfterTheLastEvent(t *testing.T) {
	h := newHarness(t, `input { stdin { codec => json } }
		filter { elapsed { start_tag => "s" end_tag => "e" unique_id_field => "id" timeout => 0 add_tag => "timed" } }
		output { stdout { codec => json_lines } }`, stdin(`{"id":1,"tags":["s"]}`+"\n"))
	h.run()
	if !strings.Contains(h.stdout.String(), `"elapsed_expired_error","timed"`) {
		t.Errorf("got %s", h.stdout)
	}
}

func TestFiltersThatNeedOrderGetOneWorker(t *testing.T) {
	src := `input { stdin {} } filter { elapsed { start_tag => "s" end_tag => "e" unique_id_field => "id" } } output { stdout {} }`
	h := newHarness(t, src, func(o *Options) { o.Workers = 4 })
	if h.pipeline.workers != 1 || len(h.pipeline.Warnings()) != 1 || !strings.Contains(h.pipeline.Warnings()[0].Error(), "test.conf:1:29: elapsed: counts on the order of events") {
		t.Errorf("%d workers, warnings %v", h.pipeline.workers, h.pipeline.Warnings())
	}
	if h = newHarness(t, src, nil); len(h.pipeline.Warnings()) != 0 {
		t.Errorf("warnings %v", h.pipeline.Warnings())
	}
}

// TestClonesAndSplitsAreAcknowledgedTogether follows copies through a pipeline: each is written, and decorated as its
// plugin says.
func TestClonesAndSplitsAreAcknowledgedTogether(t *testing.T) {
	h := newHarness(t, `input { stdin { codec => json } }
		filter { split { field => "n" add_tag => "part" } clone { clones => ["copy"] add_tag => "copied" } }
		output { stdout { codec => json_lines } }`, stdin(`{"n":[1,2]}`+"\n"))
	h.run()
	out := h.stdout.String()
	if n := strings.Count(out, "\n"); n != 4 {
		t.Fatalf("%d events, want 4: %s", n, out)
	}
	if p, c := strings.Count(out, `"part"`), strings.Count(out, `"copied"`); p != 4 || c != 2 {
		t.Errorf("%d parts and %d copies: %s", p, c, out)
	}
}

// TestTryFlushesAtTheEnd shows what a filter still holds when the lines to try have ended.
func TestTryFlushesAtTheEnd(t *testing.T) {
	var out bytes.Buffer
	source := Source{Lookup: noVariables, Inline: `filter { elapsed { start_tag => "s" end_tag => "e" unique_id_field => "id" timeout => 0 } }`}
	if _, err := Test(t.Context(), source, tables, false, strings.NewReader(`{"id":1,"tags":["s"]}`+"\n"), &out); err != nil {
		t.Fatal(err)
	}
	if lines := strings.Count(out.String(), "\n"); lines != 2 || !strings.Contains(out.String(), "elapsed_expired_error") {
		t.Errorf("got %s", out.String())
	}
}
