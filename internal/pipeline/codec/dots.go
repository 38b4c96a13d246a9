package codec

import (
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
)

var dots = pipeline.CodecSpec{
	Name:    "dots",
	Summary: "Writes a dot for each event, to watch how fast events pass. For outputs; an input that names it reads plain lines.",
	Options: []plugin.Option{noLayout},
	New:     newDots,
}

func newDots(*pipeline.Env, *plugin.Settings) (pipeline.NewCodec, error) {
	return func() pipeline.Codec { return dotOnly{} }, nil
}

type dotOnly struct{}

func (dotOnly) Decode(data []byte, now time.Time, emit func(*event.Event)) {
	plainText{&textCodec{}}.Decode(data, now, emit)
}

func (dotOnly) Flush(time.Time, func(*event.Event)) {}

func (dotOnly) Framing() pipeline.Framing { return pipeline.Lines }

func (dotOnly) Encode(dst []byte, _ *event.Event) []byte { return append(dst, '.') }
