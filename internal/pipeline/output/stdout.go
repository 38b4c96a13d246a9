package output

import (
	"context"
	"fmt"
	"io"
	"sync"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
)

var stdout = pipeline.OutputSpec{
	Name:    "stdout",
	Summary: "Writes events to the process's standard output.",
	Options: []plugin.Option{
		{Name: "codec", Kind: plugin.Codec, Default: "rubydebug", Help: "How events are written."},
	},
	New: newStdout,
}

type stdoutWriter struct {
	mu struct {
		sync.Mutex // held for a whole batch: events of two workers do not mix
		codec      pipeline.Codec
		to         io.Writer
		buf        []byte
	}
}

func newStdout(env *pipeline.Env, s *plugin.Settings) (pipeline.Output, error) {
	codec, err := encoder(env, s)
	if err != nil {
		return nil, err
	}
	o := &stdoutWriter{}
	o.mu.codec, o.mu.to = codec, env.Stdout
	return o, nil
}

func (o *stdoutWriter) Write(_ context.Context, events []*event.Event) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.mu.buf = o.mu.buf[:0]
	for _, ev := range events {
		o.mu.buf = appendLine(o.mu.buf, o.mu.codec, ev)
	}
	if _, err := o.mu.to.Write(o.mu.buf); err != nil {
		return fmt.Errorf("write to standard output: %w", err)
	}
	return nil
}

func (o *stdoutWriter) Close() error { return nil }

// appendLine encodes an event and ends its line when the codec has not: one event, one line, also
// where the original writes all objects into one.
func appendLine(dst []byte, codec pipeline.Codec, ev *event.Event) []byte {
	dst = codec.Encode(dst, ev)
	if len(dst) > 0 && dst[len(dst)-1] == '\n' {
		return dst
	}
	return append(dst, '\n')
}
