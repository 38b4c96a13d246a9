package mapping

import (
	"strings"
	"testing"
)

func TestInfer(t *testing.T) {
	const templates = `{"dynamic_templates":[
		{"ids":{"match":"*_id","unmatch":"raw_*","match_mapping_type":"string","mapping":{"type":"keyword"}}},
		{"deep":{"path_match":"http.*","path_unmatch":"http.body*","mapping":{"type":"{dynamic_type}","store":true}}},
		{"named":{"match":"^u_.+$","match_pattern":"regex","mapping":{"type":"text","copy_to":"all_{name}"}}},
		{"lists":{"match":"items","match_mapping_type":"object","mapping":{"type":"nested"}}},
		{"longs":{"match_mapping_type":"long","mapping":{"type":"integer"}}},
		{"untyped":{"match":"untyped","mapping":{"index":false}}}]}`
	tests := []struct {
		mapping, path string
		kind          ValueKind
		text, want    string
	}{
		{`{}`, "a", StringValue, "hello", `{"type":"text","fields":{"keyword":{"type":"keyword","ignore_above":256}}}`},
		{`{}`, "a", StringValue, "2026-02-27T10:00:00Z", `{"type":"date"}`},
		{`{}`, "a", StringValue, "2026-02-27", `{"type":"date"}`},
		{`{}`, "a", StringValue, "2026/02/27 10:00:00", `{"type":"date","format":"yyyy/MM/dd HH:mm:ss||yyyy/MM/dd||epoch_millis"}`},
		{`{}`, "a", StringValue, "2026", `{"type":"text","fields":{"keyword":{"type":"keyword","ignore_above":256}}}`},
		{`{}`, "a", StringValue, "2026.02", `{"type":"text","fields":{"keyword":{"type":"keyword","ignore_above":256}}}`},
		{`{"date_detection":false}`, "a", StringValue, "2026-02-27", `{"type":"text","fields":{"keyword":{"type":"keyword","ignore_above":256}}}`},
		{`{"dynamic_date_formats":["dd.MM.yyyy"]}`, "a", StringValue, "27.02.2026", `{"type":"date","format":"dd.MM.yyyy"}`},
		{`{"numeric_detection":true}`, "a", StringValue, "5", `{"type":"long"}`},
		{`{"numeric_detection":true}`, "a", StringValue, "5.5", `{"type":"float"}`},
		{`{}`, "a", IntegerValue, "5", `{"type":"long"}`},
		{`{}`, "a", FloatValue, "5.0", `{"type":"float"}`},
		{`{}`, "a", BoolValue, "true", `{"type":"boolean"}`},
		{`{}`, "a", ObjectValue, "", `{"type":"object"}`},
		{`{"dynamic":"runtime"}`, "a", IntegerValue, "5", `{"type":"long"}`},
		{`{"dynamic":false}`, "a", IntegerValue, "5", "ignored"},
		{`{"dynamic":false,"properties":{"o":{"dynamic":true,"type":"object"}}}`, "o.a", IntegerValue, "5", `{"type":"long"}`},
		{`{"properties":{"o":{"dynamic":"false","type":"object"}}}`, "o.p.a", IntegerValue, "5", "ignored"},
		{`{"dynamic":"strict"}`, "a", IntegerValue, "5", "strict_dynamic_mapping_exception: mapping set to strict, dynamic introduction of [a] within [_doc] is not allowed"},
		{`{"properties":{"o":{"dynamic":"strict","type":"object"}}}`, "o.a", IntegerValue, "5", "dynamic introduction of [a] within [o] is not allowed"},
		{`{}`, "o. ", IntegerValue, "5", "field name cannot contain only whitespace"},
		{templates, "user_id", StringValue, "x", `{"type":"keyword"}`},
		{templates, "raw_id", StringValue, "x", `{"type":"text","fields":{"keyword":{"type":"keyword","ignore_above":256}}}`},
		{templates, "user_id", IntegerValue, "5", `{"type":"integer"}`},
		{templates, "http.method", StringValue, "GET", `{"type":"text","store":true}`},
		{templates, "http.status", IntegerValue, "200", `{"type":"long","store":true}`},
		{templates, "http.body", IntegerValue, "200", `{"type":"integer"}`},
		{templates, "u_x", StringValue, "x", `{"type":"text","copy_to":["all_u_x"]}`},
		{templates, "items", ObjectValue, "", `{"type":"nested"}`},
		{templates, "untyped", StringValue, "x", `{"type":"text","index":false}`},
	}
	for _, tt := range tests {
		m := mustParse(t, tt.mapping)
		f, decision, err := m.Infer(strings.Split(tt.path, "."), tt.kind, tt.text, "")
		var got string
		switch {
		case err != nil:
			got = err.Error()
		case decision == Ignore:
			got = "ignored"
		default:
			got = string(f.append(nil))
			if f.Path != tt.path {
				t.Errorf("%s of %q has path %q", tt.mapping, tt.path, f.Path)
			}
		}
		if got != tt.want && (err == nil || !strings.Contains(got, tt.want)) {
			t.Errorf("%s: %s %q becomes\n     %s\nwant %s", tt.mapping, tt.path, tt.text, got, tt.want)
		}
	}
}

func TestWith(t *testing.T) {
	m := mustParse(t, `{"properties":{"x":{"type":"long"}}}`)
	var added []*Field
	for _, path := range []string{"a.b.c", "a.d", "s"} {
		f, _, err := m.Infer(strings.Split(path, "."), StringValue, "text", "")
		if err != nil {
			t.Fatal(err)
		}
		added = append(added, f)
	}
	grown, err := m.With(added)
	if err != nil {
		t.Fatal(err)
	}
	if got := grown.Lookup("a.b.c.keyword"); got == nil || got.Type != Keyword || got.MultiOf != "a.b.c" {
		t.Errorf("a.b.c.keyword is %+v", got)
	}
	if m.Lookup("a") != nil || len(m.Fields()) != 1 {
		t.Errorf("the old version was changed: %s", printed(m))
	}
	if grown.Fields()[0].Path != "x" || len(grown.Fields()) != 7 {
		t.Errorf("%d leaves, the first is %s", len(grown.Fields()), grown.Fields()[0].Path)
	}
	for _, f := range added {
		if f.Ord != -1 {
			t.Errorf("the given field %s was numbered", f.Path)
		}
	}
	if again := mustParse(t, printed(grown)); printed(again) != printed(grown) {
		t.Error("the grown mapping prints differently once read again")
	}
	// The same field again is no change; as another type it is a conflict.
	if same, err := grown.With(added); err != nil || len(same.Fields()) != 7 {
		t.Errorf("added twice: %v", err)
	}
	f, _, err := m.Infer([]string{"s"}, IntegerValue, "5", "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := grown.With([]*Field{f}); err == nil || !strings.Contains(err.Error(), "mapper [s] cannot be changed from type [text] to [long]") {
		t.Errorf("a conflicting addition: %v", err)
	}
	f, _, err = m.Infer([]string{"x", "y"}, IntegerValue, "5", "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := grown.With([]*Field{f}); err == nil || !strings.Contains(err.Error(), "can't merge a non object mapping [x] with an object mapping") {
		t.Errorf("a field below a leaf: %v", err)
	}
}

func BenchmarkWith(b *testing.B) {
	m := Empty()
	for i := range 500 {
		f, _, _ := m.Infer([]string{"field" + string(rune('a'+i%26)) + strings.Repeat("x", i/26)}, IntegerValue, "1", "")
		m, _ = m.With([]*Field{f})
	}
	f, _, _ := m.Infer([]string{"new"}, StringValue, "x", "")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := m.With([]*Field{f}); err != nil {
			b.Fatal(err)
		}
	}
}
