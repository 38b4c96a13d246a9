package codec

import (
	"bytes"
	"compress/gzip"
	"strings"
	"testing"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
)

func TestCSVDecode(t *testing.T) {
	f := func(data, want string, options ...plugin.Pair) {
		t.Helper()
		if got := decode(build(t, "csv", options...), data); got != want {
			t.Errorf("%q\n got %s\nwant %s", data, got, want)
		}
	}
	columns := plugin.Pair{Key: "columns", Value: plugin.Value{Kind: plugin.List, List: []plugin.Value{{Str: "a"}, {Str: "b"}}}}
	f(`1,two,"three, ""3"""`, `{T,"column1":"1","column2":"two","column3":"three, \"3\""}`)
	f(`1,,"",x`, `{T,"a":"1","b":null,"column3":"","column4":"x"}`, columns)
	f(`1,,"",x`, `{T,"a":"1","column4":"x"}`, columns, option("skip_empty_columns", "true"))
	f(`1,2,3`, `{T,"a":"1","b":"2"}`, columns, option("autogenerate_column_names", "false"))
	f("x,y\n1,2\r\n\n3,4\n", `{T,"x":"1","y":"2"} {T,"x":"3","y":"4"}`, option("autodetect_column_names", "true"))
	f("\"two\nlines\",2", `{T,"a":"two\nlines","b":"2"}`, columns)
	f("1;'a;b'", `{T,"a":"1","b":"a;b"}`, columns, option("separator", ";"), option("quote_char", "'"))
	f(`1,say "x"`, `{T,"a":"1","b":"say \"x\""}`, columns, option("quote_char", `\x00`))
	f(`7,8`, `{T,"row":{"a":"7","b":"8"}}`, columns, option("target", "row"))
	f(`7,8`, `{T,"a":"7","b":"8","event":{"original":"7,8"}}`, columns, option("ecs_compatibility", "v8"))
	for _, bad := range []string{`1,a"b`, `1,"open`, `1,"a"b`} {
		f(bad+"\n", `{T,"message":`+string(event.AppendQuoted(nil, bad))+`,"tags":["_csvparsefailure"]}`)
	}
	f("caf\xe9,1", `{T,"a":"café","b":"1"}`, columns, option("charset", "ISO-8859-1"))
	convert := func(to string) plugin.Pair {
		return plugin.Pair{Key: "convert", Value: plugin.Value{Kind: plugin.Map, Pairs: []plugin.Pair{{Key: "a", Value: plugin.Value{Str: to}}}}}
	}
	f("12,x", `{T,"a":12,"b":"x"}`, columns, convert("integer"))
	f("1.5,x", `{T,"a":"1.5","b":"x"}`, columns, convert("integer"))
	f("1.5,x", `{T,"a":1.5,"b":"x"}`, columns, convert("float"))
	f(" TRUE,x", `{T,"a":true,"b":"x"}`, columns, convert("boolean"))
	f("2026-01-02,x", `{T,"a":"2026-01-02T00:00:00.000Z","b":"x"}`, columns, convert("date"))
	f("2026-01-02T03:04:05+01:00,x", `{T,"a":"2026-01-02T02:04:05.000Z","b":"x"}`, columns, convert("date_time"))
	f("soon,x", `{T,"a":"soon","b":"x"}`, columns, convert("date_time"))
	_, err := New(&pipeline.Env{}, &plugin.BlockConfig{Name: "csv", Options: []plugin.Pair{convert("number")}}, nil)
	if err == nil || !strings.Contains(err.Error(), `"number", for column a`) {
		t.Errorf("got %v", err)
	}
}

func TestCSVEncode(t *testing.T) {
	ev := event.New(noon)
	ev.Set(event.MustPath("message"), event.StringOf(`say "x", twice`))
	ev.Set(event.MustPath("[n][m]"), event.IntOf(5))
	ev.Set(event.MustPath("empty"), event.StringOf(""))
	columns := plugin.Pair{Key: "columns", Value: plugin.Value{Kind: plugin.List, List: []plugin.Value{{Str: "[n][m]"}, {Str: "missing"}, {Str: "message"}, {Str: "empty"}}}}
	c := build(t, "csv", columns, option("include_headers", "true"))
	got := string(c.Encode(c.Encode(nil, ev), ev))
	row := "5,,\"say \"\"x\"\", twice\",\"\"\n"
	if want := "[n][m],missing,message,empty\n" + row + row; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := string(build(t, "csv", option("separator", ";")).Encode(nil, ev)), "2026-01-15T12:00:00.000Z;\"say \"\"x\"\", twice\";\"{\"\"m\"\":5}\";\"\"\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func packed(t testing.TB, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestGzipLines(t *testing.T) {
	f := func(data []byte, want string) {
		t.Helper()
		if got := decode(build(t, "gzip_lines"), string(data)); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	two := `{T,"message":"one"} {T,"message":"two"}`
	f(packed(t, "one\r\n\ntwo"), two)
	f(append(packed(t, "one\n"), packed(t, "two\n")...), two) // members one after another
	f([]byte("one\ntwo\n"), two)                              // unpacked on the way already
	broken := packed(t, "one\n")
	f(broken[:5], `{T,"message":"cannot unpack: unexpected EOF","tags":["_gzipparsefailure"]}`)
	broken[len(broken)-5] ^= 1
	f(broken, `{T,"message":"one"} {T,"message":"cannot unpack: gzip: invalid checksum","tags":["_gzipparsefailure"]}`)
}

// TestGzipBomb: a small message that unpacks to very much is given up, and its endless line was cut.
func TestGzipBomb(t *testing.T) {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	block := make([]byte, 1<<20)
	for range maxUnpackedBytes>>20 + 1 {
		if _, err := w.Write(block); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	var events []*event.Event
	build(t, "gzip_lines").Decode(b.Bytes(), noon, func(ev *event.Event) { events = append(events, ev) })
	if len(events) != 1 || !events[0].HasTag(gzipFailureTag) {
		t.Errorf("%d events", len(events))
	}
	events = nil
	build(t, "gzip_lines").Decode(packed(t, strings.Repeat("x", maxUnpackedLineBytes+1)+"\ny\n"), noon, func(ev *event.Event) { events = append(events, ev) })
	if len(events) != 2 || !events[0].HasTag(longLineTag) || events[1].HasTag(longLineTag) {
		t.Errorf("%d events", len(events))
	}
}

func FuzzCSV(f *testing.F) {
	for _, s := range []string{"a,b\n", `"a""b",,`, "\"x\ny\"\r\n1", `a"b`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, data string) {
		c := build(t, "csv")
		c.Decode([]byte(data), noon, func(ev *event.Event) {
			again := 0
			ev.Remove(event.MustPath("tags"))
			c.Decode(c.Encode(nil, ev), noon, func(*event.Event) { again++ })
			if again != 1 {
				t.Errorf("a row that was written is read as %d", again)
			}
		})
	})
}
