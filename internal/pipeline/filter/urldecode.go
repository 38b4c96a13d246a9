package filter

import (
	"strings"
	"unicode/utf8"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
)

var urlDecode = pipeline.FilterSpec{
	Name:    "urldecode",
	Summary: "Decodes %-escapes in texts, in arrays and objects too. A + stays a +, and an escape that is none stays as it is.",
	Options: []plugin.Option{
		{Name: "field", Kind: plugin.Field, Default: "message", Help: "Field to decode."},
		{Name: "all_fields", Kind: plugin.Boolean, Help: "Decode all fields of the event instead."},
		{Name: "charset", Kind: plugin.String, Default: "UTF-8", Allowed: []string{"UTF-8", "ISO-8859-1"}, Help: "Encoding of the escaped bytes. In UTF-8, bytes that are none stay escaped, as \\xE9."},
		failureTagOption("_urldecodefailure"),
	},
	New: newURLDecode,
}

type urlDecodeFilter struct {
	field       *event.Path // nil for all
	latin1      bool
	failureTags []string
}

func newURLDecode(_ *pipeline.Env, s *plugin.Settings) (pipeline.Filter, error) {
	f := &urlDecodeFilter{latin1: s.String("charset") == "ISO-8859-1", failureTags: s.Strings("tag_on_failure")}
	if s.Bool("all_fields") {
		return f, nil
	}
	var err error
	f.field, err = pathOption(s, "field")
	return f, err
}

func (f *urlDecodeFilter) Filter(ev *event.Event, _ func(*event.Event)) pipeline.Outcome {
	if f.field == nil {
		fields := ev.Fields()
		for i := range fields.Len() {
			fields.SetMember(fields.NameAt(i), f.value(fields.At(i)))
		}
		return pipeline.Matched
	}
	if v, ok := ev.Get(f.field); ok && !ev.Set(f.field, f.value(v)) {
		tagAll(ev, f.failureTags)
	}
	return pipeline.Matched
}

// value decodes the texts in v.
func (f *urlDecodeFilter) value(v event.Value) event.Value {
	switch v.Kind() {
	case event.String:
		return event.StringOf(f.text(v.Str()))
	case event.Array:
		items := make([]event.Value, v.Len())
		for i, item := range v.Items() {
			items[i] = f.value(item)
		}
		return event.ArrayOf(items...)
	case event.Object:
		for i := range v.Len() {
			v.SetMember(v.NameAt(i), f.value(v.At(i)))
		}
	}
	return v
}

const hexDigits = "0123456789ABCDEF"

func (f *urlDecodeFilter) text(text string) string {
	at := strings.IndexByte(text, '%')
	if at < 0 {
		return text
	}
	out := make([]byte, 0, len(text))
	for ; at >= 0; at = strings.IndexByte(text, '%') {
		out = append(out, text[:at]...)
		text = text[at:]
		if len(text) < 3 || !isHex(text[1]) || !isHex(text[2]) {
			out, text = append(out, '%'), text[1:]
			continue
		}
		b := unhex(text[1])<<4 | unhex(text[2])
		if text = text[3:]; f.latin1 {
			out = utf8.AppendRune(out, rune(b))
		} else {
			out = append(out, b)
		}
	}
	return validText(append(out, text...))
}

// validText writes bytes that are no UTF-8 as escapes.
func validText(b []byte) string {
	if utf8.Valid(b) {
		return string(b)
	}
	out := make([]byte, 0, len(b)+16)
	for len(b) > 0 {
		r, size := utf8.DecodeRune(b)
		if r == utf8.RuneError && size == 1 {
			out = append(out, '\\', 'x', hexDigits[b[0]>>4], hexDigits[b[0]&15])
		} else {
			out = append(out, b[:size]...)
		}
		b = b[size:]
	}
	return string(out)
}

func isHex(c byte) bool { return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'f' }

func unhex(c byte) byte {
	if c <= '9' {
		return c - '0'
	}
	return c | 0x20 - 'a' + 10
}
