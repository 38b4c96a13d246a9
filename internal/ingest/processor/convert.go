package processor

import (
	"math"
	"net/netip"
	"strconv"
	"strings"

	"elkhorn/internal/es/eserr"
	"elkhorn/internal/event"
)

// conversions are the types that convert knows.
var conversions map[string]func(value) (value, error)

func init() { // auto tries the others
	conversions = map[string]func(value) (value, error){
		"integer": func(v value) (value, error) { return toWhole(v, "integer", 32) },
		"long":    func(v value) (value, error) { return toWhole(v, "long", 64) },
		"float":   func(v value) (value, error) { return toFraction(v, "float", 32) },
		"double":  func(v value) (value, error) { return toFraction(v, "double", 64) },
		"boolean": toBoolean,
		"string":  func(v value) (value, error) { return event.StringOf(textOf(v)), nil },
		"ip":      toAddress,
		"auto":    toWhatItIs,
	}
}

// convertProcessor changes the type of a value, or of the items of a list.
type convertProcessor struct {
	field, target *path
	ignoreMissing bool
	kind          string
	convert       func(value) (value, error)
}

func newConvert(c *config) (Processor, error) {
	p := &convertProcessor{field: c.path("field"), kind: strings.ToLower(c.str("type")), ignoreMissing: c.flag("ignore_missing", false)}
	if c.err != nil {
		return nil, c.err
	}
	p.target = c.pathOr("target_field", p.field.text)
	if p.convert = conversions[p.kind]; p.convert == nil {
		c.fail("type", "type [%s] not supported, cannot convert field.", p.kind)
	}
	return p, c.err
}

// Run converts the field.
func (p *convertProcessor) Run(d *Document) error {
	v, err := d.getMaybe(p.field, p.ignoreMissing)
	switch {
	case err != nil:
		return err
	case v.Kind() == event.Null && p.ignoreMissing:
		return nil
	case v.Kind() == event.Null:
		return eserr.IllegalArgument("Field [%s] is null, cannot be converted to type [%s]", p.field.text, p.kind)
	case v.Kind() != event.Array:
		out, err := p.convert(v)
		if err != nil {
			return err
		}
		return d.set(p.target, out)
	}
	list := event.ArrayOf()
	list.Reserve(v.Len())
	for _, item := range v.Items() {
		out, err := p.convert(item)
		if err != nil {
			return err
		}
		list.Append(out)
	}
	return d.set(p.target, list)
}

func cannotConvert(v value, kind string) error {
	return eserr.IllegalArgument("unable to convert [%s] to %s", textOf(v), kind).Because(eserr.NumberFormat(textOf(v)))
}

func toWhole(v value, kind string, bits int) (value, error) {
	text := textOf(v)
	base, digits := 10, text
	if unsigned := strings.TrimLeft(text, "+-"); strings.HasPrefix(unsigned, "0x") || strings.HasPrefix(unsigned, "0X") {
		base, digits = 16, text[:len(text)-len(unsigned)]+unsigned[2:]
	}
	n, err := strconv.ParseInt(digits, base, bits)
	if err != nil {
		return value{}, cannotConvert(v, kind)
	}
	return event.IntOf(n), nil
}

// toFraction reads a number; a float is what is left of it in 32 bits.
func toFraction(v value, kind string, bits int) (value, error) {
	text := strings.TrimSpace(textOf(v))
	if n := len(text); n > 1 && strings.IndexByte("fFdD", text[n-1]) >= 0 {
		text = text[:n-1]
	}
	f, err := strconv.ParseFloat(text, bits)
	if err != nil || math.IsNaN(f) || math.IsInf(f, 0) || strings.ContainsAny(text, "_xX") {
		return value{}, cannotConvert(v, kind)
	}
	if bits == 32 { // by way of its shortest decimal form
		if f, err = strconv.ParseFloat(strconv.FormatFloat(f, 'g', -1, 32), 64); err != nil {
			return value{}, cannotConvert(v, kind)
		}
	}
	return event.FloatOf(f), nil
}

func toBoolean(v value) (value, error) {
	switch text := textOf(v); {
	case strings.EqualFold(text, "true"):
		return event.BoolOf(true), nil
	case strings.EqualFold(text, "false"):
		return event.BoolOf(false), nil
	default:
		return value{}, eserr.IllegalArgument("[%s] is not a boolean value, cannot convert to boolean", text)
	}
}

func toAddress(v value) (value, error) {
	if _, err := netip.ParseAddr(v.Str()); err != nil {
		return value{}, eserr.IllegalArgument("[%s] is not a valid ipv4/ipv6 address", textOf(v))
	}
	return v, nil
}

// toWhatItIs tries the types on a text, in Elasticsearch's order.
func toWhatItIs(v value) (value, error) {
	if v.Kind() != event.String {
		return v, nil
	}
	for _, kind := range []string{"boolean", "integer", "long", "float", "double"} {
		if out, err := conversions[kind](v); err == nil {
			return out, nil
		}
	}
	return v, nil
}
