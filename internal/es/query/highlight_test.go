package query

import (
	"strings"
	"testing"

	"elkhorn/internal/es/jsonval"
)

func TestParseHighlight(t *testing.T) {
	for in, want := range map[string]string{
		`{"fields":{"a":{"type":"x"}}}`:                      "unknown highlighter type [x] for the field [a]",
		`{"fields":{"a":{"fragmnt_size":1}}}`:                "[highlight_field] unknown field [fragmnt_size] did you mean any of [fragment_size,",
		`{"fields":[{"a":{},"b":{}}]}`:                       "[fields] can be a single object",
		`{"encoder":"xml"}`:                                  "failed to parse field [encoder]",
		`{"tags_schema":"x"}`:                                "Unknown tag schema [x]",
		`{"fields":{"a":{"boundary_scanner":"line"}}}`:       "No enum constant",
		`{"fields":{"a":{"highlight_query":{"unheard":1}}}}`: "[unheard] query malformed",
	} {
		n, err := jsonval.Parse([]byte(in))
		if err != nil {
			t.Fatal(err)
		}
		if _, err = ParseHighlight(n); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", in, err, want)
		}
	}
	n, _ := jsonval.Parse([]byte(`{"pre_tags":"<b>","post_tags":["</b>"],"order":"score","fields":{"a":{"fragment_size":20,"type":"fvh"},"b":{"order":"none","require_field_match":false}}}`))
	h, err := ParseHighlight(n)
	if err != nil {
		t.Fatal(err)
	}
	a, b := h.Fields[0], h.Fields[1]
	if a.FragmentSize != 20 || a.Type != "fvh" || !a.ByScore || a.PreTags[0] != "<b>" || b.FragmentSize != 100 || b.ByScore || !b.AnyField {
		t.Errorf("fields %+v", h.Fields)
	}
}

// FuzzParseHighlight checks that no text panics.
func FuzzParseHighlight(f *testing.F) {
	for _, seed := range []string{
		`{"fields":{"*":{}}}`, `{"fields":[{"a":{"number_of_fragments":0}}],"encoder":"html","tags_schema":"styled"}`,
		`{"highlight_query":{"match":{"a":"b"}},"fields":{"a":{"matched_fields":["b"],"no_match_size":5,"max_analyzed_offset":9}}}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(_ *testing.T, text string) {
		if n, err := jsonval.Parse([]byte(text)); err == nil {
			_, _ = ParseHighlight(n)
		}
	})
}
