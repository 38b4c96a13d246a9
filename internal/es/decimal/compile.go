package decimal

import (
	"strings"

	"elkhorn/internal/es/eserr"
)

// Compile reads a pattern such as "#,##0.00", "0.0%" or "00.###E0;(0)".
func Compile(pattern string) (*Format, error) {
	f := &Format{pattern: pattern}
	r := reader{text: pattern}
	var err error
	if f.prefix, f.suffix, err = r.subpattern(f); err != nil {
		return nil, err
	}
	f.negPrefix, f.negSuffix = "-"+f.prefix, f.suffix
	if r.at < len(pattern) { // after the semicolon
		r.at++
		if f.negPrefix, f.negSuffix, err = r.subpattern(&Format{}); err != nil {
			return nil, err
		}
		if f.negPrefix == f.prefix && f.negSuffix == f.suffix {
			f.negPrefix = "-" + f.prefix
		}
	}
	if r.at < len(pattern) {
		return nil, r.fail("Unquoted special character ';' in pattern")
	}
	return f, nil
}

type reader struct {
	text string
	at   int
}

func (r *reader) fail(why string) error {
	return eserr.IllegalArgument("%s \"%s\"", why, r.text)
}

// subpattern reads prefix, number and suffix up to a semicolon or the end.
func (r *reader) subpattern(f *Format) (prefix, suffix string, err error) {
	if prefix, err = r.affix(f, true); err != nil {
		return "", "", err
	}
	if err = r.number(f); err != nil {
		return "", "", err
	}
	suffix, err = r.affix(f, false)
	return prefix, suffix, err
}

// affix reads text beside the number. Quotes make any character text.
func (r *reader) affix(f *Format, before bool) (string, error) {
	var out strings.Builder
	quoted := false
	for ; r.at < len(r.text); r.at++ {
		c := r.text[r.at]
		switch {
		case c == '\'':
			if strings.HasPrefix(r.text[r.at:], "''") {
				out.WriteByte('\'')
				r.at++
				continue
			}
			quoted = !quoted
		case quoted:
			out.WriteByte(c)
		case c == ';':
			return out.String(), nil
		case strings.IndexByte("#0,.", c) >= 0:
			if before {
				return out.String(), nil
			}
			return "", r.fail("Unquoted special character '" + string(c) + "' in pattern")
		case c == '%' || strings.HasPrefix(r.text[r.at:], "‰"):
			if f.scale > 0 {
				return "", r.fail("Too many percent/per mille characters in pattern")
			}
			f.scale = 2
			if c == '%' {
				out.WriteByte('%')
				continue
			}
			f.scale = 3
			out.WriteString("‰")
			r.at += len("‰") - 1
		default:
			out.WriteByte(c)
		}
	}
	return out.String(), nil
}

// number reads digits, commas, the point and the exponent.
func (r *reader) number(f *Format) error {
	var before, zeros, after int // optional digits, required ones, optional ones after those
	point, group := -1, -1       // where the point is; digits since the last comma
loop:
	for ; r.at < len(r.text); r.at++ {
		switch c := r.text[r.at]; c {
		case '#':
			if zeros > 0 {
				after++
			} else {
				before++
			}
			if group >= 0 && point < 0 {
				group++
			}
		case '0':
			if after > 0 {
				return r.fail("Unexpected '0' in pattern")
			}
			zeros++
			if group >= 0 && point < 0 {
				group++
			}
		case ',':
			if point >= 0 {
				return r.fail("Malformed pattern")
			}
			group = 0
		case '.':
			if point >= 0 {
				return r.fail("Multiple decimal separators in pattern")
			}
			point = before + zeros + after
		case 'E':
			for r.at++; r.at < len(r.text) && r.text[r.at] == '0'; r.at++ {
				f.exponent++
			}
			if before+zeros < 1 || f.exponent < 1 {
				return r.fail("Malformed exponential pattern")
			}
			break loop
		default:
			break loop
		}
	}
	if zeros == 0 && before > 0 && point >= 0 { // "#.##" has one digit before the point all the same
		n := max(point, 1)
		after, before, zeros = before-n, n-1, 1
	}
	if point >= 0 && (point < before || point > before+zeros) || group == 0 {
		return r.fail("Malformed pattern")
	}
	total := before + zeros + after
	whole := total
	if point >= 0 {
		whole = point
		f.maxDigits, f.minFraction = total-point, max(before+zeros-point, 0)
	}
	f.minInt, f.maxInt = whole-before, total
	if f.exponent > 0 {
		f.maxInt = whole
	}
	f.group = max(group, 0)
	f.point = point >= 0 && point == total
	return nil
}
