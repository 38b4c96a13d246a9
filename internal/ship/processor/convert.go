package processor

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"elkhorn/internal/event"
	"elkhorn/internal/plugin"
)

var convert = Spec{
	Name:    "convert",
	Summary: "Changes the type of fields, and copies or renames them where to is given.",
	Options: []plugin.Option{
		{Name: "fields", Kind: plugin.Any, Required: true, Help: "List of from with type (integer, long, float, double, string, boolean, ip) or to, or both."},
		{Name: "mode", Kind: plugin.String, Default: "copy", Allowed: []string{"copy", "rename"}, Help: "Whether from stays when to is given."},
		{Name: "ignore_missing", Kind: plugin.Boolean, Help: "A field that is not there is no failure."},
		{Name: "fail_on_error", Kind: plugin.Boolean, Default: true, Help: "After a failure the event goes on unchanged; false changes the fields that can be."},
		{Name: "tag", Kind: plugin.String, Help: "Name of the processor in its configuration."},
	},
	New: newConvert,
}

// conversions read texts as values, by the name of their type.
var conversions = map[string]func(text string) (event.Value, error){
	"string":  func(text string) (event.Value, error) { return event.StringOf(text), nil },
	"integer": func(text string) (event.Value, error) { return wholeNumber(text, 32) },
	"long":    func(text string) (event.Value, error) { return wholeNumber(text, 64) },
	"float":   floatNumber,
	"double":  floatNumber,
	"boolean": func(text string) (event.Value, error) {
		b, err := strconv.ParseBool(text)
		return event.BoolOf(b), err
	},
	"ip": func(text string) (event.Value, error) {
		_, err := netip.ParseAddr(text)
		return event.StringOf(text), err
	},
}

// wholeNumber reads decimals, and hexadecimals with 0x.
func wholeNumber(text string, bits int) (event.Value, error) {
	base := 10
	if digits := strings.TrimLeft(text, "+-"); len(digits) > 2 && digits[0] == '0' && digits[1]|0x20 == 'x' {
		base = 0
	}
	n, err := strconv.ParseInt(text, base, bits)
	return event.IntOf(n), err
}

func floatNumber(text string) (event.Value, error) {
	f, err := strconv.ParseFloat(text, 64)
	return event.FloatOf(f), err
}

type converter struct {
	fields        []conversion
	move          bool
	ignoreMissing bool
	failOnError   bool
}

type conversion struct {
	from, to *event.Path
	kind     string // "" keeps the type
}

func newConvert(_ *Env, s *plugin.Settings) (Processor, error) {
	c := &converter{move: s.String("mode") == "rename", ignoreMissing: s.Bool("ignore_missing"), failOnError: s.Bool("fail_on_error")}
	list, _ := s.Value("fields")
	if list.Kind != plugin.List {
		return nil, s.Errorf("fields", "wants a list of from, to and type")
	}
	for _, item := range list.List {
		one, err := newConversion(item)
		if err != nil {
			return nil, s.Errorf("fields", "%v", err)
		}
		c.fields = append(c.fields, one)
	}
	return c, nil
}

func newConversion(item plugin.Value) (conversion, error) {
	var c conversion
	for _, pair := range item.Pairs {
		var err error
		switch pair.Key {
		case "from":
			c.from, err = fieldPath(pair.Value.Str)
		case "to":
			c.to, err = fieldPath(pair.Value.Str)
		case "type":
			c.kind = pair.Value.Str
			if conversions[c.kind] == nil {
				err = fmt.Errorf("%q is no type; there are integer, long, float, double, string, boolean and ip", c.kind)
			}
		default:
			err = fmt.Errorf("%q is not from, to or type", pair.Key)
		}
		if err != nil {
			return c, err
		}
	}
	if c.from == nil || c.to == nil && c.kind == "" {
		return c, fmt.Errorf("wants from, and type or to, in each item")
	}
	return c, nil
}

func (c *converter) Process(ev *event.Event) bool {
	var found [8]event.Value
	values := found[:0]
	for _, f := range c.fields {
		v, err := f.value(ev, c.ignoreMissing)
		if err != nil && c.failOnError {
			ev.Set(errorMessagePath, event.StringOf("convert: "+err.Error()))
			return true
		}
		values = append(values, v)
	}
	for i, f := range c.fields {
		if values[i].Kind() == event.Null {
			continue
		}
		to := f.from
		if f.to != nil {
			to = f.to
			if c.move {
				ev.Remove(f.from)
			}
		}
		ev.Set(to, values[i])
	}
	return true
}

// value is the field's value with its new type; null for none.
func (f conversion) value(ev *event.Event, ignoreMissing bool) (event.Value, error) {
	v, ok := ev.Get(f.from)
	if !ok || v.Kind() == event.Null {
		if ignoreMissing {
			return event.NullValue, nil
		}
		return event.NullValue, fmt.Errorf("field %s is not there", f.from)
	}
	switch kind := v.Kind(); {
	case f.kind == "":
		return v.Clone(), nil
	case v.IsNumber() && (f.kind == "integer" || f.kind == "long"):
		return event.IntOf(int64(v.Float())), nil
	case f.kind == "string" && kind != event.Object && kind != event.Array, kind == event.String, v.IsNumber() && (f.kind == "float" || f.kind == "double"), kind == event.Bool && f.kind == "boolean":
		changed, err := conversions[f.kind](v.Text())
		if err != nil {
			return event.NullValue, fmt.Errorf("field %s is no %s: %.100q", f.from, f.kind, v.Text())
		}
		return changed, nil
	}
	return event.NullValue, fmt.Errorf("field %s, of type %s, cannot become %s", f.from, v.Kind(), f.kind)
}
