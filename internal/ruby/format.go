package ruby

import (
	"fmt"
	"strconv"
	"strings"
)

// maxWidth bounds the width and precision of a format directive.
const maxWidth = 1000

// formatText is format and text % values.
func formatText(fr *frame, layout string, args []Value) (Value, error) {
	var b strings.Builder
	next := 0
	for layout != "" {
		at := strings.IndexByte(layout, '%')
		if at < 0 {
			b.WriteString(layout)
			break
		}
		b.WriteString(layout[:at])
		d, rest, err := parseDirective(layout[at+1:])
		if err != nil {
			return nil, err
		}
		layout = rest
		if d.verb == '%' {
			b.WriteByte('%')
			continue
		}
		v, err := d.value(args, &next)
		if err != nil {
			return nil, err
		}
		s, err := d.text(fr, v)
		if err != nil {
			return nil, err
		}
		if err := fr.grow(len(s)); err != nil {
			return nil, err
		}
		b.WriteString(s)
	}
	return b.String(), fr.grow(b.Len())
}

// directive is one %… of a format.
type directive struct {
	flags string
	width int
	prec  int // -1 for none
	name  string
	verb  byte
}

func parseDirective(s string) (directive, string, error) {
	d := directive{prec: -1}
	i := 0
	number := func() int {
		n := 0
		for ; i < len(s) && isDigit(s[i]); i++ {
			n = min(n*10+int(s[i]-'0'), maxWidth+1)
		}
		return n
	}
	for i < len(s) && strings.IndexByte("-+ 0#", s[i]) >= 0 {
		i++
	}
	d.flags = s[:i]
	if i < len(s) && (s[i] == '<' || s[i] == '{') {
		closing := map[byte]byte{'<': '>', '{': '}'}[s[i]]
		end := strings.IndexByte(s[i:], closing)
		if end < 0 {
			return d, "", argumentErrorf("malformed name in a format")
		}
		d.name = s[i+1 : i+end]
		i += end + 1
		if closing == '}' {
			d.verb = 's'
			return d, s[i:], nil
		}
	}
	d.width = number()
	if i < len(s) && s[i] == '.' {
		i++
		d.prec = number()
	}
	if i == len(s) || d.width > maxWidth || d.prec > maxWidth {
		return d, "", argumentErrorf("incomplete format specifier or a width over %d", maxWidth)
	}
	d.verb = s[i]
	return d, s[i+1:], nil
}

func (d directive) value(args []Value, next *int) (Value, error) {
	if d.name != "" {
		h, ok := Value(nil), false
		if len(args) > 0 {
			h = args[0]
		}
		hash, ok := h.(*Hash)
		if !ok {
			return nil, argumentErrorf("one hash required")
		}
		v, ok := hash.Get(Symbol(d.name))
		if !ok {
			return nil, raisef("KeyError", "key<%s> not found", d.name)
		}
		return v, nil
	}
	if *next >= len(args) {
		return nil, argumentErrorf("too few arguments")
	}
	*next++
	return args[*next-1], nil
}

func (d directive) text(fr *frame, v Value) (string, error) {
	layout := "%" + d.flags
	if d.width > 0 {
		layout += strconv.Itoa(d.width)
	}
	if d.prec >= 0 {
		layout += "." + strconv.Itoa(d.prec)
	}
	switch d.verb {
	case 'd', 'i', 'u', 'x', 'X', 'o', 'b':
		n, err := toInteger(v)
		verb := d.verb
		if verb == 'i' || verb == 'u' {
			verb = 'd'
		}
		return fmt.Sprintf(layout+string(verb), n), err
	case 'f', 'e', 'g', 'E', 'G':
		f, err := toNumber(v)
		return fmt.Sprintf(layout+string(d.verb), f), err
	case 's', 'p':
		show := fr.toS
		if d.verb == 'p' {
			show = fr.inspect
		}
		s, err := show(v)
		return fmt.Sprintf(strings.ReplaceAll(layout, "0s", "s")+"s", s), err
	case 'c':
		if n, ok := v.(int64); ok {
			return string(rune(n)), nil
		}
		return fr.toS(v)
	}
	return "", argumentErrorf("malformed format string - %%%c", d.verb)
}

// toInteger is Integer(): the whole text must be a number.
func toInteger(v Value) (int64, error) {
	s, ok := v.(string)
	if !ok {
		if v == nil {
			return 0, typeErrorf("can't convert nil into Integer")
		}
		return intArg(v)
	}
	n, err := strconv.ParseInt(strings.TrimSpace(s), 0, 64)
	if err != nil {
		return 0, argumentErrorf("invalid value for Integer(): %s", inspectShort(s))
	}
	return n, nil
}

// toNumber is Float(): the whole text must be a number.
func toNumber(v Value) (float64, error) {
	s, ok := v.(string)
	if !ok {
		if v == nil {
			return 0, typeErrorf("can't convert nil into Float")
		}
		return toFloat(v)
	}
	text := strings.TrimSpace(s)
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || strings.ContainsAny(text, "nNiI") || strings.HasSuffix(text, ".") || strings.HasPrefix(text, ".") {
		return 0, argumentErrorf("invalid value for Float(): %s", inspectShort(s))
	}
	return f, nil
}
