package dates

import (
	"math"
	"time"
)

// Instant is a point in time with the precision of a nanosecond, over every
// year that Elasticsearch can read.
type Instant struct {
	// Sec counts from 1970-01-01T00:00:00Z, rounded down.
	Sec int64
	// Nano is from 0 to 999,999,999.
	Nano int32
}

// FromMillis returns the instant of an epoch in milliseconds.
func FromMillis(ms int64) Instant {
	sec, rest := ms/1000, ms%1000
	if rest < 0 {
		sec, rest = sec-1, rest+1000
	}
	return Instant{Sec: sec, Nano: int32(rest) * 1_000_000}
}

// FromNanos returns the instant of an epoch in nanoseconds.
func FromNanos(ns int64) Instant {
	sec, rest := ns/1e9, ns%1e9
	if rest < 0 {
		sec, rest = sec-1, rest+1e9
	}
	return Instant{Sec: sec, Nano: int32(rest)}
}

// FromTime returns the instant of t.
func FromTime(t time.Time) Instant { return Instant{Sec: t.Unix(), Nano: int32(t.Nanosecond())} }

// Millis returns milliseconds since 1970, rounded down. What this package parses and computes fits: years of more than
// nine digits, and those beyond 292 million, are refused.
func (i Instant) Millis() int64 { return i.Sec*1000 + int64(i.Nano)/1_000_000 }

// Nanos returns nanoseconds since 1970; ok is false outside 1677-09-21 to
// 2262-04-11, which 64 bits cannot hold.
func (i Instant) Nanos() (ns int64, ok bool) {
	if i.Sec < math.MinInt64/1_000_000_000 || i.Sec >= math.MaxInt64/1_000_000_000 {
		return 0, false
	}
	return i.Sec*1_000_000_000 + int64(i.Nano), true
}

// Time returns the instant on a zone's clock.
func (i Instant) Time(loc *time.Location) time.Time {
	return time.Unix(i.Sec, int64(i.Nano)).In(loc)
}

// Before reports whether i is earlier than j.
func (i Instant) Before(j Instant) bool {
	return i.Sec < j.Sec || i.Sec == j.Sec && i.Nano < j.Nano
}
