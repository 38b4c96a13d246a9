package painless

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

// sliceValues are values of a field for tests.
type sliceValues []Value

func (s sliceValues) Len() int       { return len(s) }
func (s sliceValues) At(i int) Value { return s[i] }

type mapDoc map[string]sliceValues

func (d mapDoc) Values(field string) (FieldValues, error) {
	if v, ok := d[field]; ok {
		return v, nil
	}
	return nil, nil
}

// testEnv has every kind of field, and a second variable that is a map, a number or a list as the contexts want it.
func testEnv(t testing.TB) *Env {
	day := time.Date(2024, 2, 29, 12, 30, 0, 0, time.UTC)
	return &Env{
		Vars: []Value{parseJSON(t, `{"count":3,"tag":"new"}`), parseJSON(t, `{"_source":{"counter":1,"tags":["a","b"],"sub":{"x":"y"}},"op":"index","_id":"1"}`)},
		Doc: mapDoc{
			"n": {LongOf(3)}, "many": {LongOf(1), LongOf(2), LongOf(5)}, "d": {DoubleOf(1.5)}, "s": {StringOf("text")}, "none": {}, "b": {BoolOf(true)},
			"at": {DateOfMillis(day.UnixMilli())}, "geo": {GeoOf(52.5, 13.4)},
		},
		Source: func() (Value, error) { return parseJSON(t, `{"user":{"id":7}}`), nil },
	}
}

func TestContexts(t *testing.T) {
	for _, c := range []struct {
		ctx          Context
		source, want string
	}{
		{Filter, "doc['n'].value * 2 > 5", "true"},
		{Filter, "doc.n.value > params.count", "false"},
		{Filter, "doc['n'].size() == 1 && !doc['n'].empty && doc['none'].isEmpty()", "true"},
		{Filter, "doc['none'].value > 1", "! illegal_state_exception: A document doesn't have a value for a field! Use doc[<field>].size()==0 to check if a document is missing a field!"},
		{Filter, "doc['nope'].value > 1", "! illegal_argument_exception: No field found for [nope] in mapping"},
		{Filter, "doc.containsKey('nope')", "false"},
		{Filter, "1", "!! Cannot cast from [int] to [boolean]."},
		{Filter, "doc['s'].value == 'text'", "true"},
		{Filter, "doc['s'].value.length() > 2 && doc['b'].value", "true"},
		{Field, "doc['many'].length", "3"},
		{Field, "int s = 0; for (v in doc['many']) { s += (int) v } return s", "8"},
		{Field, "doc['many'][1] + doc['many'].get(2)", "7"},
		{Field, "doc['many'].values.stream().mapToLong(v -> v).sum()", "8"},
		{Field, "doc['at'].value.year + '-' + doc['at'].value.getMonthValue()", "2024-2"},
		{Field, "doc['at'].value.toInstant().toEpochMilli()", "1709209800000"},
		{Field, "doc['at'].value.millis", "1709209800000"},
		{Field, "params._source.user.id + params['_source'].user.id", "14"},
		{Field, "params['_fields']", "!! params['_fields'] is not supported by this store"},
		{Field, "field('n').get(0) + field('nope').get(5) + $('none', 1) + $('d', 0)", "10.5"},
		{Field, "doc['geo'].value.lat + doc['geo'].lon", "65.9"},
		{Field, "Math.round(doc['geo'].arcDistance(52.5, 13.4))", "0"},
		{Field, "def n = 'n'; doc[n].value", "3"},
		{BucketAggregation, "params.count / 2.0", "1.5"},
		{Update, "ctx._source.counter += params.count; ctx._source.tags.add(params.tag)", "null"},
	} {
		if got := outcomeOf(c.source, c.ctx, testEnv(t)); got != c.want {
			t.Errorf("%s: %s\n   got %s\n  want %s", c.ctx.Name, c.source, got, c.want)
		}
	}
}

func TestUpdates(t *testing.T) {
	const before = `{"counter":1,"tags":["a","b"],"sub":{"x":"y"}}`
	for source, want := range map[string]string{
		"ctx._source.counter += params.count":                       `{"counter":4,"tags":["a","b"],"sub":{"x":"y"}}`,
		"ctx._source.counter++":                                     `{"counter":2,"tags":["a","b"],"sub":{"x":"y"}}`,
		"ctx._source.tags.add(params.tag)":                          `{"counter":1,"tags":["a","b","new"],"sub":{"x":"y"}}`,
		"ctx._source.tags.removeIf(t -> t == 'a')":                  `{"counter":1,"tags":["b"],"sub":{"x":"y"}}`,
		"ctx._source.remove('tags')":                                `{"counter":1,"sub":{"x":"y"}}`,
		"ctx._source.sub.z = ['a': [1, 2.5, null, true]]":           `{"counter":1,"tags":["a","b"],"sub":{"x":"y","z":{"a":[1,2.5,null,true]}}}`,
		"ctx['_source']['sub']['x'] = ctx._source.sub?.q ?: 'dflt'": `{"counter":1,"tags":["a","b"],"sub":{"x":"dflt"}}`,
		"if (ctx._source.tags.contains('a')) { ctx._source.tags.remove(ctx._source.tags.indexOf('a')) } else { ctx.op = 'none' }": `{"counter":1,"tags":["b"],"sub":{"x":"y"}}`,
		"for (k in new ArrayList(ctx._source.keySet())) { if (k != 'sub') ctx._source.remove(k) }":                                `{"sub":{"x":"y"}}`,
	} {
		s, err := Compile(source, Update)
		if err != nil {
			t.Errorf("%s: %v", source, err)
			continue
		}
		ctx := NewMap()
		ctx.SetText("_source", parseJSON(t, before))
		if _, err := s.Run(&Env{Vars: []Value{parseJSON(t, `{"count":3,"tag":"new"}`), MapOf(ctx)}}); err != nil {
			t.Errorf("%s: %v", source, err)
			continue
		}
		v, _ := ctx.GetText("_source")
		got, err := AppendJSON(nil, v)
		if err != nil || string(got) != want {
			t.Errorf("%s\n   got %s %v\n  want %s", source, got, err, want)
		}
	}
}

func TestScoreAndWindow(t *testing.T) {
	score, err := Compile("_score * doc['n'].value + saturation(1, 1)", Score)
	if err != nil {
		t.Fatal(err)
	}
	env := testEnv(t)
	env.Vars[1] = DoubleOf(2)
	if v, err := score.Run(env); err != nil || v.Double() != 6.5 || !score.Uses("_score") {
		t.Errorf("score is %s, %v", v, err)
	}
	window := ListOf(DoubleOf(1), DoubleOf(2), DoubleOf(6))
	for source, want := range map[string]float64{
		"MovingFunctions.max(values)": 6, "MovingFunctions.unweightedAvg(values)": 3, "MovingFunctions.sum(values) + values.length": 12,
		"MovingFunctions.stdDev(values, MovingFunctions.unweightedAvg(values)) > 2 ? 1 : 0": 1, "values.length > 2 ? values[2] : 0": 6,
	} {
		s, err := Compile(source, MovingFunction)
		if err != nil {
			t.Fatal(err)
		}
		if v, err := s.Run(&Env{Vars: []Value{MapOf(NewMap()), window}}); err != nil || v.Double() != want {
			t.Errorf("%s is %s, %v", source, v, err)
		}
	}
}

func TestEmit(t *testing.T) {
	s, err := Compile("if (doc['n'].size() > 0) { emit(doc['n'].value + 1); emit(5L) }", LongField)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	env := testEnv(t)
	env.Emit = func(v Value) { got = append(got, v.String()) }
	if _, err := s.Run(env); err != nil || strings.Join(got, " ") != "4 5" {
		t.Errorf("emitted %v, %v", got, err)
	}
	if _, err := Compile("emit('x')", LongField); err == nil {
		t.Error("a text was taken by a long field")
	}
}

func TestErrorShape(t *testing.T) {
	s, err := Compile("int a = 1; return doc['nope'].value", Field)
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Run(testEnv(t))
	text, _ := json.Marshal(err)
	const want = `{"root_cause":[{"type":"script_exception","reason":"runtime error","script_stack":["return doc['nope'].value","           ^---- HERE"],` +
		`"script":"int a = 1; return doc['nope'].value","lang":"painless","position":{"offset":22,"start":11,"end":35}}],"type":"script_exception",` +
		`"reason":"runtime error","script_stack":["return doc['nope'].value","           ^---- HERE"],"script":"int a = 1; return doc['nope'].value",` +
		`"lang":"painless","position":{"offset":22,"start":11,"end":35},"caused_by":{"type":"illegal_argument_exception","reason":"No field found for [nope] in mapping"}}`
	if string(text) != want {
		t.Errorf("got  %s\nwant %s", text, want)
	}
	_, err = Compile("this is a script that does not compile, at all", Field)
	text, _ = json.Marshal(err)
	if !strings.Contains(string(text), `"reason":"compile error"`) || !strings.Contains(string(text), `^---- HERE`) {
		t.Errorf("got %s", text)
	}
}

func TestBudgets(t *testing.T) {
	for _, source := range []string{
		"def l = []; while (true) { l.add('x') }",
		"String s = 'x'; while (true) { s += s }",
		"def l = [1]; l.add(l); return l.toString() + l.hashCode()",
		"'x'.repeat(2000000000)",
		"def a = []; a.add(a); def b = []; b.add(b); return a == b",
		"def a = [:]; a.x = a; def b = [:]; b.x = b; return a.equals(b)",
		"def l = []; for (int i = 0; i < 60; i++) { l = [l, l] } return l.hashCode()",
		"def l = []; def m = []; for (int i = 0; i < 60; i++) { l = [l, l]; m = [m, m] } return l == m",
		"def l = []; for (int i = 0; i < 60; i++) { l = [l, l] } return l.toString()",
		"def l = []; for (int i = 0; i < 60; i++) { l = [l, l] } return ['a': 1].get(l) + l.toString()",
		"new int[2000000000]",
		"String.format('%999999999d', [1])",
		"IntStream.range(0, 2000000000).sum()",
		"def f = null; def g = x -> x; for (int i = 0; i < 100000; i++) { def h = g; g = x -> h.apply(x) } g.apply(1)",
		"def a = [1]; for (x in a) { a.add(1) }",
	} {
		start := time.Now()
		outcome := outcomeOf(source, Test, testEnv(t))
		if took := time.Since(start); took > 10*time.Second {
			t.Errorf("%s took %s", source, took)
		}
		if !strings.HasPrefix(outcome, "!") && !strings.HasPrefix(source, "def l = [1]; l.add") && !strings.HasPrefix(source, "String.format") {
			t.Errorf("%s gave %s", source, clip(outcome))
		}
	}
}

func BenchmarkFilter(b *testing.B) {
	for _, source := range []string{"doc['n'].value * 2 > 5", "doc['n'].size() > 0 && doc['n'].value > params.count", "doc['s'].value.startsWith('te')", "doc['at'].value.getHour() >= 9"} {
		b.Run(source, func(b *testing.B) {
			s, err := Compile(source, Filter)
			if err != nil {
				b.Fatal(err)
			}
			env := testEnv(b)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := s.RunBool(env); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
