package painless

import (
	"bufio"
	"errors"
	"os"
	"strings"
	"testing"

	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

func init() { panicOnFaults = true }

func parseJSON(t testing.TB, text string) Value {
	t.Helper()
	n, err := jsonval.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return FromJSON(n)
}

// outcomeOf runs a script and shows its value or what went wrong.
func outcomeOf(source string, ctx Context, env *Env) string {
	s, err := Compile(source, ctx)
	if err != nil {
		return "!! " + cause(err).Reason
	}
	v, err := s.Run(env)
	if err != nil {
		c := cause(err)
		return "! " + c.Type + ": " + c.Reason
	}
	return v.String()
}

// cause is what lies behind a script_exception.
func cause(err error) *eserr.Error {
	var e *eserr.Error
	if !errors.As(err, &e) {
		return eserr.New(500, "foreign", "%v", err)
	}
	if e.CausedBy != nil {
		return e.CausedBy
	}
	return e
}

func TestValues(t *testing.T) {
	f, err := os.Open("testdata/values.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	count := 0
	for lines.Scan() {
		line := lines.Text()
		if line == "" || strings.HasPrefix(line, "#") || strings.HasPrefix(line, "//") {
			continue
		}
		at := strings.LastIndex(line, " => ")
		if at < 0 {
			t.Fatalf("no => in %q", line)
		}
		source, want := line[:at], line[at+4:]
		env := &Env{Vars: []Value{MapOf(parseJSON(t, `{"x":1,"y":2,"list":[{"name":"n"}]}`).Map().ReadOnly())}}
		if got := outcomeOf(source, Test, env); got != want {
			t.Errorf("%s\n   got %s\n  want %s", source, got, want)
		}
		count++
	}
	if count < 150 {
		t.Errorf("only %d scripts ran", count)
	}
}
