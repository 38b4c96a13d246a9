package segment

import (
	"bytes"
	"strconv"
	"time"
)

// dateChars is the length of 2006-01-02T15:04:05.
const dateChars = 19

// appendDateTime appends a time in UTC down to the second.
func appendDateTime(dst []byte, t time.Time, separator byte) []byte {
	year, month, day := t.Date()
	hour, minute, second := t.Clock()
	dst = appendDigits(dst, year, 4)
	dst = appendDigits(append(dst, '-'), int(month), 2)
	dst = appendDigits(append(dst, '-'), day, 2)
	dst = appendDigits(append(dst, separator), hour, 2)
	dst = appendDigits(append(dst, ':'), minute, 2)
	return appendDigits(append(dst, ':'), second, 2)
}

// appendDate appends Unix milliseconds in one of the date formats, without quotes.
func appendDate(dst []byte, millis int64, format byte) []byte {
	t := time.UnixMilli(millis).UTC()
	dst = appendDateTime(dst, t, 'T')
	if format == FormatDateZ3 || format == FormatDateOff3 {
		dst = appendDigits(append(dst, '.'), t.Nanosecond()/1_000_000, 3)
	}
	if format == FormatDateZ0 || format == FormatDateZ3 {
		return append(dst, 'Z')
	}
	return append(dst, "+00:00"...)
}

// DateFormat returns the format that renders millis as raw (with its quotes), the rest of raw that is kept beside
// it, which most formats have none of, and whether there is one.
func DateFormat(raw []byte, millis int64) (format byte, tail []byte, ok bool) {
	switch len(raw) - 2 {
	case len("2006-01-02T15:04:05Z"):
		format = FormatDateZ0
	case len("2006-01-02T15:04:05.000Z"):
		format = FormatDateZ3
	case len("2006-01-02T15:04:05+00:00"):
		format = FormatDateOff0
	case len("2006-01-02T15:04:05.000+00:00"):
		format = FormatDateOff3
	default:
		return tailedDate(raw, millis)
	}
	var buf [40]byte
	if bytes.Equal(appendDate(buf[:0], millis, format), raw[1:len(raw)-1]) {
		return format, nil, true
	}
	return tailedDate(raw, millis)
}

// tailedDate is DateFormat for the formats with a tail.
func tailedDate(raw []byte, millis int64) (format byte, tail []byte, ok bool) {
	if len(raw) < dateChars+2 {
		return 0, nil, false
	}
	inside := raw[1 : len(raw)-1]
	format, tail = FormatDateTail, inside[dateChars:]
	if inside[10] == ' ' {
		format = FormatDateSpaceTail
	}
	if len(tail) >= 4 && tail[0] == '.' && tail[3]-'0' <= 9 {
		format, tail = format+1, tail[4:]
	}
	var buf [96]byte
	return format, tail, len(tail) < 40 && bytes.Equal(appendTailedDate(buf[:0], millis, format, tail), inside)
}

// appendTailedDate appends the local time of the zone that the tail ends with, down to the second or the
// millisecond, and the tail.
func appendTailedDate(dst []byte, millis int64, format byte, tail []byte) []byte {
	t := time.UnixMilli(millis + int64(zoneMinutes(tail))*60_000).UTC()
	separator := byte('T')
	if format >= FormatDateSpaceTail {
		separator = ' '
	}
	dst = appendDateTime(dst, t, separator)
	if format == FormatDateTail3 || format == FormatDateSpaceTail3 {
		dst = appendDigits(append(dst, '.'), t.Nanosecond()/1_000_000, 3)
	}
	return append(dst, tail...)
}

// zoneMinutes reads the offset at the end of a date: +hh:mm, +hhmm or +hh; anything else is 0.
func zoneMinutes(tail []byte) int {
	at := bytes.LastIndexAny(tail, "+-")
	if at < 0 {
		return 0
	}
	digits := bytes.Replace(tail[at+1:], []byte(":"), nil, 1)
	if len(digits) == 2 {
		digits = append(digits[:2:2], "00"...)
	}
	n, err := strconv.ParseUint(string(digits), 10, 16)
	if err != nil || len(digits) != 4 {
		return 0
	}
	minutes := int(n/100*60 + n%100)
	if tail[at] == '-' {
		return -minutes
	}
	return minutes
}

// nanoDigits are the digits behind the second that formats of nanoseconds print.
var nanoDigits = map[byte]int{FormatNanosZ0: 0, FormatNanosZ3: 3, FormatNanosZ6: 6, FormatNanosZ9: 9}

// appendNanos appends Unix nanoseconds, without quotes.
func appendNanos(dst []byte, nanos int64, format byte) []byte {
	t := time.Unix(0, nanos).UTC()
	dst = appendDateTime(dst, t, 'T')
	if n := nanoDigits[format]; n > 0 {
		var digits [9]byte
		v := t.Nanosecond()
		for i := len(digits) - 1; i >= 0; i-- {
			digits[i] = byte('0' + v%10)
			v /= 10
		}
		dst = append(append(dst, '.'), digits[:n]...)
	}
	return append(dst, 'Z')
}

// NanosFormat returns the format that renders nanoseconds as raw (with its quotes), and whether there is one.
func NanosFormat(raw []byte, nanos int64) (byte, bool) {
	var buf [40]byte
	for format, digits := range nanoDigits {
		want := dateChars + len(`"Z"`) + digits
		if digits > 0 {
			want++
		}
		if len(raw) == want {
			return format, bytes.Equal(appendNanos(buf[:0], nanos, format), raw[1:len(raw)-1])
		}
	}
	return 0, false
}
