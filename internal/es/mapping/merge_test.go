package mapping

import (
	"strings"
	"testing"
)

func TestMerge(t *testing.T) {
	tests := []struct{ name, a, b, want string }{
		{"new field", `{"properties":{"a":{"type":"long"}}}`, `{"properties":{"b":{"type":"long"}}}`,
			`{"properties":{"a":{"type":"long"},"b":{"type":"long"}}}`},
		{"deeper", `{"properties":{"o":{"properties":{"a":{"type":"long"}}}}}`, `{"properties":{"o.b":{"type":"ip"}}}`,
			`{"properties":{"o":{"properties":{"a":{"type":"long"},"b":{"type":"ip"}}}}}`},
		{"new multi-field", `{"properties":{"m":{"type":"text"}}}`, `{"properties":{"m":{"type":"text","fields":{"k":{"type":"keyword"}}}}}`,
			`{"properties":{"m":{"type":"text","fields":{"k":{"type":"keyword"}}}}}`},
		{"ignore_above", `{"properties":{"a":{"type":"keyword"}}}`, `{"properties":{"a":{"type":"keyword","ignore_above":10}}}`,
			`{"properties":{"a":{"type":"keyword","ignore_above":10}}}`},
		{"dynamic", `{"dynamic":"strict"}`, `{"dynamic":false}`, `{"dynamic":"false"}`},
		{"detection", `{"date_detection":false}`, `{"_meta":{"a":1}}`, `{"date_detection":false,"_meta":{"a":1}}`},
		{"constant_keyword's value", `{"properties":{"c":{"type":"constant_keyword"}}}`, `{"properties":{"c":{"type":"constant_keyword","value":"x"}}}`,
			`{"properties":{"c":{"type":"constant_keyword","value":"x"}}}`},
		{"constant_keyword keeps its value", `{"properties":{"c":{"type":"constant_keyword","value":"x"}}}`, `{"properties":{"c":{"type":"constant_keyword"}}}`,
			`{"properties":{"c":{"type":"constant_keyword","value":"x"}}}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a, b := mustParse(t, tt.a), mustParse(t, tt.b)
			before := printed(a)
			m, err := Merge(a, b)
			if err != nil {
				t.Fatal(err)
			}
			if got := printed(m); got != tt.want {
				t.Errorf("merged\n%s\nwant\n%s", got, tt.want)
			}
			if printed(a) != before {
				t.Errorf("the old version was changed: %s", printed(a))
			}
		})
	}
}

func TestMergeRefuses(t *testing.T) {
	tests := []struct{ a, b, want string }{
		{`{"properties":{"a":{"type":"long"}}}`, `{"properties":{"a":{"type":"keyword"}}}`,
			"mapper [a] cannot be changed from type [long] to [keyword]"},
		{`{"properties":{"o":{"properties":{"a":{"type":"long"}}}}}`, `{"properties":{"o.a":{"type":"text"}}}`,
			"mapper [o.a] cannot be changed from type [long] to [text]"},
		{`{"properties":{"a":{"type":"long"}}}`, `{"properties":{"a.b":{"type":"long"}}}`,
			"can't merge a non object mapping [a] with an object mapping"},
		{`{"properties":{"a.b":{"type":"long"}}}`, `{"properties":{"a":{"type":"long"}}}`,
			"can't merge an object mapping [a] with a non object mapping"},
		{`{"properties":{"a":{"type":"keyword"}}}`, `{"properties":{"a":{"type":"keyword","doc_values":false}}}`,
			"Mapper for [a] conflicts with existing mapper:\n\tCannot update parameter [doc_values] from [true] to [false]"},
		{`{"properties":{"a":{"type":"text"}}}`, `{"properties":{"a":{"type":"text","analyzer":"simple"}}}`,
			"Cannot update parameter [analyzer] from [null] to [simple]"},
		{`{"properties":{"n":{"type":"nested"}}}`, `{"properties":{"n":{"type":"object"}}}`, "from nested to non-nested"},
		{`{"properties":{"o":{"type":"object"}}}`, `{"properties":{"o":{"type":"nested"}}}`, "from non-nested to nested"},
		{`{"properties":{"a":{"type":"text","norms":false}}}`, `{"properties":{"a":{"type":"text"}}}`, "Cannot update parameter [norms] from [false] to [true]"},
	}
	for _, tt := range tests {
		_, err := Merge(mustParse(t, tt.a), mustParse(t, tt.b))
		if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.HasPrefix(err.Error(), "illegal_argument_exception") {
			t.Errorf("%s + %s:\n got %v\nwant %s", tt.a, tt.b, err, tt.want)
		}
	}
}

func TestMergeKeepsNumbers(t *testing.T) {
	a := mustParse(t, `{"properties":{"m":{"type":"text","fields":{"z":{"type":"keyword"}}},"x":{"type":"long"}}}`)
	b := mustParse(t, `{"properties":{"a":{"type":"long"},"m":{"type":"text","fields":{"b":{"type":"keyword"}}},"x":{"type":"long"}}}`)
	m, err := Merge(a, b)
	if err != nil {
		t.Fatal(err)
	}
	for _, old := range a.Fields() {
		if got := m.Fields()[old.Ord].Path; got != old.Path {
			t.Errorf("number %d was %s and is %s", old.Ord, old.Path, got)
		}
	}
	if len(m.Fields()) != 5 {
		t.Errorf("%d leaves, want 5", len(m.Fields()))
	}
	if b.Lookup("a").Ord == m.Lookup("a").Ord {
		t.Error("the added field is shared with its own mapping")
	}
}

func TestOverlay(t *testing.T) {
	a := mustParse(t, `{"dynamic_templates":[{"x":{"match":"x","mapping":{"type":"long"}}}],"properties":{"a":{"type":"long"},"b":{"type":"ip"},"o.c":{"type":"long"}}}`)
	b := mustParse(t, `{"dynamic_templates":[{"y":{"match":"y","mapping":{"type":"long"}}}],"properties":{"a":{"type":"keyword"},"o.d":{"type":"long"}}}`)
	m, err := Overlay(a, b)
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"dynamic_templates":[{"x":{"match":"x","mapping":{"type":"long"}}},{"y":{"match":"y","mapping":{"type":"long"}}}],"properties":{"a":{"type":"keyword"},"b":{"type":"ip"},"o":{"properties":{"c":{"type":"long"},"d":{"type":"long"}}}}}`
	if got := printed(m); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	for i, f := range m.Fields() {
		if f == nil || f.Ord != i {
			t.Fatalf("leaf %d is %v", i, f)
		}
	}
}

// TestOverlayNested lets later templates overrule what earlier ones say of a nested object.
func TestOverlayNested(t *testing.T) {
	m := mustParse(t, `{"properties":{"n":{"type":"nested","include_in_root":true},"k":{"type":"nested","include_in_root":true},"o":{"type":"nested","include_in_parent":true}}}`)
	m, err := Overlay(m, mustParse(t, `{"properties":{"n":{"type":"nested","include_in_root":false,"include_in_parent":true},"k":{"type":"nested"},"o":{"type":"object"}}}`))
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"properties":{"k":{"type":"nested","include_in_root":true},"n":{"type":"nested","include_in_parent":true},"o":{"type":"object"}}}`
	if got := printed(m); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// TestIncludeStays refuses to change on a live index where nested fields go.
func TestIncludeStays(t *testing.T) {
	a := mustParse(t, `{"properties":{"n":{"type":"nested","include_in_root":true}}}`)
	if _, err := Merge(a, mustParse(t, `{"properties":{"n":{"type":"nested","include_in_root":true,"properties":{"x":{"type":"long"}}}}}`)); err != nil {
		t.Error(err)
	}
	_, err := Merge(a, mustParse(t, `{"properties":{"n":{"type":"nested"}}}`))
	if err == nil || !strings.Contains(err.Error(), "the [include_in_root] parameter can't be updated on a nested object mapping") {
		t.Errorf("got %v", err)
	}
}

func TestCheck(t *testing.T) {
	m := mustParse(t, `{"properties":{"a.b.c":{"type":"long"},"n":{"type":"nested"}}}`)
	for _, tt := range []struct {
		limits Limits
		want   string
	}{
		{DefaultLimits, ""},
		{Limits{Fields: 3}, "Limit of total fields [3] has been exceeded while adding new fields [4]"},
		{Limits{Depth: 2}, "Limit of mapping depth [2] has been exceeded due to object field [a.b]"},
		{Limits{Depth: 3}, ""},
		{Limits{NestedFields: 1}, ""},
	} {
		err := m.Check(tt.limits, nil)
		if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
			t.Errorf("%+v: %v, want %q", tt.limits, err, tt.want)
		}
	}
	if err := m.Check(Limits{Fields: 3}, m); err != nil {
		t.Errorf("a mapping that did not grow: %v", err)
	}
}
