package exec

import (
	"strings"
	"testing"
)

func TestCategoryTokens(t *testing.T) {
	for text, want := range map[string]string{
		"Node 1 shutting down.":                          "Node|shutting|down",
		"081109 203615 148 INFO dfs.DataNode$Packet: ok": "INFO|dfs.DataNode|Packet|ok",
		"Mon Jan 5 at /var/log/app.log: user_42 failed":  "at|/var/log/app.log|failed",
		"deadbeef cafe x9 beefy //":                      "beefy",
		"12:30\nsecond line\nthird":                      "second|line",
		"took \x01ms, user_\x01 é_":                      "took|é",
		"":                                               "",
	} {
		var got []string
		categoryTokens([]byte(text), func(token []byte) { got = append(got, string(token)) })
		if strings.Join(got, "|") != want {
			t.Errorf("%q has %q, want %s", text, got, want)
		}
	}
}

func TestCategorizer(t *testing.T) {
	c := newCategorizer(0.7)
	add := func(text string, n int64) *category { return c.add(strings.Fields(text), len(text), n) }
	a := add("connection from client refused by the gateway", 5)
	if b := add("connection from server refused by the gateway", 3); b != a {
		t.Error("one word of seven makes another category")
	}
	if b := add("disk is full", 9); b == a {
		t.Error("other words are in the same category")
	}
	if got := c.name(a); got != "connection from refused by the gateway" || c.list[1] != a || a.count != 8 {
		t.Errorf("category %q with %d", got, a.count)
	}
	if got := c.regex(a); got != ".*?connection.+?from.+?refused.+?by.+?the.+?gateway.*?" {
		t.Error(got)
	}
}

// FuzzCategoryTokens checks that no message panics, and that words stand in it.
func FuzzCategoryTokens(f *testing.F) {
	f.Add([]byte("Node 1 shutting down\n\xff\x01/a-b_@c"))
	f.Fuzz(func(t *testing.T, text []byte) {
		categoryTokens(text, func(token []byte) {
			if len(token) == 0 || !strings.Contains(string(text), string(token)) {
				t.Errorf("word %q", token)
			}
		})
	})
}
