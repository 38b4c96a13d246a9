package segment

import (
	"bytes"
	"encoding/binary"
	"math"
	"net/netip"
	"strconv"
	"unicode/utf8"

	"elkhorn/internal/engine/column"
)

// A format says how a value was written in its document. Ingest picks one for which
// render(value, format) gives the very bytes back, and falls back to FormatLiteral, which keeps them.
// The numbers stand in files: never change one. The two high bits are flags.
const (
	// FormatEnd closes the values of a list hole.
	FormatEnd byte = 0
	// FormatNull is null.
	FormatNull byte = 1
	// FormatLiteral keeps the bytes as they were written, in SourceBlock.Literals.
	FormatLiteral byte = 2
	// FormatBool is true or false (Int64 column, 1 and 0).
	FormatBool byte = 3
	// FormatInt is a whole number in its only minimal form (Int64).
	FormatInt byte = 4
	// FormatFloat is the shortest decimal with a point that reads back as the value (Float64).
	FormatFloat byte = 5
	// FormatFloatInt is a whole number in a Float64 column.
	FormatFloatInt byte = 6
	// FormatFloat32 and FormatFloat32Int are the same for values of float32 precision.
	FormatFloat32    byte = 7
	FormatFloat32Int byte = 8
	// FormatText is a string with the fewest escapes (text columns).
	FormatText byte = 9
	// FormatTextASCII escapes everything beyond ASCII as \uxxxx, as Python's json module does.
	FormatTextASCII byte = 10
	// FormatTextSlash also escapes "/", as PHP does.
	FormatTextSlash byte = 11
	// FormatBare is a number or boolean kept as text in a text column: the bytes without quotes.
	FormatBare byte = 12
	// FormatIP is an address in its canonical form (Fixed16).
	FormatIP byte = 13
	// FormatDateZ0 and FormatDateZ3 are 2006-01-02T15:04:05Z without and with milliseconds (Int64,
	// Unix milliseconds); FormatDateOff0 and FormatDateOff3 end in +00:00 instead.
	FormatDateZ0   byte = 14
	FormatDateZ3   byte = 15
	FormatDateOff0 byte = 16
	FormatDateOff3 byte = 17
	// FormatGeo is {"lat":1.5,"lon":2}, FormatGeoText "1.5,2", FormatGeoArray [2,1.5] (Fixed16), the numbers as short as
	// they can be. With FlagQuoted a space follows each comma and colon.
	FormatGeo      byte = 18
	FormatGeoText  byte = 19
	FormatGeoArray byte = 20
	// FormatDateTail is 2006-01-02T15:04:05 (Int64, Unix milliseconds) and what else was written, which is kept in
	// SourceBlock.Literals: a fraction, a zone, whose local time it is. FormatDateTail3 has the milliseconds before that;
	// FormatDateSpaceTail and FormatDateSpaceTail3 have a space for the T.
	FormatDateTail       byte = 21
	FormatDateTail3      byte = 22
	FormatDateSpaceTail  byte = 23
	FormatDateSpaceTail3 byte = 24
	// FormatNanosZ0 plus 1 to 3 are 2006-01-02T15:04:05Z with 0, 3, 6 and 9 digits behind the second (Int64, Unix
	// nanoseconds).
	FormatNanosZ0 byte = 25
	FormatNanosZ3 byte = 26
	FormatNanosZ6 byte = 27
	FormatNanosZ9 byte = 28
	// FormatSeconds is Unix milliseconds written as whole seconds (Int64).
	FormatSeconds byte = 29
	// FormatFixed plus n (1 to 15) is a decimal with n digits after the point (Float64).
	FormatFixed byte = 32
	// FormatGeoFixed plus n (1 to 15) is FormatGeo with n digits after each point.
	FormatGeoFixed byte = 48

	// FlagQuoted: a number's format, inside quotes; see FormatGeo for what it means there.
	FlagQuoted byte = 0x40
	// FlagNoValue: the written value has no doc value.
	FlagNoValue byte = 0x80

	formatMask = 0x3f
)

// MaxFixedDigits is the largest scale FormatFixed has.
const MaxFixedDigits = 15

// HasLiteral says whether a format keeps bytes in SourceBlock.Literals.
func HasLiteral(format byte) bool {
	f := format & formatMask
	return f == FormatLiteral || hasTail(f)
}

// hasTail says whether a format keeps the end of what was written.
func hasTail(format byte) bool { return format >= FormatDateTail && format <= FormatDateSpaceTail3 }

// render appends value i of a block as format says. The formats that keep bytes are not its business.
func render(dst []byte, format byte, b *column.Block, i int) []byte {
	if isGeo(format) {
		return renderGeo(dst, format, b.Bytes(i))
	}
	if format&FlagQuoted != 0 {
		dst = append(dst, '"')
		return append(renderPlain(dst, format&formatMask, b, i), '"')
	}
	return renderPlain(dst, format&formatMask, b, i)
}

func renderPlain(dst []byte, format byte, b *column.Block, i int) []byte {
	switch format {
	case FormatBool:
		return strconv.AppendBool(dst, b.Ints[i] != 0)
	case FormatInt:
		return strconv.AppendInt(dst, b.Ints[i], 10)
	case FormatDateZ0, FormatDateZ3, FormatDateOff0, FormatDateOff3:
		dst = append(dst, '"')
		return append(appendDate(dst, b.Ints[i], format), '"')
	case FormatNanosZ0, FormatNanosZ3, FormatNanosZ6, FormatNanosZ9:
		dst = append(dst, '"')
		return append(appendNanos(dst, b.Ints[i], format), '"')
	case FormatSeconds:
		return strconv.AppendInt(dst, b.Ints[i]/1000, 10)
	case FormatFloat, FormatFloatInt:
		return strconv.AppendFloat(dst, b.Floats[i], 'f', -1, 64)
	case FormatFloat32, FormatFloat32Int:
		return strconv.AppendFloat(dst, b.Floats[i], 'f', -1, 32)
	case FormatText:
		return AppendJSONString(dst, b.Bytes(i), EscapeMinimal)
	case FormatTextASCII:
		return AppendJSONString(dst, b.Bytes(i), EscapeNonASCII)
	case FormatTextSlash:
		return AppendJSONString(dst, b.Bytes(i), EscapeSlash)
	case FormatBare:
		return append(dst, b.Bytes(i)...)
	case FormatIP:
		dst = append(dst, '"')
		return append(AppendIP(dst, b.Bytes(i)), '"')
	}
	if format > FormatFixed && format <= FormatFixed+MaxFixedDigits {
		return strconv.AppendFloat(dst, b.Floats[i], 'f', int(format-FormatFixed), 64)
	}
	return dst
}

// fits says whether a format can be rendered from a column of the given kind; a stored pair that does not
// fit is corruption.
func fits(format byte, kind column.Kind) bool {
	switch f := format & formatMask; f {
	case FormatBool, FormatInt, FormatDateZ0, FormatDateZ3, FormatDateOff0, FormatDateOff3, FormatDateTail, FormatDateTail3,
		FormatDateSpaceTail, FormatDateSpaceTail3, FormatNanosZ0, FormatNanosZ3, FormatNanosZ6, FormatNanosZ9, FormatSeconds:
		return kind == column.Int64
	case FormatText, FormatTextASCII, FormatTextSlash, FormatBare:
		return kind == column.Bytes || kind == column.Ordinal
	case FormatIP, FormatGeo, FormatGeoText, FormatGeoArray:
		return kind == column.Fixed16
	case FormatFloat, FormatFloatInt, FormatFloat32, FormatFloat32Int:
		return kind == column.Float64
	default:
		return kind == column.Float64 && f > FormatFixed && f <= FormatFixed+MaxFixedDigits || kind == column.Fixed16 && f > FormatGeoFixed
	}
}

// AppendIP appends the canonical text of a 16-byte address.
func AppendIP(dst, ip []byte) []byte {
	return netip.AddrFrom16([16]byte(ip)).Unmap().AppendTo(dst)
}

// FlattenedSeparator stands between key and value in the values of a flattened field, as in Lucene's
// index of one.
const FlattenedSeparator = 0

// GeoPoint reads a 16-byte geo_point value.
func GeoPoint(v []byte) (lat, lon float64) {
	return math.Float64frombits(binary.BigEndian.Uint64(v)), math.Float64frombits(binary.BigEndian.Uint64(v[8:]))
}

// decimalUnits[w] is the value of the first of w digits.
var decimalUnits = [...]int{0, 1, 10, 100, 1000}

func appendDigits(dst []byte, n, width int) []byte {
	if n < 0 || n > 9999 {
		return strconv.AppendInt(dst, int64(n), 10)
	}
	for unit := decimalUnits[width]; unit > 0; unit /= 10 {
		dst = append(dst, byte('0'+n/unit%10))
	}
	return dst
}

// Escape is a style of writing JSON strings.
type Escape uint8

// The styles.
const (
	EscapeMinimal Escape = iota
	EscapeNonASCII
	EscapeSlash
)

// TextFormat returns the format that writes text as raw (with its quotes), and whether there is one.
// scratch is for its use.
func TextFormat(raw, text, scratch []byte) (format byte, ok bool, used []byte) {
	for i, f := range [...]byte{FormatText, FormatTextASCII, FormatTextSlash} {
		scratch = AppendJSONString(scratch[:0], text, Escape(i))
		if bytes.Equal(scratch, raw) {
			return f, true, scratch
		}
	}
	return 0, false, scratch
}

const lowerHex = "0123456789abcdef"

// AppendJSONString appends text as a JSON string in a style. text is valid UTF-8.
func AppendJSONString(dst, text []byte, style Escape) []byte {
	dst = append(dst, '"')
	start := 0
	for i := 0; i < len(text); {
		c := text[i]
		if c >= utf8.RuneSelf {
			if style != EscapeNonASCII {
				i++
				continue
			}
			r, n := utf8.DecodeRune(text[i:])
			dst = appendUnicodeEscape(append(dst, text[start:i]...), r)
			i += n
			start = i
			continue
		}
		if c >= 0x20 && c != '"' && c != '\\' && (c != '/' || style != EscapeSlash) {
			i++
			continue
		}
		dst = append(dst, text[start:i]...)
		i++
		start = i
		switch c {
		case '"', '\\', '/':
			dst = append(dst, '\\', c)
		case '\b':
			dst = append(dst, '\\', 'b')
		case '\f':
			dst = append(dst, '\\', 'f')
		case '\n':
			dst = append(dst, '\\', 'n')
		case '\r':
			dst = append(dst, '\\', 'r')
		case '\t':
			dst = append(dst, '\\', 't')
		default:
			dst = append(dst, '\\', 'u', '0', '0', lowerHex[c>>4], lowerHex[c&15])
		}
	}
	return append(append(dst, text[start:]...), '"')
}

func appendUnicodeEscape(dst []byte, r rune) []byte {
	if r > 0xffff {
		r -= 0x10000
		dst = appendUnicodeEscape(dst, 0xd800+r>>10)
		r = 0xdc00 + r&0x3ff
	}
	return append(dst, '\\', 'u', lowerHex[r>>12&15], lowerHex[r>>8&15], lowerHex[r>>4&15], lowerHex[r&15])
}
