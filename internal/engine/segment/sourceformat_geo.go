package segment

import (
	"bytes"
	"strconv"
)

// geoLayout is what stands around the two numbers of a position.
type geoLayout struct {
	before, between, after string
	lonFirst               bool
}

// geoLayouts has each layout without and with spaces, as Python's json module and people write them.
var geoLayouts = map[byte][2]geoLayout{
	FormatGeo:      {{`{"lat":`, `,"lon":`, `}`, false}, {`{"lat": `, `, "lon": `, `}`, false}},
	FormatGeoText:  {{`"`, `,`, `"`, false}, {`"`, `, `, `"`, false}},
	FormatGeoArray: {{`[`, `,`, `]`, true}, {`[`, `, `, `]`, true}},
}

// geoLayoutOf returns the layout of a format of geo_points, and the digits that each number has behind its point,
// -1 for as few as it needs.
func geoLayoutOf(format byte) (l geoLayout, digits int) {
	spaced := int(format & FlagQuoted >> 6)
	if f := format & formatMask; f <= FormatGeoFixed {
		return geoLayouts[f][spaced], -1
	}
	return geoLayouts[FormatGeo][spaced], int(format&formatMask - FormatGeoFixed)
}

// isGeo says whether a format is one of geo_points.
func isGeo(format byte) bool {
	f := format & formatMask
	return f >= FormatGeo && f <= FormatGeoArray || f > FormatGeoFixed
}

// renderGeo appends a position.
func renderGeo(dst []byte, format byte, point []byte) []byte {
	l, digits := geoLayoutOf(format)
	a, b := GeoPoint(point)
	if l.lonFirst {
		a, b = b, a
	}
	dst = strconv.AppendFloat(append(dst, l.before...), a, 'f', digits, 64)
	dst = strconv.AppendFloat(append(dst, l.between...), b, 'f', digits, 64)
	return append(dst, l.after...)
}

// GeoFormat returns the format that writes a position as raw stands, and whether there is one. scratch is for its
// use. The usual form costs no rendering: see GeoObjectFormat.
func GeoFormat(raw, point, scratch []byte) (format byte, ok bool, used []byte) {
	spaced := byte(0)
	if bytes.Contains(raw, []byte(", ")) {
		spaced = FlagQuoted
	}
	for f := range geoLayouts {
		scratch = renderGeo(scratch[:0], f|spaced, point)
		if bytes.Equal(scratch, raw) {
			return f | spaced, true, scratch
		}
	}
	return 0, false, scratch
}

// GeoObjectFormat is GeoFormat for {"lat": number, "lon": number}, of which the numbers are known as they stand.
// digits is the number of digits behind the points if each has that many, -1 if neither has more than it needs.
func GeoObjectFormat(raw, lat, lon []byte, digits int) (format byte, ok bool) {
	format = FormatGeo
	if digits >= 0 {
		format = FormatGeoFixed + byte(digits)
		if digits == 0 || digits > MaxFixedDigits {
			return 0, false
		}
	}
	if len(raw) > 7 && raw[7] == ' ' {
		format |= FlagQuoted
	}
	l, _ := geoLayoutOf(format)
	rest, ok := bytes.CutPrefix(raw, []byte(l.before))
	for _, part := range [...][]byte{lat, []byte(l.between), lon, []byte(l.after)} {
		if !ok {
			return 0, false
		}
		rest, ok = bytes.CutPrefix(rest, part)
	}
	return format, ok && len(rest) == 0
}
