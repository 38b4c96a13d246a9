package estest

import (
	"io/fs"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"elkhorn/internal/testkit"
)

// Rule says where two servers' answers may differ whatever the request.
type Rule struct {
	Path string // with stars, as testkit.ParseNames has them
	// Same reports whether the two values are as good as the same there; nil accepts any.
	Same   func(ours, theirs any) bool
	Reason string
}

// Comparison is what Compare needs to know of the two servers.
type Comparison struct {
	// Ours and Theirs give each file the base URL of an empty server.
	Ours, Theirs func(t *testing.T) string
	Rules        []Rule
	// Plain takes out of the text of an answer what differs in every run, such as dates in names; nil for nothing.
	Plain func(body string) string
}

// Compare sends the steps of every .txt file of dir to two servers and compares the answers whole. A
// difference that neither a rule nor the scenario names fails the test, and so does a name without a
// difference, so that the list of differences stays true.
func Compare(t *testing.T, dir fs.FS, with Comparison) {
	each(t, dir, func(t *testing.T, file string, scenario *testkit.Scenario) {
		c := comparison{
			file:   file,
			ours:   runner{base: with.Ours(t), saved: map[string]string{}},
			theirs: runner{base: with.Theirs(t), saved: map[string]string{}},
			with:   &with, everywhere: scenario.Differs, used: map[string]bool{},
		}
		for i := range scenario.Steps {
			c.step(t, &scenario.Steps[i])
		}
		for _, name := range scenario.Differs {
			if !c.used[name.Path] {
				t.Errorf("%s: nothing differs at %s", file, name.Path)
			}
		}
	})
}

type comparison struct {
	file         string
	ours, theirs runner
	with         *Comparison
	everywhere   []testkit.Named
	used         map[string]bool // paths of everywhere
}

// reply is an answer to one step.
type reply struct {
	status int
	header http.Header
	body   string
}

func (c *comparison) step(t *testing.T, s *testkit.Step) {
	t.Helper()
	ours, ok := c.ours.ask(t, c.file, s)
	if !ok || s.Apart != "" {
		return
	}
	// Here a document can be searched once it is acknowledged; elsewhere only after a refresh.
	if _, _, _, err := c.theirs.send(t, &testkit.Step{Method: http.MethodPost, Target: "/_refresh"}); err != nil {
		t.Fatal(err)
	}
	theirs, ok := c.theirs.ask(t, c.file, s)
	if !ok {
		return
	}
	found := c.unruled(c.differences(s, ours, theirs))
	left := c.unnamed(t, s, found)
	if len(left) == 0 {
		return
	}
	const most = 12
	var list strings.Builder
	for _, d := range left[:min(most, len(left))] {
		list.WriteString("\n      " + d.String())
	}
	if len(left) > most {
		list.WriteString("\n      and " + strconv.Itoa(len(left)-most) + " more")
	}
	t.Errorf("%s:%d: %s %s (%s): the answers differ%s\n    ours   %d: %.700s\n    theirs %d: %.700s",
		c.file, s.Line, s.Method, s.Target, s.Title, list.String(), ours.status, ours.body, theirs.status, theirs.body)
}

// ask sends a step and saves what it says to save.
func (r *runner) ask(t *testing.T, file string, s *testkit.Step) (reply, bool) {
	t.Helper()
	status, header, body, err := r.send(t, s)
	if err != nil {
		t.Errorf("%s:%d: %s %s: %v", file, s.Line, s.Method, s.Target, err)
		return reply{}, false
	}
	for _, save := range s.Save {
		// What is not there makes later steps differ, which is reported with both answers.
		if value, err := testkit.Value(body, save.Path); err == nil {
			r.saved[save.Name] = value
		}
	}
	return reply{status, header, body}, true
}

// unasked names all that a step does not expect.
const unasked = "<unasked>"

// named finds the members of an answer that are named by the identifier of a node or an index.
var named = regexp.MustCompile(`"[A-Za-z0-9_-]{22}"\s*:`)

// plain is the text of an answer without what servers make up.
func (c *comparison) plain(body string) string {
	if c.with.Plain != nil {
		body = c.with.Plain(body)
	}
	return named.ReplaceAllStringFunc(body, func(member string) string {
		if strings.ContainsAny(member, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") { // else it is a word of that length
			return `"ID":`
		}
		return member
	})
}

// differences compares two answers: status, the headers that the step expects, body. Where the step leaves what
// it does not ask for out of the comparison, the other server's answer has to be as the step expects.
func (c *comparison) differences(s *testkit.Step, ours, theirs reply) []testkit.Difference {
	var found []testkit.Difference
	if slices.ContainsFunc(s.Differs, func(n testkit.Named) bool { return n.Path == unasked }) {
		if err := testkit.Match(c.theirs.fill(s.Want), theirs.body); err != nil {
			found = append(found, testkit.Difference{Path: "<expected>", Ours: "as expected", Theirs: err.Error()})
		}
	} else {
		found = testkit.Differences(c.plain(ours.body), c.plain(theirs.body))
	}
	if ours.status != theirs.status {
		found = append([]testkit.Difference{{Path: "<status>", Ours: ours.status, Theirs: theirs.status}}, found...)
	}
	for name := range s.WantHeader {
		if a, b := ours.header.Get(name), theirs.header.Get(name); a != b {
			found = append(found, testkit.Difference{Path: "<" + name + ">", Ours: a, Theirs: b})
		}
	}
	return found
}

// unruled leaves out what the rules accept.
func (c *comparison) unruled(found []testkit.Difference) []testkit.Difference {
	return slices.DeleteFunc(found, func(d testkit.Difference) bool {
		return slices.ContainsFunc(c.with.Rules, func(r Rule) bool {
			return testkit.ParseNames(r.Path).Has(d.Path) && (r.Same == nil || r.Same(d.Ours, d.Theirs))
		})
	})
}

// unnamed leaves out what the scenario names, and fails for what it names in vain.
func (c *comparison) unnamed(t *testing.T, s *testkit.Step, found []testkit.Difference) []testkit.Difference {
	t.Helper()
	seen := map[string]bool{}
	has := func(list []testkit.Named, used map[string]bool, path string) bool {
		hit := false
		for _, name := range list {
			if name.Path == "<answer>" || testkit.ParseNames(name.Path).Has(path) {
				used[name.Path], hit = true, true
			}
		}
		return hit
	}
	left := slices.DeleteFunc(slices.Clone(found), func(d testkit.Difference) bool {
		step := has(s.Differs, seen, d.Path)
		return has(c.everywhere, c.used, d.Path) || step
	})
	for _, name := range s.Differs {
		if !seen[name.Path] && name.Path != unasked {
			t.Errorf("%s:%d: %s %s: nothing differs at %s", c.file, s.Line, s.Method, s.Target, name.Path)
		}
	}
	return left
}
