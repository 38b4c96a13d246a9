package demo

import (
	"math"
	"strconv"
	"time"
)

// appendText appends a piece of JSON that opens a string, and the string, which needs no escaping.
func appendText(dst []byte, opening, value string) []byte {
	return append(append(dst, opening...), value...)
}

// appendNumber appends a piece of JSON that ends in a colon, and a number.
func appendNumber(dst []byte, opening string, value int) []byte {
	return strconv.AppendInt(append(dst, opening...), int64(value), 10)
}

// appendHex appends the lowest digits of v.
func appendHex(dst []byte, v uint64, digits int) []byte {
	for i := digits - 1; i >= 0; i-- {
		dst = append(dst, "0123456789abcdef"[v>>(4*i)&15])
	}
	return dst
}

// appendUser prints a user's id, user_ and six digits.
func appendUser(dst []byte, user int) []byte {
	return appendPadded(append(dst, "user_"...), user, 6)
}

// appendHost prints a host's name, node- and two digits.
func appendHost(dst []byte, host int) []byte {
	return appendPadded(append(dst, "node-"...), host, 2)
}

// appendPadded prints the lowest digits of a number, zeros in front.
func appendPadded(dst []byte, v, digits int) []byte {
	for unit := pow10[digits-1]; unit > 0; unit /= 10 {
		dst = append(dst, byte('0'+v/unit%10))
	}
	return dst
}

var pow10 = [...]int{1, 10, 100, 1000, 10_000, 100_000}

// appendMicros prints a number given in millionths, without zeros at the end.
func appendMicros(dst []byte, micros int) []byte {
	dst = strconv.AppendInt(dst, int64(micros/1_000_000), 10)
	rest := micros % 1_000_000
	if rest == 0 {
		return dst
	}
	dst = appendPadded(append(dst, '.'), rest, 6)
	for dst[len(dst)-1] == '0' {
		dst = dst[:len(dst)-1]
	}
	return dst
}

// appendDegrees prints degrees with four digits after the point: eleven metres.
func appendDegrees(dst []byte, degrees float64) []byte {
	tenThousandths := int(math.Round(degrees * 10_000))
	if tenThousandths < 0 {
		dst = append(dst, '-')
		tenThousandths = -tenThousandths
	}
	return appendMicros(dst, tenThousandths*100)
}

// appendIPv4 prints an address, its first part moved out of 0, 10, 127 and what is above 223.
func appendIPv4(dst []byte, v uint32) []byte {
	first := 11 + v>>24%100
	dst = strconv.AppendUint(dst, uint64(first), 10)
	for shift := 16; shift >= 0; shift -= 8 {
		dst = append(dst, '.')
		dst = strconv.AppendUint(dst, uint64(v>>shift&255), 10)
	}
	return dst
}

// clockText prints times in UTC with milliseconds. The text of the last second is kept, since the
// next time is nearly always close to it.
type clockText struct {
	second int64
	text   []byte
}

// append appends 2026-03-02T00:00:00.000Z.
func (c *clockText) append(dst []byte, millis int64) []byte {
	second := millis / 1000
	if second != c.second || c.text == nil {
		c.second = second
		c.text = time.Unix(second, 0).UTC().AppendFormat(c.text[:0], "2006-01-02T15:04:05.")
	}
	dst = append(dst, c.text...)
	dst = appendPadded(dst, int(millis%1000), 3)
	return append(dst, 'Z')
}
