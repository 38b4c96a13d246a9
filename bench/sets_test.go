package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"elkhorn/internal/demo"
)

func TestRealLogs(t *testing.T) {
	root := t.TempDir()
	for name, text := range map[string]string{
		"data/loghub/B.log": "two\n\n\"three\"\\ Jun 14 15:16:01 x\n", "data/elastic-examples/a.log": "one\r\nunterminated", "data/loghub/LICENSE": "not a log",
	} {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	set, err := realLogs(root, 80)
	if err != nil || set.files != 2 || len(set.lines) != 4 || set.repetitions != 2 {
		t.Fatalf("%+v, %v", set, err)
	}
	var messages []string
	next := set.documents()
	for {
		doc, more := next(nil)
		if !more {
			break
		}
		var got struct {
			Time          time.Time `json:"@timestamp"`
			Message, File string
		}
		if err := json.Unmarshal(doc, &got); err != nil || got.Time.IsZero() || got.File == "" {
			t.Fatalf("%s: %v", doc, err)
		}
		messages = append(messages, got.Message)
	}
	if want := []string{"one", "unterminated", "two", `"three"\ Jun 14 15:16:01 x`,
		"one", "unterminated", "two", `"three"\ Jun 15 17:19:08 x`}; !slices.Equal(messages, want) {
		t.Errorf("messages %q, want %q", messages, want)
	}
	if _, err := realLogs(t.TempDir(), 1); err == nil {
		t.Error("a folder without logs was taken")
	}
}

// TestLineTimesMoveOn: unmoved, every line comes out as it went in; moved, its times differ and nothing else.
func TestLineTimesMoveOn(t *testing.T) {
	const shift = 26*time.Hour + 3*time.Minute + 7*time.Second
	for line, want := range map[string]string{
		"2015-10-18 18:01:47,978 INFO":                     "2015-10-19 20:04:54,978 INFO",
		"- 1117838570 2005.06.03 R0 2005-06-03-15.42.50.6": "- 1117932357 2005.06.04 R0 2005-06-04-17.45.57.6",
		"[Sun Dec 04 04:47:44 2005] [notice]":              "[Mon Dec 05 06:50:51 2005] [notice]",
		"Jul  1 09:00:55 host":                             "Jul  2 11:04:02 host",
		"dn228 Nov 9 12:01:01 dn228":                       "dn228 Nov 10 14:04:08 dn228",
		"[17/May/2015:10:05:03 +0000] \"GET":               "[18/May/2015:12:08:10 +0000] \"GET",
		"17/06/09 20:10:40 INFO":                           "17/06/10 22:13:47 INFO",
		"03-17 16:13:38.811  1702":                         "03-18 18:16:45.811  1702",
		"20171223-22:15:29:606|Step":                       "20171225-00:18:36:606|Step",
		"[10.30 16:49:06] chrome":                          "[10.31 18:52:13] chrome",
		"081109 203615 148 INFO":                           "081110 223922 148 INFO",
		"no time, 99-99 99:99:99":                          "no time, 99-99 99:99:99",
	} {
		parts, err := partsOf(line)
		if err != nil {
			t.Fatal(err)
		}
		render := func(shift time.Duration) string {
			var text []byte
			for i := range parts {
				text = parts[i].append(text, shift)
			}
			return strings.ReplaceAll(string(text), `\"`, `"`)
		}
		if got := render(0); got != line {
			t.Errorf("%s came out as %s", line, got)
		}
		if got := render(shift); got != want {
			t.Errorf("%s moved to %s, want %s", line, got, want)
		}
	}
}

// TestSampleLogsHaveTimes: of every file of the test data nearly all lines have a time that moves.
func TestSampleLogsHaveTimes(t *testing.T) {
	testdata := os.Getenv("ELKHORN_TESTDATA")
	if testdata == "" {
		t.Skip("ELKHORN_TESTDATA is not set")
	}
	set, err := realLogs(testdata, 1)
	if err != nil {
		t.Fatal(err)
	}
	lines, timed := map[string]int{}, map[string]int{}
	for _, line := range set.lines {
		lines[line.file]++
		if len(line.parts) > 1 {
			timed[line.file]++
		}
	}
	for file, n := range lines {
		if timed[file] < n*9/10 {
			t.Errorf("%s: %d of %d lines have a time", file, timed[file], n)
		}
	}
}

func TestHostileDocumentsShareNothing(t *testing.T) {
	seen, bytes := map[string]bool{}, 0
	next := hostile(1, 500)
	for n := 0; ; n++ {
		doc, more := next(nil)
		if !more {
			if n != 500 || bytes/n < 600 || bytes/n > 900 {
				t.Errorf("%d documents of %d bytes, want 500 of the size of the others", n, bytes/max(n, 1))
			}
			break
		}
		bytes += len(doc)
		var fields map[string]any
		if err := json.Unmarshal(doc, &fields); err != nil {
			t.Fatalf("%s: %v", doc, err)
		}
		delete(fields, "@timestamp")
		for name, value := range fields {
			if !strings.Contains(string(demo.BenchMapping), `"`+name+`"`) {
				t.Fatalf("the mapping has no %s", name)
			}
			text, _ := value.(string)
			for word := range strings.FieldsSeq(text) {
				if len(word) > 8 && seen[word] {
					t.Errorf("%s occurs twice", word)
				}
				seen[word] = true
			}
		}
	}
}
