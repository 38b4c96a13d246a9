package codec

import (
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
)

var jsonLines = pipeline.CodecSpec{
	Name:    "json_lines",
	Summary: "Events as JSON, one per line.",
	Options: []plugin.Option{charsetOption, targetOption,
		{Name: "delimiter", Kind: plugin.String, Default: "\n", Help: "What ends each line, read and written."},
		{Name: "decode_size_limit_bytes", Kind: plugin.Bytes, Ignored: "the input bounds the length of lines"},
	},
	New: func(_ *pipeline.Env, s *plugin.Settings) (pipeline.NewCodec, error) {
		d, err := newJSONDecoder(s)
		if err != nil {
			return nil, err
		}
		c := jsonLineMessages{jsonDecoder: d}
		c.delimiter, err = delimiterOf(s)
		return func() pipeline.Codec { return c }, err
	},
}

type jsonLineMessages struct {
	*jsonDecoder
	delimiter string
}

// Decode takes a line or, from transports that deliver whole bodies, many.
func (c jsonLineMessages) Decode(data []byte, now time.Time, emit func(*event.Event)) {
	for line := range splitLines(data, c.delimiter) {
		c.decode(line, now, emit)
	}
}

// Delimiter ends each line.
func (c jsonLineMessages) Delimiter() string { return c.delimiter }

func (jsonLineMessages) Flush(time.Time, func(*event.Event)) {}

func (c jsonLineMessages) Encode(dst []byte, ev *event.Event) []byte {
	return append(ev.AppendJSON(dst), c.delimiter...)
}

func (jsonLineMessages) Framing() pipeline.Framing { return pipeline.Lines }
