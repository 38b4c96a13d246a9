package event

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

var noon = time.Date(2026, 2, 27, 12, 0, 0, 123_000_000, time.UTC)

func parse(t testing.TB, text string) Value {
	t.Helper()
	v, err := ParseJSON([]byte(text))
	if err != nil {
		t.Fatalf("parse %s: %v", text, err)
	}
	return v
}

func TestPaths(t *testing.T) {
	e := FromObject(parse(t, `{"a":{"b":[{"c":1},{"c":2}]},"tags":["x"],"@timestamp":"2026-02-27T12:00:00.123Z","@metadata":{"m":"v"}}`), noon)
	for ref, want := range map[string]string{
		"[a][b][1][c]":   "2",
		"[a][b][-1][c]":  "2",
		"[a][b]":         `{"c":1},{"c":2}`,
		"tags":           "x",
		"[tags][0]":      "x",
		"[@metadata][m]": "v",
		"@timestamp":     "2026-02-27T12:00:00.123Z",
		"[@timestamp]":   "2026-02-27T12:00:00.123Z",
		"[[a][b]][1][c]": "2",
		"[a][[b][[0]]]":  `{"c":1}`,
		"[[tags]]":       "x",
	} {
		v, ok := e.Get(MustPath(ref))
		if !ok || v.Text() != want {
			t.Errorf("%s = %q, %v; want %q", ref, v.Text(), ok, want)
		}
	}
	for _, ref := range []string{"[a][b][2][c]", "[a][x]", "b", "[tags][0][1]"} {
		if v, ok := e.Get(MustPath(ref)); ok {
			t.Errorf("%s = %q, want nothing", ref, v.Text())
		}
	}
	for _, bad := range []string{"", "[a", "a]b", "[]", "[[]]", "[a[b]]", "[[a]b]", "[a]]", "[a][", "[a]x[b]"} {
		if _, err := ParsePath(bad); err == nil {
			t.Errorf("ParsePath(%q) succeeded", bad)
		}
	}
}

func TestSetRemoveAdd(t *testing.T) {
	e := New(noon)
	e.Set(MustPath("[a][b]"), IntOf(1))
	e.Set(MustPath("[a][c]"), StringOf("x"))
	e.Add(MustPath("[a][c]"), StringOf("y"))
	e.Add(MustPath("[a][c]"), StringOf("z"))
	e.Set(MustPath("[@metadata][secret]"), StringOf("s"))
	e.Remove(MustPath("[a][b]"))
	e.Remove(MustPath("[a][c][0]"))
	e.Tag("t1")
	e.Tag("t1")
	e.Tag("t2")
	e.Untag("t1")
	if e.Set(MustPath("@timestamp"), StringOf("not a time")) {
		t.Error("@timestamp took a text that is no time")
	}
	want := `{"@timestamp":"2026-02-27T12:00:00.123Z","a":{"c":["y","z"]},"tags":["t2"]}`
	if got := string(e.AppendJSON(nil)); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestTimestampThatIsNone(t *testing.T) {
	e := FromObject(parse(t, `{"@timestamp":"yesterday","message":"m"}`), noon)
	want := `{"@timestamp":"2026-02-27T12:00:00.123Z","message":"m","_@timestamp":"yesterday","tags":["_timestampparsefailure"]}`
	if got := string(e.AppendJSON(nil)); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestTemplate(t *testing.T) {
	e := FromObject(parse(t, `{"a":{"b":"B"},"n":1.5,"list":[1,"two"],"nothing":null}`), noon)
	for text, want := range map[string]string{
		"plain":                       "plain",
		"%{[a][b]}-%{n}":              "B-1.5",
		"logs-%{+YYYY.MM.dd}":         "logs-2026.02.27",
		"%{{yyyy-MM-dd'T'HH}}x":       "2026-02-27T12x",
		"%{+%s}":                      "1772193600",
		"%{@timestamp}":               "2026-02-27T12:00:00.123Z",
		"%{missing} %{nothing} %{":    "%{missing} %{nothing} %{",
		"%{list}":                     "1,two",
		"%{a}":                        `{"b":"B"}`,
		"%{[@metadata][fingerprint]}": "%{[@metadata][fingerprint]}",
	} {
		tm, err := CompileTemplate(text)
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if got := tm.Expand(e); got != want {
			t.Errorf("%q gives %q, want %q", text, got, want)
		}
	}
	if _, err := CompileTemplate("%{+YYYY.q(}"); err == nil {
		t.Error("a broken date pattern was taken")
	}
}

func TestReceipt(t *testing.T) {
	done := 0
	r := NewReceipt(2, func() { done++ })
	a, b := New(noon), New(noon)
	a.SetReceipt(r)
	b.SetReceipt(r)
	c := a.Clone()
	a.Done()
	a.Done() // a second call for the same event does nothing
	b.Done()
	if done != 0 {
		t.Fatal("the receipt was given while a clone is open")
	}
	c.Done()
	if done != 1 {
		t.Fatalf("done was called %d times", done)
	}
}

func TestCloneIsDeep(t *testing.T) {
	e := FromObject(parse(t, `{"a":{"list":[1]}}`), noon)
	c := e.Clone()
	list, _ := c.Get(MustPath("[a][list]"))
	list.Append(IntOf(2))
	if got := string(e.AppendJSON(nil)); got != `{"@timestamp":"2026-02-27T12:00:00.123Z","a":{"list":[1]}}` {
		t.Errorf("the original changed: %s", got)
	}
}

func TestEqual(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{`1`, `1.0`, true}, {`1`, `"1"`, false}, {`null`, `null`, true}, {`{"a":1,"b":2}`, `{"b":2,"a":1}`, true},
		{`[1,2]`, `[2,1]`, false}, {`true`, `true`, true}, {`""`, `null`, false},
	} {
		if got := parse(t, c.a).Equal(parse(t, c.b)); got != c.want {
			t.Errorf("%s == %s is %v", c.a, c.b, got)
		}
	}
}

func TestNumbersKeepTheirForm(t *testing.T) {
	for in, want := range map[string]string{
		`1`: `1`, `1.0`: `1.0`, `100.5`: `100.5`, `-0.0`: `-0.0`, `1e3`: `1000.0`, `12345678901234567890`: `12345678901234567890`,
		`9007199254740993`: `9007199254740993`, `1e-7`: `1e-07`,
	} {
		if got := string(parse(t, in).AppendJSON(nil)); got != want {
			t.Errorf("%s prints %s, want %s", in, got, want)
		}
	}
}

// TestParseJSONMembers parses documents whose members share slices, and changes them: no part may reach into another.
func TestParseJSONMembers(t *testing.T) {
	f := func(text string, change func(v Value), want string) {
		t.Helper()
		v, err := ParseJSON([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		change(v)
		if got := string(v.AppendJSON(nil)); got != want {
			t.Errorf("%s:\n got %s\nwant %s", text, got, want)
		}
	}
	member := func(v Value, name string) Value { m, _ := v.Member(name); return m }
	f(`{"a":{"x":1},"b":{"y":2},"c":[1,2],"d":[3]}`, func(v Value) {
		member(v, "a").SetMember("z", IntOf(9))
		member(v, "c").Append(IntOf(8), IntOf(7))
		member(v, "b").RemoveMember("y")
		v.SetMember("e", BoolOf(true))
	}, `{"a":{"x":1,"z":9},"b":{},"c":[1,2,8,7],"d":[3],"e":true}`)
	f(`{"a":1,"b":{"c":1,"c":2},"a":3}`, func(Value) {}, `{"a":3,"b":{"c":2}}`)
	f(`[{"a":1},{"a":2},[],{}]`, func(v Value) { v.At(0).SetMember("b", IntOf(1)) }, `[{"a":1,"b":1},{"a":2},[],{}]`)
	many := "{"
	for i := range 100 {
		many += fmt.Sprintf(`"n%d":{"i":%d},`, i, i)
	}
	many = many[:len(many)-1] + "}"
	f(many, func(Value) {}, many)
	if _, err := ParseObject([]byte(`{"a":{"b":1,"b":2}}`)); err == nil {
		t.Error("a member twice is taken")
	}
	if _, err := ParseJSON([]byte(`{"a":{"b":[1,{"c":`)); err == nil {
		t.Error("a document cut short is taken")
	}
	f(`{"a":1}`, func(Value) {}, `{"a":1}`) // what the failed ones left is gone
}

func TestPlainPrefix(t *testing.T) {
	for at := range 20 {
		for _, stop := range []string{"\"", "\\", "\n", "\x1f", "\x00", "é", "\x80", "\xff"} {
			text := strings.Repeat("~", at) + stop + " !#[]x~z tail"
			if got := plainPrefix(text); got != at {
				t.Errorf("%q: %d, want %d", text, got, at)
			}
		}
	}
	if all := " !#$[]^_~}|{az09\x7f"; plainPrefix(all) != len(all) {
		t.Errorf("%q: %d", all, plainPrefix(all))
	}
}

func TestAppendTime(t *testing.T) {
	for _, text := range []string{"2026-02-01T10:00:00.000Z", "0001-01-01T00:00:00.100Z", "9999-12-31T23:59:59.999Z", "2026-02-01T10:00:00.000001Z", "2026-02-01T10:00:00.123456789Z"} {
		parsed, err := time.Parse(time.RFC3339Nano, text)
		if err != nil {
			t.Fatal(err)
		}
		if got := string(AppendTime(nil, parsed.In(time.FixedZone("x", 3600)))); got != text {
			t.Errorf("got %s, want %s", got, text)
		}
	}
	if got := string(AppendTime(nil, time.Date(12345, 1, 2, 3, 4, 5, 0, time.UTC))); got != "12345-01-02T03:04:05.000Z" {
		t.Errorf("a year of five digits: %s", got)
	}
}

func BenchmarkParseJSON(b *testing.B) {
	text := []byte(`{"timestamp":"2026-02-01T10:00:00.5Z","level":"info","service":"booking","request":{"id":"8f4c2a1b-92d3","user":"user_5f2c9e1a","n":[4,12,7,2,18]},"duration_ms":100.5,"message":"GET /a \"b\" done"}`)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	var out []byte
	for b.Loop() {
		v, err := ParseJSON(text)
		if err != nil {
			b.Fatal(err)
		}
		out = v.AppendJSON(out[:0])
	}
}

func FuzzParseJSON(f *testing.F) {
	for _, s := range []string{`{"a":[1,2.5,-3e10,"x\u00e9\n\ud83d\ude00",true,null,{}]}`, `"\ud800"`, `[[[[`, `{"a":1,}`, "\"\xff\"", `01`, `-`, `{"a" : "\u0000"}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		v, err := ParseJSON(data)
		if err != nil {
			return
		}
		first := v.AppendJSON(nil)
		if !json.Valid(first) {
			t.Fatalf("printed invalid JSON %q for %q", first, data)
		}
		again, err := ParseJSON(first)
		if err != nil {
			t.Fatalf("printed %q for %q, which does not parse: %v", first, data, err)
		}
		if second := again.AppendJSON(nil); string(second) != string(first) {
			t.Fatalf("printing is not stable: %q, then %q", first, second)
		}
	})
}
