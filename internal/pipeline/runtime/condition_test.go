package runtime

import (
	"strings"
	"testing"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline/config"
)

// TestConditions evaluates conditions on one event.
func TestConditions(t *testing.T) {
	v, err := event.ParseJSON([]byte(`{"message":"GET /health_check\nline two","n":500,"f":0.5,"text":"812","yes":true,"no":false,"null":null,
		"tags":["error_log","x"],"a":{"b":{"c":"deep"},"list":[1,2]},"empty":"","falsy":"false","zero":0,"none":[],"object":{},"n2":500,"a-b c":{"x.y":1},"same":"812","@metadata":{"kind":"sample"}}`))
	if err != nil {
		t.Fatal(err)
	}
	ev := event.FromObject(v, arrival)
	f := func(cond string, want bool) {
		t.Helper()
		cfg, err := config.Parse("t.conf", "filter { if "+cond+" { drop {} } }", config.Options{})
		if err != nil {
			t.Error(err)
			return
		}
		compiled, err := compileCondition(cfg.Sections[0].Body[0].(*config.Branch).Arms[0].Cond)
		if err != nil {
			t.Error(err)
			return
		}
		if got := compiled(ev); got != want {
			t.Errorf("%s: got %v", cond, got)
		}
	}
	// truth: not null, not false, not "", not "false"
	f("[message]", true)
	f("[empty]", false)
	f("[falsy]", false)
	f("[zero] and [none] and [object]", true)
	f("[@timestamp]", true)
	f("[n]", true)
	f("[no]", false)
	f("[null]", false)
	f("[missing]", false)
	f("![missing] or ![a][b][c]", true)
	f("[a][b]", true)
	f("[@metadata][kind] == 'sample'", true)
	f("[a][list][1] == 2 and [a][list][-1] == 2", true)
	// comparison without coercion
	f("[n] == 500", true)
	f("[n] == 500.0", true)
	f("[n] == '500'", false)
	f("[n] > 499.5 and [n] <= 500 and [n] >= 500 and !([n] < 500)", true)
	f("[text] > 500", false)
	f("[text] < 500", false)
	f("[text] == [same]", true)
	f("[text] != [n]", true)
	f("[missing] > 1", false)
	f("[missing] == [absent]", true)
	f("[missing] != 'x'", true)
	f("[message] < 'H'", true)
	f("[yes] == 'true'", false)
	f("[yes] != 'true'", true)
	f("[no] == 'false' or [null] == ''", false)
	f("[null] == [missing]", true)
	f("[message] > [missing] or [message] <= [missing] or [missing] >= [absent]", false)
	f("[tags] > 'a' or [tags] == 'x'", false)
	f("500 == [n] and '812' == [text] and 501 > [n]", true)
	f("[text] < '9' and [text] >= '812'", true)
	f("[a-b c][x.y] == 1", true)
	f("'x' == 'y' or 2 < 1", false)
	f("'words'", true)
	f("0", true)
	f("''", false)
	f("('false')", false)
	f("'a' == 'a' and 1 != 2", true)
	// membership
	f("'error_log' in [tags]", true)
	f("'error' in [tags]", false)
	f("'health' in [message]", true)
	f("'x' not in [tags]", false)
	f("'x' in [missing]", false)
	f("[n] in [499, 500]", true)
	f("[text] in ['811', '812']", true)
	f("[text] in ['812']", true)
	f("2 in [a][list]", true)
	f("[n] in ['499', '500']", true)
	f("[text] in [811, 812]", true)
	f("[f] in [0.5, 'x']", true)
	f("[yes] in ['true', 'yes']", true)
	f("[tags] in ['error_log', 'x']", false)
	f("[text] in '18123' and [n] not in '15001'", true)
	f("[text] in [message] or [n] in [text] or [text] in [n]", false)
	f("[same] in [text]", true)
	f("[n] in [n2] and [yes] in [yes]", true)
	f("[tags] in [tags] or [a] in [a] or [missing] in [absent] or [null] in [null]", false)
	f("'two' in 'one two' and 'a' in ['a', 'b'] and 'c' not in ['a', 'b']", true)
	f("5 in [a][list] or 5 in [text] or 5 in [n]", false)
	f("[missing] in ['x']", false)
	f("[missing] not in ['x']", true)
	// expressions with Ruby's meaning
	f("[message] =~ /health_check/", true)
	f("[message] =~ /^line/", true)
	f("[message] =~ /check$/", true)
	f("[message] =~ /check.line/", false)
	f("[message] =~ 'two\\z'", true)
	f("[message] =~ /(?i)get (?=\\/)/", true)
	f("[n] =~ /500/", false)
	f("[missing] !~ /x/", true)
	f("[tags] =~ /error/", false)
	f("[tags] !~ /error/ and [n] !~ /5/ and [yes] !~ /true/ and [a] !~ /./", true)
	f("'a text' =~ /T/ or 'a text' =~ '^x'", false)
	// logic
	f("[yes] and [no] or [yes]", true)
	f("[yes] or [no] and [no]", true)
	f("([yes] or [no]) and [no]", false)
	f("[yes] nand [yes]", false)
	f("[yes] xor [yes]", false)
	f("[yes] xor [no]", true)
	f("!([yes] and [yes])", false)
}

func TestConditionFaults(t *testing.T) {
	f := func(cond, want string) {
		t.Helper()
		cfg, err := config.Parse("t.conf", "filter { if "+cond+" { drop {} } }", config.Options{})
		if err != nil {
			t.Fatal(err)
		}
		_, err = compileCondition(cfg.Sections[0].Body[0].(*config.Branch).Arms[0].Cond)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", cond, err, want)
		}
	}
	f("[a] =~ /[/", "t.conf:1:20: regular expression")
	f("[a] =~ '(?q:x)'", "group option (?q is not supported")
}

// TestConditionTimeout gives up an expression that would take for ever, counts it as no match and tags the event.
func TestConditionTimeout(t *testing.T) {
	cfg, err := config.Parse("t.conf", `filter { if [message] =~ /^(a|aa|(\w)\2?)+\2$/ { drop {} } }`, config.Options{})
	if err != nil {
		t.Fatal(err)
	}
	compiled, err := compileCondition(cfg.Sections[0].Body[0].(*config.Branch).Arms[0].Cond)
	if err != nil {
		t.Fatal(err)
	}
	ev := event.New(arrival)
	ev.Set(event.MustPath("message"), event.StringOf(strings.Repeat("a", 4000)+"!"))
	if compiled(ev) {
		t.Error("what was given up must be no match")
	}
	if tags, _ := ev.Get(event.MustPath("tags")); !holds(tags, event.StringOf(conditionTimeoutTag)) {
		t.Errorf("tags: %s", tags.Text())
	}
}

func BenchmarkPipeline(b *testing.B) {
	h := newHarness(b, toolServer, nil)
	lines := []string{
		`{"timestamp":"2026-02-01T10:00:00.5Z","level":"info","service":"booking","duration_ms":100.5,"message":"done"}`,
		`2026-02-01T10:00:02Z ERROR [mcp] lost connection`,
		`{"timestamp":"2026-02-01T10:00:01Z","level":"error","service":"booking","error":"no table","message":"failed"}`,
	}
	w := &worker{p: h.pipeline, pending: make([][]*event.Event, 2)}
	b.ReportAllocs()
	events := make([]*event.Event, 250)
	for b.Loop() {
		for i := range events {
			events[i] = ParseEvent([]byte(lines[i%len(lines)]), arrival)
		}
		w.batch(b.Context(), events)
	}
	b.ReportMetric(float64(b.N)*250/b.Elapsed().Seconds(), "events/s")
}
