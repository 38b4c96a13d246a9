package demo

import (
	"fmt"
	"iter"
	"time"
)

// Options say what a Workload makes.
type Options struct {
	// Seed chooses the course of events.
	Seed uint64
	// Rate is the number of events a second, on average over a day; 0 is DefaultRate. By night there
	// are about a quarter as many as in the evening, and an incident adds its errors.
	Rate float64
	// Start is the time of the first event, in whatever zone; events are in UTC.
	Start time.Time
}

// DefaultRate is lively on the screen and a few hundred megabytes a day on the disk, before
// compression.
const DefaultRate = 4

// Event is one document to store.
type Event struct {
	Time time.Time
	// Index is the index it belongs to, of the day of Time.
	Index string
	// JSON is the document on one line. It belongs to the receiver.
	JSON []byte
}

// The names of the indices without the day.
const (
	appIndex       = "chatgpt-logs-demo"
	llmIndex       = "llm-logs-demo"
	inferenceIndex = "ml-inference-demo"
	trainingIndex  = "ml-training-demo"
)

// How the events spread over what makes them: the shares of Options.Rate. Announcements of incidents
// and training runs come on top; they are few.
const (
	sessionShare = 0.81
	feedShare    = 0.15
	routineShare = 0.04
)

// eventsPerSession is what a session makes on average; a test measures it.
const eventsPerSession = 11.8

// Workload is a running imitation of the product. It is not safe for concurrent use.
type Workload struct {
	rate     float64
	queue    queue
	rng      random
	clock    clockText
	userOf   *alias
	incident incident
	object   object
}

// New starts a Workload.
func New(o Options) *Workload {
	if o.Rate <= 0 {
		o.Rate = DefaultRate
	}
	w := &Workload{rate: o.Rate, rng: random{state: mix(o.Seed + 1)}, userOf: newAlias(zipf(userCount, 0.7))}
	start := o.Start.UnixMilli()
	w.startSessions(start)
	w.startFeed(start)
	w.startRoutine(start)
	w.startIncidents(start)
	w.startTraining(start)
	return w
}

// Next is the next event in the order of time. There is always one.
func (w *Workload) Next() Event {
	for {
		due := w.queue.pop()
		if due.act == nil {
			return due.event
		}
		due.act(due.at)
	}
}

// Until yields the events before t and leaves the Workload at t, so that whoever started it some
// hours in the past fills the store up to now and then goes on live. Ending the loop early loses
// nothing but the event in hand.
func (w *Workload) Until(t time.Time) iter.Seq[Event] {
	end := t.UnixMilli()
	return func(yield func(Event) bool) {
		for {
			due := w.queue.pop()
			switch {
			case due.at >= end:
				w.queue.push(due)
				return
			case due.act != nil:
				due.act(due.at)
			case !yield(due.event):
				return
			}
		}
	}
}

// dailyCurve is how busy the product is at a time of the day, 1 on average: quiet at four in the
// morning UTC, busiest in the late afternoon when two continents are awake.
func dailyCurve(millis int64) float64 {
	const day = 24 * 60 * 60 * 1000
	hour := float64(millis%day) / day * 24
	return curveHours[int(hour)]*(1-(hour-float64(int(hour)))) + curveHours[(int(hour)+1)%24]*(hour-float64(int(hour)))
}

// curveHours is the curve at each full hour; the mean is 1.
var curveHours = [24]float64{
	0.68, 0.58, 0.48, 0.42, 0.40, 0.44, 0.56, 0.74, 0.94, 1.10, 1.18, 1.20,
	1.18, 1.24, 1.34, 1.42, 1.48, 1.50, 1.46, 1.40, 1.28, 1.12, 0.98, 0.88,
}

// after schedules an action some milliseconds after a time.
func (w *Workload) after(now int64, delay float64, act func(now int64)) {
	w.queue.push(scheduled{at: now + max(int64(delay), 0), act: act})
}

// arrivals calls act again and again as a Poisson process of so many a second, following the curve of
// the day.
func (w *Workload) arrivals(start int64, perSecond float64, act func(now int64)) {
	rng := w.rng.fork()
	var arrive func(int64)
	next := func(now int64) {
		w.after(now, rng.exponential(1000/(perSecond*dailyCurve(now))), arrive)
	}
	arrive = func(now int64) {
		next(now)
		act(now)
	}
	next(start)
}

// begin starts the document of an event with the fields that all of them have.
func (w *Workload) begin(at int64, level, service string) *object {
	o := &w.object
	o.reset()
	o.key("@timestamp")
	o.buf = append(w.clock.append(append(o.buf, '"'), at), '"')
	o.key("timestamp")
	o.buf = append(w.clock.append(append(o.buf, '"'), at), '"')
	o.text("log_level", level)
	o.text("service_name", service)
	return o
}

// finish ends the document and schedules the event for its time.
func (w *Workload) finish(at int64, index, message string) {
	o := &w.object
	o.text("message", message)
	t := time.UnixMilli(at).UTC()
	w.queue.push(scheduled{at: at, event: Event{Time: t, Index: index + t.Format("-2006.01.02"), JSON: o.bytes()}})
}

// hexID is an id of so many hex digits.
func hexID(r *random, digits int) string {
	id := make([]byte, 0, 32)
	for len(id) < digits {
		id = appendHex(id, r.next(), 16)
	}
	return string(id[:digits])
}

// requestID has the form that the documents of such products print: req- and a UUID.
func requestID(r *random) string {
	id := hexID(r, 32)
	return fmt.Sprintf("req-%s-%s-4%s-9%s-%s", id[:8], id[8:12], id[13:16], id[17:20], id[20:])
}
