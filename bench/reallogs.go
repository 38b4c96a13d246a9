package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// realSet is what the log files of the test data become: each line as the document that a shipper
// without any configuration would send.
type realSet struct {
	lines       []logLine
	files       int
	textBytes   int // of the lines, once
	repetitions int
}

// logLine is a line of a log file whose times can be moved.
type logLine struct {
	file  string // as JSON
	parts []linePart
}

// shiftPerRepetition is how far each repetition of the files is moved on: not a whole number of hours or
// days, so that no digit of a time stays as it was.
const shiftPerRepetition = 26*time.Hour + 3*time.Minute + 7*time.Second

// realLogs reads the files, to be repeated until their lines have at least so many bytes.
func realLogs(testdata string, leastBytes int) (*realSet, error) {
	paths, err := logFiles(testdata)
	if err != nil {
		return nil, err
	}
	set := &realSet{files: len(paths), repetitions: 1}
	for _, path := range paths {
		if err := set.read(path); err != nil {
			return nil, fmt.Errorf("read %s: %w", path, err)
		}
	}
	if len(set.lines) == 0 {
		return nil, fmt.Errorf("no log lines below %s", testdata)
	}
	set.repetitions = max(1, (leastBytes+set.textBytes-1)/set.textBytes)
	return set, nil
}

// logFiles are the logs of the test data, in the order of their names.
func logFiles(testdata string) ([]string, error) {
	var paths []string
	for _, folder := range []string{"elastic-examples", "loghub"} {
		found, err := filepath.Glob(filepath.Join(testdata, "data", folder, "*.log"))
		if err != nil {
			return nil, err
		}
		paths = append(paths, found...)
	}
	slices.Sort(paths)
	return paths, nil
}

// read adds a file's lines, the empty ones left out.
func (set *realSet) read(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	name, err := json.Marshal(filepath.Base(path))
	if err != nil {
		return err
	}
	scanner := bufio.NewScanner(f)
	scanner.Buffer(nil, 1<<20)
	for scanner.Scan() {
		text := scanner.Text()
		if text == "" {
			continue
		}
		parts, err := partsOf(text)
		if err != nil {
			return err
		}
		set.textBytes += len(text)
		set.lines = append(set.lines, logLine{file: string(name), parts: parts})
	}
	return scanner.Err()
}

// describe says what the set is, for the report.
func (set *realSet) describe() string {
	return fmt.Sprintf("Real logs: %d files of %s lines, %d times with the times in the lines moved on, %.0f MB of text.",
		set.files, grouped(len(set.lines)), set.repetitions, float64(set.textBytes*set.repetitions)/1e6)
}

// documents are all lines of all repetitions, in steps of 37 ms.
func (set *realSet) documents() documents {
	at, n, repetition := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC), 0, 0
	return func(dst []byte) ([]byte, bool) {
		if n == len(set.lines) {
			n, repetition = 0, repetition+1
		}
		if repetition == set.repetitions {
			return dst, false
		}
		line := &set.lines[n]
		n++
		at = at.Add(37 * time.Millisecond)
		dst = at.AppendFormat(append(dst, `{"@timestamp":"`...), "2006-01-02T15:04:05.000Z")
		dst = append(dst, `","message":"`...)
		for i := range line.parts {
			dst = line.parts[i].append(dst, time.Duration(repetition)*shiftPerRepetition)
		}
		dst = append(dst, `","file":`...)
		return append(append(dst, line.file...), '}'), true
	}
}
