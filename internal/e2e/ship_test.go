package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// loghubConfig ships copies of files to a program of its own.
const loghubConfig = `filebeat.inputs:
  - type: log
    paths: ['%s/*.log*']
    scan_frequency: 1s
output.logstash:
  hosts: ['127.0.0.1:%s']
`

// plainPipeline keeps lines as they are.
const plainPipeline = `input {
  beats { host => "127.0.0.1" port => %s }
}
output {
  elasticsearch { hosts => ["http://elasticsearch:9200"] index => "plain" }
}
`

// TestLoghub ships real logs of sixteen systems from one process to another.
func TestLoghub(t *testing.T) {
	t.Parallel()
	logs := t.TempDir()
	files := copyLogs(t, testdata(t, "data", "loghub"), logs)
	if len(files) != 16 {
		t.Fatalf("%d files of sixteen systems", len(files))
	}
	shipFiles(t, logs, files)
}

// TestShip ships files of several kinds from one process to another.
func TestShip(t *testing.T) {
	t.Parallel()
	logs, files := t.TempDir(), map[string]string{}
	for name, text := range map[string]string{
		"unix.log":         "one\ntwo\nthree\n",
		"windows.log":      "one\r\ntwo\r\nthree\r\n",
		"unterminated.log": "one\ntwo\nno end ye",
		"umlaut.log":       "größer\nüber\n日本語\n",
		"json.log":         `{"level":"info","message":"decoded by nobody who was not asked"}` + "\n",
	} {
		files[writeFile(t, logs, name, text)] = text
	}
	shipFiles(t, logs, files)
}

// shipFiles ships a folder from one process to another. Every line must arrive once, with its bytes; a last line without its
// end must wait for it.
func shipFiles(t *testing.T, logs string, files map[string]string) {
	t.Helper()
	beats := freePort(t)
	p := start(t, "up", "--data", t.TempDir(), "--http", "127.0.0.1:0", "--ui", "off",
		"--pipelines", writeFile(t, t.TempDir(), "plain.conf", fmt.Sprintf(plainPipeline, beats)))
	config := writeFile(t, t.TempDir(), "filebeat.yml", fmt.Sprintf(loghubConfig, logs, beats))
	shipper := launch(t, nil, "ship", "run", "-c", config, "--data", t.TempDir())

	total, unterminated := 0, 0
	for _, text := range files {
		total += strings.Count(text, "\n")
		if !strings.HasSuffix(text, "\n") {
			unterminated++
		}
	}
	p.waitForCount("plain", "", total)
	p.checkLines(files)

	for path, text := range files {
		if !strings.HasSuffix(text, "\n") {
			appendTo(t, path, "\n")
			files[path] = text + "\n"
		}
	}
	p.waitForCount("plain", "", total+unterminated)
	p.checkLines(files)
	shipper.stop()
	p.stop()
	t.Logf("%d lines, %d of them unterminated at first", total+unterminated, unterminated)
}

// checkLines checks that exactly the finished lines of files are stored, without their line ends.
func (p *process) checkLines(files map[string]string) {
	p.tb.Helper()
	stored := map[string][]string{}
	p.scan("plain", matchAll, func(d document) {
		fields := d.fields(p.tb)
		log := fields["log"].(map[string]any)
		path := log["file"].(map[string]any)["path"].(string)
		stored[path] = append(stored[path], fields["message"].(string))
	})
	for path, text := range files {
		var want []string
		for line := range strings.Lines(text) {
			if whole, ended := strings.CutSuffix(line, "\n"); ended {
				want = append(want, strings.TrimSuffix(whole, "\r"))
			}
		}
		got := stored[path]
		slices.Sort(want)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			p.tb.Errorf("%s: %d lines stored, %d in the file, or their text differs", filepath.Base(path), len(got), len(want))
		}
	}
}

// copyLogs copies the logs of a folder to another and gives the copies' texts by path.
func copyLogs(t *testing.T, from, to string) map[string]string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(from, "*.log"))
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	for _, path := range paths {
		text := readFile(t, path)
		texts[writeFile(t, to, filepath.Base(path), text)] = text
	}
	return texts
}

func appendTo(tb testing.TB, path, text string) {
	tb.Helper()
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		tb.Fatal(err)
	}
	if _, err := f.WriteString(text); err != nil {
		tb.Fatal(err)
	}
	if err := f.Close(); err != nil {
		tb.Fatal(err)
	}
}

// TestShipKill kills a shipper and its receiver in turn, each a process of its own, while a file grows and is rotated.
func TestShipKill(t *testing.T) {
	t.Parallel()
	logs, beats := t.TempDir(), freePort(t)
	growing := &fileLoad{path: filepath.Join(logs, "app.log")}
	receiverArgs := []string{"up", "--data", t.TempDir(), "--http", "127.0.0.1:0", "--ui", "off",
		"--pipelines", writeFile(t, t.TempDir(), "plain.conf", fmt.Sprintf(plainPipeline, beats))}
	shipperArgs := []string{"ship", "run", "-c", writeFile(t, t.TempDir(), "filebeat.yml", fmt.Sprintf(loghubConfig, logs, beats)), "--data", t.TempDir()}
	finish := startLoad(t, newGate(), growing)
	receiver, shipper := start(t, receiverArgs...), launch(t, nil, shipperArgs...)
	const kills = 4
	for round := range kills {
		before := receiver.count("plain", "")
		eventually(t, "more lines", func() (bool, string) {
			return receiver.count("plain", "") > before, shipper.stderr.String()
		})
		if round%2 == 0 {
			shipper.kill()
			shipper = launch(t, nil, shipperArgs...)
		} else {
			receiver.kill()
			receiver = start(t, receiverArgs...)
		}
	}
	finish()
	receiver.verifyLines("plain", growing)
	shipper.stop()
	receiver.stop()
}
