package codec

import (
	"strings"
	"testing"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
)

var noon = time.Date(2026, 1, 15, 12, 0, 0, 0, time.UTC)

func build(t testing.TB, name string, options ...plugin.Pair) pipeline.Codec {
	t.Helper()
	made, err := New(&pipeline.Env{}, &plugin.BlockConfig{Name: name, Options: options}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return made()
}

func option(name, value string) plugin.Pair {
	return plugin.Pair{Key: name, Value: plugin.Value{Kind: plugin.Text, Str: value}}
}

func decode(c pipeline.Codec, data string) string {
	var out []string
	emit := func(ev *event.Event) { out = append(out, string(ev.AppendJSON(nil))) }
	c.Decode([]byte(data), noon, emit)
	c.Flush(noon, emit)
	return strings.ReplaceAll(strings.Join(out, " "), `"@timestamp":"2026-01-15T12:00:00.000Z"`, "T")
}

func TestDecode(t *testing.T) {
	f := func(c pipeline.Codec, data, want string) {
		t.Helper()
		if got := decode(c, data); got != want {
			t.Errorf("%q\n got %s\nwant %s", data, got, want)
		}
	}
	json := build(t, "json")
	f(json, `{"a":1,"@timestamp":"2026-01-01T00:00:00Z"}`, `{"@timestamp":"2026-01-01T00:00:00.000Z","a":1}`)
	f(json, `[{"a":1},{"b":[true,null]}]`, `{T,"a":1} {T,"b":[true,null]}`)
	f(json, `[{"a":1},7]`, `{T,"a":1} {T,"message":"7","tags":["_jsonparsefailure"]}`)
	f(json, `{"broken": `, `{T,"message":"{\"broken\":","tags":["_jsonparsefailure"]}`)
	f(json, `plain text`, `{T,"message":"plain text","tags":["_jsonparsefailure"]}`)
	f(json, "a\xffb", "{T,\"message\":\"a\ufffdb\",\"tags\":[\"_jsonparsefailure\"]}")
	f(json, "  \n", "")
	f(build(t, "json", option("target", "[doc]")), `{"a":1}`, `{T,"doc":{"a":1}}`)
	f(build(t, "json", option("charset", "ISO-8859-1")), "{\"a\":\"\xe9\"}", `{T,"a":"é"}`)
	f(build(t, "json_lines"), "{\"a\":1}\n\n{\"a\":2}\nx", `{T,"a":1} {T,"a":2} {T,"message":"x","tags":["_jsonparsefailure"]}`)
	f(build(t, "plain"), "two\nlines", `{T,"message":"two\nlines"}`)
	f(build(t, "plain", option("charset", "CP1252")), "\x80\xe9", `{T,"message":"€é"}`)
	f(build(t, "plain"), "\xc3\x28", "{T,\"message\":\"\ufffd(\"}")
	f(build(t, "line"), "one\r\ntwo\n", `{T,"message":"one"} {T,"message":"two"}`)
}

func TestEncode(t *testing.T) {
	ev := event.New(noon)
	for name, text := range map[string]string{"message": "m", "host": "h"} {
		ev.Set(event.MustPath(name), event.StringOf(text))
	}
	f := func(c pipeline.Codec, want string) {
		t.Helper()
		if got := string(c.Encode(nil, ev)); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	f(build(t, "plain"), "2026-01-15T12:00:00.000Z h m")
	f(build(t, "line", option("format", "%{message}-%{+YYYY}")), "m-2026\n")
}

func TestRubydebug(t *testing.T) {
	v, err := event.ParseJSON([]byte(`{"message":"a \"b\"","n":{"x":[1,{"y":null}],"empty":{}},"tags":["t"],"@metadata":{"k":1.5}}`))
	if err != nil {
		t.Fatal(err)
	}
	ev := event.FromObject(v, noon)
	want := `{
    "@timestamp" => 2026-01-15T12:00:00.000Z,
       "message" => "a \"b\"",
             "n" => {
            "x" => [
            [0] 1,
            [1] {
                "y" => nil
            }
        ],
        "empty" => {}
    },
          "tags" => [
        [0] "t"
    ],
     "@metadata" => {
        "k" => 1.5
    }
}
`
	if got := string(build(t, "rubydebug", option("metadata", "true")).Encode(nil, ev)); got != want {
		t.Errorf("got\n%s", got)
	}
	if got := string(build(t, "rubydebug").Encode(nil, ev)); strings.Contains(got, "metadata") {
		t.Errorf("metadata must stay out unless asked for:\n%s", got)
	}
}

func TestNewRefuses(t *testing.T) {
	_, err := New(&pipeline.Env{}, &plugin.BlockConfig{Name: "jsonlines", Pos: plugin.Pos{File: "f", Line: 2, Column: 3}}, nil)
	if err == nil || !strings.Contains(err.Error(), `f:2:3: jsonlines: there is no codec plugin of this name; did you mean "json_lines"?`) {
		t.Errorf("got %v", err)
	}
}

func FuzzDecode(f *testing.F) {
	for _, s := range []string{`{"a":1}`, `[{"a":[1]}]`, "x\xff\n{", "[1,[2]]"} {
		f.Add(s)
	}
	var codecs []pipeline.Codec
	for _, name := range []string{"json", "json_lines", "plain", "line"} {
		codecs = append(codecs, build(f, name))
	}
	f.Fuzz(func(t *testing.T, data string) {
		for _, c := range codecs {
			c.Decode([]byte(data), noon, func(ev *event.Event) {
				if _, err := event.ParseJSON(c.Encode(nil, ev)); err != nil && c == codecs[0] {
					t.Errorf("%T printed no JSON: %v", c, err)
				}
			})
		}
	})
}
