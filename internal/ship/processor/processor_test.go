package processor

import (
	"log/slog"
	"strings"
	"testing"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/plugin"
)

func text(s string) plugin.Value   { return plugin.Value{Kind: plugin.Text, Str: s} }
func number(s string) plugin.Value { return plugin.Value{Kind: plugin.Number, Str: s} }

func list(items ...plugin.Value) plugin.Value { return plugin.Value{Kind: plugin.List, List: items} }

func texts(items ...string) plugin.Value {
	v := plugin.Value{Kind: plugin.List}
	for _, item := range items {
		v.List = append(v.List, text(item))
	}
	return v
}

// hash takes keys and values in turn.
func hash(pairs ...any) plugin.Value {
	v := plugin.Value{Kind: plugin.Map}
	for i := 0; i < len(pairs); i += 2 {
		v.Pairs = append(v.Pairs, plugin.Pair{Key: pairs[i].(string), Value: pairs[i+1].(plugin.Value)})
	}
	return v
}

func block(name string, options ...any) *plugin.BlockConfig {
	return &plugin.BlockConfig{Name: name, Options: hash(options...).Pairs}
}

var env = &Env{Logger: slog.New(slog.DiscardHandler)}

func parse(t testing.TB, json string) *event.Event {
	t.Helper()
	v, err := event.ParseJSON([]byte(json))
	if err != nil {
		t.Fatal(err)
	}
	return event.FromObject(v, time.Unix(0, 0))
}

func fields(ev *event.Event) string {
	return string(ev.Fields().AppendJSON(nil))
}

func TestProcessors(t *testing.T) {
	for _, test := range []struct {
		name  string
		block *plugin.BlockConfig
		in    string
		want  string // "dropped" for a dropped event
	}{
		{"add_fields below fields", block("add_fields", "fields", hash("a", number("1"))), `{"fields":{"b":2}}`, `{"fields":{"b":2,"a":1}}`},
		{"add_fields at the root, dotted", block("add_fields", "target", text(""), "fields", hash("env.name", text("prod"), "on", text("true"))), `{"env":{"x":1}}`, `{"env":{"x":1,"name":"prod"},"on":true}`},
		{"add_fields below a target", block("add_fields", "target", text("a.b"), "fields", hash("c", number("1.5"))), `{}`, `{"a":{"b":{"c":1.5}}}`},
		{"add_tags", block("add_tags", "tags", texts("x", "y")), `{"tags":["x"]}`, `{"tags":["x","y"]}`},
		{"drop_event", block("drop_event", "when", hash("contains", hash("message", text("health")))), `{"message":"GET /healthz"}`, "dropped"},
		{"drop_event, other event", block("drop_event", "when", hash("contains.message", text("health"))), `{"message":"GET /"}`, `{"message":"GET /"}`},
		{"drop_fields", block("drop_fields", "fields", texts("a.b", "c", "none", "/^d\\./")), `{"a":{"b":1,"x":2},"c":3,"d":{"e":1}}`, `{"a":{"x":2},"d":{}}`},
		{"include_fields", block("include_fields", "fields", texts("a.b", "none")), `{"a":{"b":1,"x":2},"c":3,"type":"t"}`, `{"a":{"b":1},"type":"t"}`},
		{"rename", block("rename", "fields", list(hash("from", text("a"), "to", text("b.c")))), `{"a":1}`, `{"b":{"c":1}}`},
		{"rename, missing", block("rename", "fields", list(hash("from", text("a"), "to", text("b"))), "ignore_missing", text("true")), `{}`, `{}`},
		{"rename, taken: all taken back", block("rename", "fields", list(hash("from", text("x"), "to", text("y")), hash("from", text("a"), "to", text("b")))), `{"x":0,"a":1,"b":2}`,
			`{"a":1,"b":2,"x":0,"error":{"message":"rename: target field [b] exists already, drop or rename it first"}}`},
		{"rename, taken, going on", block("rename", "fields", list(hash("from", text("a"), "to", text("b"))), "fail_on_error", text("false")), `{"a":1,"b":2}`, `{"a":1,"b":2}`},
		{"decode in place", block("decode_json_fields", "fields", texts("message")), `{"message":"{\"a\":1}"}`, `{"message":{"a":1}}`},
		{"decode to the root", block("decode_json_fields", "fields", texts("message"), "target", text("")), `{"message":"{\"a\":1,\"message\":\"m\"}"}`, `{"message":"{\"a\":1,\"message\":\"m\"}","a":1}`},
		{"decode to the root, overwrite", block("decode_json_fields", "fields", texts("message"), "target", text(""), "overwrite_keys", text("true")), `{"message":"{\"a\":1,\"message\":\"m\"}"}`, `{"message":"m","a":1}`},
		{"decode to a target", block("decode_json_fields", "fields", texts("message"), "target", text("x.y")), `{"message":"{\"a\":1}"}`, `{"message":"{\"a\":1}","x":{"y":{"a":1}}}`},
		{"decode twice", block("decode_json_fields", "fields", texts("m"), "max_depth", number("2")), `{"m":"{\"a\":\"{\\\"b\\\":1}\",\"c\":\"text\"}"}`, `{"m":{"a":{"b":1},"c":"text"}}`},
		{"decode once", block("decode_json_fields", "fields", texts("m")), `{"m":"{\"a\":\"{\\\"b\\\":1}\"}"}`, `{"m":{"a":"{\"b\":1}"}}`},
		{"arrays are left", block("decode_json_fields", "fields", texts("m")), `{"m":"[1]"}`, `{"m":"[1]"}`},
		{"arrays are decoded", block("decode_json_fields", "fields", texts("m"), "process_array", text("true")), `{"m":"[1]"}`, `{"m":[1]}`},
		{"no JSON", block("decode_json_fields", "fields", texts("m")), `{"m":"plain"}`, `{"m":"plain"}`},
		{"no JSON, with error", block("decode_json_fields", "fields", texts("m"), "add_error_key", text("true")), `{"m":"[1]"}`, `{"m":"[1]","error":{"message":"decode_json_fields: m: it is of type array"}}`},
		{"expand dotted keys", block("decode_json_fields", "fields", texts("m"), "expand_keys", text("true")), `{"m":"{\"a.b\":1}"}`, `{"m":{"a":{"b":1}}}`},
		{"expand keys at odds", block("decode_json_fields", "fields", texts("m"), "expand_keys", text("true")), `{"m":"{\"a\":1,\"a.b\":1}"}`, `{"m":"{\"a\":1,\"a.b\":1}"}`},
		{"copy_fields", block("copy_fields", "fields", list(hash("from", text("a"), "to", text("b.c")))), `{"a":{"x":1}}`, `{"a":{"x":1},"b":{"c":{"x":1}}}`},
		{"copy_fields, taken: all taken back", block("copy_fields", "fields", list(hash("from", text("a"), "to", text("c")), hash("from", text("a"), "to", text("b")))), `{"a":1,"b":2}`,
			`{"a":1,"b":2,"error":{"message":"copy_fields: target field [b] exists already, drop or rename it first"}}`},
		{"copy_fields, missing", block("copy_fields", "fields", list(hash("from", text("a"), "to", text("b"))), "ignore_missing", text("true")), `{}`, `{}`},
		{"convert in place", block("convert", "fields", list(hash("from", text("a"), "type", text("integer")), hash("from", text("b"), "type", text("boolean")), hash("from", text("c"), "type", text("string")))),
			`{"a":"0x1F","b":"true","c":7}`, `{"a":31,"b":true,"c":"7"}`},
		{"convert with rename", block("convert", "mode", text("rename"), "fields", list(hash("from", text("a"), "to", text("b.c"), "type", text("float")))), `{"a":"1.5"}`, `{"b":{"c":1.5}}`},
		{"convert fails as a whole", block("convert", "fields", list(hash("from", text("a"), "type", text("long")), hash("from", text("b"), "type", text("ip")))), `{"a":"1","b":"x"}`,
			`{"a":"1","b":"x","error":{"message":"convert: field [b] is no ip: \"x\""}}`},
		{"convert what can be", block("convert", "fail_on_error", text("false"), "fields", list(hash("from", text("a"), "type", text("long")), hash("from", text("b"), "type", text("ip")))), `{"a":"1","b":"x"}`, `{"a":1,"b":"x"}`},
		{"convert an object", block("convert", "fields", list(hash("from", text("a"), "type", text("string")))), `{"a":{}}`, `{"a":{},"error":{"message":"convert: field [a], of type object, cannot become string"}}`},
		{"dissect", block("dissect", "tokenizer", text("%{time->} %{level}: %{?skip} %{http.status|integer} %{text}")), `{"message":"12:00   INFO: x 200 all of it"}`,
			`{"message":"12:00   INFO: x 200 all of it","dissect":{"time":"12:00","level":"INFO","http":{"status":200},"text":"all of it"}}`},
		{"dissect to the root, appending", block("dissect", "tokenizer", text("%{ts} %{+ts} %{*name}=%{&name}"), "target_prefix", text("")), `{"message":"a b user=x"}`, `{"message":"a b user=x","ts":"a b","user":"x"}`},
		{"dissect trims", block("dissect", "tokenizer", text("%{a}|%{b}"), "trim_values", text("all"), "trim_chars", text(" _")), `{"message":" x _|y "}`, `{"message":" x _|y ","dissect":{"a":"x","b":"y"}}`},
		{"dissect does not fit", block("dissect", "tokenizer", text("%{a}|%{b}")), `{"message":"x"}`, `{"message":"x","log":{"flags":["dissect_parsing_error"]}}`},
		{"dissect does not fit, in silence", block("dissect", "tokenizer", text("%{a}|%{b}"), "ignore_failure", text("true")), `{"message":"x"}`, `{"message":"x"}`},
		{"dissect finds a field there", block("dissect", "tokenizer", text("%{a} %{message}"), "target_prefix", text("")), `{"message":"x y","log":{"flags":["multiline"]}}`, `{"message":"x y","log":{"flags":["multiline","dissect_parsing_error"]}}`},
		{"dissect overwrites", block("dissect", "tokenizer", text("%{a} %{message}"), "target_prefix", text(""), "overwrite_keys", text("true")), `{"message":"x y"}`, `{"message":"y","a":"x"}`},
		{"dissect a bad number", block("dissect", "tokenizer", text("%{a|integer} %{b}")), `{"message":"x y"}`, `{"message":"x y","log":{"flags":["dissect_parsing_error"]}}`},
		{"timestamp to a field", block("timestamp", "field", text("t"), "target_field", text("u"), "layouts", texts("2006-01-02", "2006-01-02 15:04:05.999"), "timezone", text("+0200")), `{"t":"2026-03-04 05:06:07.8"}`,
			`{"t":"2026-03-04 05:06:07.8","u":"2026-03-04T03:06:07.800Z"}`},
		{"timestamp in a zone", block("timestamp", "field", text("t"), "target_field", text("u"), "layouts", texts("2006-01-02 15:04"), "timezone", text("America/New_York")), `{"t":"2026-07-04 05:06"}`, `{"t":"2026-07-04 05:06","u":"2026-07-04T09:06:00.000Z"}`},
		{"timestamp of seconds", block("timestamp", "field", text("t"), "target_field", text("u"), "layouts", texts("UNIX")), `{"t":1700000000.5}`, `{"t":1700000000.5,"u":"2023-11-14T22:13:20.500Z"}`},
		{"timestamp of milliseconds", block("timestamp", "field", text("t"), "target_field", text("u"), "layouts", texts("UNIX_MS")), `{"t":"1700000000500"}`, `{"t":"1700000000500","u":"2023-11-14T22:13:20.500Z"}`},
		{"timestamp that no layout fits", block("timestamp", "field", text("t"), "layouts", texts("2006-01-02")), `{"t":"yesterday"}`, `{"t":"yesterday","error":{"message":"timestamp: no layout fits \"yesterday\""}}`},
		{"timestamp that fails in silence", block("timestamp", "field", text("t"), "layouts", texts("2006-01-02"), "ignore_failure", text("true")), `{"t":"yesterday"}`, `{"t":"yesterday"}`},
		{"timestamp missing", block("timestamp", "field", text("t"), "layouts", texts("2006-01-02"), "ignore_missing", text("true")), `{}`, `{}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			p, _, err := Build(env, test.block)
			if err != nil {
				t.Fatal(err)
			}
			ev := parse(t, test.in)
			got := "dropped"
			if p.Process(ev) {
				got = fields(ev)
			}
			if got != test.want {
				t.Fatalf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

func TestConditions(t *testing.T) {
	const ev = `{"status":404,"time":1.5,"ok":true,"level":"error","tags":["a","bc"],"http":{"code":500},"message":"request failed"}`
	for _, test := range []struct {
		when plugin.Value
		want bool
	}{
		{hash("equals", hash("status", number("404"))), true},
		{hash("equals", hash("status", number("404"), "level", text("info"))), false},
		{hash("equals.level", text("error")), true},
		{hash("equals", hash("ok", text("true"))), true},
		{hash("equals", hash("none", text("x"))), false},
		{hash("equals", hash("http", hash("code", number("500")))), true},
		{hash("contains", hash("message", text("fail"))), true},
		{hash("contains", hash("tags", text("b"))), true},
		{hash("contains", hash("tags", text("x"))), false},
		{hash("regexp", hash("message", text("^request .*d$"))), true},
		{hash("regexp", hash("status", text("404"))), false},
		{hash("range", hash("status", hash("gte", number("400"), "lt", number("500")))), true},
		{hash("range", hash("http.code.gt", number("500"))), false},
		{hash("range.time.lte", number("1.5")), true},
		{hash("has_fields", texts("status", "http.code")), true},
		{hash("has_fields", texts("status", "none")), false},
		{hash("not", hash("has_fields", texts("none"))), true},
		{hash("and", list(hash("has_fields", texts("ok")), hash("equals.status", number("1")))), false},
		{hash("or", list(hash("has_fields", texts("none")), hash("equals.status", number("404")))), true},
	} {
		c, err := compileCondition(test.when)
		if err != nil {
			t.Errorf("%+v: %v", test.when, err)
			continue
		}
		if got := c.holds(parse(t, ev)); got != test.want {
			t.Errorf("%+v: %v", test.when, got)
		}
	}
}

func TestMistakesAreNamed(t *testing.T) {
	for _, test := range []struct {
		block *plugin.BlockConfig
		want  string
	}{
		{block("drop_evnt"), `did you mean "drop_event"?`},
		{block("drop_event"), "without when it would drop every event"},
		{block("add_fields"), `option "fields": is required`},
		{block("add_tags", "tags", texts("x"), "when", hash("equal", hash("a", text("b")))), "equal: there is no such condition"},
		{block("add_tags", "tags", texts("x"), "when", hash("regexp", hash("a", text("(")))), "missing closing"},
		{block("add_tags", "tags", texts("x"), "when", hash("range", hash("a", hash("gt", text("x"))))), `"x" is not a number`},
		{block("add_tags", "tags", texts("x"), "when", hash("network", hash("a", text("private")))), "network: there is no such condition"},
		{block("add_tags", "tags", texts("x"), "when", hash("equals", hash("a", text("b")), "regexp", hash("a", text("b")))), "wants exactly one condition"},
		{block("rename", "fields", list(hash("from", text("a")))), "wants from and to"},
		{block("drop_fields", "fields", texts("a[0]")), "is not a field name"},
	} {
		if _, _, err := Build(env, test.block); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", test.block.Name, err, test.want)
		}
	}
}

func TestUnbuiltIsNotBuilt(t *testing.T) {
	for name := range unbuilt {
		if Table.Find(name) != nil {
			t.Errorf("%s is in the table and said to be missing", name)
		}
	}
}

func TestAddedFieldsAreNotShared(t *testing.T) {
	p, _, err := Build(env, block("add_fields", "fields", hash("a", hash("b", number("1")))))
	if err != nil {
		t.Fatal(err)
	}
	first, second := parse(t, `{}`), parse(t, `{}`)
	p.Process(first)
	p.Process(second)
	first.Set(event.MustPath("[fields][a][b]"), event.IntOf(2))
	if got := fields(second); got != `{"fields":{"a":{"b":1}}}` {
		t.Fatalf("a change of one event reached another: %s", got)
	}
}

func TestTimestampSetsTheEventsTime(t *testing.T) {
	p, _, err := Build(env, block("timestamp", "field", text("t"), "layouts", texts(time.RFC3339), "test", texts("2026-01-02T03:04:05Z")))
	if err != nil {
		t.Fatal(err)
	}
	ev := parse(t, `{"t":"2026-03-04T05:06:07Z"}`)
	p.Process(ev)
	if want := time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC); !ev.Timestamp().Equal(want) {
		t.Errorf("time %s, want %s", ev.Timestamp(), want)
	}
}

func TestTimestampWithoutYear(t *testing.T) {
	r := &timeReader{layouts: []string{time.Stamp}, zone: time.UTC, now: func() time.Time { return time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC) }}
	at, err := r.read(event.StringOf("Mar  4 05:06:07"))
	if want := time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC); err != nil || !at.Equal(want) {
		t.Errorf("time %s, %v, want %s", at, err, want)
	}
}

func TestRefusedOptions(t *testing.T) {
	for want, b := range map[string]*plugin.BlockConfig{
		"no layout fits":                  block("timestamp", "field", text("t"), "layouts", texts("2006"), "test", texts("x")),
		"is not a layout as Go writes":    block("timestamp", "field", text("t"), "layouts", texts("yyyy-MM-dd")),
		"timezone":                        block("timestamp", "field", text("t"), "layouts", texts("2006"), "timezone", text("Moon/Sea")),
		"fixed length":                    block("dissect", "tokenizer", text("%{a#4}%{b}")),
		"no text between two of its keys": block("dissect", "tokenizer", text("%{a}%{b}")),
		"is no type":                      block("dissect", "tokenizer", text("%{a|number}")),
		"has no %{?b} for the name":       block("dissect", "tokenizer", text("%{a} %{&b}")),
		"is not a field name":             block("dissect", "tokenizer", text("%{a[0]} %{b}")),
		"has no key":                      block("dissect", "tokenizer", text("text")),
		`"number" is no type`:             block("convert", "fields", list(hash("from", text("a"), "type", text("number")))),
		"wants from, and type or to":      block("convert", "fields", list(hash("from", text("a")))),
		"wants a list":                    block("copy_fields", "fields", text("a")),
	} {
		if _, _, err := Build(env, b); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q in it", err, want)
		}
	}
}

// FuzzDissect: no text and no pattern panics, and what is refused by the text leaves the fields as they were.
func FuzzDissect(f *testing.F) {
	f.Add("%{a} %{+a} %{b|integer} %{?c}=%{&c}", "x y 1 k=v")
	f.Add("%{a->} %{a}", "x   y")
	f.Fuzz(func(t *testing.T, tokenizer, message string) {
		p, _, err := Build(env, block("dissect", "tokenizer", text(tokenizer), "ignore_failure", text("true")))
		if err != nil {
			return
		}
		ev := event.New(time.Unix(0, 0))
		ev.Fields().SetMember("message", event.StringOf(message))
		p.Process(ev)
		if v, _ := ev.Fields().Member("message"); v.Str() != message {
			t.Fatalf("the message is now %q", v.Str())
		}
	})
}
