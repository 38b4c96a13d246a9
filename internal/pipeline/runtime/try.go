package runtime

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
)

// maxTestLineBytes bounds a line of Test's input.
const maxTestLineBytes = 20 << 20

// Test runs a configuration's filters on lines of in, each a JSON object or plain text, and writes the
// resulting events to out as lines of JSON: no inputs are opened and no outputs written. A dropped event gives no line.
// The error is that of the configuration (Faults), of reading or of writing.
func Test(ctx context.Context, s Source, tables Tables, strict bool, in io.Reader, out io.Writer) ([]Finding, error) {
	cfg, err := Load(s)
	if err != nil {
		return nil, err
	}
	p, err := New(Options{ID: "test", Config: cfg, Tables: tables, Env: offlineEnv(s), ECS: s.ECS, Strict: strict})
	if err != nil {
		return nil, err
	}
	lines := bufio.NewScanner(in)
	lines.Buffer(make([]byte, 64<<10), maxTestLineBytes)
	w := bufio.NewWriter(out)
	read := 0
	for lines.Scan() {
		read++
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		line := bytes.TrimSuffix(lines.Bytes(), []byte{'\r'})
		if len(line) == 0 {
			continue
		}
		ev := ParseEvent(line, p.env.Now())
		if err := writeTested(w, p.filters.sweep([]cursor{{ev: ev}}, nil)); err != nil {
			return nil, err
		}
	}
	if err := lines.Err(); errors.Is(err, bufio.ErrTooLong) {
		return nil, fmt.Errorf("read events: line %d has more than %d bytes", read+1, maxTestLineBytes)
	} else if err != nil {
		return nil, fmt.Errorf("read events: %w", err)
	}
	err = nil
	p.flushFilters(true, func(batch []cursor) { err = errors.Join(err, writeTested(w, batch)) })
	if err != nil {
		return nil, err
	}
	return warningFindings(p.Warnings()), nil
}

// writeTested writes what came out of the filters.
func writeTested(w *bufio.Writer, batch []cursor) error {
	for _, c := range batch {
		if c.ev.Cancelled() {
			continue
		}
		line := append(c.ev.AppendJSON(w.AvailableBuffer()), '\n')
		if _, err := w.Write(line); err != nil {
			return fmt.Errorf("write events: %w", err)
		}
	}
	if err := w.Flush(); err != nil { // line by line, so that it can stand in a pipe
		return fmt.Errorf("write events: %w", err)
	}
	return nil
}
