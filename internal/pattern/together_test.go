package pattern

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func groksOf(t testing.TB, sources ...string) []*Grok {
	t.Helper()
	groks := make([]*Grok, len(sources))
	for i, source := range sources {
		groks[i] = grokFor(t, source)
	}
	return groks
}

// TestTogetherShares says which expressions share a beginning.
func TestTogetherShares(t *testing.T) {
	f := func(want string, sources ...string) {
		t.Helper()
		together := NewTogether(groksOf(t, sources...))
		var got []string
		for _, tail := range together.tails {
			got = append(got, fmt.Sprint(tail.head))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q: %s, want %s", sources, strings.Join(got, " "), want)
		}
	}
	f("0 0 -1 0", `%{TIMESTAMP_ISO8601:t} %{LOGLEVEL:l} a`, `%{TIMESTAMP_ISO8601:t} %{LOGLEVEL:l} b`, `%{WORD:t} c`, `%{TIMESTAMP_ISO8601:t} d`)
	f("0 1 0 1", `%{WORD:a} a`, `%{IP:b} a`, `%{WORD:a} b`, `%{IP:b} b`)
	f("-1 -1", `%{WORD:a} a`, `%{WORD:b} a`)           // the same text, but another field
	f("-1 -1", `^abc %{WORD:a}`, `^abc %{INT:a}`)      // nothing to save
	f("-1 -1", `(?<q>a+) \k<q> a`, `(?<q>a+) \k<q> b`) // what follows depends on more than a place
	f("-1", `%{WORD:a} a`)
}

// TestTogetherMatchesAsAlone compares expressions made of a few parts, on short texts.
func TestTogetherMatchesAsAlone(t *testing.T) {
	parts := []string{"(?<x>a+)", "(?<y>[ab]*?)", "b", "(?:a|ab)", "(?<z>a|ab|b)", "^", "$", `\b`, ".*", "(?>a+|b)", "ab?", "-", "(?=b)", "(?<!a)", "(?<n>.+)", "ä"}
	rapid.Check(t, func(r *rapid.T) {
		draw := func(most int) string {
			return strings.Join(rapid.SliceOfN(rapid.SampledFrom(parts), 0, most).Draw(r, "parts"), "")
		}
		begin := draw(3)
		var sources []string
		for range rapid.IntRange(2, 4).Draw(r, "expressions") {
			sources = append(sources, begin+draw(3))
		}
		text := rapid.StringOfN(rapid.SampledFrom([]rune("aabb-ä\n")), 0, 12, -1).Draw(r, "text")
		groks := groksOf(t, sources...)
		trial := NewTogether(groks).Begin(text)
		defer trial.End()
		if rapid.Bool().Draw(r, "missed") {
			for i := range trial.heads {
				trial.heads[i].missed = true
			}
		}
		order := rapid.Permutation([]int{0, 1, 2, 3}[:len(groks)]).Draw(r, "order")
		for _, i := range order {
			want, err := groks[i].Match(nil, text)
			if err != nil {
				r.Fatal(err)
			}
			if got, err := trial.Match(i, nil, nil); err != nil || !slices.Equal(got, want) {
				r.Fatalf("%q of %q in %q: got %v, %v; alone %v", sources[i], sources, text, got, err, want)
			}
		}
	})
}

// TestTogetherOnLogs is the same with patterns of the library and lines of logs.
func TestTogetherOnLogs(t *testing.T) {
	lines := logLines
	if dir := os.Getenv("ELKHORN_TESTDATA"); dir != "" {
		lines = append(slices.Clone(lines), sampledLines(t, filepath.Join(dir, "data"))...)
	}
	groks := groksOf(t,
		`%{TIMESTAMP_ISO8601:t} %{LOGLEVEL:l} \[%{DATA:s}\] Tool call: %{DATA:tool} user=%{DATA:u} duration=%{NUMBER:d}ms`,
		`%{TIMESTAMP_ISO8601:t} %{LOGLEVEL:l} \[%{DATA:s}\] %{WORD:w}: x`,
		`%{TIMESTAMP_ISO8601:t} %{LOGLEVEL:l} \[%{DATA:s}\] %{GREEDYDATA:m}`,
		`%{SYSLOGTIMESTAMP:t} %{SYSLOGHOST:h} %{DATA:p}\[%{POSINT:pid}\]: Failed %{GREEDYDATA:m}`,
		`%{SYSLOGTIMESTAMP:t} %{SYSLOGHOST:h} %{DATA:p}(?:\[%{POSINT:pid}\])?: %{GREEDYDATA:m}`,
		`%{DATA:a} %{DATA:b} %{IP:c}`, `%{DATA:a} %{DATA:b} %{NUMBER:c}$`, `%{COMMONAPACHELOG} x`, `%{COMMONAPACHELOG} %{QS:r}`)
	together := NewTogether(groks)
	for _, line := range append(lines, strings.Repeat("word ", 2000)+"10.0.0.1") {
		trial := together.Begin(line)
		for i, g := range groks {
			want, err := g.Match(nil, line)
			if err != nil {
				t.Fatal(err)
			}
			limit := &Limit{Duration: time.Minute}
			if i%2 == 0 {
				limit = nil
			}
			if got, err := trial.Match(i, nil, limit); err != nil || !slices.Equal(got, want) {
				t.Errorf("%s in %q: got %v, %v; alone %v", g, line, got, err, want)
			}
		}
		trial.End()
	}
}

// TestTogetherWithin keeps the time limit, in the beginning that is shared and behind it.
func TestTogetherWithin(t *testing.T) {
	for _, sources := range [][]string{
		{`(?:a|a)*(?:a|a)*\bc %{INT:x}`, `(?:a|a)*(?:a|a)*\bc %{WORD:x}`},
		{`%{INT:x} (?<q>a|a)*(?:a|a)*\bc`, `%{INT:x} (?<q>a|a)*(?:a|a)*\bd`},
	} {
		groks := groksOf(t, sources...)
		trial := NewTogether(groks).Begin("1 " + strings.Repeat("a", 3000) + "b c d")
		for i := range trial.heads {
			trial.heads[i].missed = true
		}
		limit := &Limit{Duration: time.Nanosecond}
		if bounds, err := trial.Match(0, nil, limit); err != ErrTimeout {
			t.Errorf("%q: %v, %v; want ErrTimeout", sources, bounds, err)
		}
		trial.End()
	}
}

func BenchmarkTogether(b *testing.B) {
	const begin = `%{TIMESTAMP_ISO8601:timestamp} %{LOGLEVEL:level} \[%{DATA:service}\] `
	of := func(ends ...string) []*Grok {
		for i := range ends {
			ends[i] = begin + ends[i]
		}
		return groksOf(b, ends...)
	}
	// Words that only one of them has rule the others out at one look; without such words, all are tried.
	words := of(`Tool call: %{DATA:tool} user=%{DATA:user_id} duration=%{NUMBER:duration_ms}ms`, `Started in %{NUMBER:seconds}s`,
		`Session %{UUID:session} ended`, `Cache (?<result>hit|miss) for %{NOTSPACE:key}`, `Retry %{INT:attempt} of %{INT:attempts}: %{GREEDYDATA:reason}`)
	values := of(`%{IP:client} %{WORD:verb}`, `%{UUID:session} %{WORD:state}`, `%{NUMBER:amount} %{WORD:unit}`, `%{URI:url} %{WORD:state}`, `%{WORD:name}=%{NOTSPACE:value}`)
	const head = "2026-12-25T14:32:18.456Z INFO [restaurant-booking] "
	for _, c := range []struct {
		name  string
		groks []*Grok
		line  string
	}{
		{"words/first", words, head + "Tool call: create_reservation user=user_123 duration=234ms"},
		{"words/last", words, head + "Retry 3 of 5: the upstream closed the connection"},
		{"words/none", words, head + "Something else happened to user_123"},
		{"values/first", values, head + "10.0.0.1 GET"},
		{"values/last", values, head + "user=user_123"},
		{"values/none", values, head + "Something else happened to user_123"},
	} {
		b.Run(c.name+"/alone", func(b *testing.B) {
			dst := make([]int, 0, 64)
			for b.Loop() {
				for _, g := range c.groks {
					if bounds, _ := g.Match(dst, c.line); bounds != nil {
						break
					}
				}
			}
		})
		together := NewTogether(c.groks)
		b.Run(c.name+"/together", func(b *testing.B) {
			dst := make([]int, 0, 64)
			b.ReportAllocs()
			for b.Loop() {
				trial := together.Begin(c.line)
				for i := range c.groks {
					if bounds, _ := trial.Match(i, dst, nil); bounds != nil {
						break
					}
				}
				trial.End()
			}
		})
	}
}
