package dates

import (
	"strings"
	"time"

	"elkhorn/internal/es/eserr"
)

// Eval reads a date or a date expression: "now" or a date followed by ||, then
// steps such as +1d, -2h and /M (round to the month). A date without a zone,
// and rounding, go by loc. With roundUp, rounding gives the last millisecond
// of the unit and a date the end of what it names: this is how the bounds
// "gt" and "lte" are read, "gte" and "lt" are not.
func (f *Format) Eval(text string, now Instant, loc *time.Location, roundUp bool) (Instant, error) {
	if math, ok := strings.CutPrefix(text, "now"); ok {
		return applyMath(now, math, loc, roundUp)
	}
	date, math, hasMath := strings.Cut(text, "||")
	if !hasMath {
		return f.evalDate(text, loc, roundUp)
	}
	at, err := f.evalDate(date, loc, false)
	if err != nil {
		return Instant{}, err
	}
	return applyMath(at, math, loc, roundUp)
}

func (f *Format) evalDate(text string, loc *time.Location, roundUp bool) (Instant, error) {
	if text == "" {
		return Instant{}, eserr.ParseException("cannot parse empty datetime")
	}
	parse := f.Parse
	if roundUp {
		parse = f.ParseEnd
	}
	at, err := parse(text, loc)
	if err != nil {
		cause := eserr.From(err)
		return Instant{}, eserr.ParseException("failed to parse date field [%s] with format [%s]: [%s]", text, f.pattern, cause.Reason).Because(cause)
	}
	return at, nil
}

// mathUnits are the letters of date math; they differ from those of intervals
// in that there is no quarter.
var mathUnits = map[byte]Unit{'y': Year, 'M': Month, 'w': Week, 'd': Day, 'h': Hour, 'H': Hour, 'm': Minute, 's': Second}

// maxMathNumber keeps a step within a range of years that time.Time can hold.
const maxMathNumber = 1_000_000_000

// applyMath carries out steps such as "-1h/d".
func applyMath(at Instant, math string, loc *time.Location, roundUp bool) (Instant, error) {
	t := at.Time(loc)
	for i := 0; i < len(math); {
		op := math[i]
		if op != '+' && op != '-' && op != '/' {
			return Instant{}, eserr.ParseException("operator not supported for date math [%s]", math)
		}
		i++
		start, n := i, 0
		for i < len(math) && '0' <= math[i] && math[i] <= '9' {
			if n = n*10 + int(math[i]-'0'); n > maxMathNumber {
				return Instant{}, eserr.ParseException("number too large for date math [%s]", math)
			}
			i++
		}
		if i == start {
			n = 1
		}
		if i == len(math) {
			return Instant{}, eserr.ParseException("truncated date math [%s]", math)
		}
		unit, ok := mathUnits[math[i]]
		if !ok {
			return Instant{}, eserr.ParseException("unit [%c] not supported for date math [%s]", math[i], math)
		}
		i++
		switch {
		case op == '/' && n != 1:
			return Instant{}, eserr.ParseException("rounding `/` can only be used on single unit types [%s]", math)
		case op == '/':
			if t = unit.start(t); roundUp {
				t = unit.next(t).Add(-time.Millisecond)
			}
		case op == '-':
			t = unit.add(t, -n)
		default:
			t = unit.add(t, n)
		}
		if t.Unix() > maxSeconds || t.Unix() < -maxSeconds {
			return Instant{}, eserr.ParseException("date math [%s] leads beyond the years that can be held", math)
		}
	}
	return FromTime(t), nil
}
