package mapping

import (
	"strings"
	"testing"
)

func mustParse(t *testing.T, text string) *Mapping {
	t.Helper()
	m, err := Parse([]byte(text))
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return m
}

func printed(m *Mapping) string { return string(m.Append(nil)) }

func TestParsePrint(t *testing.T) {
	// Each mapping is printed in the canonical form, and that form again as itself.
	tests := []struct{ name, in, want string }{
		{"empty", ``, `{}`},
		{"empty object", `{}`, `{}`},
		{"null", `null`, `{}`},
		{"types", `{"properties":{"b":{"type":"keyword"},"a":{"type":"long"}}}`,
			`{"properties":{"a":{"type":"long"},"b":{"type":"keyword"}}}`},
		{"_doc wrapper", `{"_doc":{"properties":{"a":{"type":"ip"}}}}`, `{"properties":{"a":{"type":"ip"}}}`},
		{"defaults are not printed", `{"properties":{"a":{"type":"keyword","doc_values":true,"index":true,"store":false}}}`,
			`{"properties":{"a":{"type":"keyword"}}}`},
		{"parameters", `{"properties":{"a":{"type":"keyword","ignore_above":256,"index":"false"}}}`,
			`{"properties":{"a":{"type":"keyword","index":false,"ignore_above":256}}}`},
		{"multi-field", `{"properties":{"m":{"type":"text","fields":{"keyword":{"type":"keyword","ignore_above":256}}}}}`,
			`{"properties":{"m":{"type":"text","fields":{"keyword":{"type":"keyword","ignore_above":256}}}}}`},
		{"dotted names", `{"properties":{"a.b.c":{"type":"long"},"a.d":{"type":"date"}}}`,
			`{"properties":{"a":{"properties":{"b":{"properties":{"c":{"type":"long"}}},"d":{"type":"date"}}}}}`},
		{"dotted and plain", `{"properties":{"a.b":{"type":"long"},"a":{"dynamic":false,"properties":{"c":{"type":"long"}}}}}`,
			`{"properties":{"a":{"dynamic":"false","properties":{"b":{"type":"long"},"c":{"type":"long"}}}}}`},
		{"no subobjects", `{"subobjects":false,"properties":{"a.b":{"type":"long"},"a":{"type":"long"}}}`,
			`{"subobjects":false,"properties":{"a":{"type":"long"},"a.b":{"type":"long"}}}`},
		{"object and nested", `{"properties":{"o":{"type":"object"},"e":{"type":"object","enabled":false},"n":{"type":"nested","include_in_parent":true,"properties":{"x":{"type":"float"}}}}}`,
			`{"properties":{"e":{"type":"object","enabled":false},"n":{"type":"nested","include_in_parent":true,"properties":{"x":{"type":"float"}}},"o":{"type":"object"}}}`},
		{"date format", `{"properties":{"t":{"type":"date","format":"strict_date_time||epoch_second"}}}`,
			`{"properties":{"t":{"type":"date","format":"strict_date_time||epoch_second"}}}`},
		{"alias", `{"properties":{"a":{"type":"alias","path":"b"},"b":{"type":"long"}}}`,
			`{"properties":{"a":{"type":"alias","path":"b"},"b":{"type":"long"}}}`},
		{"root", `{"dynamic":"strict","date_detection":false,"numeric_detection":true,"_meta":{"v":1},"_source":{"enabled":true},"properties":{}}`,
			`{"dynamic":"strict","date_detection":false,"numeric_detection":true,"_meta":{"v":1},"_source":{"enabled":true}}`},
		{"templates", `{"dynamic_templates":[{"s":{"match_mapping_type":"string","mapping":{"type":"keyword","ignore_above":256}}}]}`,
			`{"dynamic_templates":[{"s":{"match_mapping_type":"string","mapping":{"type":"keyword","ignore_above":256}}}]}`},
		{"copy_to", `{"properties":{"a":{"type":"keyword","copy_to":"all"},"all":{"type":"text"}}}`,
			`{"properties":{"a":{"type":"keyword","copy_to":["all"]},"all":{"type":"text"}}}`},
		{"runtime", `{"runtime":{"b":{"type":"long"},"a.x":{"type":"date","format":"epoch_second"}},"properties":{"b":{"type":"keyword"}}}`,
			`{"runtime":{"a.x":{"type":"date","format":"epoch_second"},"b":{"type":"long"}},"properties":{"b":{"type":"keyword"}}}`},
		{"dense_vector", `{"properties":{"v":{"type":"dense_vector","dims":3,"similarity":"COSINE","index_options":{"ef_construction":100,"type":"hnsw","m":16},"element_type":"byte"}}}`,
			`{"properties":{"v":{"type":"dense_vector","dims":3,"element_type":"byte","index_options":{"type":"hnsw","m":16,"ef_construction":100},"similarity":"cosine"}}}`},
		{"scaled_float", `{"properties":{"p":{"type":"scaled_float","scaling_factor":100}}}`,
			`{"properties":{"p":{"type":"scaled_float","scaling_factor":100}}}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := printed(mustParse(t, tt.in))
			if got != tt.want {
				t.Errorf("printed\n%s\nwant\n%s", got, tt.want)
			}
			if again := printed(mustParse(t, got)); again != got {
				t.Errorf("printed again\n%s\nwant\n%s", again, got)
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	tests := []struct{ in, want string }{
		{`{"properties":{"a":{"type":"strnig"}}}`, "No handler for type [strnig] declared on field [a]"},
		{`{"properties":{"a":{"type":"keyword","analyzer":"standard"}}}`, "unknown parameter [analyzer] on mapper [a] of type [keyword]"},
		{`{"properties":{"a":{"type":"text","doc_values":true}}}`, "unknown parameter [doc_values] on mapper [a] of type [text]"},
		{`{"properties":{"a":{}}}`, "No type specified for field [a]"},
		{`{"properties":{"a":{"type":"object","foo":1}}}`, "Mapping definition for [a] has unsupported parameters:  [foo : 1]"},
		{`{"foo":{"bar":1}}`, `Root mapping definition has unsupported parameters:  [foo : {"bar":1}]`},
		{`{"properties":{"a":{"type":"scaled_float"}}}`, "Field [scaling_factor] is required"},
		{`{"properties":{"a":{"type":"alias","path":"nowhere"}}}`, "an alias must refer to an existing field"},
		{`{"properties":{"a":{"type":"date","format":"no_such"}}}`, "Error parsing [format] on field [a]: Invalid format: [no_such]"},
		{`{"properties":{"a":{"type":"keyword","index":"maybe"}}}`, "only [true] or [false] are allowed"},
		{`{"properties":{"a":{"type":"keyword","fields":{"b":{"type":"object"}}}}}`, "Type [object] cannot be used in multi field"},
		{`{"properties":{"a":{"type":"long"},"a.b":{"type":"long"}}}`, "can't merge a non object mapping [a] with an object mapping"},
		{`{"properties":{"":{"type":"long"}}}`, "field name cannot be an empty string"},
		{`{"properties":{"a..b":{"type":"long"}}}`, "makes object resolution ambiguous"},
		{`{"dynamic":"perhaps"}`, "Could not convert [dynamic]"},
		{`{"dynamic_templates":{"a":1}}`, "An array of named objects is expected"},
		{`{"dynamic_templates":[{"a":{"match":"x","mapping":{"type":"nope"}}}]}`, "has invalid content"},
		{`{"dynamic_templates":[{"a":{"match":"(","match_pattern":"regex","mapping":{"type":"keyword"}}}]}`, "of type [regex] is invalid"},
		{`{"runtime":{"x":{"type":"long","script":"emit('1')"}}}`, "compile error: class_cast_exception: Cannot cast from [java.lang.String] to [long]."},
		{`{"runtime":{"x":{"type":"lookup"}}}`, "type [lookup] of runtime field [x] is not supported"},
		{`{"runtime":{"x":{"type":"text"}}}`, "No handler for type [text] declared on runtime field [x]"},
		{`{"runtime":{"x":{"type":"long","ignore_above":1}}}`, "unknown parameter [ignore_above] on runtime field [x] of type [long]"},
		{`{"runtime":[]}`, "Expected a JSON object under [runtime]"},
		{`[]`, "Expected a JSON object"},
		{`{"properties":`, "Unexpected end-of-input"},
	}
	for _, tt := range tests {
		_, err := Parse([]byte(tt.in))
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s:\n got %v\nwant %s", tt.in, err, tt.want)
		}
	}
	_, err := Parse([]byte(`{"properties":{"a":{"type":"x"}}}`))
	const want = "mapper_parsing_exception: Failed to parse mapping: No handler for type [x] declared on field [a]: mapper_parsing_exception: No handler for type [x] declared on field [a]"
	if err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

const lookupMapping = `{"properties":{
	"level":{"type":"keyword"},
	"message":{"type":"text","fields":{"keyword":{"type":"keyword","ignore_above":256}}},
	"lvl":{"type":"alias","path":"level"},
	"labels":{"type":"flattened"},
	"http":{"properties":{"status":{"type":"short"}}},
	"items":{"type":"nested","properties":{"name":{"type":"keyword"}}}}}`

func TestLookup(t *testing.T) {
	m := mustParse(t, lookupMapping)
	for path, want := range map[string]string{
		"level": "level", "lvl": "level", "message.keyword": "message.keyword", "http.status": "http.status",
		"http": "http", "none": "", "level.keyword": "",
	} {
		got := ""
		if f := m.Lookup(path); f != nil {
			got = f.Path
		}
		if got != want {
			t.Errorf("Lookup(%q) is %q, want %q", path, got, want)
		}
	}
	if f, substituted := m.ResolveField("level.keyword"); f == nil || f.Path != "level" || !substituted {
		t.Errorf("level.keyword resolves to %v, %v", f, substituted)
	}
	if f, substituted := m.ResolveField("message.keyword"); f == nil || f.Path != "message.keyword" || substituted {
		t.Errorf("message.keyword resolves to %v, %v", f, substituted)
	}
	if f, _ := m.ResolveField("http.status.keyword"); f != nil {
		t.Errorf("a number took .keyword: %v", f.Path)
	}
	if f, key := m.FlattenedAt("labels.app.name"); f == nil || f.Path != "labels" || key != "app.name" {
		t.Errorf("FlattenedAt: %v %q", f, key)
	}
	if f, _ := m.FlattenedAt("http.status"); f != nil {
		t.Errorf("FlattenedAt took %v", f.Path)
	}
	if got := m.NestedAt("items.name"); got != "items" {
		t.Errorf("NestedAt(items.name) is %q", got)
	}
	if got := m.NestedAt("http.status"); got != "" {
		t.Errorf("NestedAt(http.status) is %q", got)
	}
	if got := len(m.Fields()); got != 6 {
		t.Errorf("%d leaves, want 6", got)
	}
	for i, f := range m.Fields() {
		if f.Ord != i {
			t.Errorf("leaf %d is numbered %d", i, f.Ord)
		}
	}
	var paths []string
	for _, f := range m.Matching("me*") {
		paths = append(paths, f.Path)
	}
	if got := strings.Join(paths, " "); got != "message message.keyword" {
		t.Errorf("me* matches %s", got)
	}
	if got := m.FieldCount(); got != 9 {
		t.Errorf("%d fields counted, want 9", got)
	}
}

func TestFieldDefaults(t *testing.T) {
	m := mustParse(t, `{"properties":{"k":{"type":"keyword"},"t":{"type":"text"},"d":{"type":"date"},"n":{"type":"long"},"b":{"type":"binary"}}}`)
	k, text, d, n, b := m.Lookup("k"), m.Lookup("t"), m.Lookup("d"), m.Lookup("n"), m.Lookup("b")
	if !k.Index || !k.DocValues || k.IgnoreAbove != NoIgnoreAbove || k.Norms {
		t.Errorf("keyword: %+v", k)
	}
	if !text.Index || text.DocValues || !text.Norms {
		t.Errorf("text: %+v", text)
	}
	if d.Format == nil || d.Format.String() != "strict_date_optional_time||epoch_millis" {
		t.Errorf("date: %+v", d)
	}
	if !n.Coerce || n.IgnoreMalformed {
		t.Errorf("long: %+v", n)
	}
	if b.Index || b.DocValues {
		t.Errorf("binary: %+v", b)
	}
}

// FuzzParse checks that no text panics and that printing is stable.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		lookupMapping,
		`{"dynamic":"strict","dynamic_templates":[{"s":{"match_mapping_type":"string","mapping":{"type":"{dynamic_type}"}}}],"properties":{"a.b":{"type":"scaled_float","scaling_factor":1e2}}}`,
		`{"_doc":{"properties":{"a":{"type":"date","format":"yyyy-MM-dd||epoch_millis","null_value":"2026-01-01"}}}}`,
		`{"properties":{"g":{"type":"geo_point","ignore_z_value":false},"c":{"type":"constant_keyword","value":"x"}},"_routing":{"required":true}}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		m, err := Parse([]byte(text))
		if err != nil {
			return
		}
		once := printed(m)
		again, err := Parse([]byte(once))
		if err != nil {
			t.Fatalf("printed form does not parse: %v\n%s", err, once)
		}
		if twice := printed(again); twice != once {
			t.Errorf("printed\n%s\nthen\n%s", once, twice)
		}
		if merged, err := Merge(m, again); err != nil || printed(merged) != once {
			t.Errorf("merged with itself: %v", err)
		}
	})
}
