package codec

import (
	"bytes"
	"iter"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
)

var line = pipeline.CodecSpec{
	Name:    "line",
	Summary: "Text by lines: a line is an event's \"message\".",
	Options: []plugin.Option{charsetOption, formatOption,
		{Name: "delimiter", Kind: plugin.String, Default: "\n", Help: "What ends each line, read and written. A carriage return before a newline is cut off."},
	},
	New: func(_ *pipeline.Env, s *plugin.Settings) (pipeline.NewCodec, error) {
		t, err := newTextCodec(s)
		if err != nil {
			return nil, err
		}
		c := textLines{textCodec: t}
		c.delimiter, err = delimiterOf(s)
		return func() pipeline.Codec { return c }, err
	},
}

// delimiterOf returns the delimiter, which an empty text cannot be.
func delimiterOf(s *plugin.Settings) (string, error) {
	if s.String("delimiter") == "" {
		return "", s.Errorf("delimiter", "must not be empty")
	}
	return s.String("delimiter"), nil
}

type textLines struct {
	*textCodec
	delimiter string
}

// Decode takes a line or, from transports that deliver whole bodies, many. Empty lines are left out.
func (c textLines) Decode(data []byte, now time.Time, emit func(*event.Event)) {
	for line := range splitLines(data, c.delimiter) {
		if len(line) > 0 {
			emit(c.event(line, now))
		}
	}
}

// splitLines cuts data at each delimiter; a carriage return before a newline belongs to the line's end.
func splitLines(data []byte, delimiter string) iter.Seq[[]byte] {
	if delimiter != "\n" {
		return bytes.SplitSeq(data, []byte(delimiter))
	}
	return func(yield func([]byte) bool) {
		for line := range bytes.SplitSeq(data, []byte{'\n'}) {
			if !yield(bytes.TrimSuffix(line, []byte{'\r'})) {
				return
			}
		}
	}
}

// Delimiter ends each line.
func (c textLines) Delimiter() string { return c.delimiter }

func (textLines) Flush(time.Time, func(*event.Event)) {}

func (c textLines) Encode(dst []byte, ev *event.Event) []byte {
	return append(c.encode(dst, ev), c.delimiter...)
}

func (textLines) Framing() pipeline.Framing { return pipeline.Lines }
