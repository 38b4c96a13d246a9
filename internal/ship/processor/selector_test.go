package processor

import (
	"testing"

	"elkhorn/internal/plugin"
)

func TestSelector(t *testing.T) {
	rules := list(
		hash("index", text("errors-%{[service.name]}"), "when.equals.level", text("error")),
		hash("index", text("slow"), "when", hash("range", hash("took", hash("gte", number("5"))))),
	)
	s, err := CompileSelector("index", rules, "logs-%{[service.name]}-%{+yyyy.MM.dd}")
	if err != nil {
		t.Fatal(err)
	}
	for in, want := range map[string]string{
		`{"level":"error","service":{"name":"mcp"},"took":9}`: "errors-mcp",
		`{"level":"error","took":9}`:                          "slow", // the first rule's field is not there
		`{"level":"info","service":{"name":"mcp"}}`:           "logs-mcp-1970.01.01",
		`{"level":"info"}`:                                    "none",
	} {
		name, ok := s.Select(nil, parse(t, in))
		if !ok {
			name = []byte("none")
		}
		if string(name) != want {
			t.Errorf("%s goes to %s, want %s", in, name, want)
		}
	}
}

func TestSelectorMistakes(t *testing.T) {
	for name, rules := range map[string]plugin.Value{
		"no list":         hash("index", text("a")),
		"no name":         list(hash("when.equals.a", text("b"))),
		"no condition":    list(hash("index", text("a"), "when", hash())),
		"two conditions":  list(hash("index", text("a"), "when", hash("equals.a", text("b"), "contains.a", text("b")))),
		"unknown":         list(hash("index", text("a"), "default", text("b"))),
		"no field":        list(hash("index", text("a-%{[]}"))),
		"default in name": list(hash("index", text("a-%{[b]:c}"))),
	} {
		if _, err := CompileSelector("index", rules, ""); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
