package filter

import (
	"os"
	"strings"
	"sync"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
)

var elapsed = pipeline.FilterSpec{
	Name:    "elapsed",
	Summary: "Measures the time between two events with the same id, a start and an end, told apart by their tags.",
	Options: []plugin.Option{
		{Name: "start_tag", Kind: plugin.String, Required: true, Help: "Tag of start events."},
		{Name: "end_tag", Kind: plugin.String, Required: true, Help: "Tag of end events. One without a start gets the tag elapsed_end_without_start."},
		{Name: "unique_id_field", Kind: plugin.Field, Required: true, Help: "Field whose value a start and its end have in common; events without it pass."},
		{Name: "timeout", Kind: plugin.Seconds, Default: 1800, Help: "How long to wait for the end; then a new event with the tags elapsed and elapsed_expired_error tells of the start alone. Too high keeps more starts in memory."},
		{Name: "new_event_on_match", Kind: plugin.Boolean, Help: "Put the result into a new event, not into the end event: elapsed_time in seconds, elapsed_timestamp_start, and the tags elapsed and elapsed_match."},
		{Name: "keep_start_event", Kind: plugin.String, Default: "first", Allowed: []string{"first", "last"}, Help: "Which start counts when several come before the end."},
	},
	New: newElapsed,
}

// maxElapsedStarts bounds the starts that wait for their end, at some 200 bytes each; the oldest expires early.
const maxElapsedStarts = 1_000_000

var (
	elapsedTimePath  = event.MustPath("elapsed_time")
	elapsedStartPath = event.MustPath("elapsed_timestamp_start")
	hostPath         = event.MustPath("host")
)

type elapsedFilter struct {
	startTag, endTag   string
	id                 *event.Path
	timeout            time.Duration
	newEvent, keepLast bool
	host               string
	now                func() time.Time
	mu                 struct {
		sync.Mutex
		starts *aging[elapsedStart]
		early  []elapsedStart // pushed out, to be told of when flushed
	}
}

type elapsedStart struct {
	id      event.Value
	time    time.Time // of the event
	arrived time.Time
}

func newElapsed(env *pipeline.Env, s *plugin.Settings) (pipeline.Filter, error) {
	f := &elapsedFilter{startTag: s.String("start_tag"), endTag: s.String("end_tag"), timeout: s.Duration("timeout"),
		newEvent: s.Bool("new_event_on_match"), keepLast: s.String("keep_start_event") == "last", host: hostName(), now: env.Now}
	f.mu.starts = newAging[elapsedStart]()
	var err error
	f.id, err = pathOption(s, "unique_id_field")
	return f, err
}

// hostName is this machine's name, empty when it has none.
func hostName() string {
	name, err := os.Hostname()
	if err != nil {
		return ""
	}
	return name
}

// Sequential says that a start must come before its end.
func (f *elapsedFilter) Sequential() {}

func (f *elapsedFilter) Filter(ev *event.Event, emit func(*event.Event)) pipeline.Outcome {
	id, _ := ev.Get(f.id)
	if id.Kind() == event.Null {
		return pipeline.Unmatched
	}
	switch key := string(id.AppendJSON(nil)); {
	case ev.HasTag(f.startTag):
		f.start(key, elapsedStart{keptCopy(id), ev.Timestamp(), f.now()})
		return pipeline.Matched
	case ev.HasTag(f.endTag):
		f.mu.Lock()
		start, ok := f.mu.starts.remove(key)
		f.mu.Unlock()
		switch {
		case !ok:
			ev.Tag("elapsed_end_without_start")
		case f.newEvent:
			made := event.New(f.now())
			made.Set(hostPath, event.StringOf(f.host))
			f.describe(made, start, ev.Timestamp())
			emit(made)
		default:
			f.describe(ev, start, ev.Timestamp())
		}
		return pipeline.Matched
	}
	return pipeline.Unmatched
}

// keptCopy is a copy of a value that does not hold on to the line that it is a part of.
func keptCopy(v event.Value) event.Value {
	switch v.Kind() {
	case event.String:
		return event.StringOf(strings.Clone(v.Str()))
	case event.Array, event.Object:
		if own, err := event.ParseJSON(v.AppendJSON(nil)); err == nil {
			return own
		}
	}
	return v
}

func (f *elapsedFilter) start(key string, s elapsedStart) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, have := f.mu.starts.get(key); have && !f.keepLast {
		return
	}
	f.mu.starts.put(key, s)
	if f.mu.starts.len() > maxElapsedStarts {
		oldest, early, _ := f.mu.starts.oldest()
		f.mu.starts.remove(oldest)
		f.mu.early = append(f.mu.early, early)
	}
}

func (f *elapsedFilter) describe(ev *event.Event, s elapsedStart, end time.Time) {
	ev.Tag("elapsed")
	ev.Tag("elapsed_match")
	ev.Set(elapsedTimePath, event.FloatOf(end.Sub(s.time).Seconds()))
	ev.Set(f.id, s.id)
	ev.Set(elapsedStartPath, event.TimeOf(s.time))
}

// Flush tells of the starts that have waited too long.
func (f *elapsedFilter) Flush(now time.Time, _ bool, emit func(*event.Event, pipeline.Outcome)) {
	for _, s := range f.expired(now) {
		ev := event.New(now)
		ev.Tag("elapsed")
		ev.Tag("elapsed_expired_error")
		ev.Set(hostPath, event.StringOf(f.host))
		ev.Set(f.id, s.id)
		ev.Set(elapsedTimePath, event.IntOf(int64(now.Sub(s.arrived)/time.Second)))
		ev.Set(elapsedStartPath, event.TimeOf(s.time))
		emit(ev, pipeline.Matched)
	}
}

func (f *elapsedFilter) expired(now time.Time) []elapsedStart {
	f.mu.Lock()
	defer f.mu.Unlock()
	expired := f.mu.early
	f.mu.early = nil
	for {
		key, s, ok := f.mu.starts.oldest()
		if !ok || now.Sub(s.arrived) < f.timeout {
			return expired
		}
		f.mu.starts.remove(key)
		expired = append(expired, s)
	}
}
