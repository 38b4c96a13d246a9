package harvest

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"bytes"

	"elkhorn/internal/event"
)

func TestLineReader(t *testing.T) {
	long := strings.Repeat("x", 3*readBytes)
	for _, test := range []struct {
		name, file string
		want       []string // text, bytes, and ! where truncated
		rest       string
	}{
		{"newlines", "a\nbc\n", []string{"a 2", "bc 3"}, ""},
		{"carriage returns", "a\r\nb\rc\n\r\n", []string{"a 3", "b\rc 4", " 2"}, ""},
		{"unfinished", "a\nbc", []string{"a 2"}, "bc"},
		{"empty lines", "\n\n", []string{" 1", " 1"}, ""},
		{"nothing", "", nil, ""},
		{"longer than the buffer", long + "\nb\n", []string{long[:20_000] + " 49153!", "b 2"}, ""},
		{"as long as allowed", long[:20_000] + "\n", []string{long[:20_000] + " 20001"}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := newLineReader(strings.NewReader(test.file), 0, 20_000)
			var got []string
			for {
				l, err := r.read()
				if err != nil {
					break
				}
				text := fmt.Sprintf("%s %d", l.text, l.bytes)
				if l.truncated {
					text += "!"
				}
				got = append(got, text)
			}
			if strings.Join(got, "|") != strings.Join(test.want, "|") {
				t.Errorf("got %.200q, want %.200q", got, test.want)
			}
			if rest := r.rest(); string(rest.text) != test.rest {
				t.Errorf("rest %q, want %q", rest.text, test.rest)
			}
		})
	}
}

func TestLineReaderOnAStreamOfSingleBytes(t *testing.T) {
	r := newLineReader(&sequentialReader{iotest.OneByteReader(strings.NewReader("ab\ncd\nef"))}, 0, 100)
	var got []string
	for {
		l, err := r.read()
		if err != nil {
			break
		}
		got = append(got, string(l.text))
	}
	got = append(got, string(r.rest().text))
	if strings.Join(got, " ") != "ab cd ef" {
		t.Fatalf("got %q", got)
	}
}

func TestLineReaderKeepsNothingAtTheEnd(t *testing.T) {
	r := newLineReader(strings.NewReader("a\n"), 0, 100)
	for range 2 {
		_, _ = r.read()
	}
	if r.buf != nil {
		t.Fatal("an idle reader holds a buffer")
	}
}

// FuzzLineReader: whatever the bytes, the lines and the rest add up to them.
func FuzzLineReader(f *testing.F) {
	f.Add([]byte("a\r\nb\n\nc"), 3)
	f.Add([]byte(strings.Repeat("x", 100)+"\n"), 10)
	f.Fuzz(func(t *testing.T, data []byte, maxBytes int) {
		if maxBytes < 1 || maxBytes > 1<<20 {
			return
		}
		r := newLineReader(bytes.NewReader(data), 0, maxBytes)
		total := int64(0)
		for {
			l, err := r.read()
			if err != nil {
				break
			}
			total += l.bytes
			if len(l.text) > maxBytes || bytes.IndexByte(l.text, '\n') >= 0 {
				t.Fatalf("line %q", l.text)
			}
		}
		if want := int64(bytes.LastIndexByte(data, '\n') + 1); total != want {
			t.Fatalf("lines have %d bytes, want %d", total, want)
		}
	})
}

// decodeAll sends text through a decoder and describes the messages: text, bytes, stream, fields.
func decodeAll(opts decodeOptions, text string) []string {
	if opts.maxBytes == 0 {
		opts.maxBytes = 1000
	}
	d := opts.newDecoder()
	var got []string
	emit := func(m message) {
		if m.skip {
			got = append(got, fmt.Sprintf("skip %d", m.bytes))
			return
		}
		s := fmt.Sprintf("%s %d", m.text, m.bytes)
		if m.stream != "" {
			s += " " + m.stream + " " + m.time.Format(time.RFC3339)
		}
		if m.fields.Kind() != event.Null {
			s += " " + string(m.fields.AppendJSON(nil))
		}
		if m.badRecord != "" {
			s += " bad"
		}
		if m.truncated {
			s += " truncated"
		}
		got = append(got, s)
	}
	r := newLineReader(strings.NewReader(text), 0, opts.maxBytes)
	for {
		l, err := r.read()
		if err != nil {
			break
		}
		d.line(l, time.Unix(0, 0), emit)
	}
	d.flush(emit)
	return got
}

func wantAll(t *testing.T, got []string, want ...string) {
	t.Helper()
	if strings.Join(got, "\n---\n") != strings.Join(want, "\n---\n") {
		t.Fatalf("got\n%s\nwant\n%s", strings.Join(got, "\n---\n"), strings.Join(want, "\n---\n"))
	}
}

func TestMultiline(t *testing.T) {
	date := regexp.MustCompile(`^\d{4}-`)
	indent := regexp.MustCompile(`^\s`)
	backslash := regexp.MustCompile(`\\$`)
	for _, test := range []struct {
		name string
		opts multilineOptions
		text string
		want []string
	}{
		{"stack trace: negate, after", multilineOptions{pattern: date, negate: true}, "2026-a\n at x\n at y\n2026-b\n", []string{"2026-a\n at x\n at y 19", "2026-b 7"}},
		{"first line does not match", multilineOptions{pattern: date, negate: true}, "x\n2026-a\n", []string{"x 2", "2026-a 7"}},
		{"indented lines: after", multilineOptions{pattern: indent}, "a\n b\nc\n", []string{"a\n b 5", "c 2"}},
		{"trailing backslash: before", multilineOptions{pattern: backslash, before: true}, "a\\\nb\\\nc\nd\n", []string{"a\\\nb\\\nc 8", "d 2"}},
		{"last line of a message: negate, before", multilineOptions{pattern: regexp.MustCompile(`;$`), negate: true, before: true}, "a\nb;\nc;\n", []string{"a\nb; 5", "c; 3"}},
		{"flush pattern", multilineOptions{pattern: regexp.MustCompile(`^begin`), negate: true, flush: regexp.MustCompile(`^end`)}, "begin\nx\nend\ny\n", []string{"begin\nx\nend 12", "y 2"}},
		{"too many lines", multilineOptions{pattern: indent, maxLines: 2}, "a\n b\n c\nd\n", []string{"a\n b 8 truncated", "d 2"}},
		{"without newline", multilineOptions{pattern: indent, skipNewline: true}, "a\n b\n", []string{"a b 5"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if test.opts.maxLines == 0 {
				test.opts.maxLines = 500
			}
			wantAll(t, decodeAll(decodeOptions{multiline: &test.opts}, test.text), test.want...)
		})
	}
}

func TestLineFilters(t *testing.T) {
	opts := decodeOptions{
		include: []*regexp.Regexp{regexp.MustCompile("ERR"), regexp.MustCompile("WARN")},
		exclude: []*regexp.Regexp{regexp.MustCompile("healthz")},
	}
	wantAll(t, decodeAll(opts, "ERR a\nINFO b\n\nWARN healthz\n"), "ERR a 6", "skip 7", "skip 1", "skip 13")
}

func TestContainerFormats(t *testing.T) {
	const (
		docker = `{"log":"one\n","stream":"stdout","time":"2026-01-02T03:04:05.678Z"}` + "\n"
		part   = `{"log":"tw","stream":"stdout","time":"2026-01-02T03:04:06Z"}` + "\n"
		end    = `{"log":"o\r\n","stream":"stdout","time":"2026-01-02T03:04:07Z"}` + "\n"
		stderr = `{"log":"oops\n","stream":"stderr","time":"2026-01-02T03:04:08Z"}` + "\n"
		cri    = "2026-01-02T03:04:05.1+01:00 stdout P thr\n2026-01-02T03:04:05.2+01:00 stdout F ee\n"
		bad    = "no record\n"
	)
	bytesOf := func(s string) string { return fmt.Sprint(" ", len(s)) }
	auto := decodeOptions{container: &containerOptions{stream: "all", format: "auto"}}
	wantAll(t, decodeAll(auto, docker+part+end+cri+bad),
		"one"+bytesOf(docker)+" stdout 2026-01-02T03:04:05Z",
		"two"+bytesOf(part+end)+" stdout 2026-01-02T03:04:06Z",
		"three"+bytesOf(cri)+" stdout 2026-01-02T03:04:05+01:00",
		"no record 10 bad")
	onlyErrors := decodeOptions{container: &containerOptions{stream: "stderr", format: "docker"}}
	wantAll(t, decodeAll(onlyErrors, docker+stderr), "skip"+bytesOf(docker), "oops"+bytesOf(stderr)+" stderr 2026-01-02T03:04:08Z")
}

func TestContainerID(t *testing.T) {
	id := strings.Repeat("0af9", 16)
	for path, want := range map[string]string{
		"/var/lib/docker/containers/" + id + "/" + id + "-json.log": id,
		"/var/log/containers/pod_ns_app-" + id + ".log":             id,
		"/var/log/pods/ns_pod_uid/app/0.log":                        "",
	} {
		if got := containerID(path); got != want {
			t.Errorf("%s: %q", path, got)
		}
	}
}

// FuzzContainer: no record panics, and bytes are accounted for.
func FuzzContainer(f *testing.F) {
	f.Add([]byte(`{"log":"one\n","stream":"stdout","time":"2026-01-02T03:04:05.678Z"}`))
	f.Add([]byte("2026-01-02T03:04:05Z stdout P x"))
	f.Add([]byte("2026-01-02T03:04:05Z stdout"))
	f.Fuzz(func(t *testing.T, text []byte) {
		d := containerDecoder{opts: &containerOptions{stream: "all", format: "auto"}, maxBytes: 100}
		for range 2 {
			if m, ok := d.add(message{text: bytes.Clone(text), bytes: int64(len(text))}); ok && m.bytes%int64(max(len(text), 1)) != 0 {
				t.Fatalf("%d bytes of lines of %d", m.bytes, len(text))
			}
		}
	})
}

func TestJSONLines(t *testing.T) {
	for _, test := range []struct {
		name string
		opts jsonOptions
		line string
		want string
	}{
		{"below json", jsonOptions{target: event.MustPath("json")}, `{"a":1}`, `"json":{"a":1}`},
		{"at the root", jsonOptions{underRoot: true}, `{"a":1,"input":"x"}`, `"a":1`},
		{"overwrite", jsonOptions{underRoot: true, overwrite: true}, `{"log":"text","message":"m"}`, `"log":"text","message":"m"`},
		{"own time", jsonOptions{underRoot: true, overwrite: true}, `{"@timestamp":"2026-05-06T07:08:09Z","a":1}`, `"@timestamp":"2026-05-06T07:08:09.000Z"`},
		{"time stays without overwrite", jsonOptions{underRoot: true}, `{"@timestamp":"2026-05-06T07:08:09Z"}`, `"@timestamp":"1970-01-01T00:00:00.000Z"`},
		{"bad time", jsonOptions{underRoot: true, overwrite: true, addError: true}, `{"@timestamp":"yesterday"}`, `"error":{"message":"@timestamp not overwritten`},
		{"dotted keys", jsonOptions{underRoot: true, expandKeys: true}, `{"a.b":1,"a":{"c.d":2},"x..y":3}`, `"a":{"b":1,"c":{"d":2}},"x..y":3`},
		{"dotted keys stay", jsonOptions{underRoot: true}, `{"a.b":1}`, `"a.b":1`},
		{"dotted keys at odds", jsonOptions{underRoot: true, expandKeys: true, addError: true}, `{"a":1,"a.b":2}`, `"error":{"message":"Error decoding JSON: cannot expand \"a.b\": a is a value already"`},
		{"dotted key twice", jsonOptions{underRoot: true, expandKeys: true, addError: true}, `{"a.b":1,"a":{"b":2}}`, `cannot expand \"b\": found conflicting key`},
		{"not JSON", jsonOptions{underRoot: true, addError: true}, `plain text`, `"message":"plain text","error":{"message":"Error decoding JSON:`},
		{"not JSON, no error wanted", jsonOptions{underRoot: true}, `plain text`, `"message":"plain text"}`},
		{"not an object", jsonOptions{underRoot: true, addError: true}, `[1]`, `"type":"json"`},
		{"message key", jsonOptions{target: event.MustPath("json"), messageKey: "log"}, `{"log":"text"}`, `"json":{"log":"text"}`},
		{"missing message key", jsonOptions{target: event.MustPath("json"), messageKey: "log", addError: true}, `{"a":1}`, `"error":{"message":"key \"log\" not found"`},
		{"document id", jsonOptions{underRoot: true, documentID: "id"}, `{"id":"x","a":1}`, `"a":1} {"_id":"x"}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			m := message{text: []byte(test.line), bytes: int64(len(test.line))}
			test.opts.decode(&m)
			maker := eventMaker{inputType: "log", decode: decodeOptions{json: &test.opts}}
			ev := maker.make(&m, "/a", 0, time.Unix(0, 0))
			got := string(ev.AppendJSON(nil)) + " " + string(ev.Metadata().AppendJSON(nil))
			if !strings.Contains(got, test.want) {
				t.Fatalf("got %s, want %s in it", got, test.want)
			}
		})
	}
}
