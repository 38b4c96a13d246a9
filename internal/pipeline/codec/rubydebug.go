package codec

import (
	"bytes"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
)

var rubydebug = pipeline.CodecSpec{
	Name:    "rubydebug",
	Summary: "Prints events for people, a field per line. For outputs; an input that names it reads plain lines.",
	Options: []plugin.Option{
		{Name: "metadata", Kind: plugin.Boolean, Help: "Print @metadata too."},
		noLayout,
	},
	New: func(_ *pipeline.Env, s *plugin.Settings) (pipeline.NewCodec, error) {
		c := rubyDump{metadata: s.Bool("metadata")}
		return func() pipeline.Codec { return c }, nil
	},
}

type rubyDump struct{ metadata bool }

func (rubyDump) Decode(data []byte, now time.Time, emit func(*event.Event)) {
	plainText{&textCodec{}}.Decode(data, now, emit)
}

func (rubyDump) Flush(time.Time, func(*event.Event)) {}

func (rubyDump) Framing() pipeline.Framing { return pipeline.Lines }

// Encode appends the event in the form of Ruby's awesome_print: names right-aligned, nested values
// indented by four.
func (c rubyDump) Encode(dst []byte, ev *event.Event) []byte {
	fields := event.NewObject()
	fields.SetMember("@timestamp", event.TimeOf(ev.Timestamp()))
	for i, v := range ev.Fields().Items() {
		fields.SetMember(ev.Fields().NameAt(i), v)
	}
	if c.metadata && ev.Metadata().Kind() == event.Object {
		fields.SetMember("@metadata", ev.Metadata())
	}
	return append(appendDump(dst, fields, 1), '\n')
}

// appendDump appends a value whose members stand at an indent of depth times four.
func appendDump(dst []byte, v event.Value, depth int) []byte {
	switch v.Kind() {
	case event.Null:
		return append(dst, "nil"...)
	case event.String:
		return event.AppendQuoted(dst, v.Str())
	case event.Array:
		return appendDumpArray(dst, v, depth)
	case event.Object:
		return appendDumpObject(dst, v, depth)
	}
	return v.AppendText(dst)
}

func appendDumpArray(dst []byte, v event.Value, depth int) []byte {
	if v.Len() == 0 {
		return append(dst, "[]"...)
	}
	dst = append(dst, "[\n"...)
	for i, item := range v.Items() {
		dst = appendSpaces(dst, 4*depth)
		dst = append(dst, '[')
		dst = event.IntOf(int64(i)).AppendText(dst)
		dst = append(dst, "] "...)
		dst = appendDump(dst, item, depth+1)
		dst = endMember(dst, i, v.Len())
	}
	return append(appendSpaces(dst, 4*(depth-1)), ']')
}

func appendDumpObject(dst []byte, v event.Value, depth int) []byte {
	if v.Len() == 0 {
		return append(dst, "{}"...)
	}
	widest := 0
	for i := range v.Len() {
		widest = max(widest, len(v.NameAt(i)))
	}
	dst = append(dst, "{\n"...)
	for i, member := range v.Items() {
		name := v.NameAt(i)
		dst = appendSpaces(dst, 4*depth+widest-len(name))
		dst = event.AppendQuoted(dst, name)
		dst = append(dst, " => "...)
		dst = appendDump(dst, member, depth+1)
		dst = endMember(dst, i, v.Len())
	}
	return append(appendSpaces(dst, 4*(depth-1)), '}')
}

func endMember(dst []byte, i, n int) []byte {
	if i < n-1 {
		dst = append(dst, ',')
	}
	return append(dst, '\n')
}

func appendSpaces(dst []byte, n int) []byte { return append(dst, bytes.Repeat([]byte{' '}, n)...) }
