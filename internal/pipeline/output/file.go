package output

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
	"elkhorn/internal/vfs"
)

var file = pipeline.OutputSpec{
	Name:    "file",
	Summary: "Appends events to files, one event a line.",
	Options: []plugin.Option{
		{Name: "path", Kind: plugin.Path, Required: true, Help: "The file; %{references} choose it by event, below the part before the first one. Folders are made."},
		{Name: "codec", Kind: plugin.Codec, Default: "json_lines", Help: "How events are written; each ends its line."},
		{Name: "filename_failure", Kind: plugin.String, Default: "_filepath_failures", Help: "File in the fixed part of path for events whose references lead out of it."},
		{Name: "create_if_deleted", Kind: plugin.Boolean, Default: true, Ignored: "a deleted file is always made again"},
		{Name: "flush_interval", Kind: plugin.Seconds, Default: 2, Ignored: "events are in the file when they are acknowledged"},
		{Name: "stale_cleanup_interval", Kind: plugin.Seconds, Default: 10, Ignored: "the files used longest ago are closed when many are open"},
		{Name: "write_behavior", Kind: plugin.String, Allowed: []string{"append"}, Help: "Only append."},
		{Name: "gzip", Kind: plugin.Boolean, Help: "Pack the files. Each batch of events is a member of its own, so that all that is acknowledged can be unpacked while the file is written; small batches pack badly. What a crash left of a member is cut off when the file is opened again."},
		{Name: "file_mode", Kind: plugin.Integer, Unsupported: "files get the process's default mode"},
		{Name: "dir_mode", Kind: plugin.Integer, Unsupported: "folders get the process's default mode"},
	},
	New: newFile,
}

// maxOpenFiles bounds the files held open; more are closed and reopened as events need them.
const maxOpenFiles = 64

type fileWriter struct {
	env      *pipeline.Env
	template *event.Template
	gzip     bool
	root     string // the fixed part of the path; "" when all of it is fixed
	failures string
	mu       struct {
		sync.Mutex // held for a whole batch, so that a file has one writer
		codec      pipeline.Codec
		open       map[string]*openFile
		// whole are the sizes of packed files that this output has closed, of which it knows that they end with a member.
		whole map[string]int64
		uses  int64
	}
}

type openFile struct {
	file    vfs.File
	pending []byte
	lastUse int64
}

func newFile(env *pipeline.Env, s *plugin.Settings) (pipeline.Output, error) {
	codec, err := encoder(env, s)
	if err != nil {
		return nil, err
	}
	path := s.String("path")
	t, err := event.CompileTemplate(path)
	if err != nil {
		return nil, s.Errorf("path", "%v", err)
	}
	o := &fileWriter{env: env, template: t, gzip: s.Bool("gzip")}
	if _, fixed := t.Constant(); !fixed {
		before, _, _ := strings.Cut(path, "%{")
		o.root = filepath.Clean(filepath.Dir(before + "x"))
		if o.root == "." || o.root == string(filepath.Separator) {
			return nil, s.Errorf("path", "must begin with a fixed folder, such as logs/ or /var/log/app/, so that no event can choose any file")
		}
		o.failures = filepath.Join(o.root, s.String("filename_failure"))
	}
	o.mu.codec, o.mu.open, o.mu.whole = codec, map[string]*openFile{}, map[string]int64{}
	return o, nil
}

// path returns the file of an event. An event's values cannot lead out of the fixed folder.
func (o *fileWriter) path(ev *event.Event) string {
	path := filepath.Clean(o.template.Expand(ev))
	if o.root == "" {
		return path
	}
	if rel, err := filepath.Rel(o.root, path); err != nil || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		return o.failures
	}
	return path
}

// Write appends and syncs. A failing disk is retried: the events wait, and so does the pipeline.
func (o *fileWriter) Write(ctx context.Context, events []*event.Event) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	var touched []string
	for _, ev := range events {
		path := o.path(ev)
		f := o.mu.open[path]
		if f == nil {
			f = &openFile{}
			o.mu.open[path] = f
		}
		if len(f.pending) == 0 {
			touched = append(touched, path)
		}
		f.pending = appendLine(f.pending, o.mu.codec, ev)
	}
	retry := newBackoff()
	for _, path := range touched {
		for {
			err := o.flushLocked(path)
			if err == nil {
				break
			}
			o.env.Logger.Error("cannot write file; trying again", "path", path, "error", err)
			o.dropHandleLocked(path)
			if err := retry.wait(ctx); err != nil {
				o.mu.open[path].pending = nil // not acknowledged: they come again
				return err
			}
		}
	}
	o.closeOldestLocked()
	return nil
}

// flushLocked writes one file's pending bytes. A write that failed half way is cut off again, so that a
// retry does not repeat a part of a line.
func (o *fileWriter) flushLocked(path string) error {
	f := o.mu.open[path]
	o.mu.uses++
	f.lastUse = o.mu.uses
	if f.file != nil {
		if _, err := o.env.FS.Stat(path); err != nil { // deleted or rotated away
			if err := f.file.Close(); err != nil {
				return err
			}
			f.file = nil
		}
	}
	if f.file == nil {
		if err := vfs.MkdirAllSync(o.env.FS, filepath.Dir(path)); err != nil {
			return err
		}
		opened, err := o.env.FS.OpenAppend(path)
		if err != nil {
			return err
		}
		f.file = opened
		if o.gzip {
			if err := o.cutTornMember(path, opened); err != nil {
				return err
			}
		}
		if err := vfs.SyncDir(o.env.FS, filepath.Dir(path)); err != nil {
			return err
		}
	}
	size, err := f.file.Size()
	if err != nil {
		return err
	}
	data := f.pending
	if o.gzip {
		if data, err = packMember(f.pending); err != nil {
			return err
		}
	}
	if _, err := f.file.Write(data); err != nil {
		if cut := f.file.Truncate(size); cut != nil {
			return fmt.Errorf("%w; and cut it off: %w", err, cut)
		}
		return err
	}
	if err := f.file.Sync(); err != nil {
		return err
	}
	f.pending = f.pending[:0]
	return nil
}

// dropHandleLocked closes a file after an error: nothing is known of the handle's state any more, and the next
// try opens the file again.
func (o *fileWriter) dropHandleLocked(path string) {
	f := o.mu.open[path]
	if f.file == nil {
		return
	}
	if err := f.file.Close(); err != nil {
		o.env.Logger.Warn("cannot close file", "path", path, "error", err)
	}
	f.file = nil
}

func (o *fileWriter) closeOldestLocked() {
	for len(o.mu.open) > maxOpenFiles {
		var oldest string
		for path, f := range o.mu.open {
			if oldest == "" || f.lastUse < o.mu.open[oldest].lastUse {
				oldest = path
			}
		}
		if err := o.closeLocked(oldest); err != nil {
			o.env.Logger.Warn("cannot close file", "path", oldest, "error", err)
		}
	}
}

func (o *fileWriter) closeLocked(path string) error {
	f := o.mu.open[path]
	delete(o.mu.open, path)
	if f.file == nil {
		return nil
	}
	if o.gzip {
		o.noteWhole(path, f.file)
	}
	return f.file.Close()
}

func (o *fileWriter) Close() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	var first error
	for path := range o.mu.open {
		if err := o.closeLocked(path); err != nil && first == nil {
			first = err
		}
	}
	return first
}

// backoff waits longer from try to try.
type backoff struct{ next time.Duration }

const (
	firstRetry = 200 * time.Millisecond // long enough for a busy store to take a breath
	lastRetry  = 30 * time.Second       // short enough to notice soon that the destination is back
)

func newBackoff() *backoff { return &backoff{next: firstRetry} }

// wait waits; its error is that of pipeline.Wait.
func (b *backoff) wait(ctx context.Context) error {
	pause := b.next
	b.next = min(2*b.next, lastRetry)
	return pipeline.Wait(ctx, pause)
}
