package exec

import (
	"slices"
	"testing"

	"elkhorn/internal/es/jsonval"
)

func TestEachAt(t *testing.T) {
	tests := []struct {
		doc, path string
		want      []string
	}{
		{`{"a":1}`, "a", []string{"1"}},
		{`{"a" : 1 , "b":2}`, "a", []string{"1"}},
		{`{"a":{"b":"x"}}`, "a.b", []string{`"x"`}},
		{`{"a.b":"x","a":{"b":[1,[2]]}}`, "a.b", []string{`"x"`, "1", "2"}},
		{`{"a":[{"b":1},{"b":null},{"c":3}]}`, "a.b", []string{"1", "null"}},
		{`{"a":{"b":1}}`, "a", []string{`{"b":1}`}},
		{`{"ab":1,"a":{"bc":2}}`, "a.b", nil},
		{`{"a":"}","b":"\"","c":true}`, "c", []string{"true"}},
		{`{"\u0061":{"x":[ ] ,"b":-1.5e3 }}`, "a.b", []string{"-1.5e3"}},
	}
	for _, tt := range tests {
		var got []string
		eachAt([]byte(tt.doc), tt.path, func(v []byte) { got = append(got, string(v)) })
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s at %s: got %q, want %q", tt.doc, tt.path, got, tt.want)
		}
	}
}

// FuzzEachAt compares with a walk over the parsed document.
func FuzzEachAt(f *testing.F) {
	for _, seed := range [][2]string{{`{"a":[{"b":1},{"b":[2,{"c":3}]}],"a.b":"x"}`, "a.b"}, {`{"x":{"y":"\\\""}}`, "x.y"}, {`[1]`, ""}} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, doc, path string) {
		var got, want []string
		eachAt([]byte(doc), path, func(v []byte) { got = append(got, string(v)) }) // it ends, whatever the text
		n, err := jsonval.Parse([]byte(doc))
		if err != nil || n.Kind != jsonval.Object || path == "" {
			return
		}
		valuesAt(n, path, func(v []byte) { want = append(want, string(v)) })
		if !slices.Equal(got, want) {
			t.Errorf("%s at %q: got %q, want %q", doc, path, got, want)
		}
	})
}

func valuesAt(n *jsonval.Node, rest string, fn func([]byte)) {
	switch {
	case n.Kind == jsonval.Array:
		for i := range n.Items {
			valuesAt(&n.Items[i], rest, fn)
		}
	case rest == "":
		fn(n.Raw)
	case n.Kind == jsonval.Object:
		for i, key := range n.Keys {
			if below, on := below(rest, jsonval.AppendString(nil, key)[1:len(jsonval.AppendString(nil, key))-1]); on {
				valuesAt(&n.Items[i], below, fn)
			}
		}
	}
}
