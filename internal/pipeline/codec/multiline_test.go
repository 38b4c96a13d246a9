package codec

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
	"elkhorn/internal/vfs"
)

// joined decodes lines one by one and shows each event as [text] with its tags.
func joined(c pipeline.Codec, lines ...string) string {
	var out []string
	emit := func(ev *event.Event) {
		message, _ := ev.Get(messagePath)
		tags, _ := ev.Get(event.MustPath("tags"))
		out = append(out, "["+strings.ReplaceAll(message.Str(), "\n", "/")+"]"+tags.Text())
	}
	for _, l := range lines {
		c.Decode([]byte(l), noon, emit)
	}
	out = append(out, "|")
	c.Flush(noon, emit)
	return strings.Join(out, " ")
}

func TestMultiline(t *testing.T) {
	f := func(want string, options []string, lines ...string) {
		t.Helper()
		var pairs []plugin.Pair
		for i := 0; i < len(options); i += 2 {
			pairs = append(pairs, option(options[i], options[i+1]))
		}
		if got := joined(build(t, "multiline", pairs...), lines...); got != want {
			t.Errorf("\n got %s\nwant %s", got, want)
		}
	}
	indented := []string{"pattern", `^\s`, "what", "previous"}
	f("[a/ b/ c]multiline | [d]", indented, "a", " b", " c", "d")
	f("[ a] | [b]", indented, " a", "b") // a line that belongs to none before it begins an event
	f("[a/ b]multiline | [c]", indented, "a\n b\nc")
	f("[a] | [b]", indented, "a", "", "b") // empty lines are left out
	f("[a\\/b]multiline [c] |", []string{"pattern", `\\$`, "what", "next"}, "a\\", "b", "c")
	f("[2026-01-02T03:04:05 x/ at y/at z]multiline | [2026-01-02T03:04:06 q]", []string{"pattern", "^%{TIMESTAMP_ISO8601} ", "negate", "true", "what", "previous"},
		"2026-01-02T03:04:05 x", " at y", "at z", "2026-01-02T03:04:06 q")
	f("[a/ b]joined | [c]", append(indented, "multiline_tag", "joined"), "a", " b", "c")
	f("[a/ b] | [c]", append(indented, "multiline_tag", ""), "a", " b", "c")
	// Limits: with previous they are looked at before a line is added, with next after it.
	f("[a/ b/ c]multiline,multiline_codec_max_lines_reached | [ d/ e]multiline", append(indented, "max_lines", "2"), "a", " b", " c", " d", " e")
	f("[aa/ bb]multiline,multiline_codec_max_bytes_reached | [ cc]", append(indented, "max_bytes", "4"), "aa", " bb", " cc")
	f("[a\\/b\\/c\\]multiline,multiline_codec_max_lines_reached | [d\\]", []string{"pattern", `\\$`, "what", "next", "max_lines", "2"}, "a\\", "b\\", "c\\", "d\\")
}

func TestMultilineHolds(t *testing.T) {
	c := build(t, "multiline", option("pattern", `^\s`), option("what", "previous"), option("auto_flush_interval", "1.5")).(pipeline.Joiner)
	if c.FlushAfter() != 1500*time.Millisecond || c.Held() != 0 {
		t.Errorf("flush after %v, %d held", c.FlushAfter(), c.Held())
	}
	var events int
	for i, line := range []string{"a", " b", "c"} {
		c.Decode([]byte(line), noon, func(*event.Event) { events++ })
		if want := []int{1, 2, 1}[i]; c.Held() != want {
			t.Errorf("%d lines are held after line %d, want %d", c.Held(), i, want)
		}
	}
	if events != 1 {
		t.Errorf("%d events", events)
	}
}

// TestMultilineIsBounded: a source that never ends an event cannot fill the memory.
func TestMultilineIsBounded(t *testing.T) {
	c := build(t, "multiline", option("pattern", "x"), option("what", "previous"), option("max_bytes", "10kb"), option("max_lines", "1000000")).(*lineJoiner)
	line, events := []byte(strings.Repeat("x", 100)), 0
	for range 1000 {
		c.Decode(line, noon, func(*event.Event) { events++ })
	}
	if cap(c.text) > 40<<10 || events != 1000*100/(10<<10+60) {
		t.Errorf("%d bytes are held, %d events", cap(c.text), events)
	}
}

func TestMultilinePatternsDir(t *testing.T) {
	fs := vfs.NewMem()
	if err := fs.MkdirAll("/patterns"); err != nil {
		t.Fatal(err)
	}
	if err := vfs.WriteFileAtomic(fs, "/patterns/own", []byte("MARK <\\d+>\n")); err != nil {
		t.Fatal(err)
	}
	env := &pipeline.Env{FS: fs, ResolvePath: func(p string) string { return p }}
	block := func(dir string) *plugin.BlockConfig {
		return &plugin.BlockConfig{Name: "multiline", Options: []plugin.Pair{option("pattern", "^%{MARK}"), option("negate", "true"), option("what", "previous"), option("patterns_dir", dir)}}
	}
	made, err := New(env, block("/patterns"), nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := joined(made(), "<1>a", "b", "<2>c"); got != "[<1>a/b]multiline | [<2>c]" {
		t.Errorf("got %s", got)
	}
	if _, err := New(env, block("/nowhere"), nil); err == nil || !strings.Contains(err.Error(), "patterns_dir") {
		t.Errorf("a folder that is not there: %v", err)
	}
}

func TestESBulk(t *testing.T) {
	f := func(want, data string, options ...plugin.Pair) {
		t.Helper()
		c := build(t, "es_bulk", options...)
		var out []string
		emit := func(ev *event.Event) {
			md := ev.Metadata()
			text := string(ev.AppendJSON(nil))
			if md.Kind() == event.Object {
				text += string(md.AppendJSON(nil))
			}
			out = append(out, strings.ReplaceAll(text, `"@timestamp":"2026-01-15T12:00:00.000Z"`, "T"))
		}
		for line := range strings.Lines(data) { // as a stream brings it
			c.Decode([]byte(line), noon, emit)
		}
		c.Flush(noon, emit)
		if got := strings.Join(out, "\n"); got != want {
			t.Errorf("\n got %s\nwant %s", got, want)
		}
	}
	f(`{T,"a":1}{"_index":"i","_id":"7","action":"index"}`+"\n"+`{T}{"_index":"i","_id":"8","action":"delete"}`+"\n"+`{T,"doc":{"b":2}}{"action":"update"}`,
		`{"index":{"_index":"i","_id":"7"}}`+"\n"+`{"a":1}`+"\n\n"+`{"delete":{"_index":"i","_id":"8"}}`+"\n"+`{"update":{}}`+"\n"+`{"doc":{"b":2}}`+"\n")
	f(`{T,"d":{"a":1}}{"codec":{"es_bulk":{"action":"create"}}}`, `{"create":{}}`+"\n"+`{"a":1}`, option("target", "d"), option("ecs_compatibility", "v8"))
	// What is no bulk body is kept, and what follows it is read.
	f(`{T,"message":"nonsense","tags":["_jsonparsefailure"]}`+"\n"+`{T,"message":"{\"index\":{}}\n{broken","tags":["_jsonparsefailure"]}`+"\n"+`{T,"a":1}{"action":"index"}`+"\n"+
		`{T,"message":"{\"x\":1}","tags":["_jsonparsefailure"]}`+"\n"+`{T,"message":"{\"index\":{}}","tags":["_jsonparsefailure"]}`,
		"nonsense\n{\"index\":{}}\n{broken\n{\"index\":{}}\n{\"a\":1}\n{\"x\":1}\n{\"index\":{}}\n")
}

func TestOriginalInECSLayout(t *testing.T) {
	ecs := option("ecs_compatibility", "v8")
	for _, name := range []string{"plain", "line"} {
		if got, want := decode(build(t, name, ecs), "x"), `{T,"message":"x","event":{"original":"x"}}`; got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
	if got, want := decode(build(t, "json", ecs), `{"a":1}`), `{T,"a":1,"event":{"original":"{\"a\":1}"}}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := decode(build(t, "json", ecs), `[{"a":1},{"a":2}]`), `{T,"a":1} {T,"a":2}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestDelimiter(t *testing.T) {
	if got, want := decode(build(t, "line", option("delimiter", "||")), "a\nb||c||"), `{T,"message":"a\nb"} {T,"message":"c"}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := decode(build(t, "json_lines", option("delimiter", "\x00")), "{\"a\":\n1}\x00{\"a\":2}"), `{T,"a":1} {T,"a":2}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	for _, name := range []string{"line", "json_lines"} {
		if _, err := New(&pipeline.Env{}, &plugin.BlockConfig{Name: name, Options: []plugin.Pair{option("delimiter", "")}}, nil); err == nil {
			t.Errorf("%s takes an empty delimiter", name)
		}
	}
}

// FuzzJoiners: no bytes make a codec that holds text back panic, and all of it comes out in the end.
func FuzzJoiners(f *testing.F) {
	f.Add("a\n b\nc", 2)
	f.Add("{\"index\":{}}\n{\"a\":1}\n{\"delete\":{}}", 1)
	f.Fuzz(func(t *testing.T, data string, most int) {
		m := build(t, "multiline", option("pattern", `^\s`), option("what", "previous"), option("max_lines", strconv.Itoa(most))).(*lineJoiner)
		b := build(t, "es_bulk").(*bulkLines)
		lines := 0
		count := func(ev *event.Event) {
			message, _ := ev.Get(messagePath)
			lines += 1 + strings.Count(message.Str(), "\n")
		}
		m.Decode([]byte(data), noon, count)
		m.Flush(noon, count)
		want := 0
		for line := range strings.SplitSeq(data, "\n") {
			if line != "" {
				want++
			}
		}
		if lines != want || m.Held() != 0 {
			t.Errorf("%d lines came out of %d", lines, want)
		}
		b.Decode([]byte(data), noon, func(*event.Event) {})
		b.Flush(noon, func(*event.Event) {})
		if b.Held() != 0 {
			t.Error("an action is held after the end")
		}
	})
}
