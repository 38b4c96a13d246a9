package estest

import (
	"io"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
	"testing"

	"elkhorn/internal/testkit"
)

// Run runs every .txt file of dir as a subtest. start gives each the base URL of a fresh server, such as
// http://127.0.0.1:1234, which ends with the subtest.
func Run(t *testing.T, dir fs.FS, start func(t *testing.T) string) {
	each(t, dir, func(t *testing.T, file string, scenario *testkit.Scenario) {
		r := runner{base: start(t), saved: map[string]string{}}
		for i := range scenario.Steps {
			r.step(t, file, &scenario.Steps[i])
		}
	})
}

// each parses every .txt file of dir and runs a subtest with it.
func each(t *testing.T, dir fs.FS, run func(t *testing.T, file string, scenario *testkit.Scenario)) {
	files, err := fs.Glob(dir, "*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scenarios: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(path.Base(file), ".txt"), func(t *testing.T) {
			text, err := fs.ReadFile(dir, file)
			if err != nil {
				t.Fatal(err)
			}
			scenario, err := testkit.ParseScenario(string(text))
			if err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			run(t, file, scenario)
		})
	}
}

// runner carries the saved values from step to step.
type runner struct {
	base  string
	saved map[string]string
}

// step sends one request and reports how its answer differs. Later steps go on: most do not depend
// on it, and seeing all differences at once is worth more.
func (r *runner) step(t *testing.T, file string, s *testkit.Step) {
	t.Helper()
	status, header, body, err := r.send(t, s)
	fail := func(format string, args ...any) {
		t.Helper()
		t.Errorf("%s:%d: %s %s (%s): "+format+"\n    answer %d: %.1500s",
			append([]any{file, s.Line, s.Method, s.Target, s.Title}, append(args, status, body)...)...)
	}
	if err != nil {
		fail("%v", err)
		return
	}
	if status != s.Status {
		fail("status %d, want %d", status, s.Status)
		return
	}
	for name, want := range s.WantHeader {
		if err := testkit.Match(strconv.Quote(r.fill(want)), strconv.Quote(header.Get(name))); err != nil {
			fail("header %s: %v", name, err)
		}
	}
	if err := testkit.Match(r.fill(s.Want), body); err != nil {
		fail("%v", err)
	}
	for _, save := range s.Save {
		value, err := testkit.Value(body, save.Path)
		if err != nil {
			fail("save %s: %v", save.Name, err)
			continue
		}
		r.saved[save.Name] = value
	}
}

func (r *runner) send(t *testing.T, s *testkit.Step) (status int, header http.Header, body string, err error) {
	var reader io.Reader
	if s.Body != "" {
		reader = strings.NewReader(r.fill(s.Body))
	}
	req, err := http.NewRequestWithContext(t.Context(), s.Method, r.base+r.fill(s.Target), reader)
	if err != nil {
		return 0, nil, "", err
	}
	if s.Body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for name, value := range s.Header {
		if name == "Host" {
			req.Host = value
		}
		req.Header.Set(name, r.fill(value))
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, nil, "", err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	return res.StatusCode, res.Header, string(text), err
}

// fill puts saved values in place of ${NAME}.
func (r *runner) fill(text string) string {
	for name, value := range r.saved {
		text = strings.ReplaceAll(text, "${"+name+"}", value)
	}
	return text
}
