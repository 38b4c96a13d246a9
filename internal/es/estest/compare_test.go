package estest

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"
	"testing/fstest"
)

// answering starts a server that has one answer to everything but refreshes.
func answering(t *testing.T, status int, body string) func(*testing.T) string {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/_refresh" {
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body)
		}
	}))
	t.Cleanup(server.Close)
	return func(*testing.T) string { return server.URL }
}

// TestCompareOutcome runs Compare over pairs of answers in a process of its own, since a comparison that fails
// fails its test.
func TestCompareOutcome(t *testing.T) {
	if scenario := os.Getenv("ESTEST_SCENARIO"); scenario != "" {
		status := http.StatusOK
		if os.Getenv("ESTEST_REFUSE") != "" {
			status = http.StatusBadRequest
		}
		Compare(t, fstest.MapFS{"one.txt": {Data: []byte(scenario)}}, Comparison{
			Ours:   answering(t, http.StatusOK, `{"took":3,"a":1,"b":"x"}`),
			Theirs: answering(t, status, `{"took":7,"a":1,"b":"y"}`),
			Rules:  []Rule{{Path: "took", Reason: "milliseconds"}},
		})
		return
	}
	for _, tc := range []struct{ name, scenario, refuse, want string }{
		{"a difference", "GET /a\n==> 200\n", "", `b: ours "x", theirs "y"`},
		{"a named one", "GET /a\n==> 200\ndiffers b: letters\n", "", ""},
		{"one named for the file", "differs b: letters\n\nGET /a\n==> 200\n", "", ""},
		{"a name in vain", "GET /a\n==> 200\ndiffers b: letters\ndiffers a: numbers\n", "", "nothing differs at a"},
		{"a name of the file in vain", "differs b: letters\ndiffers c: none\n\nGET /a\n==> 200\n", "", "nothing differs at c"},
		{"the status", "GET /a\n==> 200\ndiffers b: letters\n", "1", "<status>: ours 200, theirs 400"},
		{"the whole answer", "GET /a\n==> 200\ndiffers <answer>: all\n", "1", ""},
		{"what is asked only", "GET /a\n==> 200\n{\"a\":1}\ndiffers <unasked>: the rest\n", "", ""},
		{"what is asked differs", "GET /a\n==> 200\n{\"b\":\"x\"}\ndiffers <unasked>: the rest\n", "", `.b is \"y\", want \"x\"`},
		{"a step apart", "compare off: not there\n\nGET /a\n==> 200\n", "", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			cmd := exec.Command(os.Args[0], "-test.run=^TestCompareOutcome$")
			cmd.Env = append(os.Environ(), "ESTEST_SCENARIO="+tc.scenario, "ESTEST_REFUSE="+tc.refuse)
			out, err := cmd.CombinedOutput()
			if (err == nil) != (tc.want == "") || !strings.Contains(string(out), tc.want) {
				t.Errorf("%v, want %q in\n%s", err, tc.want, out)
			}
		})
	}
}
