package ruby

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// toS is to_s.
func (fr *frame) toS(v Value) (string, error) {
	switch v := v.(type) {
	case nil:
		return "", nil
	case string:
		return v, nil
	case Symbol:
		return string(v), nil
	case Time:
		return v.Format("2006-01-02 15:04:05 ") + zoneText(v), nil
	case Timestamp:
		return isoMillis(v.Time), nil
	case class:
		return string(v), nil
	case *uriValue:
		return v.text, nil
	case ipAddr:
		return v.Addr().String(), nil
	case *Error:
		return v.Message, nil
	case *matchData:
		s, _ := v.group(0).(string)
		return s, nil
	case *Range:
		return fr.rangeText(v, (*frame).toS)
	case *regexValue:
		return "(?" + v.flags + "-mix:" + v.source + ")", nil
	}
	return fr.inspect(v)
}

// inspect is inspect: the form in which a program would write the value.
func (fr *frame) inspect(v Value) (string, error) {
	var b strings.Builder
	if err := fr.appendInspect(&b, v, 0); err != nil {
		return "", err
	}
	return b.String(), fr.grow(b.Len())
}

func (fr *frame) appendInspect(b *strings.Builder, v Value, depth int) error {
	if depth > maxNesting {
		return argumentErrorf("the value is nested too deeply")
	}
	if err := fr.step(); err != nil { // a value that shares its parts can be far longer than it is large
		return err
	}
	switch v := v.(type) {
	case nil:
		b.WriteString("nil")
	case bool:
		b.WriteString(strconv.FormatBool(v))
	case int64:
		b.WriteString(strconv.FormatInt(v, 10))
	case float64:
		b.WriteString(floatText(v))
	case string:
		quoteText(b, v)
	case Symbol:
		b.WriteString(":" + string(v))
	case *Array:
		b.WriteByte('[')
		for i, item := range v.Items {
			if i > 0 {
				b.WriteString(", ")
			}
			if err := fr.appendInspect(b, item, depth+1); err != nil {
				return err
			}
		}
		b.WriteByte(']')
	case *Hash:
		return fr.inspectHash(b, v, depth)
	case *Range:
		s, err := fr.rangeText(v, (*frame).inspect)
		b.WriteString(s)
		return err
	case *regexValue:
		b.WriteString("/" + v.source + "/" + v.flags)
	case *Error:
		b.WriteString("#<" + v.Class + ": " + v.Message + ">")
	case Event, *Task, *Callback:
		b.WriteString("#<" + className(v) + ">")
	default:
		s, err := fr.toS(v)
		b.WriteString(s)
		return err
	}
	return nil
}

// inspectHash prints as Ruby before 3.4 does, the version that Logstash runs.
func (fr *frame) inspectHash(b *strings.Builder, h *Hash, depth int) error {
	b.WriteByte('{')
	for i := range h.Len() {
		if i > 0 {
			b.WriteString(", ")
		}
		k, v := h.At(i)
		if err := fr.appendInspect(b, k, depth+1); err != nil {
			return err
		}
		b.WriteString("=>")
		if err := fr.appendInspect(b, v, depth+1); err != nil {
			return err
		}
	}
	b.WriteByte('}')
	return nil
}

func (fr *frame) rangeText(r *Range, show func(*frame, Value) (string, error)) (string, error) {
	text, dots := "", ".."
	if r.Exclusive {
		dots = "..."
	}
	for i, end := range []Value{r.Low, r.High} {
		if i == 1 {
			text += dots
		}
		if end == nil {
			continue
		}
		s, err := show(fr, end)
		if err != nil {
			return "", err
		}
		text += s
	}
	return text, nil
}

// inspectShort is inspect for keys of hashes, outside of a run's limits but with a step limit of its own.
func inspectShort(v Value) string {
	s, err := (&frame{}).inspect(v)
	if err != nil {
		return err.Error()
	}
	return s
}

func quoteText(b *strings.Builder, s string) {
	b.WriteByte('"')
	for _, r := range s {
		switch r {
		case '"', '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case '\n':
			b.WriteString(`\n`)
		case '\t':
			b.WriteString(`\t`)
		case '\r':
			b.WriteString(`\r`)
		case 0x1b:
			b.WriteString(`\e`)
		default:
			if r < 0x20 {
				b.WriteString(`\x` + strings.ToUpper(strconv.FormatInt(int64(r)+0x100, 16)[1:]))
				continue
			}
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
}

// floatText is Float#to_s: the shortest digits, in plain form from 0.0001 up to 1e16.
func floatText(f float64) string {
	switch {
	case math.IsNaN(f):
		return "NaN"
	case math.IsInf(f, 1):
		return "Infinity"
	case math.IsInf(f, -1):
		return "-Infinity"
	}
	if a := math.Abs(f); a != 0 && (a < 1e-4 || a >= 1e16) {
		s := strconv.FormatFloat(f, 'e', -1, 64)
		mantissa, exponent, _ := strings.Cut(s, "e")
		if !strings.Contains(mantissa, ".") {
			mantissa += ".0"
		}
		return mantissa + "e" + exponent
	}
	s := strconv.FormatFloat(f, 'f', -1, 64)
	if !strings.Contains(s, ".") {
		s += ".0"
	}
	return s
}

// runeLen is the length in characters.
func runeLen(s string) int { return utf8.RuneCountInString(s) }
