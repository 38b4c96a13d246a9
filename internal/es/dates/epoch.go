package dates

import (
	"math"
	"strconv"
	"time"
)

// epoch reads and writes a count since 1970, with an optional fraction.
type epoch struct {
	// perSecond is 1 for epoch_second and 1000 for epoch_millis.
	perSecond int64
}

func (e epoch) read(text string) (v civil, ok bool) {
	i, negative := 0, false
	if len(text) > 0 && text[0] == '-' {
		i, negative = 1, true
	}
	var whole int64
	start := i
	for ; i < len(text) && '0' <= text[i] && text[i] <= '9'; i++ {
		digit := int64(text[i] - '0')
		if whole > (math.MaxInt64-digit)/10 {
			return v, false
		}
		whole = whole*10 + digit
	}
	if i == start {
		return v, false
	}
	// What follows the decimal point, in nanoseconds.
	unit := int64(time.Second) / e.perSecond
	nanos := whole % e.perSecond * unit
	if i < len(text) {
		if text[i] != '.' || i+1 == len(text) {
			return v, false
		}
		for i++; i < len(text); i++ {
			if text[i] < '0' || text[i] > '9' || unit == 1 {
				return v, false
			}
			unit /= 10
			nanos += int64(text[i]-'0') * unit
		}
	}
	sec := whole / e.perSecond
	if negative {
		sec, nanos = -sec, -nanos
		if nanos < 0 {
			sec, nanos = sec-1, nanos+int64(time.Second)
		}
	}
	if sec > maxSeconds || sec < -maxSeconds {
		return v, false
	}
	v.isInstant, v.at = true, Instant{Sec: sec, Nano: int32(nanos)}
	return v, true
}

// maxSeconds keeps an instant's milliseconds within 64 bits.
const maxSeconds = math.MaxInt64/1000 - 1

func (e epoch) write(dst []byte, t time.Time) []byte {
	unit := int64(time.Second) / e.perSecond
	sec, nano := t.Unix(), int64(t.Nanosecond())
	rest := nano % unit
	whole := sec*e.perSecond + nano/unit
	if whole < 0 && rest > 0 { // -1 and 0.4 are written -0.6
		whole, rest = whole+1, unit-rest
		if whole == 0 {
			dst = append(dst, '-')
		}
	}
	dst = strconv.AppendInt(dst, whole, 10)
	if rest == 0 {
		return dst
	}
	dst = append(dst, '.')
	for unit /= 10; rest > 0; unit /= 10 {
		dst = append(dst, byte('0'+rest/unit))
		rest %= unit
	}
	return dst
}
