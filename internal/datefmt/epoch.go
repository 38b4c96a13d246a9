package datefmt

import (
	"errors"
	"strings"
	"time"
)

// Errors of the readers without a pattern; none carries the text, so a failed try costs nothing.
var (
	ErrNotUnix       = errors.New("text is not a number of seconds since 1970")
	ErrNotUnixMillis = errors.New("text is not a number of milliseconds since 1970")
	ErrNotTAI64N     = errors.New("text is not a TAI64N label")
)

// maxUnixSeconds is the end of the year 9999: a larger "seconds" value is milliseconds in the wrong place.
const maxUnixSeconds = 253_402_300_799

// ParseUnix reads seconds since 1970, whole or with a decimal fraction of which nine digits count ("1478207457.456").
func ParseUnix(text string) (time.Time, error) {
	whole, fraction, _ := strings.Cut(text, ".")
	seconds, negative, ok := epochDigits(whole)
	if !ok || seconds > maxUnixSeconds || strings.HasSuffix(text, ".") {
		return time.Time{}, ErrNotUnix
	}
	nanos := 0
	if fraction != "" {
		n := countDigits(fraction, 0, maxTextBytes)
		if n != len(fraction) {
			return time.Time{}, ErrNotUnix
		}
		kept := min(n, maxFractionDigits)
		nanos = number(fraction, 0, kept) * pow10[maxFractionDigits-kept]
	}
	if negative {
		return time.Unix(-seconds, -int64(nanos)).UTC(), nil
	}
	return time.Unix(seconds, int64(nanos)).UTC(), nil
}

// ParseUnixMillis reads whole milliseconds since 1970.
func ParseUnixMillis(text string) (time.Time, error) {
	millis, negative, ok := epochDigits(text)
	if !ok || millis > maxUnixSeconds*1000+999 {
		return time.Time{}, ErrNotUnixMillis
	}
	if negative {
		millis = -millis
	}
	return time.UnixMilli(millis).UTC(), nil
}

// maxEpochDigits holds the milliseconds of year 9999 with room to spare and cannot overflow 64 bits.
const maxEpochDigits = 17

func epochDigits(text string) (value int64, negative, ok bool) {
	if strings.HasPrefix(text, "-") {
		text, negative = text[1:], true
	}
	n := countDigits(text, 0, maxEpochDigits+1)
	if n == 0 || n != len(text) || n > maxEpochDigits {
		return 0, false, false
	}
	return int64(number(text, 0, n)), negative, true
}

// taiOffsetSeconds is what Logstash's reader subtracts: TAI was ten seconds ahead of UTC in 1970, and later leap seconds
// are not tracked.
const taiOffsetSeconds = 10

// tai64Epoch is the label of 1970-01-01 TAI.
const tai64Epoch = 1 << 62

// ParseTAI64N reads a TAI64N label: 24 hexadecimal digits, with or without the @ that daemontools writes before them.
// The format is D. J. Bernstein's (https://cr.yp.to/libtai/tai64.html).
func ParseTAI64N(text string) (time.Time, error) {
	text = strings.TrimPrefix(text, "@")
	if len(text) != 24 {
		return time.Time{}, ErrNotTAI64N
	}
	seconds, ok1 := hexNumber(text[:16])
	nanos, ok2 := hexNumber(text[16:])
	if !ok1 || !ok2 || nanos >= 1_000_000_000 || seconds >= 1<<63 {
		return time.Time{}, ErrNotTAI64N
	}
	unix := int64(seconds) - tai64Epoch - taiOffsetSeconds
	if unix > maxUnixSeconds || unix < -maxUnixSeconds {
		return time.Time{}, ErrNotTAI64N
	}
	return time.Unix(unix, int64(nanos)).UTC(), nil
}

func hexNumber(text string) (uint64, bool) {
	var n uint64
	for i := range len(text) {
		ch := text[i]
		switch {
		case '0' <= ch && ch <= '9':
			ch -= '0'
		case 'a' <= ch|0x20 && ch|0x20 <= 'f':
			ch = ch | 0x20 - 'a' + 10
		default:
			return 0, false
		}
		n = n<<4 | uint64(ch)
	}
	return n, true
}
