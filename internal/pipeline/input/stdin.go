package input

import (
	"bufio"
	"context"
	"io"

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

// Run reads until the end of standard input or until ctx ends. A read that waits cannot be called back, so it goes
// on in a goroutine of its own, which ends with the next line or with the process.
func (i *stdinReader) Run(ctx context.Context, sink pipeline.Sink) error {
	r, w := io.Pipe()
	go func() {
		_, err := io.Copy(w, i.env.Stdin)
		w.CloseWithError(err)
	}()
	stop := context.AfterFunc(ctx, func() { r.CloseWithError(io.EOF) })
	defer stop()
	reader := &streamReader{r: bufio.NewReaderSize(r, stdinBytes), codec: i.newCodec(), now: i.env.Now, sink: sink, memory: &memory{}}
	return reader.run(ctx)
}
