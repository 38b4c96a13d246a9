package ruby

import (
	"testing"
	"time"
)

// The programs of this file have the shape of those in published pipeline configurations; the results are
// those of Ruby itself.

const latencyClass = `
  response_time = event.get('response_time').to_f
  event.set('response_time_category',
    case response_time
      when 0..100 then 'fast'
      when 101..500 then 'normal'
      when 501..2000 then 'slow'
      else 'very_slow'
    end
  )
`

// TestGapsBetweenRanges: a number between two integer ranges is in neither.
func TestGapsBetweenRanges(t *testing.T) {
	prog := mustCompile(t, latencyClass)
	for _, c := range []struct {
		in   Value
		want string
	}{
		{int64(0), "fast"}, {int64(100), "fast"}, {100.5, "very_slow"}, {int64(101), "normal"}, {int64(500), "normal"},
		{500.2, "very_slow"}, {int64(501), "slow"}, {int64(2000), "slow"}, {2000.5, "very_slow"}, {int64(-1), "very_slow"},
		{"234", "normal"}, {"234ms", "normal"}, {"fast", "fast"}, {nil, "fast"},
	} {
		ev := newTestEvent()
		ev.fields["response_time"] = c.in
		if _, err := prog.Run(ev); err != nil {
			t.Errorf("%v: %v", c.in, err)
		}
		if got := ev.fields["response_time_category"]; got != c.want {
			t.Errorf("%v: got %v, want %s", c.in, got, c.want)
		}
	}
}

const pathPattern = `
  path = event.get("path")
  normalized = path.gsub(/\/\d+/, "/:id")
                   .gsub(/\/[0-9a-f]{8}-[0-9a-f]{4}/, "/:uuid")
  event.set("path_pattern", normalized)
`

// TestPathPattern keeps what the program does with identifiers that begin with digits.
func TestPathPattern(t *testing.T) {
	prog := mustCompile(t, pathPattern)
	for in, want := range map[string]string{
		"/users/12345/orders":                     "/users/:id/orders",
		"/x/aaaabbbb-2222-3333-4444-555555555555": "/x/:uuid-3333-4444-555555555555",
		"/x/1aaabbbb-2222-3333-4444-555555555555": "/x/:idaaabbbb-2222-3333-4444-555555555555",
		"/123abc":          "/:idabc",
		"/x/AAAABBBB-2222": "/x/AAAABBBB-2222",
	} {
		ev := newTestEvent()
		ev.fields["path"] = in
		if _, err := prog.Run(ev); err != nil {
			t.Errorf("%s: %v", in, err)
		}
		if got := ev.fields["path_pattern"]; got != want {
			t.Errorf("%s: got %v, want %s", in, got, want)
		}
	}
	if _, err := prog.Run(newTestEvent()); err == nil || err.Error() != "line 3, column 21: NoMethodError: undefined method 'gsub' for nil" {
		t.Errorf("a missing path: %v", err)
	}
}

const confidence = `
  scores = event.get("[output][confidence_scores]")
  if scores.is_a?(Array)
    event.set("[output][mean_confidence]",
      scores.sum.to_f / scores.length)
    event.set("[output][max_confidence]", scores.max)
    event.set("[output][min_confidence]", scores.min)
  end
`

func TestConfidence(t *testing.T) {
	prog := mustCompile(t, confidence)
	ev := newTestEvent()
	ev.fields["[output][confidence_scores]"] = &Array{[]Value{0.94, 0.87, 0.76, 0.65, 0.52}}
	if _, err := prog.Run(ev); err != nil {
		t.Fatal(err)
	}
	for field, want := range map[string]Value{"[output][mean_confidence]": 0.748, "[output][max_confidence]": 0.94, "[output][min_confidence]": 0.52} {
		if got := ev.fields[field]; got != want {
			t.Errorf("%s: got %v, want %v", field, got, want)
		}
	}
	ev.fields["[output][confidence_scores]"] = &Array{[]Value{0.9, "high"}}
	if _, err := prog.Run(ev); err == nil {
		t.Error("a score that is a text must raise")
	}
	ev.fields["[output][confidence_scores]"] = "none"
	if _, err := prog.Run(ev); err != nil {
		t.Errorf("scores that are no array are left alone: %v", err)
	}
}

func TestEventAndState(t *testing.T) {
	host, state := testHost(), NewState()
	setUp, err := Compile("@count = 10; @seen = {}", host, state)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := setUp.Run(nil); err != nil {
		t.Fatal(err)
	}
	prog, err := Compile(`
    @count += 1
    @seen[event.get("id")] ||= @count
    event.set("hour_of_day", event.get("@timestamp").time.hour)
    event.set("n", @count)
    event.tag("seen") if @seen.length > 1
    event.cancel if event.remove("drop")
  `, host, state)
	if err != nil {
		t.Fatal(err)
	}
	for i, id := range []string{"a", "b"} {
		ev := newTestEvent()
		ev.fields["id"], ev.fields["drop"] = id, i == 1
		ev.fields["@timestamp"] = Timestamp{time.Date(2026, 1, 15, 9, 12, 1, 0, time.UTC)}
		if _, err := prog.Run(ev); err != nil {
			t.Fatal(err)
		}
		if ev.fields["hour_of_day"] != int64(9) || ev.fields["n"] != int64(11+i) || ev.cancelled != (i == 1) || len(ev.tags) != i {
			t.Errorf("event %d: %+v", i, ev)
		}
	}
	if _, err := prog.Run(nil); err == nil {
		t.Error("a program that needs an event must not run without one")
	}
}

func mustCompile(t testing.TB, src string) *Program {
	t.Helper()
	prog, err := Compile(src, testHost(), NewState())
	if err != nil {
		t.Fatal(err)
	}
	return prog
}

// FuzzCompile: no text makes the parser or a short run panic.
func FuzzCompile(f *testing.F) {
	for _, src := range []string{latencyClass, pathPattern, confidence, "x = [1, 2].map { |a| a * 2 }.sum; x > 3 ? :a : \"b#{x}\"",
		"begin; raise 'x'; rescue => e; e.message; end", "a, *b = 'x-y'.split('-'); b << a; b[-1][0..]", "%w[a b].each_with_index { |x, i| next if i.zero?; break x }",
		"h = { a: 1, 'b' => [2] }; h.dig('b', 0).round(2).to_s(16); Time.at(0).strftime('%F')", "case $~ when nil then format('%05.1f', 2) end"} {
		f.Add(src)
	}
	host := testHost()
	f.Fuzz(func(t *testing.T, src string) {
		prog, err := Compile(src, host, NewState())
		if err != nil {
			return
		}
		fr := &frame{vars: make([]Value, prog.slots), event: newTestEvent(), host: host, sets: methodSets, state: map[string]Value{}}
		fr.steps, fr.bytes = maxSteps-2000, maxBytes-1<<20
		if _, err := prog.body(fr); err == nil && fr.steps > maxSteps {
			t.Errorf("the step limit did not end the run")
		}
	})
}

func BenchmarkLatencyClass(b *testing.B) {
	prog := mustCompile(b, latencyClass)
	ev := newTestEvent()
	ev.fields["response_time"] = int64(234)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := prog.Run(ev); err != nil {
			b.Fatal(err)
		}
	}
}
