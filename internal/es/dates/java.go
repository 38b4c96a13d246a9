package dates

import (
	"strings"
	"time"

	"elkhorn/internal/datefmt"
)

// java reads and writes by a custom java.time pattern.
type java struct {
	format  *datefmt.Format
	prec    precision
	hasZone bool
}

func compileJava(pattern string) (layout, error) {
	f, err := datefmt.CompileJava(pattern)
	if err != nil {
		return nil, err
	}
	return &java{format: f, prec: patternPrecision(pattern), hasZone: f.HasZone()}, nil
}

// patternPrecision looks at the letters outside quotes.
func patternPrecision(pattern string) precision {
	prec, quoted := toDay, false
	for _, c := range pattern {
		switch {
		case c == '\'':
			quoted = !quoted
		case quoted:
		case strings.ContainsRune("HhKk", c):
			prec = max(prec, toHour)
		case c == 'm':
			prec = max(prec, toMinute)
		case c == 's':
			prec = max(prec, toSecond)
		case strings.ContainsRune("SnNA", c):
			prec = toFraction
		}
	}
	return prec
}

// read parses in UTC and takes the civil time apart again, so that a missing
// zone and a missing time of day are filled in like those of other layouts.
// Where the text names a zone, the result is an instant already.
func (j *java) read(text string) (v civil, ok bool) {
	t, err := j.format.Parse(text, time.UTC)
	if err != nil {
		return v, false
	}
	year, month, day := t.Date()
	v.year, v.month, v.day = year, int(month), day
	v.hour, v.minute, v.sec, v.nano = t.Hour(), t.Minute(), t.Second(), t.Nanosecond()
	v.prec = j.prec
	v.hasZone = j.hasZone // t is in UTC then, offset 0
	return v, true
}

func (j *java) write(dst []byte, t time.Time) []byte { return j.format.Append(dst, t) }
