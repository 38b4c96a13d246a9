package input

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
)

var file = pipeline.InputSpec{
	Name:    "file",
	Summary: "Reads lines from files as they grow, over rotation, truncation and restarts; or whole files, once each.",
	Options: []plugin.Option{
		{Name: "path", Kind: plugin.Strings, Required: true, Help: "Files or globs (*, ?, [a-z], and ** for folders at any depth). A relative path is taken from the working folder or, when nothing is there, from the configuration's."},
		{Name: "exclude", Kind: plugin.Strings, Help: "Globs of file names to leave out."},
		{Name: "start_position", Kind: plugin.String, Default: "end", Allowed: []string{"beginning", "end"}, Help: "Where to begin in files that are there at the start and were never read; files that appear later are read from their beginning."},
		{Name: "sincedb_path", Kind: plugin.Path, Help: "File that keeps how far each file was read; by default one in the data folder. /dev/null keeps nothing."},
		{Name: "stat_interval", Kind: plugin.Seconds, Default: 1.0, Help: "How often to look for more lines. Lower is quicker and costs more system calls."},
		{Name: "discover_interval", Kind: plugin.Integer, Default: 15, Unit: "stat intervals", Help: "How often to look for new files."},
		{Name: "mode", Kind: plugin.String, Default: "tail", Allowed: []string{"tail", "read"}, Help: "tail follows files as they grow; read reads each once to its end, also packed ones (.gz, .gzip), and then deletes it unless file_completed_action says otherwise."},
		{Name: "sincedb_write_interval", Kind: plugin.Seconds, Ignored: "positions are kept whenever they have changed"},
		{Name: "sincedb_clean_after", Kind: plugin.Any, Ignored: "positions of files that are gone are dropped"},
		{Name: "max_open_files", Kind: plugin.Integer, Ignored: "a file is open while there is something to read"},
		{Name: "close_older", Kind: plugin.Any, Ignored: "a file is open while there is something to read"},
		{Name: "file_chunk_size", Kind: plugin.Integer, Ignored: "reads are as large as there is room"}, {Name: "file_chunk_count", Kind: plugin.Integer, Ignored: "files are read in turn"},
		{Name: "file_sort_by", Kind: plugin.String, Ignored: "files are read by name"}, {Name: "file_sort_direction", Kind: plugin.String, Ignored: "files are read by name"},
		{Name: "delimiter", Kind: plugin.String, Unsupported: "lines end with a newline"},
		{Name: "ignore_older", Kind: plugin.String, Help: "Files that were changed last longer ago than this, when they are found, are left out: seconds, or a number with a unit such as 2 d or 6 weeks."},
		{Name: "check_archive_validity", Kind: plugin.Boolean, Ignored: "an archive that is broken is told when it is read, and stays where it is"},
		{Name: "file_completed_action", Kind: plugin.String, Default: "delete", Allowed: []string{"delete", "log", "log_and_delete"}, Help: "With mode read: what to do with a file whose events are safe."},
		{Name: "file_completed_log_path", Kind: plugin.Path, Help: "With mode read and log: the file that gets the paths of files that are done with, a line each."},
		{Name: "exit_after_read", Kind: plugin.Boolean, Help: "With mode read: the input ends when all files that are there are read."},
		{Name: "ecs_compatibility", Kind: plugin.String, Default: "disabled", Allowed: []string{"disabled"}, Help: "Layout of the input's own fields; only the legacy one is offered."},
	},
	New: newFile,
}

// fileReader is a file input: one goroutine that reads all files in turn.
type fileReader struct {
	env           *pipeline.Env
	newCodec      pipeline.NewCodec
	globs         []string
	exclude       []string
	fromBeginning bool
	statEvery     time.Duration
	discoverEvery int
	youngest      time.Duration // ignore_older; 0 for none
	once          *completion   // of mode read; nil in mode tail
	positions     *positions
	tails         map[string]*tail // by path
	buf           []byte           // of reads
}

func newFile(env *pipeline.Env, s *plugin.Settings) (pipeline.Input, error) {
	f := &fileReader{env: env, exclude: s.Strings("exclude"), fromBeginning: s.String("start_position") == "beginning",
		statEvery: max(s.Duration("stat_interval"), minStatInterval), discoverEvery: int(max(s.Int("discover_interval"), 1)), tails: map[string]*tail{}}
	var err error
	if f.newCodec, err = env.Codec(s.Codec("codec")); err != nil {
		return nil, err
	}
	if err := refuseWhole(s, f.newCodec); err != nil {
		return nil, err
	}
	if s.Has("ignore_older") {
		if f.youngest, err = parseAge(s.String("ignore_older")); err != nil {
			return nil, s.Errorf("ignore_older", "%v", err)
		}
	}
	if f.once, err = newCompletion(env, s); err != nil {
		return nil, err
	}
	for _, p := range s.Strings("path") {
		resolved, err := f.resolve(p)
		if err != nil {
			return nil, s.Errorf("path", "%v", err)
		}
		if !filepath.IsAbs(p) {
			s.Warn("path", "is relative: %s is read", resolved)
		}
		f.globs = append(f.globs, resolved)
	}
	for _, g := range f.exclude {
		if _, err := filepath.Match(g, ""); err != nil {
			return nil, s.Errorf("exclude", "%q: %v", g, err)
		}
	}
	path := s.String("sincedb_path")
	if path == "" {
		path = filepath.Join(env.DataDir, "file", "sincedb_"+digest(strings.Join(f.globs, "\n")))
	}
	f.positions = newPositions(env, path)
	return f, nil
}

// minStatInterval keeps a mistaken stat_interval of 0 from turning into a busy loop.
const minStatInterval = 10 * time.Millisecond

// resolve makes a path absolute: a relative one from the working folder or, when nothing matches there and
// something does there, from the configuration's folder.
func (f *fileReader) resolve(path string) (string, error) {
	if _, err := filepath.Match(strings.ReplaceAll(path, "**", "*"), ""); err != nil {
		return "", fmt.Errorf("%q: %w", path, err)
	}
	if filepath.IsAbs(path) {
		return f.env.ResolvePath(path), nil
	}
	here, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	if beside := filepath.Join(f.env.ConfigDir, path); len(glob(f.env.FS, here)) == 0 && len(glob(f.env.FS, beside)) > 0 {
		return filepath.Abs(beside)
	}
	return here, nil
}

// Open reads the positions of the last run.
func (f *fileReader) Open(context.Context) error { return f.positions.load() }

// Close keeps the positions reached: everything acknowledged by then.
func (f *fileReader) Close() error { return f.positions.save() }

// Rereads says that the next run reads from the first line that was not acknowledged.
func (f *fileReader) Rereads() {}

// Run follows the files until ctx ends.
func (f *fileReader) Run(ctx context.Context, sink pipeline.Sink) error {
	ticker := time.NewTicker(f.statEvery)
	defer ticker.Stop()
	defer f.closeTails()
	for round := 0; ; round++ {
		if round%f.discoverEvery == 0 {
			f.discover(round == 0)
		}
		for _, path := range sortedKeys(f.tails) {
			if err := f.visit(ctx, f.tails[path], sink); err != nil {
				if ctx.Err() != nil {
					return nil
				}
				f.env.Logger.Warn("cannot read file; trying again", "path", path, "error", err)
			}
		}
		if len(f.buf) > readBytes {
			f.buf = nil // grown for a long line
		}
		if err := f.positions.save(); err != nil {
			f.env.Logger.Warn("cannot keep file positions; trying again", "error", err)
		}
		if f.once != nil && f.once.exit && f.allRead() {
			return nil
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return nil
		}
	}
}

// visit reads what there is to read of a file.
func (f *fileReader) visit(ctx context.Context, t *tail, sink pipeline.Sink) error {
	if f.once != nil {
		return f.readOnce(ctx, t, sink)
	}
	return f.follow(ctx, t, sink)
}

// discover finds files that are new. first says that they were there when the input started.
func (f *fileReader) discover(first bool) {
	for _, pattern := range f.globs {
		for _, path := range glob(f.env.FS, pattern) {
			if f.tails[path] == nil && !f.excluded(path) && !f.tooOld(path) {
				f.tails[path] = &tail{path: path, existed: first, codec: f.newCodec()}
			}
		}
	}
}

func (f *fileReader) excluded(path string) bool {
	for _, g := range f.exclude {
		if ok, err := filepath.Match(g, filepath.Base(path)); ok && err == nil {
			return true
		}
	}
	return false
}

// tooOld says that a file has not been changed for as long as ignore_older says.
func (f *fileReader) tooOld(path string) bool {
	if f.youngest == 0 {
		return false
	}
	info, err := f.env.FS.Stat(path)
	return err == nil && f.env.Now().Sub(info.ModTime) > f.youngest
}

func (f *fileReader) closeTails() {
	for _, t := range f.tails {
		if err := t.close(); err != nil {
			f.env.Logger.Warn("cannot close file", "path", t.path, "error", err)
		}
	}
}

var (
	pathPath           = event.MustPath("path")
	metadataPathPath   = event.MustPath("[@metadata][path]")
	metadataOffsetPath = event.MustPath("[@metadata][offset]")
)

// follow reads what a file has got since the last time, over a rotation if there was one.
func (f *fileReader) follow(ctx context.Context, t *tail, sink pipeline.Sink) error {
	info, err := f.env.FS.Stat(t.path)
	if err != nil { // gone; what was written before it went can still be read through an open handle
		if t.file != nil {
			if err := f.finish(ctx, t, sink); err != nil {
				return err
			}
		}
		f.positions.missed(t.position)
		delete(f.tails, t.path)
		return t.close()
	}
	if info.IsDir {
		return nil
	}
	if t.file != nil && t.id != info.ID { // rotated: another file has the name now
		if err := f.finish(ctx, t, sink); err != nil {
			return err
		}
		if err := t.close(); err != nil {
			return err
		}
		t.existed, t.codec = false, f.newCodec()
	}
	if t.file == nil {
		if err := f.open(t); err != nil {
			return err
		}
	}
	if err := f.rewindIfReplaced(ctx, t, info.Size, sink); err != nil {
		return err
	}
	if err := f.drain(ctx, t, sink); err != nil {
		return err
	}
	if now := f.env.Now(); t.quiet(now) {
		return f.push(ctx, t, t.flushHeld(now), sink)
	}
	return nil
}

// finish reads a file that has lost its name to its end, where what the codec holds is complete.
func (f *fileReader) finish(ctx context.Context, t *tail, sink pipeline.Sink) error {
	if err := f.drain(ctx, t, sink); err != nil {
		return err
	}
	return f.push(ctx, t, t.flushHeld(f.env.Now()), sink)
}

// rewindIfReplaced begins again in a file that was emptied, be it that it has grown beyond the old place since.
func (f *fileReader) rewindIfReplaced(ctx context.Context, t *tail, size int64, sink pipeline.Sink) error {
	if size == t.offset {
		return nil
	}
	same := size > t.offset
	if same {
		var err error
		if same, err = t.position.same(t.file); err != nil {
			return err
		}
	}
	if !same {
		f.env.Logger.Info("file was emptied; reading it from its beginning", "path", t.path)
		if err := f.push(ctx, t, t.flushHeld(f.env.Now()), sink); err != nil {
			return err
		}
		t.rewind()
	}
	return t.position.learn(t.file)
}

// open opens a file at the position that was kept or that start_position says.
func (f *fileReader) open(t *tail) error {
	opened, err := f.env.FS.Open(t.path)
	if err != nil {
		return err
	}
	info, err := f.env.FS.Stat(t.path)
	if err != nil {
		return closing(err, opened)
	}
	size, err := opened.Size()
	if err != nil {
		return closing(err, opened)
	}
	position, known := f.positions.of(info.ID, t.path)
	if known {
		if known, err = position.same(opened); err != nil {
			return closing(err, opened)
		}
	}
	t.file, t.id, t.position = opened, info.ID, position
	switch {
	case known && position.next() <= size:
		t.offset = position.next()
	case !known && t.existed && !f.fromBeginning:
		t.offset = size
		position.begin(size)
	default:
		t.offset = 0
		position.begin(0)
	}
	t.scanned = t.offset
	return position.learn(opened)
}

// drain reads to the end of the file and pushes whole lines. A file that is renamed while it is read is open under both names for
// a moment; each then goes on where the other one stopped.
func (f *fileReader) drain(ctx context.Context, t *tail, sink pipeline.Sink) error {
	t.offset = max(t.offset, t.position.next())
	for {
		if err := ctx.Err(); err != nil {
			return err // the next run reads on
		}
		events, end, err := t.readLines(&f.buf, f.env.Now())
		decoded := end > t.offset
		t.offset = end
		if pushErr := f.push(ctx, t, events, sink); pushErr != nil {
			return pushErr
		}
		if err != nil || len(events) == 0 && !decoded {
			return err
		}
	}
}

// push hands over events that end where the lines begin that the codec holds back: only up to there the file is
// acknowledged when they are.
func (f *fileReader) push(ctx context.Context, t *tail, events []*event.Event, sink pipeline.Sink) error {
	if len(events) > 0 {
		receipt := event.NewReceipt(len(events), t.position.pending(t.held))
		for _, ev := range events {
			ev.Set(pathPath, event.StringOf(t.path))
			ev.Set(metadataPathPath, event.StringOf(t.path))
			ev.SetReceipt(receipt)
		}
		if err := sink.Push(ctx, events); err != nil {
			return err
		}
	}
	t.position.passed(t.offset)
	return nil
}
