package api

import (
	"fmt"
	"strings"
	"testing"

	"elkhorn/internal/es"
)

func plainDefaults() bulkDefaults {
	return bulkDefaults{resolve: func(name string) (string, error) { return name, nil }}
}

func describeOps(ops []es.BulkOp) string {
	var b strings.Builder
	for i := range ops {
		op := &ops[i]
		fmt.Fprintf(&b, "%s %s/%s", op.Action, op.Index, op.ID)
		if op.Routing != "" {
			fmt.Fprintf(&b, " routing=%s", op.Routing)
		}
		if op.Guard.HasSeqNo {
			fmt.Fprintf(&b, " if %d/%d", op.Guard.SeqNo, op.Guard.PrimaryTerm)
		}
		if op.Guard.VersionType != "" {
			fmt.Fprintf(&b, " version %d %s", op.Guard.Version, op.Guard.VersionType)
		}
		if op.RequireAlias {
			b.WriteString(" alias")
		}
		if op.Err != nil {
			fmt.Fprintf(&b, " error %s", op.Err.Reason)
		}
		fmt.Fprintf(&b, " %s\n", op.Source)
	}
	return b.String()
}

func TestParseBulk(t *testing.T) {
	for _, tc := range []struct{ name, body, want string }{
		{"the four actions", `{"index":{"_index":"a","_id":"1"}}
{"x":1}
{ "create" : { "_index" : "a" } }
{"x":2}
{"update":{"_index":"a","_id":1}}
{"doc":{"x":3}}
{"delete":{"_index":"a","_id":"1"}}
`, "index a/1 {\"x\":1}\ncreate a/ {\"x\":2}\nupdate a/1 {\"doc\":{\"x\":3}}\ndelete a/1 \n"},
		{"carriage returns and blank lines", "\n{\"index\":{\"_index\":\"a\"}}\r\n{\"x\":1}\r\n\n", "index a/ {\"x\":1}\n"},
		{"guards", `{"index":{"_index":"a","_id":"1","if_seq_no":3,"if_primary_term":1,"routing":"r","require_alias":true}}
{}
{"index":{"_index":"a","_id":"2","version":7,"version_type":"external"}}
{}
`, "index a/1 routing=r if 3/1 alias {}\nindex a/2 version 7 external {}\n"},
		{"a type of version 6", `{"index":{"_index":"a","_type":"_doc","_id":"é\u00e9"}}
{}
`, "index a/éé {}\n"},
		{"update that answers with the document", `{"update":{"_index":"a","_id":"1","_source":["x"]}}
{"doc":{}}
{"update":{"_index":"a","_id":"2"}}
{"doc":{}}
`, "update a/1 {\"_source\":[\"x\"],\"doc\":{}}\nupdate a/2 {\"doc\":{}}\n"},
		{"an empty id fails alone", `{"index":{"_index":"a","_id":""}}
{}
`, "index a/ error if _id is specified it must not be empty {}\n"},
		{"a source that is not JSON is the store's to refuse", "{\"index\":{\"_index\":\"a\"}}\nnot json \xff\n", "index a/ not json \xff\n"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			ops, err := parseBulk([]byte(tc.body), plainDefaults())
			if err != nil {
				t.Fatal(err)
			}
			if got := describeOps(ops); got != tc.want {
				t.Errorf("got  %q\nwant %q", got, tc.want)
			}
		})
	}
}

func TestParseBulkRefuses(t *testing.T) {
	good := "{\"index\":{\"_index\":\"a\"}}\n{}\n"
	for _, tc := range []struct{ name, body, want string }{
		{"empty", "", "parse_exception: request body is required"},
		{"no final newline", "{\"index\":{}}\n{}", `The bulk request must be terminated by a newline [\n]`},
		{"only blank lines", "\n\n", "Validation Failed: 1: no requests added;"},
		{"not JSON", good + "index it\n{}\n", "Malformed action/metadata line [3], expected START_OBJECT but found [character 'i' at byte 1]"},
		{"a string", "\"index\"\n{}\n", "Malformed action/metadata line [1], expected START_OBJECT but found [VALUE_STRING]"},
		{"no action", "{}\n{}\n", "Malformed action/metadata line [1], expected FIELD_NAME but found [END_OBJECT]"},
		{"unknown action", good + "{\"upsert\":{}}\n{}\n", "Malformed action/metadata line [3], expected field [create], [delete], [index] or [update] but found [upsert]"},
		{"action without object", "{\"index\":1}\n{}\n", "Malformed action/metadata line [1], expected START_OBJECT but found [VALUE_NUMBER]"},
		{"unknown member", "{\"index\":{\"_index\":\"a\",\"colour\":\"red\"}}\n{}\n", "Action/metadata line [1] contains an unknown parameter [colour]"},
		{"member with an array", "{\"index\":{\"_index\":[\"a\"]}}\n{}\n", "Malformed action/metadata line [1], expected a simple value for field [_index] but found [START_ARRAY]"},
		{"cut off", "{\"index\":{\"_index\":\"a\n{}\n", "Malformed action/metadata line [1]"},
		{"two actions", "{\"index\":{\"_index\":\"a\"},\"create\":{}}\n{}\n", "Malformed action/metadata line [1], expected END_OBJECT"},
		{"something after it", "{\"index\":{\"_index\":\"a\"}} {}\n{}\n", "Malformed action/metadata line [1], expected the end of the line"},
		{"no source line", good + "{\"index\":{\"_index\":\"a\"}}\n", "Malformed action/metadata line [3], no source line follows the action [index]"},
		{"invalid UTF-8", "{\"index\":{\"_index\":\"a\xff\"}}\n{}\n", "Malformed action/metadata line [1]"},
		{"no index, no id", "{\"index\":{}}\n{}\n{\"delete\":{\"_index\":\"a\"}}\n", "Validation Failed: 1: index is missing;2: id is missing;"},
		{"long id", "{\"index\":{\"_index\":\"a\",\"_id\":\"" + strings.Repeat("x", 513) + "\"}}\n{}\n", "is too long, must be no longer than 512 bytes but was: 513"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := parseBulk([]byte(tc.body), plainDefaults())
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got  %v\nwant %s", err, tc.want)
			}
		})
	}
}

func TestBulkAnswer(t *testing.T) {
	body := "{\"index\":{\"_index\":\"a\",\"_id\":\"1\"}}\n{}\n{\"create\":{\"_id\":\"\"}}\n{}\n"
	status, _, got := do(t, &fakeStore{}, Options{}, "POST /b/_bulk\n"+body)
	want := `{"errors":true,"took":3,"items":[{"index":{"_index":"a","_id":"1","_version":1,"result":"created","_shards":{"total":1,"successful":1,"failed":0},"_seq_no":0,"_primary_term":1,"status":201}},{"create":{"_index":"b","_id":null,"status":400,"error":{"type":"illegal_argument_exception","reason":"if _id is specified it must not be empty"}}}]}`
	if status != 200 || got != want {
		t.Errorf("got  %d %s\nwant %s", status, got, want)
	}
	_, _, got = do(t, &fakeStore{}, Options{}, "POST /b/_bulk?filter_path=errors,items.*.error,items.*.status\n"+body)
	if want := `{"errors":true,"items":[{"index":{"status":201}},{"create":{"status":400,"error":{"type":"illegal_argument_exception","reason":"if _id is specified it must not be empty"}}}]}`; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// TestBulkChargesForTheList checks that a body of many small operations is refused when the list of
// operations would outgrow the budget, although the body itself would not.
func TestBulkChargesForTheList(t *testing.T) {
	body := strings.Repeat("{\"delete\":{\"_index\":\"a\",\"_id\":\"1\"}}\n", 20_000)
	status, _, got := do(t, &fakeStore{}, Options{MaxInFlightBytes: 2 << 20}, "POST /_bulk\n"+body)
	if status != 429 {
		t.Errorf("got %d %.200s", status, got)
	}
}

func FuzzParseBulk(f *testing.F) {
	f.Add([]byte("{\"index\":{\"_index\":\"a\",\"_id\":\"1\"}}\n{\"x\":1}\n{\"delete\":{\"_index\":\"a\",\"_id\":\"1\"}}\n"))
	f.Add([]byte("{\"update\":{\"_id\":\"\\u00e9\",\"_index\":\"<a-{now}>\",\"_source\":{\"includes\":[\"x\"]}}}\r\n{ }\r\n"))
	f.Add([]byte("\n\n{\"create\":{}}\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		ops, err := parseBulk(data, plainDefaults())
		if err == nil && len(ops) == 0 {
			t.Error("neither operations nor an error")
		}
	})
}

func BenchmarkParseBulk(b *testing.B) {
	line := "{\"index\":{\"_index\":\"logs-app\"}}\n" + `{"@timestamp":"2026-02-27T22:15:30.123Z","level":"INFO","message":"` + strings.Repeat("lorem ipsum ", 40) + "\"}\n"
	body := []byte(strings.Repeat(line, 1000))
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := parseBulk(body, plainDefaults()); err != nil {
			b.Fatal(err)
		}
	}
}
