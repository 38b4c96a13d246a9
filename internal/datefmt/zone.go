package datefmt

import (
	"fmt"
	"strings"
	"sync"
	"time"
	_ "time/tzdata" // named zones must work in a container without zoneinfo files
)

// Printed forms of an offset, kept in op.max. The ones that end in Z print a zero offset as the letter Z.
const (
	offsetBasic  = iota // +0130
	offsetColon         // +01:30
	offsetShort         // +01, +0130
	offsetBasicZ        // Z, +0130
	offsetColonZ        // Z, +01:30
	offsetShortZ        // Z, +01, +0130
	offsetGMT           // GMT, GMT+01:30
)

// zoneAbbreviations are the short names that Joda-Time reads for z, in seconds east of Greenwich. Other abbreviations
// are ambiguous (IST, BST) and are refused.
var zoneAbbreviations = map[string]int{
	"UT": 0, "UTC": 0, "GMT": 0, "Z": 0,
	"EST": -5 * 3600, "EDT": -4 * 3600, "CST": -6 * 3600, "CDT": -5 * 3600,
	"MST": -7 * 3600, "MDT": -6 * 3600, "PST": -8 * 3600, "PDT": -7 * 3600,
}

// maxZoneBytes is above the longest zone id ("America/Argentina/ComodRivadavia").
const maxZoneBytes = 48

// zones remembers loaded locations by id. Only ids that exist are kept, so it is bounded by the zone database.
var zones sync.Map

// LoadZone finds a zone for a pipeline option or a text: an IANA id ("Europe/Berlin"), an abbreviation ("UTC", "PST") or
// an offset ("+02:00", "GMT+2"). Repeated calls cost a map look-up.
func LoadZone(id string) (*time.Location, error) {
	if loc, ok := zones.Load(id); ok {
		return loc.(*time.Location), nil
	}
	if seconds, ok := zoneAbbreviations[id]; ok {
		if seconds == 0 {
			return time.UTC, nil
		}
		return time.FixedZone(id, seconds), nil
	}
	if seconds, ok := readOffsetID(id); ok {
		return time.FixedZone(id, seconds), nil
	}
	if id == "" || len(id) > maxZoneBytes || scanZoneID(id) != len(id) || id == "Local" {
		return nil, fmt.Errorf("time zone %.64q is not known", id)
	}
	loc, err := time.LoadLocation(id)
	if err != nil {
		return nil, fmt.Errorf("time zone %q is not known: %w", id, err)
	}
	zones.Store(id, loc)
	return loc, nil
}

// scanZoneID counts the bytes text begins with that may stand in a zone id.
func scanZoneID(text string) int {
	for i := range len(text) {
		ch := text[i]
		if !isLetter(ch) && ch != '/' && ch != '_' && (i == 0 || ch != '-' && ch != '+' && (ch < '0' || ch > '9')) {
			return i
		}
	}
	return len(text)
}

func readZone(o *op, text string, pos int, v *values) (int, bool) {
	if o.kind == opOffset {
		if o.max == offsetGMT && hasFoldPrefix(text[pos:], "GMT") {
			pos += len("GMT")
			if pos == len(text) || text[pos] != '+' && text[pos] != '-' {
				v.offsetSeconds, v.hasOffset = 0, true
				return pos, true
			}
		}
		seconds, end, ok := readOffset(text, pos)
		if ok {
			v.offsetSeconds, v.hasOffset = seconds, true
		}
		return end, ok
	}
	n := scanZoneID(text[pos:])
	if n == 0 { // VV and ZZZ read an offset too: it is the id of a fixed zone
		seconds, end, ok := readOffset(text, pos)
		if ok {
			v.offsetSeconds, v.hasOffset = seconds, true
		}
		return end, ok
	}
	id := text[pos : pos+n]
	if seconds, ok := zoneAbbreviations[id]; ok {
		v.offsetSeconds, v.hasOffset = seconds, true
		return pos + n, true
	}
	loc, err := LoadZone(id)
	if err != nil {
		return pos, false
	}
	v.zone, v.hasOffset = loc, false
	return pos + n, true
}

// maxOffsetSeconds is java.time's limit of 18 hours; no zone has ever been further out than 15:13.
const maxOffsetSeconds = 18 * 3600

// readOffsetID reads an offset as the id of a zone. Java's ids may have a name of Greenwich before it, and one digit of hours.
func readOffsetID(id string) (seconds int, ok bool) {
	for _, prefix := range [...]string{"UTC", "GMT", "UT"} {
		if rest, found := strings.CutPrefix(id, prefix); found {
			id = rest
			break
		}
	}
	if len(id) == 2 && (id[0] == '+' || id[0] == '-') {
		id = id[:1] + "0" + id[1:]
	}
	seconds, end, ok := readOffset(id, 0)
	return seconds, ok && end == len(id)
}

// readOffset reads Z, +hh, +hhmm, +hh:mm, +hhmmss or +hh:mm:ss from pos on, and returns seconds east and the end.
func readOffset[T ~string | ~[]byte](text T, pos int) (seconds, end int, ok bool) {
	if pos >= len(text) {
		return 0, pos, false
	}
	sign := 1
	switch text[pos] {
	case 'Z', 'z':
		return 0, pos + 1, true
	case '-':
		sign = -1
	case '+':
	default:
		return 0, pos, false
	}
	hours, ok := twoDigits(text, pos+1)
	if !ok {
		return 0, pos, false
	}
	end = pos + 3
	seconds = hours * 3600
	colon := end < len(text) && text[end] == ':'
	for _, unit := range [...]int{60, 1} {
		at := end
		if colon {
			if at >= len(text) || text[at] != ':' {
				break
			}
			at++
		}
		part, ok := twoDigits(text, at)
		if !ok || part > 59 {
			break
		}
		seconds += part * unit
		end = at + 2
	}
	if seconds > maxOffsetSeconds {
		return 0, pos, false
	}
	return sign * seconds, end, true
}

func twoDigits[T ~string | ~[]byte](text T, pos int) (int, bool) {
	if pos+1 >= len(text) {
		return 0, false
	}
	a, b := text[pos]-'0', text[pos+1]-'0'
	return int(a)*10 + int(b), a <= 9 && b <= 9
}
