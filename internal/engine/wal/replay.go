package wal

import (
	"errors"
	"fmt"
	"io"
	"slices"
)

// Replay calls fn for every record that Open found, in order, and stops at fn's first error, which it returns as it is. The
// record's payload is valid until fn returns. Damage is an error for which vfs.IsCorruption holds. Call it before Release.
func (l *Log) Replay(fn func(Position, Record) error) error {
	l.mu.Lock()
	segments := slices.Clone(l.mu.segments)
	l.mu.Unlock()
	for _, s := range segments {
		if s.first > l.replayEnd {
			return nil // begun after Open
		}
		if err := l.replaySegment(s, min(s.last, l.replayEnd), fn); err != nil {
			return err
		}
	}
	return nil
}

func (l *Log) replaySegment(s segment, end Position, fn func(Position, Record) error) (err error) {
	f, err := l.fs.Open(s.path)
	if err != nil {
		return fmt.Errorf("replay write-ahead log: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	r := newFrameReader(f, s)
	for r.last < end {
		rec, err := r.next()
		if errors.Is(err, io.EOF) {
			return corruption(s.path, r.offset, "it ends with record %d, but the next file follows record %d", r.last, end)
		}
		var bad *errBadFrame
		if errors.As(err, &bad) {
			return corruption(s.path, bad.offset, "record %d: %s", r.expected(), bad.detail)
		}
		if err != nil {
			return fmt.Errorf("replay %s: %w", s.path, err)
		}
		if err := fn(r.last, rec); err != nil {
			return err
		}
	}
	return nil
}
