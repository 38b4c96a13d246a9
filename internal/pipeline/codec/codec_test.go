package codec

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

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
	for charset, bytes := range map[string]string{
		"Windows-1251": "\xcf\xf0\xe8\xe2\xe5\xf2", "CP1251": "\xcf\xf0\xe8\xe2\xe5\xf2", "KOI8-R": "\xf0\xd2\xc9\xd7\xc5\xd4", "IBM866": "\x8f\xe0\xa8\xa2\xa5\xe2", "ISO-8859-5": "\xbf\xe0\xd8\xd2\xd5\xe2",
		"UTF-16LE": "\x1f\x04\x40\x04\x38\x04\x32\x04\x35\x04\x42\x04", "UTF-16": "\xff\xfe\x1f\x04\x40\x04\x38\x04\x32\x04\x35\x04\x42\x04", "UTF-32BE": "\x00\x00\x04\x1f\x00\x00\x04\x40\x00\x00\x04\x38\x00\x00\x04\x32\x00\x00\x04\x35\x00\x00\x04\x42",
	} {
		f(build(t, "plain", option("charset", charset)), bytes, `{T,"message":"Привет"}`)
	}
	for charset, bytes := range map[string]string{"Shift_JIS": "\x93\xfa\x96\x7b", "Windows-31J": "\x93\xfa\x96\x7b", "EUC-JP": "\xc6\xfc\xcb\xdc", "GBK": "\xc8\xd5\xb1\xbe", "GB2312": "\xc8\xd5\xb1\xbe", "Big5": "\xa4\xe9\xa5\xbb", "EUC-KR": "\xec\xed\xdc\xe2"} {
		f(build(t, "json", option("charset", charset)), `{"a":"`+bytes+`"}`, `{T,"a":"日本"}`)
	}
	f(build(t, "plain", option("charset", "EUC-JP")), "\xff\xc6", "{T,\"message\":\"\ufffd\ufffd\"}")
	f(build(t, "plain", option("charset", "UTF-16BE")), "\x04", "{T,\"message\":\"\ufffd\"}")
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

// TestEncodings: every encoding that an option may name reads its own letters, and any bytes without an error.
func TestEncodings(t *testing.T) {
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	for i, e := range encodings {
		if i > 0 && encodings[i-1].name >= e.name {
			t.Errorf("%s is not in the order of the alphabet", e.name)
		}
		c := newCharsetNamed(e.name)
		if text := c.text(all); !utf8.ValidString(text) || text == "" {
			t.Errorf("%s makes %q of all bytes", e.name, text)
		}
		if e.from == nil {
			continue
		}
		bytes, err := e.from.NewEncoder().Bytes([]byte("log 7"))
		if err != nil {
			t.Fatal(err)
		}
		if got := c.text(bytes); got != "log 7" {
			t.Errorf("%s reads %q", e.name, got)
		}
	}
}
