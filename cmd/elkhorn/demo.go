package main

import (
	"bufio"
	"fmt"
	"os"
	"time"

	"elkhorn/internal/demo"
)

type demoCmd struct {
	Count int       `short:"n" default:"1000" help:"How many events to print."`
	Seed  uint64    `default:"1" help:"The same seed and start give the same events."`
	Rate  float64   `default:"4" help:"Events per second of the workload's own time."`
	Start time.Time `help:"Time of the first event, as 2026-02-27T14:00:00Z; default now." placeholder:"TIME"`
	Bulk  bool      `help:"Print action lines too, ready for _bulk."`
}

// Help shows what to type.
func (*demoCmd) Help() string {
	return `Examples:

  elkhorn demo -n 10
  elkhorn demo -n 100000 | elkhorn ship -`
}

// Run prints the workload as NDJSON.
func (c *demoCmd) Run(a *app) error {
	if c.Start.IsZero() {
		c.Start = time.Now().UTC()
	}
	w := demo.New(demo.Options{Seed: c.Seed, Rate: c.Rate, Start: c.Start})
	out := bufio.NewWriterSize(os.Stdout, 1<<16)
	for range c.Count {
		if a.ctx.Err() != nil {
			break
		}
		ev := w.Next()
		if c.Bulk {
			fmt.Fprintf(out, "{\"create\":{\"_index\":%q}}\n", ev.Index)
		}
		out.Write(ev.JSON)
		out.WriteByte('\n')
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	return nil
}
