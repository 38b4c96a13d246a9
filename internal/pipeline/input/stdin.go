package input

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os"

	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
)

var stdin = pipeline.InputSpec{
	Name:    "stdin",
	Summary: "Reads lines from the process's standard input. The input ends with it.",
	Options: []plugin.Option{
		{Name: "codec", Kind: plugin.Codec, Default: "line", Help: "How lines become events."},
	},
	New: func(env *pipeline.Env, s *plugin.Settings) (pipeline.Input, error) {
		newCodec, err := env.Codec(s.Codec("codec"))
		if err != nil {
			return nil, err
		}
		return &stdinReader{env: env, newCodec: newCodec}, refuseWhole(s, newCodec)
	},
}

// stdinBytes is how much is read at once: reader and decoder wait for each other once in so many bytes.
const stdinBytes = 64 << 10

type stdinReader struct {
	env      *pipeline.Env
	newCodec pipeline.NewCodec
}

// Run reads until the end of standard input or until ctx ends. A line whose beginning was read when ctx ends is the next input's, or an event
// when there is none.
func (i *stdinReader) Run(ctx context.Context, sink pipeline.Sink) error {
	reader := &streamReader{codec: i.newCodec(), now: i.env.Now, sink: sink, memory: &memory{}}
	stream, ok := i.env.Stdin.(pipeline.HandedStream)
	if !ok {
		return i.readAlone(ctx, reader)
	}
	reader.r, reader.keepsRest = bufio.NewReaderSize(untilStopped{stream, ctx.Done()}, stdinBytes), true
	err := reader.run(ctx)
	if !errors.Is(err, os.ErrDeadlineExceeded) {
		return err
	}
	if len(reader.rest) == 0 || stream.HandOn(reader.rest) {
		return nil
	}
	reader.decode(reader.rest, false)
	reader.codec.Flush(i.env.Now(), reader.add)
	return reader.push(ctx)
}

// untilStopped reads a stream until stop is closed.
type untilStopped struct {
	pipeline.HandedStream
	stop <-chan struct{}
}

// Read implements io.Reader.
func (u untilStopped) Read(p []byte) (int, error) { return u.ReadUntil(p, u.stop) }

// readAlone reads a stream that nobody reads later. A read that waits cannot be called back, so it goes on in a goroutine of its own, which
// ends with the next line or with the process.
func (i *stdinReader) readAlone(ctx context.Context, reader *streamReader) error {
	r, w := io.Pipe()
	go func() {
		_, err := io.Copy(w, i.env.Stdin)
		w.CloseWithError(err)
	}()
	stop := context.AfterFunc(ctx, func() { r.CloseWithError(io.EOF) })
	defer stop()
	reader.r = bufio.NewReaderSize(r, stdinBytes)
	return reader.run(ctx)
}
