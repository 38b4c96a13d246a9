package codec

import (
	"bytes"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
)

var line = pipeline.CodecSpec{
	Name:    "line",
	Summary: "Text by lines: a line is an event's \"message\".",
	Options: []plugin.Option{charsetOption, formatOption,
		{Name: "delimiter", Kind: plugin.String, Default: "\n", Help: "What ends each line written. Lines read end with a newline, with or without a carriage return."},
	},
	New: func(_ *pipeline.Env, s *plugin.Settings) (pipeline.NewCodec, error) {
		t, err := newTextCodec(s)
		c := textLines{t, s.String("delimiter")}
		return func() pipeline.Codec { return c }, err
	},
}

type textLines struct {
	*textCodec
	delimiter string
}

// Decode takes a line or, from transports that deliver whole bodies, many. Empty lines are left out.
func (c textLines) Decode(data []byte, now time.Time, emit func(*event.Event)) {
	for line := range bytes.SplitSeq(data, []byte{'\n'}) {
		if line = bytes.TrimSuffix(line, []byte{'\r'}); len(line) > 0 {
			emit(c.event(line, now))
		}
	}
}

func (textLines) Flush(time.Time, func(*event.Event)) {}

func (c textLines) Encode(dst []byte, ev *event.Event) []byte {
	return append(c.encode(dst, ev), c.delimiter...)
}

func (textLines) Framing() pipeline.Framing { return pipeline.Lines }
