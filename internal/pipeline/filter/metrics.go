package filter

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
)

var metrics = pipeline.FilterSpec{
	Name: "metrics",
	Summary: "Counts events and measures values over time. What was measured becomes an event of its own now and then, with this machine's name as " +
		"message and an object for each name: count, rate_1m, rate_5m and rate_15m (events a second), and for values min, max, mean, stddev and percentiles p95 …. " +
		"The common options are applied to that event.",
	Options: []plugin.Option{
		{Name: "meter", Kind: plugin.Strings, Help: "Names to count events by, with %{references}: each value is a meter of its own."},
		{Name: "timer", Kind: plugin.Hash, Help: "Name to value to measure, both with %{references}: \"%{service}\" => \"%{duration_ms}\"."},
		{Name: "flush_interval", Kind: plugin.Seconds, Default: 5, Help: "How often there is an event; it is looked at every 5 seconds."},
		{Name: "clear_interval", Kind: plugin.Seconds, Default: -1, Help: "How often everything begins anew, -1 for never."},
		{Name: "rates", Kind: plugin.Strings, Default: []string{"1", "5", "15"}, Unit: "minutes", Help: "Which of the rates over 1, 5 and 15 minutes the event has. They decay: older events count less."},
		{Name: "percentiles", Kind: plugin.Strings, Default: []string{"1", "5", "10", "90", "95", "99", "100"}, Help: "Percentiles of the values that the event has, of a sample of some 1,000 in which newer values are likelier."},
		{Name: "ignore_older_than", Kind: plugin.Seconds, Default: 0, Help: "Events older than this are not counted; 0 counts all."},
	},
	New: newMetrics,
}

// maxMetrics bounds the names, at up to 30 kB each: events of names beyond them are not counted.
const maxMetrics = 10_000

type metricsFilter struct {
	meters      []*event.Template
	timers      []timerTemplate
	percentiles []percentile
	rates       [len(rateMinutes)]bool
	interval    time.Duration
	clear       time.Duration // negative for never
	oldest      time.Duration // 0 for any
	host        string
	env         *pipeline.Env
	mu          struct {
		sync.Mutex
		meters  map[string]*meter
		timers  map[string]*timer
		flushed time.Time
		cleared time.Time
		full    bool // a name was refused
	}
}

type timerTemplate struct{ name, value *event.Template }

// percentile is one to report: its field, and the share of values below it.
type percentile struct {
	name  string
	share float64
}

func newMetrics(env *pipeline.Env, s *plugin.Settings) (pipeline.Filter, error) {
	f := &metricsFilter{interval: s.Duration("flush_interval"), clear: s.Duration("clear_interval"), oldest: s.Duration("ignore_older_than"), host: hostName(), env: env}
	f.mu.meters, f.mu.timers = map[string]*meter{}, map[string]*timer{}
	f.mu.flushed, f.mu.cleared = env.Now(), env.Now()
	var err error
	if f.meters, err = templatesOption(s, "meter"); err != nil {
		return nil, err
	}
	for _, pair := range s.Pairs("timer") {
		name, err := event.CompileTemplate(pair.Key)
		if err != nil {
			return nil, s.Errorf("timer", "%v", err)
		}
		value, err := event.CompileTemplate(pair.Value.Str)
		if err != nil {
			return nil, s.Errorf("timer", "%v", err)
		}
		f.timers = append(f.timers, timerTemplate{name, value})
	}
	for _, text := range s.Strings("rates") {
		i := slices.Index(rateMinutes[:], leadingInt(text))
		if i < 0 {
			return nil, s.Errorf("rates", "%s is none of 1, 5 and 15", text)
		}
		f.rates[i] = true
	}
	for _, text := range s.Strings("percentiles") {
		p := leadingFloat(text)
		if p < 0 || p > 100 {
			return nil, s.Errorf("percentiles", "%s does not lie between 0 and 100", text)
		}
		f.percentiles = append(f.percentiles, percentile{"p" + text, p / 100})
	}
	if len(f.meters) == 0 && len(f.timers) == 0 {
		s.Warn("meter", "is not given, nor is timer: there is nothing to count")
	}
	return f, nil
}

func (f *metricsFilter) Filter(ev *event.Event, _ func(*event.Event)) pipeline.Outcome {
	now := f.env.Now()
	if f.oldest > 0 && now.Sub(ev.Timestamp()) > f.oldest {
		return pipeline.Unmatched
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, t := range f.meters {
		name := t.Expand(ev)
		m := f.mu.meters[name]
		if m == nil && f.roomLocked() {
			m = newMeter(now)
			f.mu.meters[strings.Clone(name)] = m
		}
		if m != nil {
			m.mark(now)
		}
	}
	for _, t := range f.timers {
		name := t.name.Expand(ev)
		m := f.mu.timers[name]
		if m == nil && f.roomLocked() {
			m = newTimer(now)
			f.mu.timers[strings.Clone(name)] = m
		}
		if m != nil {
			m.update(leadingFloat(t.value.Expand(ev)), now)
		}
	}
	return pipeline.Unmatched
}

// roomLocked says whether another name can be taken in.
func (f *metricsFilter) roomLocked() bool {
	if len(f.mu.meters)+len(f.mu.timers) < maxMetrics {
		return true
	}
	if !f.mu.full && f.env.Logger != nil {
		f.env.Logger.Warn("a metrics filter has too many names; new ones are not counted", "pipeline", f.env.Pipeline, "names", maxMetrics)
	}
	f.mu.full = true
	return false
}

// Flush emits what was measured, when it is time, and at the end.
func (f *metricsFilter) Flush(now time.Time, final bool, emit func(*event.Event, pipeline.Outcome)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !final && now.Sub(f.mu.flushed) < f.interval || len(f.mu.meters)+len(f.mu.timers) == 0 {
		return
	}
	f.mu.flushed = now
	ev := event.New(now)
	ev.Set(messagePath, event.StringOf(f.host))
	for _, name := range slices.Sorted(maps.Keys(f.mu.meters)) {
		f.describe(ev, name, f.mu.meters[name], now)
	}
	for _, name := range slices.Sorted(maps.Keys(f.mu.timers)) {
		t := f.mu.timers[name]
		object := f.describe(ev, name, &t.meter, now)
		object.SetMember("min", event.FloatOf(t.min))
		object.SetMember("max", event.FloatOf(t.max))
		object.SetMember("stddev", event.FloatOf(t.deviation()))
		object.SetMember("mean", event.FloatOf(t.mean))
		values := t.sample.sorted()
		for _, p := range f.percentiles {
			object.SetMember(p.name, event.FloatOf(quantile(values, p.share)))
		}
	}
	if f.clear > 0 && now.Sub(f.mu.cleared) >= f.clear {
		clear(f.mu.meters)
		clear(f.mu.timers)
		f.mu.cleared, f.mu.full = now, false
	}
	emit(ev, pipeline.Matched)
}

// describe adds the object of a name to the event and returns it. A name that is a reference leads to its place.
func (f *metricsFilter) describe(ev *event.Event, name string, m *meter, now time.Time) event.Value {
	object := event.NewObject()
	path, err := event.ParsePath(bracketed(name))
	if err != nil {
		ev.Fields().SetMember(name, object)
	} else {
		ev.Set(path, object)
	}
	object.SetMember("count", event.IntOf(m.count))
	for i, field := range []string{"rate_1m", "rate_5m", "rate_15m"} {
		if f.rates[i] {
			object.SetMember(field, event.FloatOf(m.rate(i, now)))
		}
	}
	return object
}
