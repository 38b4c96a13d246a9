package harvest

import (
	"context"
	"errors"
	"io"
	"slices"
	"time"

	"elkhorn/internal/plugin"
)

var stdinInput = Spec{
	Name:    "stdin",
	Summary: "Reads lines of standard input until its end. The last line needs no newline.",
	Options: slices.Concat([]plugin.Option{
		{Name: "include_lines", Kind: plugin.Strings, Help: "Regular expressions; only messages that one of them matches are sent."},
		{Name: "exclude_lines", Kind: plugin.Strings, Help: "Regular expressions; messages that one of them matches are not sent."},
		{Name: "max_bytes", Kind: plugin.Bytes, Default: 10 << 20, Help: "Longest message; the rest is cut off."},
		{Name: "encoding", Kind: plugin.String, Default: "plain", Allowed: []string{"plain", "utf-8"}, Help: "Encoding; other ones are not built yet."},
	}, jsonLineOptions, multilineOptionList),
	New: newStdinInput,
}

type stdin struct {
	env    *Env
	events eventMaker
}

func newStdinInput(env *Env, s *plugin.Settings) (Input, error) {
	o := &optionReader{Settings: s}
	in := &stdin{env: env}
	in.events.inputType = "stdin"
	in.events.decode = decodeOptions{
		json:      o.json(),
		multiline: o.multiline(),
		include:   o.regexps("include_lines"),
		exclude:   o.regexps("exclude_lines"),
		maxBytes:  int(o.Bytes("max_bytes")),
	}
	if o.err != nil {
		return nil, o.err
	}
	return in, nil
}

// Run returns when standard input ends or ctx ends.
func (in *stdin) Run(ctx context.Context, pub Publisher) error {
	lines := make(chan line)
	failed := make(chan error, 1)
	if closer, ok := in.env.Stdin.(io.Closer); ok {
		// Nothing else ends a read that waits for a terminal or a pipe.
		stop := context.AfterFunc(ctx, func() {
			if err := closer.Close(); err != nil {
				in.env.Logger.Debug("cannot close standard input", "error", err)
			}
		})
		defer stop()
	}
	go func() {
		defer close(lines)
		failed <- in.readLines(ctx, lines)
	}()
	tracker := NewTracker(nil)
	if err := in.publishLines(ctx, pub, tracker, lines); err != nil {
		return ignoreCancel(ctx, err)
	}
	if ctx.Err() != nil {
		return nil
	}
	return <-failed
}

// readLines hands over copies of the lines, with and at last without newline.
func (in *stdin) readLines(ctx context.Context, lines chan<- line) error {
	r := newLineReader(&sequentialReader{in.env.Stdin}, 0, in.events.decode.maxBytes)
	for {
		l, err := r.read()
		if err != nil {
			l = r.rest()
		}
		l.text = slices.Clone(l.text)
		if l.bytes > 0 {
			select {
			case lines <- l:
			case <-ctx.Done():
				return nil
			}
		}
		switch {
		case errors.Is(err, errNoLine):
			return nil
		case err != nil:
			return err
		}
	}
}

func (in *stdin) publishLines(ctx context.Context, pub Publisher, tracker *Tracker, lines <-chan line) error {
	d := in.events.decode.newDecoder()
	var failure error
	emit := func(m message) {
		if !m.skip && failure == nil {
			failure = pub.Publish(ctx, in.events.make(&m, "", 0, in.env.Now()), tracker, 0)
		}
	}
	timer := time.NewTimer(0)
	defer timer.Stop()
	for failure == nil {
		var due <-chan time.Time
		if at := d.deadline(); !at.IsZero() {
			timer.Reset(at.Sub(in.env.Now()))
			due = timer.C
		}
		select {
		case l, ok := <-lines:
			if !ok {
				d.flush(emit)
				return failure
			}
			d.line(l, in.env.Now(), emit)
		case <-due:
			d.flush(emit)
		case <-ctx.Done():
			return nil
		}
	}
	return failure
}

// sequentialReader lets a stream pass for a file that is read from front to back.
type sequentialReader struct{ r io.Reader }

func (s *sequentialReader) ReadAt(p []byte, _ int64) (int, error) {
	for {
		if n, err := s.r.Read(p); n > 0 || err != nil {
			return n, err
		}
	}
}
