package wildcard

import (
	"strings"
	"testing"
)

func TestMatch(t *testing.T) {
	f := func(pattern, name string, want bool) {
		t.Helper()
		if got := Match(pattern, name); got != want {
			t.Errorf("%q, %q: %v", pattern, name, got)
		}
	}
	f("", "", true)
	f("", "a", false)
	f("*", "", true)
	f("*", "anything", true)
	f("**", "anything", true)
	f("logs", "logs", true)
	f("logs", "logs-1", false)
	f("logs-*", "logs-", true)
	f("logs-*", "logs", false)
	f("*-2026", "logs-2026", true)
	f("*-2026", "logs-2026-1", false)
	f("a*b*c", "a-b-b-c", true)
	f("a*b*c", "a-c-b", false)
	f("*ab", "aab", true)
	f("?", "a", false) // of itself only
	f("?", "?", true)
	f("*\xff*", "é\xff", true)
	f("é*", "ère", false)
	f(strings.Repeat("*a", 1000)+"b", strings.Repeat("a", 2000), false)
}
