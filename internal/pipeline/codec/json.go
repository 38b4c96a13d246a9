package codec

import (
	"bytes"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
)

var jsonCodec = pipeline.CodecSpec{
	Name:    "json",
	Summary: "Events as JSON: an object, or an array of objects. On a stream, one value per line.",
	Options: []plugin.Option{charsetOption, targetOption},
	New: func(_ *pipeline.Env, s *plugin.Settings) (pipeline.NewCodec, error) {
		d, err := newJSONDecoder(s)
		return func() pipeline.Codec { return jsonMessages{d} }, err
	},
}

var targetOption = plugin.Option{Name: "target", Kind: plugin.Field, Help: "Field for the decoded object; without it, its members become the event's fields."}

// jsonFailureTag marks an event whose text is not JSON.
const jsonFailureTag = "_jsonparsefailure"

// jsonDecoder is what the JSON codecs share.
type jsonDecoder struct {
	charset  charset
	target   *event.Path
	original *event.Path // nil unless the text is kept there too
}

func newJSONDecoder(s *plugin.Settings) (*jsonDecoder, error) {
	d := &jsonDecoder{charset: newCharset(s), original: originalPath(s)}
	if s.Has("target") {
		var err error
		if d.target, err = event.ParsePath(s.String("target")); err != nil {
			return nil, s.Errorf("target", "%v", err)
		}
	}
	return d, nil
}

func (d *jsonDecoder) decode(data []byte, now time.Time, emit func(*event.Event)) {
	data = bytes.TrimSpace(d.charset.bytes(data))
	if len(data) == 0 {
		return
	}
	v, err := event.ParseJSON(data)
	if err != nil {
		emit(failedLine(data, now))
		return
	}
	if v.Kind() != event.Array {
		ev := d.event(v, data, now)
		if d.original != nil {
			ev.Set(d.original, event.StringOf(charset{}.text(data)))
		}
		emit(ev)
		return
	}
	for _, item := range v.Items() {
		emit(d.event(item, item.AppendJSON(nil), now))
	}
}

// event makes an event of an object; text is its source, kept when it is no object.
func (d *jsonDecoder) event(v event.Value, text []byte, now time.Time) *event.Event {
	switch {
	case v.Kind() != event.Object:
		return failedLine(text, now)
	case d.target == nil:
		return event.FromObject(v, now)
	}
	ev := event.New(now)
	ev.Set(d.target, v)
	return ev
}

// failedLine is the event of a text that is not JSON.
func failedLine(line []byte, now time.Time) *event.Event {
	ev := event.New(now)
	ev.Set(messagePath, event.StringOf(charset{}.text(line)))
	ev.Tag(jsonFailureTag)
	return ev
}

var messagePath = event.MustPath("message")

// jsonMessages is the json codec: each message is one JSON value.
type jsonMessages struct{ *jsonDecoder }

func (c jsonMessages) Decode(data []byte, now time.Time, emit func(*event.Event)) {
	c.decode(data, now, emit)
}

func (jsonMessages) Flush(time.Time, func(*event.Event)) {}

// Encode appends the event without a line end, as the transport has its own units; file and stdout
// end each event's line.
func (jsonMessages) Encode(dst []byte, ev *event.Event) []byte { return ev.AppendJSON(dst) }

func (jsonMessages) Framing() pipeline.Framing { return pipeline.Lines }
