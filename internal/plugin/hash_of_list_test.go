package plugin

import (
	"strings"
	"testing"
)

func TestHashWrittenAsArray(t *testing.T) {
	text := func(s string) Value { return Value{Kind: Text, Str: s} }
	list := func(items ...Value) Value { return Value{Kind: List, List: items} }
	settings := func(v Value) (*Settings, error) {
		block := &BlockConfig{Name: "grok", Options: []Pair{{Key: "match", Value: v}}}
		return NewSettings(block, []Option{{Name: "match", Kind: Hash}})
	}
	s, err := settings(list(text("message"), text("a"), text("other"), list(text("b"), text("c")), text("message"), text("d")))
	if err != nil {
		t.Fatal(err)
	}
	pairs := s.Pairs("match")
	if len(pairs) != 2 || pairs[0].Key != "message" || pairs[0].Value.Str != "d" || len(pairs[1].Value.List) != 2 {
		t.Errorf("got %+v", pairs)
	}
	for _, v := range []Value{list(text("message")), list(), list(list(text("a")), text("b"))} {
		if _, err := settings(v); err == nil || !strings.Contains(err.Error(), "wants a hash, not an array") {
			t.Errorf("%+v: got %v", v, err)
		}
	}
}
