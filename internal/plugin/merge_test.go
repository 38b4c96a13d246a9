package plugin

import (
	"fmt"
	"testing"
)

// TestOptionGivenAgain holds the merge of repeated options against what Logstash makes of them.
func TestOptionGivenAgain(t *testing.T) {
	text := func(s string) Value { return Value{Kind: Text, Str: s} }
	list := func(items ...Value) Value { return Value{Kind: List, List: items} }
	hash := func(pairs ...Pair) Value { return Value{Kind: Map, Pairs: pairs} }
	pair := func(key string, v Value) Pair { return Pair{Key: key, Value: v} }
	f := func(kind Kind, want string, values ...Value) {
		t.Helper()
		block := &BlockConfig{Name: "any"}
		for _, v := range values {
			block.Options = append(block.Options, pair("o", v))
		}
		s, err := NewSettings(block, []Option{{Name: "o", Kind: kind}})
		if err != nil {
			if got := err.Error(); got != want {
				t.Errorf("got %s, want %s", got, want)
			}
			return
		}
		v, _ := s.Value("o")
		if got := show(v); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	f(Strings, "[a b]", text("a"), text("b"))
	f(Strings, "a", text("a"), text("a"))
	f(Strings, "[a b c]", list(text("a")), list(text("b")), text("c"))
	f(String, "a", text("a"), text("a"))
	f(Field, "a", list(text("a")))
	f(String, `any: option "o": wants a string, not an array`, list(text("a"), text("b")))
	f(String, `any: option "o": wants a string, not an array`, list())
	f(String, `any: option "o": is given twice, with different values`, text("a"), text("b"))
	f(Codec, `any: option "o": is given twice, with different values`, text("plain"), text("json"))
	f(Hash, "{k=a l=b}", hash(pair("k", text("a"))), hash(pair("l", text("b"))))
	f(Hash, "{k=[a b]}", hash(pair("k", text("a"))), hash(pair("k", text("b"))))
	f(Hash, "{k=a}", hash(pair("k", text("a"))), hash(pair("k", text("a"))))
	f(Hash, "{k=[a b c]}", hash(pair("k", list(text("a")))), hash(pair("k", list(text("b"), text("c")))))
	f(Hash, "{k={x=1 y=2}}", hash(pair("k", hash(pair("x", text("1"))))), hash(pair("k", hash(pair("y", text("2"))))))
	f(Any, `any: option "o": is given twice, once as a hash and once not`, hash(), text("a"))
}

// show writes a value in short.
func show(v Value) string {
	switch v.Kind {
	case List:
		texts := make([]string, len(v.List))
		for i, item := range v.List {
			texts[i] = show(item)
		}
		return fmt.Sprint(texts)
	case Map:
		out := "{"
		for i, p := range v.Pairs {
			if i > 0 {
				out += " "
			}
			out += p.Key + "=" + show(p.Value)
		}
		return out + "}"
	}
	return v.Str
}
