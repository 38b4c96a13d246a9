package input

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"strings"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
	"elkhorn/internal/vfs"
)

const (
	letterBatch    = 250
	letterInterval = time.Second // how often to look for new letters
)

var deadLetterQueue = pipeline.InputSpec{
	Name:    "dead_letter_queue",
	Summary: "Takes the events that outputs of another pipeline of this process refused, with the reason in [@metadata][dead_letter_queue].",
	Options: []plugin.Option{
		{Name: "path", Kind: plugin.Path, Ignored: "the letters of this process's pipelines are read, wherever they lie"},
		{Name: "pipeline_id", Kind: plugin.String, Default: "main", Help: "Pipeline whose dead letters are read."},
		{Name: "commit_offsets", Kind: plugin.Boolean, Default: true, Help: "Go on behind the last letter that was done with; false begins anew with every start."},
		{Name: "start_timestamp", Kind: plugin.String, Help: "Pass over letters before this ISO 8601 time."},
		{Name: "sincedb_path", Kind: plugin.Path, Help: "File that notes how far letters were read. Default: in the pipeline's data folder."},
		{Name: "clean_consumed", Kind: plugin.Boolean, Default: false, Help: "Remove letters that were done with, by whole files."},
	},
	New: newDeadLetterQueue,
}

type letterReader struct {
	env    *pipeline.Env
	from   string
	commit bool
	clean  bool
	start  time.Time
	notes  string // file of the position
}

func newDeadLetterQueue(env *pipeline.Env, s *plugin.Settings) (pipeline.Input, error) {
	r := &letterReader{env: env, from: s.String("pipeline_id"), commit: s.Bool("commit_offsets"), clean: s.Bool("clean_consumed"), notes: s.String("sincedb_path")}
	if r.from == env.Pipeline {
		return nil, s.Errorf("pipeline_id", "a pipeline cannot read its own dead letters: what is refused again would come back for ever")
	}
	if r.clean && !r.commit {
		return nil, s.Errorf("clean_consumed", "needs commit_offsets")
	}
	if text := s.String("start_timestamp"); text != "" {
		var err error
		if r.start, err = parseLetterTime(text); err != nil {
			return nil, s.Errorf("start_timestamp", "wants an ISO 8601 time such as 2026-06-06T23:40:37Z, not %q", text)
		}
	}
	if r.notes == "" {
		r.notes = filepath.Join(env.DataDir, "dead_letter_queue", strings.ReplaceAll(r.from, string(filepath.Separator), "_")+".position")
	}
	return r, nil
}

func parseLetterTime(text string) (t time.Time, err error) {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02"} {
		if t, err = time.Parse(layout, text); err == nil {
			return t, nil
		}
	}
	return t, err
}

// Run hands letters on, one batch at a time: the next one comes when all of the last are safe, so that the position says the truth.
func (r *letterReader) Run(ctx context.Context, sink pipeline.Sink) error {
	if r.env.Letters == nil {
		return errors.New("there are no dead letters here")
	}
	source, err := r.env.Letters(r.from)
	if err != nil {
		return err
	}
	at, err := r.position()
	if err != nil {
		return err
	}
	ticker := time.NewTicker(letterInterval)
	defer ticker.Stop()
	for {
		letters, positions, err := source.ReadLetters(at, letterBatch)
		if err != nil {
			return err
		}
		if len(letters) > 0 {
			at = positions[len(positions)-1]
			if !r.handOver(ctx, sink, letters) {
				return nil
			}
			if err := r.done(source, at); err != nil {
				return err
			}
			continue
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return nil
		}
	}
}

func (r *letterReader) position() (string, error) {
	if !r.commit {
		return "", nil
	}
	text, err := vfs.ReadFile(r.env.FS, r.notes, 1<<10)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	return strings.TrimSpace(string(text)), err
}

// handOver pushes letters and waits until they are safe; false when ctx ended first.
func (r *letterReader) handOver(ctx context.Context, sink pipeline.Sink, letters []pipeline.DeadLetter) bool {
	var events []*event.Event
	for _, l := range letters {
		if l.Time.Before(r.start) {
			continue
		}
		about := event.NewObject()
		about.SetMember("plugin_type", event.StringOf("output"))
		about.SetMember("plugin_id", event.StringOf(l.Plugin))
		about.SetMember("pipeline_id", event.StringOf(l.Pipeline))
		about.SetMember("reason", event.StringOf(l.Reason))
		about.SetMember("entry_time", event.TimeOf(l.Time))
		l.Event.Set(letterPath, about)
		events = append(events, l.Event)
	}
	if len(events) == 0 {
		return ctx.Err() == nil
	}
	safe := make(chan struct{})
	receipt := event.NewReceipt(len(events), func() { close(safe) })
	for _, ev := range events {
		ev.SetReceipt(receipt)
	}
	if sink.Push(ctx, events) != nil {
		return false
	}
	select {
	case <-safe:
		return true
	case <-ctx.Done():
		return false
	}
}

var letterPath = event.MustPath("[@metadata][dead_letter_queue]")

// done notes that letters up to a position are done with.
func (r *letterReader) done(source pipeline.LetterSource, at string) error {
	if !r.commit {
		return nil
	}
	if err := vfs.MkdirAllSync(r.env.FS, filepath.Dir(r.notes)); err != nil {
		return err
	}
	if err := vfs.WriteFileAtomic(r.env.FS, r.notes, []byte(at+"\n")); err != nil {
		return err
	}
	if r.clean {
		return source.ClearLetters(at)
	}
	return nil
}
