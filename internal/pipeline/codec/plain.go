package codec

import (
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
)

var plain = pipeline.CodecSpec{
	Name:    "plain",
	Summary: "Text as it is: a message is an event's \"message\".",
	Options: []plugin.Option{charsetOption, formatOption},
	New: func(_ *pipeline.Env, s *plugin.Settings) (pipeline.NewCodec, error) {
		t, err := newTextCodec(s)
		return func() pipeline.Codec { return plainText{t} }, err
	},
}

var formatOption = plugin.Option{Name: "format", Kind: plugin.String,
	Help: "How an event is written, with %{references}; without it as time, host and message."}

// defaultFormat is an event in one line, as Logstash prints it.
const defaultFormat = "%{@timestamp} %{host} %{message}"

// textCodec is what the plain and line codecs share.
type textCodec struct {
	charset  charset
	format   *event.Template
	original *event.Path // nil unless the text is kept there too
}

func newTextCodec(s *plugin.Settings) (*textCodec, error) {
	t := &textCodec{charset: newCharset(s), original: originalPath(s)}
	text := defaultFormat
	if s.Has("format") {
		text = s.String("format")
	}
	var err error
	if t.format, err = event.CompileTemplate(text); err != nil {
		return nil, s.Errorf("format", "%v", err)
	}
	return t, nil
}

func (t *textCodec) event(data []byte, now time.Time) *event.Event {
	ev := event.New(now)
	text := event.StringOf(t.charset.text(data))
	ev.Set(messagePath, text)
	if t.original != nil {
		ev.Set(t.original, text)
	}
	return ev
}

func (t *textCodec) encode(dst []byte, ev *event.Event) []byte {
	dst, _ = t.format.Append(dst, ev)
	return dst
}

type plainText struct{ *textCodec }

func (c plainText) Decode(data []byte, now time.Time, emit func(*event.Event)) {
	if len(data) > 0 {
		emit(c.event(data, now))
	}
}

func (plainText) Flush(time.Time, func(*event.Event)) {}

func (c plainText) Encode(dst []byte, ev *event.Event) []byte { return c.encode(dst, ev) }

// Framing is by lines: that is how streams of text are cut when nothing else is said.
func (plainText) Framing() pipeline.Framing { return pipeline.Lines }
