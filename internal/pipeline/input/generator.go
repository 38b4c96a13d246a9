package input

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"sync"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
)

var generator = pipeline.InputSpec{
	Name:    "generator",
	Summary: "Makes events of fixed lines, to try or to measure a pipeline.",
	Options: []plugin.Option{
		{Name: "message", Kind: plugin.String, Default: "Hello world!", Help: "The line; stdin reads it from standard input."},
		{Name: "lines", Kind: plugin.Strings, Help: "The lines, rather than message: each round makes an event of each."},
		{Name: "count", Kind: plugin.Integer, Default: 0, Help: "Rounds of each thread, after which the input ends; 0 goes on for ever."},
		{Name: "threads", Kind: plugin.Integer, Default: 1, Help: "How many do that beside each other."},
		ecsFieldsOption,
	},
	New: newGenerator,
}

type lineGenerator struct {
	env                 *pipeline.Env
	newCodec            pipeline.NewCodec
	lines               []string
	fromStdin           bool
	count               int64
	threads             int
	hostName            string
	hostField, sequence *event.Path
}

func newGenerator(env *pipeline.Env, s *plugin.Settings) (pipeline.Input, error) {
	g := &lineGenerator{env: env, lines: s.Strings("lines"), count: s.Int("count"), threads: int(s.Int("threads")), hostName: machineName(),
		hostField: layoutPath(s, "host", "[host][name]"), sequence: layoutPath(s, "sequence", "[event][sequence]")}
	if len(g.lines) == 0 {
		g.lines, g.fromStdin = []string{s.String("message")}, s.String("message") == "stdin"
	}
	if g.threads < 1 {
		return nil, s.Errorf("threads", "must be at least 1")
	}
	var err error
	g.newCodec, err = env.Codec(s.Codec("codec"))
	return g, err
}

// machineName is the host's name, or localhost where it has none.
func machineName() string {
	name, err := os.Hostname()
	if err != nil {
		return "localhost"
	}
	return name
}

// Run makes events until the count is reached or ctx ends.
func (g *lineGenerator) Run(ctx context.Context, sink pipeline.Sink) error {
	if g.fromStdin {
		line, _, err := readLine(bufio.NewReader(g.env.Stdin), "\n", &memory{})
		if len(line) == 0 && err != nil {
			return fmt.Errorf("read the line from standard input: %w", err)
		}
		g.lines[0] = string(line)
	}
	var running sync.WaitGroup
	for range g.threads {
		running.Go(func() { g.generate(ctx, sink) })
	}
	running.Wait()
	return nil
}

func (g *lineGenerator) generate(ctx context.Context, sink pipeline.Sink) {
	codec := g.newCodec()
	var events []*event.Event
	round := int64(0)
	add := func(ev *event.Event) {
		if _, has := ev.Get(g.hostField); !has {
			ev.Set(g.hostField, event.StringOf(g.hostName))
		}
		ev.Set(g.sequence, event.IntOf(round))
		events = append(events, ev)
	}
	for ; (g.count <= 0 || round < g.count) && ctx.Err() == nil; round++ {
		for _, line := range g.lines {
			codec.Decode([]byte(line), g.env.Now(), add)
		}
		if len(events) < pushEvents {
			continue
		}
		if err := sink.Push(ctx, events); err != nil {
			return // ctx has ended: what is made up is not missed
		}
		events = nil
	}
	codec.Flush(g.env.Now(), add)
	if len(events) > 0 {
		if err := sink.Push(ctx, events); err != nil {
			g.env.Logger.Debug("generated events were left out", "events", len(events), "error", err)
		}
	}
}
