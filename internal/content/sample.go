package content

import (
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/plugin"
)

// Sample keeps all that matters and a share of the rest.
var Sample = Kind{
	Name:    "sample",
	Summary: "Keeps all errors, all that is slow and a share of the rest; keeps or drops a trace as a whole, and records the rate.",
	Options: []plugin.Option{
		{Name: "rate", Kind: plugin.Float, Default: 0.1, Help: "Share to keep of what no other option keeps, 0 to 1. Too low a share makes counts of rare things useless."},
		{Name: "keep_levels", Kind: plugin.Strings, Default: []string{"ERROR", "FATAL", "CRITICAL", "ALERT", "EMERGENCY", "SEVERE"}, Help: "Levels that are always kept, in any case."},
		{Name: "level_fields", Kind: plugin.Strings, Default: []string{"log_level", "level", "log.level", "severity", "severity_text"}, Help: "Where the level is; the first that is there counts."},
		{Name: "keep_status", Kind: plugin.Integer, Default: 500, Help: "HTTP status codes from this one on are always kept; 0 for none."},
		{Name: "status_fields", Kind: plugin.Strings, Default: []string{"http.response.status_code", "status_code", "status", "response"}, Help: "Where the status code is."},
		{Name: "slow_ms", Kind: plugin.Float, Unit: "milliseconds", Help: "What took so long or longer is always kept; not given: nothing is slow."},
		{Name: "duration_fields", Kind: plugin.Strings, Default: []string{"latency_ms", "duration_ms", "response_time", "response_time_ms", "inference_metrics.latency_ms"}, Help: "Where the duration in milliseconds is."},
		{Name: "keep_fields", Kind: plugin.Strings, Help: "Fields that must not be there, or be null or false, for an event to be sampled, such as [anomaly_signals][latency_anomalous]."},
		{Name: "rates", Kind: plugin.Hash, Help: `Other rates for some events: "field:value" => rate. The first that fits counts; the value may end in *. For example { "log_level:DEBUG" => 0.01 "customer:acme" => 1 }.`},
		{Name: "by", Kind: plugin.Strings, Default: []string{"trace_id", "trace.id", "traceId", "correlation_id", "request_id", "session_id"}, Help: "The id that chooses: all events with the same value are kept, or none. Without any of these fields the choice is random."},
		{Name: "keep_trace", Kind: plugin.Boolean, Default: true, Help: "After an event that was kept for what it is, keep the later ones with the same id as well, for keep_trace_for."},
		{Name: "keep_trace_for", Kind: plugin.Seconds, Default: 60, Help: "How long. A hundred thousand ids are remembered at most."},
		{Name: "first", Kind: plugin.Integer, Help: "Of every value of first_by, keep so many events in each window: rare tools, users and errors stay visible."},
		{Name: "first_by", Kind: plugin.Strings, Help: "The fields of which every value is seen; needs first."},
		{Name: "window", Kind: plugin.Seconds, Default: 60, Help: "The window of first."},
		{Name: "target", Kind: plugin.Field, Default: "sample", EmptyForNone: true, Help: "Object that gets rate (the share that was kept of such events), weight (how many events one stands for) and reason; empty for none."},
	},
	New: newSample,
}

// maxRemembered bounds each of the sampler's memories.
const maxRemembered = 100_000

type sampler struct {
	rate           float64
	levels         map[string]bool
	levelFields    []Field
	keepStatus     float64
	statusFields   []Field
	slow           float64 // 0: nothing is slow
	durationFields []Field
	keepFields     []Field
	rules          []rateRule
	by             []Field
	keepFor        time.Duration
	first          int
	firstBy        []Field
	window         time.Duration
	target         *Field
	now            func() time.Time
	mu             struct {
		sync.Mutex
		kept   recent
		counts map[uint64]int // of first_by, in this window
		until  time.Time
	}
}

// rateRule is another rate for some events.
type rateRule struct {
	field  Field
	value  string
	prefix bool
	rate   float64
}

func newSample(env Env, s *plugin.Settings) (Worker, error) {
	p := &sampler{rate: s.Float("rate"), levels: map[string]bool{}, keepStatus: float64(s.Int("keep_status")), slow: s.Float("slow_ms"),
		first: int(s.Int("first")), window: s.Duration("window"), now: env.Now}
	if !(p.rate >= 0 && p.rate <= 1) {
		return nil, s.Errorf("rate", "must lie between 0 and 1")
	}
	for _, level := range s.Strings("keep_levels") {
		p.levels[strings.ToUpper(level)] = true
	}
	for name, to := range map[string]*[]Field{"level_fields": &p.levelFields, "status_fields": &p.statusFields, "duration_fields": &p.durationFields,
		"keep_fields": &p.keepFields, "by": &p.by, "first_by": &p.firstBy} {
		fields, err := fieldsOption(s, name)
		if err != nil {
			return nil, err
		}
		*to = fields
	}
	switch {
	case p.first < 0 || (p.first > 0) != (len(p.firstBy) > 0):
		return nil, s.Errorf("first", "and first_by need each other")
	case p.window <= 0: // else first would keep everything
		return nil, s.Errorf("window", "must be more than 0")
	case s.Bool("keep_trace") && s.Duration("keep_trace_for") <= 0:
		return nil, s.Errorf("keep_trace_for", "must be more than 0; keep_trace => false remembers nothing")
	}
	if s.Bool("keep_trace") {
		p.keepFor = s.Duration("keep_trace_for")
	}
	var err error
	if p.target, err = fieldOption(s, "target"); err != nil {
		return nil, err
	}
	for _, pair := range s.Pairs("rates") {
		rule, err := newRateRule(pair.Key, pair.Value.Str)
		if err != "" {
			return nil, s.Errorf("rates", "%q: %s", pair.Key, err)
		}
		p.rules = append(p.rules, rule)
	}
	return p, nil
}

func newRateRule(key, rate string) (r rateRule, fault string) {
	name, value, ok := strings.Cut(key, ":")
	if !ok {
		return r, "must be field:value"
	}
	var err error
	if r.field, err = ParseField(name); err != nil {
		return r, err.Error()
	}
	r.value, r.prefix = strings.CutSuffix(value, "*")
	if r.rate, err = strconv.ParseFloat(rate, 64); err != nil || !(r.rate >= 0 && r.rate <= 1) {
		return r, "the rate must lie between 0 and 1"
	}
	return r, ""
}

func (r *rateRule) fits(root event.Value) bool {
	v, ok := r.field.Get(root)
	if !ok {
		return false
	}
	if r.prefix {
		return strings.HasPrefix(v.Text(), r.value)
	}
	return v.Text() == r.value
}

// Work keeps or drops the record.
func (p *sampler) Work(rec *Record) Result {
	id, byID := p.id(rec.Root)
	if reason := p.matters(rec.Root); reason != "" {
		if byID && p.keepFor > 0 {
			p.remember(id)
		}
		return p.keep(rec, 1, reason)
	}
	if byID && p.keepFor > 0 && p.remembered(id) {
		return p.keep(rec, 1, "trace")
	}
	if p.first > 0 && p.isFirst(rec.Root) {
		return p.keep(rec, 1, "first")
	}
	rate := p.rate
	for i := range p.rules {
		if p.rules[i].fits(rec.Root) {
			rate = p.rules[i].rate
			break
		}
	}
	at := rand.Float64
	if byID {
		at = func() float64 { return share(id) }
	}
	if at() >= rate {
		return Dropped
	}
	return p.keep(rec, rate, "rate")
}

func (p *sampler) id(root event.Value) (uint64, bool) {
	v, f := first(p.by, root)
	if f == nil || v.Kind() == event.String && v.Str() == "" {
		return 0, false
	}
	return hashOf(v), true
}

// matters tells why a record is kept whatever the rate.
func (p *sampler) matters(root event.Value) string {
	if v, f := first(p.levelFields, root); f != nil && p.levels[strings.ToUpper(v.Text())] {
		return "level"
	}
	if p.keepStatus > 0 {
		if v, f := first(p.statusFields, root); f != nil {
			if status, ok := number(v); ok && status >= p.keepStatus && status < 1000 {
				return "status"
			}
		}
	}
	if p.slow > 0 {
		if v, f := first(p.durationFields, root); f != nil {
			if took, ok := number(v); ok && took >= p.slow {
				return "slow"
			}
		}
	}
	for i := range p.keepFields {
		if v, ok := p.keepFields[i].Get(root); ok && v.Truthy() {
			return "field"
		}
	}
	return ""
}

// keep records how the record was chosen. An earlier sampling, of a shipper or a client, multiplies.
func (p *sampler) keep(rec *Record, rate float64, reason string) Result {
	if p.target == nil {
		return Matched
	}
	if v, ok := p.target.Get(rec.Root); ok {
		if before, ok := v.Member("rate"); ok {
			if r, ok := number(before); ok && r > 0 && r <= 1 {
				rate *= r
			}
		}
	}
	info := event.NewObject()
	info.Reserve(3)
	info.SetMember("rate", event.FloatOf(rate))
	info.SetMember("weight", event.FloatOf(math.Round(1e6/rate)/1e6))
	info.SetMember("reason", event.StringOf(reason))
	p.target.Set(rec.Root, info)
	return Matched
}

func (p *sampler) remember(id uint64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.mu.kept.add(id, p.now(), p.keepFor)
}

func (p *sampler) remembered(id uint64) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.mu.kept.has(id, p.now(), p.keepFor)
}

// isFirst tells whether a record is among the first of its values in this window.
func (p *sampler) isFirst(root event.Value) bool {
	now := p.now()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.mu.counts == nil || !now.Before(p.mu.until) {
		p.mu.counts, p.mu.until = map[uint64]int{}, now.Add(p.window)
	}
	found := false
	for i := range p.firstBy {
		v, ok := p.firstBy[i].Get(root)
		if !ok || v.Kind() == event.Null {
			continue
		}
		key := hashOf(v) ^ uint64(i)*0x9e3779b97f4a7c15
		n, known := p.mu.counts[key]
		if n >= p.first || !known && len(p.mu.counts) >= maxRemembered {
			continue
		}
		p.mu.counts[key] = n + 1
		found = true
	}
	return found
}

// recent remembers ids for about a time, in two generations of half the bound each.
type recent struct {
	young, old map[uint64]struct{}
	since      time.Time // of young
}

func (r *recent) turn(now time.Time, keep time.Duration) {
	if r.young == nil || now.Sub(r.since) >= keep || len(r.young) >= maxRemembered/2 {
		r.old = r.young
		if now.Sub(r.since) >= 2*keep {
			r.old = nil
		}
		r.young, r.since = map[uint64]struct{}{}, now
	}
}

func (r *recent) add(id uint64, now time.Time, keep time.Duration) {
	r.turn(now, keep)
	r.young[id] = struct{}{}
}

func (r *recent) has(id uint64, now time.Time, keep time.Duration) bool {
	if r.young == nil {
		return false
	}
	r.turn(now, keep)
	_, young := r.young[id]
	_, old := r.old[id]
	return young || old
}
