package filter

import (
	"strings"
	"sync"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
)

var throttle = pipeline.FilterSpec{
	Name: "throttle",
	Summary: "Counts events with the same key in periods of the event time. The common options are applied to those before " +
		"or after a count, for instance to tag them and drop them afterwards.",
	Options: []plugin.Option{
		{Name: "key", Kind: plugin.String, Required: true, Help: "What events are counted by, with %{references}."},
		{Name: "before_count", Kind: plugin.Integer, Default: -1, Unit: "events", Help: "Events of a period before this one are throttled; -1 for none."},
		{Name: "after_count", Kind: plugin.Integer, Default: -1, Unit: "events", Help: "Events of a period after this one are throttled; -1 for none."},
		{Name: "period", Kind: plugin.String, Default: "60", Unit: "seconds", Help: "How long a period is, with %{references}; what is no number counts as 60. The first begins with a key's first event."},
		{Name: "max_age", Kind: plugin.Integer, Default: 3600, Unit: "seconds", Help: "How far behind the newest event of all a period is still counted. It should be longer than a period and than events are late."},
		{Name: "max_counters", Kind: plugin.Integer, Default: 100_000, Unit: "counters", Help: "The most counters in memory, at some 200 bytes each; beyond it the keys go that had no event for longest. -1 for no limit."},
	},
	New: newThrottle,
}

const defaultThrottlePeriod = 60 // seconds

type throttleFilter struct {
	key, period   *event.Template
	before, after int64
	maxAge        int64 // seconds
	maxCounters   int
	mu            struct {
		sync.Mutex
		keys     *aging[*throttleKey]
		counters int
	}
}

// throttleKey is the counters of one key, by the begin of their periods in Unix seconds.
type throttleKey struct {
	created, latest int64 // event times
	newest          int64 // begin of the newest period
	counts          map[int64]int64
}

func newThrottle(_ *pipeline.Env, s *plugin.Settings) (pipeline.Filter, error) {
	f := &throttleFilter{before: s.Int("before_count"), after: s.Int("after_count"), maxAge: s.Int("max_age"), maxCounters: int(s.Int("max_counters"))}
	f.mu.keys = newAging[*throttleKey]()
	var err error
	if f.key, err = templateOption(s, "key"); err != nil {
		return nil, err
	}
	f.period, err = templateOption(s, "period")
	return f, err
}

func (f *throttleFilter) Filter(ev *event.Event, _ func(*event.Event)) pipeline.Outcome {
	period := leadingInt(f.period.Expand(ev))
	if period <= 0 {
		period = defaultThrottlePeriod
	}
	n := f.count(f.key.Expand(ev), period, ev.Timestamp().Unix())
	if f.before != -1 && n < f.before || f.after != -1 && n > f.after {
		return pipeline.Matched
	}
	return pipeline.Unmatched
}

// count counts an event and returns which of its period it is, the first being 1.
func (f *throttleFilter) count(key string, period, now int64) int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	k, ok := f.mu.keys.get(key)
	if !ok {
		key = strings.Clone(key)
		k = &throttleKey{created: now, latest: now, newest: now, counts: map[int64]int64{}}
	}
	f.mu.keys.put(key, k)
	k.latest = max(k.latest, now)
	offset := (now - k.created) % period
	if offset < 0 {
		offset += period // before the first event: late ones
	}
	begin := now - offset
	if _, counted := k.counts[begin]; !counted {
		f.mu.counters++
	}
	k.counts[begin]++
	n := k.counts[begin]
	if begin > k.newest {
		k.newest = begin
	}
	if begin == k.newest && n == 1 || begin < k.newest-f.maxAge {
		f.forgetLocked(k)
	}
	return n
}

// forgetLocked drops a key's old counters and, when there are too many, the keys that were not asked for longest.
func (f *throttleFilter) forgetLocked(k *throttleKey) {
	for begin := range k.counts {
		if begin < k.newest-f.maxAge {
			delete(k.counts, begin)
			f.mu.counters--
		}
	}
	for f.maxCounters >= 0 && f.mu.counters > f.maxCounters && f.mu.keys.len() > 1 {
		key, oldest, _ := f.mu.keys.oldest()
		f.mu.keys.remove(key)
		f.mu.counters -= len(oldest.counts)
	}
}

// Flush drops keys whose events are all old.
func (f *throttleFilter) Flush(_ time.Time, _ bool, _ func(*event.Event, pipeline.Outcome)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var latest int64
	f.mu.keys.each(func(_ string, k *throttleKey) { latest = max(latest, k.latest) })
	f.mu.keys.each(func(key string, k *throttleKey) {
		if k.latest < latest-f.maxAge {
			f.mu.keys.remove(key)
			f.mu.counters -= len(k.counts)
		}
	})
}
