package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"
	"time"

	"elkhorn/internal/es/query"
)

type tailCmd struct {
	clientFlags
	Query string `arg:"" optional:"" help:"KQL; nothing follows everything."`
	Index string `short:"i" default:"*" help:"Index, alias or pattern."`
	Last  int    `short:"n" default:"10" help:"How many earlier events to show first, at most 500."`
	JSON  bool   `help:"Print whole documents as NDJSON."`
}

// Help shows what to type.
func (*tailCmd) Help() string {
	return `Examples:

  elkhorn tail 'log_level:ERROR'
  elkhorn tail -i 'chatgpt-*' -n 0 --json | jq .message`
}

// tailRetry is how long to wait before a stream that broke is taken up again.
const tailRetry = time.Second

// Run prints matching events as they are acknowledged, until it is interrupted. A stream that breaks is taken
// up again where it stopped: nothing is missed while the server restarts.
func (c *tailCmd) Run(a *app) error {
	q, err := parseKQL(c.Query)
	if err != nil {
		return err
	}
	s := eventStream{
		client: &c.clientFlags,
		path:   fmt.Sprintf("/%s/_tail?last=%d", url.PathEscape(c.Index), c.Last),
		body:   map[string]any{"query": json.RawMessage(query.String(q))},
	}
	for {
		err := s.read(a.ctx, func(e streamEvent) error { return c.print(os.Stdout, e) })
		switch {
		case a.ctx.Err() != nil:
			return nil
		case !s.begun || errors.As(err, new(refusal)):
			return err
		}
		fmt.Fprintf(os.Stderr, "the stream broke (%v): going on where it stopped\n", err)
		select {
		case <-a.ctx.Done():
			return nil
		case <-time.After(tailRetry):
		}
	}
}

// print shows one event.
func (c *tailCmd) print(out io.Writer, e streamEvent) error {
	switch e.name {
	case "hit":
		var h hit
		if err := json.Unmarshal(e.data, &h); err != nil {
			return fmt.Errorf("event is not what was expected: %w", err)
		}
		printHit(out, &h, c.JSON)
	case "error":
		return refusal{serverError("error", e.data)}
	}
	return nil
}

// refusal is an answer of the server that trying again would not change.
type refusal struct{ error }

func (r refusal) Unwrap() error { return r.error }

// eventStream reads server-sent events and remembers where it is.
type eventStream struct {
	client *clientFlags
	path   string
	body   any
	lastID string
	begun  bool // there has been an answer
}

// streamEvent is one event of a stream.
type streamEvent struct {
	name string
	data []byte
}

// maxEventBytes bounds one event: a document may have 100 MB.
const maxEventBytes = 128 << 20

// read delivers the events of one connection until it ends, which is an error.
func (s *eventStream) read(ctx context.Context, handle func(streamEvent) error) error {
	resp, err := s.client.open(ctx, s.path, s.body, s.lastID)
	if err != nil {
		return err
	}
	defer resp.Close()
	s.begun = true
	lines := bufio.NewScanner(resp)
	lines.Buffer(nil, maxEventBytes)
	var e streamEvent
	for lines.Scan() {
		field, value, _ := strings.Cut(lines.Text(), ":")
		value = strings.TrimPrefix(value, " ")
		switch field {
		case "event":
			e.name = value
		case "id":
			s.lastID = value
		case "data":
			e.data = []byte(value)
		case "":
			if lines.Text() == "" && e.data != nil {
				if err := handle(e); err != nil {
					return err
				}
			}
			if lines.Text() == "" {
				e = streamEvent{}
			}
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("read the stream: %w", err)
	}
	return io.ErrUnexpectedEOF
}
