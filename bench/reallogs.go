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
// any configuration would send. The files are repeated rounds times, with the time going on, so that
// there is enough to measure; a repeated line helps compression, which is why 1 is the figure to quote.
func realLogs(testdata string, rounds int) (docs documents, files, lines int, err error) {
	paths, err := logFiles(testdata)
	if err != nil {
		return nil, 0, 0, err
	}
	var all [][2]string // file, line
	for _, path := range paths {
		if all, err = appendLines(all, path); err != nil {
			return nil, 0, 0, err
		}
	}
	if len(all) == 0 {
		return nil, 0, 0, fmt.Errorf("no log lines below %s", testdata)
	}
	at, n := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC), 0
	next := func(dst []byte) ([]byte, bool) {
		if n == rounds*len(all) {
			return dst, false
		}
		line := all[n%len(all)]
		n++
		at = at.Add(37 * time.Millisecond)
		doc, err := json.Marshal(struct {
			Time    string `json:"@timestamp"`
			Message string `json:"message"`
			File    string `json:"file"`
		}{at.Format("2006-01-02T15:04:05.000Z"), line[1], line[0]})
		if err != nil { // strings always marshal
			return dst, false
		}
		return append(dst, doc...), true
	}
	return next, len(paths), len(all), nil
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

func appendLines(all [][2]string, path string) ([][2]string, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	scanner := bufio.NewScanner(f)
	scanner.Buffer(nil, 1<<20)
	for scanner.Scan() {
		if text := scanner.Text(); text != "" {
			all = append(all, [2]string{filepath.Base(path), text})
		}
	}
	if err := scanner.Err(); err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	return all, nil
}
