package input

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"elkhorn/internal/datefmt"
)

// schedule says when something runs next.
type schedule interface {
	// next is the first time after now; false when there is none any more.
	next(now time.Time) (time.Time, bool)
}

// every runs at once and then at regular intervals; wait runs once, after a while; moment once, at a time.
type (
	every  struct{ interval time.Duration }
	wait   struct{ until time.Duration }
	moment struct{ at time.Time }
)

func (e every) next(now time.Time) (time.Time, bool)  { return now.Add(e.interval), true }
func (wait) next(time.Time) (time.Time, bool)         { return time.Time{}, false }
func (m moment) next(now time.Time) (time.Time, bool) { return m.at, m.at.After(now) }

// first is when a schedule runs for the first time.
func first(s schedule, now time.Time) (time.Time, bool) {
	switch s := s.(type) {
	case every:
		return now, true
	case wait:
		return now.Add(s.until), true
	}
	return s.next(now)
}

// run calls do by the schedule until ctx ends or the schedule does. A run that takes longer than to the next one delays it.
func run(ctx context.Context, s schedule, do func(context.Context)) {
	for at, ok := first(s, time.Now()); ok; at, ok = s.next(time.Now()) {
		if pause(ctx, time.Until(at)); ctx.Err() != nil {
			return
		}
		do(ctx)
	}
}

// shortestInterval keeps a schedule from running without a pause.
const shortestInterval = time.Millisecond

// parseDuration reads the scheduler's durations: 30s, 1h30m, 2d, 1w, 1M (30 days), 1y; a plain number is seconds.
func parseDuration(text string) (time.Duration, error) {
	units := map[byte]time.Duration{'s': time.Second, 'm': time.Minute, 'h': time.Hour, 'd': 24 * time.Hour, 'w': 7 * 24 * time.Hour, 'M': 30 * 24 * time.Hour, 'y': 365 * 24 * time.Hour}
	fault := fmt.Errorf("%q is no duration such as 30s, 5m or 1h30m", text)
	if n, err := strconv.ParseFloat(text, 64); err == nil && n > 0 && n < 1e9 {
		if d := time.Duration(n * float64(time.Second)); d >= shortestInterval {
			return d, nil
		}
		return 0, fault
	}
	var total float64 // nanoseconds
	for rest := text; rest != ""; {
		digits := len(rest) - len(strings.TrimLeft(rest, "0123456789."))
		if digits == 0 || digits == len(rest) {
			return 0, fault
		}
		n, err := strconv.ParseFloat(rest[:digits], 64)
		unit := units[rest[digits]]
		if strings.HasPrefix(rest[digits:], "ms") {
			unit, digits = time.Millisecond, digits+1
		}
		if err != nil || unit == 0 || n > 1e6 {
			return 0, fault
		}
		total += n * float64(unit)
		rest = rest[digits+1:]
	}
	if total < float64(shortestInterval) || total > math.MaxInt64/2 {
		return 0, fault
	}
	return time.Duration(total), nil
}

// cron is a set of moments: those whose fields are all in the sets.
type cron struct {
	second, minute, hour, day, month, weekday []int
	anyDay, anyWeekday                        bool
	zone                                      *time.Location
}

var cronNames = map[string]int{"jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
	"sun": 0, "mon": 1, "tue": 2, "wed": 3, "thu": 4, "fri": 5, "sat": 6}

var cronMacros = map[string]string{"@hourly": "0 * * * *", "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@weekly": "0 0 * * 0", "@monthly": "0 0 1 * *", "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *"}

// parseCron reads five fields (minute, hour, day, month, weekday) or six (seconds first), and a zone behind them.
func parseCron(text string) (*cron, error) {
	if long, ok := cronMacros[text]; ok {
		text = long
	}
	fields := strings.Fields(text)
	c := &cron{zone: time.Local}
	if n := len(fields); n > 5 && strings.ContainsAny(fields[n-1], "/ABCDEFGHIJKLMNOPQRSTUVWXYZ") && !strings.ContainsAny(fields[n-1], "*") {
		if zone, err := datefmt.LoadZone(fields[n-1]); err == nil {
			c.zone, fields = zone, fields[:n-1]
		}
	}
	switch len(fields) {
	case 5:
		fields = append([]string{"0"}, fields...)
	case 6:
	default:
		return nil, fmt.Errorf("%q has %d fields; a cron line has minute, hour, day, month and weekday", text, len(fields))
	}
	bounds := [6][2]int{{0, 59}, {0, 59}, {0, 23}, {1, 31}, {1, 12}, {0, 7}}
	for i, to := range []*[]int{&c.second, &c.minute, &c.hour, &c.day, &c.month, &c.weekday} {
		var err error
		if *to, err = cronField(fields[i], bounds[i][0], bounds[i][1]); err != nil {
			return nil, fmt.Errorf("%q: %w", text, err)
		}
	}
	if slices.Contains(c.weekday, 7) {
		c.weekday = append(c.weekday, 0)
	}
	c.anyDay, c.anyWeekday = fields[3] == "*", fields[5] == "*"
	if _, ok := c.next(time.Now()); !ok {
		return nil, fmt.Errorf("%q never comes", text)
	}
	return c, nil
}

func cronField(text string, low, high int) ([]int, error) {
	var set []int
	for part := range strings.SplitSeq(strings.ToLower(text), ",") {
		span, stepText, stepped := strings.Cut(part, "/")
		step := 1
		if stepped {
			var err error
			if step, err = strconv.Atoi(stepText); err != nil || step < 1 {
				return nil, fmt.Errorf("%q is no step", part)
			}
		}
		from, to := low, high
		if span != "*" {
			a, b, isRange := strings.Cut(span, "-")
			var err, err2 error
			from, err = cronNumber(a)
			if to = from; isRange {
				to, err2 = cronNumber(b)
			} else if stepped {
				to = high
			}
			if err := errors.Join(err, err2); err != nil {
				return nil, err
			}
		}
		if from < low || to > high || from > to {
			return nil, fmt.Errorf("%q does not lie between %d and %d", part, low, high)
		}
		for n := from; n <= to; n += step {
			set = append(set, n)
		}
	}
	return set, nil
}

func cronNumber(text string) (int, error) {
	if n, ok := cronNames[text]; ok {
		return n, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0, fmt.Errorf("%q is no number or name", text)
	}
	return n, nil
}

// next looks at days first, then at the times of a day. Where both day and weekday are given, either will do.
func (c *cron) next(now time.Time) (time.Time, bool) {
	const years = 8 // a February 29 on a given weekday is no further than 28 years away, but nobody schedules that
	after := now.In(c.zone)
	day := time.Date(after.Year(), after.Month(), after.Day(), 0, 0, 0, 0, c.zone)
	for range 366 * years {
		if c.onDay(day) {
			for _, h := range c.hour {
				for _, m := range c.minute {
					for _, s := range c.second {
						at := time.Date(day.Year(), day.Month(), day.Day(), h, m, s, 0, c.zone)
						if at.After(now) && at.Hour() == h { // not an hour that a change of clocks leaves out
							return at, true
						}
					}
				}
			}
		}
		day = time.Date(day.Year(), day.Month(), day.Day()+1, 0, 0, 0, 0, c.zone)
	}
	return time.Time{}, false
}

func (c *cron) onDay(day time.Time) bool {
	if !slices.Contains(c.month, int(day.Month())) {
		return false
	}
	inMonth, inWeek := slices.Contains(c.day, day.Day()), slices.Contains(c.weekday, int(day.Weekday()))
	if c.anyDay || c.anyWeekday {
		return inMonth && inWeek
	}
	return inMonth || inWeek
}
