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

// realLogs are the lines of the test data's log files, each as the document that a shipper without
// any configuration would send.
func realLogs(testdata string) (docs documents, files, lines int, err error) {
	paths, err := logFiles(testdata)
	if err != nil {
		return nil, 0, 0, err
	}
	var rest [][]byte // of each document: what follows the time
	for _, path := range paths {
		if rest, err = appendLines(rest, path); err != nil {
			return nil, 0, 0, err
		}
	}
	if len(rest) == 0 {
		return nil, 0, 0, fmt.Errorf("no log lines below %s", testdata)
	}
	at, n := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC), 0
	next := func(dst []byte) ([]byte, bool) {
		if n == len(rest) {
			return dst, false
		}
		at = at.Add(37 * time.Millisecond)
		dst = at.AppendFormat(append(dst, `{"@timestamp":"`...), "2006-01-02T15:04:05.000Z")
		dst = append(append(dst, '"', ','), rest[n]...)
		n++
		return dst, true
	}
	return next, len(paths), len(rest), nil
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

// appendLines reads a file's lines, the empty ones left out, as the ends of JSON objects.
func appendLines(rest [][]byte, path string) ([][]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	scanner := bufio.NewScanner(f)
	scanner.Buffer(nil, 1<<20)
	for scanner.Scan() {
		if scanner.Text() == "" {
			continue
		}
		object, err := json.Marshal(struct {
			Message string `json:"message"`
			File    string `json:"file"`
		}{scanner.Text(), filepath.Base(path)})
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", path, err)
		}
		rest = append(rest, object[1:]) // without the opening brace
	}
	if err := scanner.Err(); err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	return rest, nil
}
