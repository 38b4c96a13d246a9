package server

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline/config"
	"elkhorn/internal/pipeline/runtime"
	"elkhorn/internal/pipeline/trial"
)

// TrialHost is what running cases needs of this program.
func TrialHost(lookup config.Lookup) trial.Host {
	return trial.Host{Tables: Tables(), Strict: compatStrict(lookup), LookupEnv: lookup}
}

// newTrial makes a pipeline that is run by hand.
func newTrial(pc PipelineConfig, lookup config.Lookup) (*runtime.Trial, error) {
	return runtime.NewTrial(runtime.TrialOptions{Source: pc.source(lookup), Tables: Tables(), Strict: compatStrict(lookup)})
}

// maxTrialLineBytes bounds a line of events, as the longest line that inputs take.
const maxTrialLineBytes = 20 << 20

// eachTrialEvent reads events (NDJSON or plain lines).
func eachTrialEvent(ctx context.Context, in io.Reader, visit func(*event.Event) error) error {
	lines := bufio.NewScanner(in)
	lines.Buffer(make([]byte, 64<<10), maxTrialLineBytes)
	read := 0
	for lines.Scan() {
		read++
		if err := ctx.Err(); err != nil {
			return err
		}
		if line := bytes.TrimSuffix(lines.Bytes(), []byte{'\r'}); len(line) > 0 {
			if err := visit(runtime.ParseEvent(line, time.Now())); err != nil {
				return err
			}
		}
	}
	if err := lines.Err(); errors.Is(err, bufio.ErrTooLong) {
		return fmt.Errorf("read events: line %d has more than %d bytes", read+1, maxTrialLineBytes)
	} else if err != nil {
		return fmt.Errorf("read events: %w", err)
	}
	return nil
}

// ExplainPipeline sends events of in through a pipeline and prints which way each took. What plugins have to tell goes to the log.
func ExplainPipeline(ctx context.Context, pc PipelineConfig, lookup config.Lookup, in io.Reader, p *trial.Printer, logger *slog.Logger) error {
	source := pc.source(lookup)
	source.Logger = logger
	t, err := runtime.NewTrial(runtime.TrialOptions{Source: source, Tables: Tables(), Strict: compatStrict(lookup)})
	if err != nil {
		return err
	}
	return eachTrialEvent(ctx, in, func(ev *event.Event) error {
		steps, _ := trial.Explain(t, ev)
		p.Explained(steps)
		return p.Err()
	})
}

// maxProfiled bounds the events that are kept to measure with.
const maxProfiled = 10_000

// ProfilePipeline measures a pipeline's filters on the events of in.
func ProfilePipeline(ctx context.Context, pc PipelineConfig, lookup config.Lookup, in io.Reader, p *trial.Printer) error {
	t, err := newTrial(pc, lookup)
	if err != nil {
		return err
	}
	var samples []*event.Event
	err = eachTrialEvent(ctx, in, func(ev *event.Event) error {
		if len(samples) < maxProfiled {
			samples = append(samples, ev)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if len(samples) == 0 {
		return errors.New("there are no events on standard input to measure with")
	}
	events, took := trial.Profile(t, samples)
	p.Profile(events, took, t.Stats().Plugins)
	return p.Err()
}

// DiffPipelines sends the events of in through two configurations and prints how the outcomes differ, event by event up to shown of
// them, and in sum.
func DiffPipelines(ctx context.Context, before, after PipelineConfig, lookup config.Lookup, c *trial.Comparison, in io.Reader, shown int, p *trial.Printer) error {
	was, err := newTrial(before, lookup)
	if err != nil {
		return err
	}
	is, err := newTrial(after, lookup)
	if err != nil {
		return err
	}
	err = eachTrialEvent(ctx, in, func(ev *event.Event) error {
		input := string(ev.AppendJSON(nil))
		if diffs := c.Both(was, is, ev); len(diffs) > 0 && shown > 0 {
			shown--
			p.EventDifference(input, diffs)
		}
		return p.Err()
	})
	if err != nil {
		return err
	}
	p.Comparison(c)
	return p.Err()
}
