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
