package pattern

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

var rewrite = flag.Bool("rewrite", false, "write the answers of this run into testdata")

// TestLibrary runs testdata/library.txt: lines that the built-in patterns are made for, and what both layouts capture.
func TestLibrary(t *testing.T) {
	const path = "testdata/library.txt"
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	unescape := strings.NewReplacer(`\t`, "\t", `\n`, "\n")
	for line := range strings.Lines(string(file)) {
		if line[0] == '#' {
			got.WriteString(line)
		}
		rest, ok := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "> ")
		if !ok {
			continue
		}
		name, text, _ := strings.Cut(rest, " | ")
		fmt.Fprintf(&got, "> %s\n", rest)
		for _, layout := range []struct {
			name    string
			library *Library
		}{{"legacy", NewLibrary()}, {"ecs", NewECSLibrary()}} {
			fmt.Fprintf(&got, "%s: %s\n", layout.name, tryPattern(t, layout.library, name, unescape.Replace(text)))
		}
	}
	if *rewrite {
		if err := os.WriteFile(path, []byte(got.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if got.String() != string(file) {
		t.Errorf("testdata/library.txt has other answers (see -rewrite):\n%s", firstDifference(got.String(), string(file)))
	}
}

func tryPattern(t *testing.T, library *Library, name, text string) string {
	t.Helper()
	g, err := library.Compile("^%{"+name+"}", GrokOptions{})
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return ""
	}
	names, values, err := g.Captures(text)
	if err != nil || names == nil {
		t.Errorf("%s does not match %q (%v)", name, text, err)
		return "no match"
	}
	var pairs []string
	for i := range names {
		pairs = append(pairs, fmt.Sprintf("%s=%q", names[i], values[i]))
	}
	return strings.Join(pairs, " ")
}

func firstDifference(got, want string) string {
	a, b := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range a {
		if i >= len(b) || a[i] != b[i] {
			return fmt.Sprintf("line %d:\n got %s\nwant %s", i+1, a[i], slices.Concat(b, make([]string, len(a)))[i])
		}
	}
	return ""
}
