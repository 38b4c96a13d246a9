package input

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
	"elkhorn/internal/vfs"
)

// completion is what happens to files that are read once as a whole (mode read), when their events are safe.
type completion struct {
	remove bool
	log    string // file that gets the path of each; "" for none
	exit   bool   // the input ends when all files are read
}

// readOnceOptions are those that only mode read knows.
var readOnceOptions = []string{"file_completed_action", "file_completed_log_path", "exit_after_read"}

// newCompletion reads the options of mode read; nil in mode tail.
func newCompletion(env *pipeline.Env, s *plugin.Settings) (*completion, error) {
	if s.String("mode") != "read" {
		for _, option := range readOnceOptions {
			if s.Has(option) {
				return nil, s.Errorf(option, "is for mode => read: files that are followed are never completed")
			}
		}
		return nil, nil
	}
	if s.Has("start_position") {
		s.Warn("start_position", "has no effect with mode => read: files are read from their beginning")
	}
	action := s.String("file_completed_action")
	c := &completion{remove: action != "log", exit: s.Bool("exit_after_read")}
	if action == "delete" {
		return c, nil
	}
	if !s.Has("file_completed_log_path") {
		return nil, s.Errorf("file_completed_log_path", "is needed for file_completed_action => %s", action)
	}
	c.log = env.ResolvePath(s.String("file_completed_log_path"))
	return c, nil
}

// durationUnits are the words for units of time by their beginning, in seconds.
var durationUnits = []struct {
	word    string
	seconds float64
}{{"ms", 1e-3}, {"us", 1e-6}, {"s", 1}, {"m", 60}, {"h", 3600}, {"d", 86400}, {"w", 604800}}

// parseAge reads a number of seconds, or a number with a unit such as 2 weeks.
func parseAge(text string) (time.Duration, error) {
	text = strings.TrimSpace(text)
	number := strings.TrimRight(text, "abcdefghijklmnopqrstuvwxyz ")
	unit := strings.TrimSpace(text[len(number):])
	n, err := strconv.ParseFloat(number, 64)
	if err != nil || n < 0 || math.IsNaN(n) {
		return 0, fmt.Errorf("%q is no time such as 3600, 2 d or 6 weeks", text)
	}
	seconds := 1.0
	if unit != "" {
		seconds = 0
		for _, u := range durationUnits {
			if strings.HasPrefix(unit, u.word) {
				seconds = u.seconds
				break
			}
		}
	}
	if d := n * seconds * float64(time.Second); seconds > 0 && d < math.MaxInt64 {
		return time.Duration(d), nil
	}
	return 0, fmt.Errorf("%q is no time such as 3600, 2 d or 6 weeks", text)
}

// readState is how far a file is that is read once.
type readState uint8

const (
	readOpen  readState = iota // there may be more to read
	readEnded                  // all is read; some events are under way
	readDone                   // completed, or given up
)

// readOnce reads a file to its end, with a last line that has no end itself, and completes it once its events are safe.
func (f *fileReader) readOnce(ctx context.Context, t *tail, sink pipeline.Sink) error {
	if t.state == readEnded {
		return f.complete(t)
	}
	info, err := f.env.FS.Stat(t.path)
	if err != nil { // gone
		f.positions.missed(t.position)
		delete(f.tails, t.path)
		return t.close()
	}
	if t.state == readDone && t.id == info.ID || info.IsDir {
		return nil
	}
	if t.state == readDone { // another file has the name now
		*t = tail{path: t.path, codec: f.newCodec()}
	}
	if t.file == nil {
		if err := f.openOnce(t, info); err != nil {
			return err
		}
	}
	if err := f.readToEnd(ctx, t, sink); err != nil {
		var broken *brokenArchive
		if !errors.As(err, &broken) {
			return err
		}
		f.env.Logger.Error("an archive cannot be read to its end: the rest of it is left out, and the file stays where it is", "path", t.path, "error", err)
		t.state = readDone
		return errors.Join(f.push(ctx, t, t.flushHeld(f.env.Now()), sink), t.close())
	}
	t.state = readEnded
	return errors.Join(t.close(), f.complete(t))
}

// openOnce opens a file where an earlier run stopped, or at its beginning.
func (f *fileReader) openOnce(t *tail, info vfs.Info) error {
	opened, err := f.env.FS.Open(t.path)
	if err != nil {
		return err
	}
	if strings.HasSuffix(t.path, ".gz") || strings.HasSuffix(t.path, ".gzip") {
		opened = &unpackedFile{File: opened}
	}
	position, known := f.positions.of(info.ID, t.path)
	if known {
		if known, err = position.same(opened); err != nil && !isBroken(err) {
			return closing(err, opened)
		}
	}
	if !known {
		position.begin(0)
	}
	t.file, t.id, t.position, t.known, t.offset = opened, info.ID, position, known, position.next()
	t.scanned, t.held, t.began = t.offset, t.offset, t.offset
	if err := position.learn(opened); err != nil && !isBroken(err) {
		return errors.Join(err, t.close())
	}
	return nil
}

func isBroken(err error) bool {
	var broken *brokenArchive
	return errors.As(err, &broken)
}

func (f *fileReader) readToEnd(ctx context.Context, t *tail, sink pipeline.Sink) error {
	if err := f.drain(ctx, t, sink); err != nil {
		return err
	}
	events, err := t.readRest(&f.buf, f.env.Now())
	if err != nil {
		return err
	}
	return f.push(ctx, t, append(events, t.flushHeld(f.env.Now())...), sink)
}

// readRest decodes what stands behind the last newline.
func (t *tail) readRest(buf *[]byte, now time.Time) ([]*event.Event, error) {
	size := readBytes
	for {
		if len(*buf) < size {
			*buf = make([]byte, size)
		}
		n, err := t.file.ReadAt((*buf)[:size], t.offset)
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
		if n == size && size < maxLineBytes {
			size = min(4*size, maxLineBytes)
			continue
		}
		if n == 0 {
			return nil, nil
		}
		events := t.decode((*buf)[:n], now)
		if n == maxLineBytes {
			for _, ev := range events {
				ev.Tag(longLineTag)
			}
		}
		t.offset = max(t.offset+int64(n), t.scanned)
		return events, nil
	}
}

// complete does what the configuration says with a file that is read, once nothing of it is under way.
func (f *fileReader) complete(t *tail) error {
	if !t.position.settle(t.offset) {
		return nil
	}
	if err := f.positions.save(); err != nil {
		return err
	}
	if isNews := !t.known || t.offset > t.began; f.once.log != "" && isNews && !t.logged {
		if err := f.logCompleted(t.path); err != nil {
			return fmt.Errorf("note that the file is read: %w", err)
		}
		t.logged = true
	}
	if !f.once.remove {
		t.state = readDone
		return nil
	}
	if err := f.env.FS.Remove(t.path); err != nil {
		return fmt.Errorf("delete the file that is read: %w", err)
	}
	f.positions.missed(t.position)
	delete(f.tails, t.path)
	return nil
}

// logCompleted appends a file's path to the log of completed files.
func (f *fileReader) logCompleted(path string) (err error) {
	if err := vfs.MkdirAllSync(f.env.FS, filepath.Dir(f.once.log)); err != nil {
		return err
	}
	log, err := f.env.FS.OpenAppend(f.once.log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, log.Close()) }()
	if _, err := io.WriteString(log, path+"\n"); err != nil {
		return err
	}
	return log.Sync()
}

// allRead says that nothing is left to read or to wait for.
func (f *fileReader) allRead() bool {
	for _, t := range f.tails {
		if t.state != readDone {
			return false
		}
	}
	return true
}

// settle says whether nothing of a file that was read to its end is under way, and notes that all of it is done.
func (f *position) settle(end int64) bool {
	f.all.mu.Lock()
	defer f.all.mu.Unlock()
	if len(f.waiting) > 0 {
		return false
	}
	f.acked, f.read, f.all.mu.dirty = end, end, true
	return true
}
