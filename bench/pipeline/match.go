package main

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/dlclark/regexp2/v2"
	gogrok "github.com/elastic/go-grok"

	"elkhorn/internal/pattern"
)

// matchCase is one grok expression with a line that it matches and one that it does not.
type matchCase struct {
	name, source, hit, miss string
}

var matchCases = []matchCase{
	{"COMBINEDAPACHELOG", "%{COMBINEDAPACHELOG}",
		`81.2.69.142 - - [17/May/2015:10:05:03 +0000] "GET /presentations/kibana-search.png HTTP/1.1" 200 203023 "http://example.com/presentations/" "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_9_1) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/32.0.1700.77 Safari/537.36"`,
		`2026-12-25T14:32:18.456Z INFO [restaurant-booking] Tool call: create_reservation user=user_123 duration=234ms`},
	{"service line", `%{TIMESTAMP_ISO8601:log_timestamp} %{LOGLEVEL:log_level} \[%{DATA:service_name}\] %{GREEDYDATA:log_message}`,
		`2026-12-25T14:32:18.456Z INFO [restaurant-booking] Tool call: create_reservation user=user_123 duration=234ms`,
		`METRIC tool_call_duration_ms=234 service=restaurant-booking tool=create_reservation percentile=p95`},
	{"SYSLOGLINE", "%{SYSLOGLINE}", `May 11 10:40:48 scrooge disk-health-nurse[26783]: [ERROR] m:SY-mon-full-500 c:H : partition health measures for /var did not suffice - still using 96% of partition space`,
		`METRIC tool_call_duration_ms=234 service=restaurant-booking tool=create_reservation percentile=p95`},
}

// engine matches one expression. It returns the captured texts in order; nil is no match.
type engine struct {
	name  string
	build func(c matchCase) (func(text string) ([]string, error), error)
}

var engines = []engine{
	{"Elkhorn", func(c matchCase) (func(string) ([]string, error), error) {
		g, err := pattern.NewLibrary().Compile(c.source, pattern.GrokOptions{})
		if err != nil {
			return nil, err
		}
		bounds := make([]int, 0, 128)
		var texts []string
		return func(text string) ([]string, error) {
			found, err := g.Match(bounds[:0], text)
			if found == nil || err != nil {
				return nil, err
			}
			texts = texts[:0]
			for _, f := range g.Fields() {
				if start := found[2*f.Group]; start >= 0 {
					texts = append(texts, text[start:found[2*f.Group+1]])
				}
			}
			return texts, nil
		}, nil
	}},
	{"regexp2 2.12, the same expression", func(c matchCase) (func(string) ([]string, error), error) {
		expanded, err := plainExpression(c.source)
		if err != nil {
			return nil, err
		}
		re, err := regexp2.Compile(expanded, regexp2.Multiline|regexp2.Singleline|regexp2.RE2)
		if err != nil {
			return nil, err
		}
		return func(text string) ([]string, error) {
			m, err := re.FindStringMatch(text)
			if m == nil || err != nil {
				return nil, err
			}
			var texts []string
			for _, g := range m.Groups()[1:] {
				if len(g.Captures) > 0 {
					texts = append(texts, g.String())
				}
			}
			return texts, nil
		}, nil
	}},
	{"the standard library, the same expression where it can", func(c matchCase) (func(string) ([]string, error), error) {
		expanded, err := plainExpression(c.source)
		if err != nil {
			return nil, err
		}
		re, err := regexp.Compile("(?ms)" + withoutLookAround.Replace(expanded))
		if err != nil {
			return nil, err
		}
		return func(text string) ([]string, error) {
			bounds := re.FindStringSubmatchIndex(text)
			if bounds == nil {
				return nil, nil
			}
			var texts []string
			for i := 2; i < len(bounds); i += 2 {
				if bounds[i] >= 0 {
					texts = append(texts, text[bounds[i]:bounds[i+1]])
				}
			}
			return texts, nil
		}, nil
	}},
	{"go-grok 0.3.1, its own patterns", func(c matchCase) (func(string) ([]string, error), error) {
		g, err := gogrok.NewComplete()
		if err != nil {
			return nil, err
		}
		if err := g.Compile(c.source, true); err != nil {
			return nil, err
		}
		return func(text string) ([]string, error) {
			fields, err := g.ParseString(text)
			if len(fields) == 0 || err != nil {
				return nil, err
			}
			texts := make([]string, 0, len(fields))
			for _, v := range fields {
				texts = append(texts, v)
			}
			return texts, nil
		}, nil
	}},
}

// groupName is a capture's name in our expansion, which other engines do not take.
var groupName = regexp.MustCompile(`\(\?<[^=!][^>]*>`)

// plainExpression is a grok expression spelled out, with groups by number.
func plainExpression(source string) (string, error) {
	g, err := pattern.NewLibrary().Compile(source, pattern.GrokOptions{})
	if err != nil {
		return "", err
	}
	plain := groupName.ReplaceAllString(unnamed(g.Expanded()), "(")
	return plain, nil
}

// unnamed makes plain groups non-capturing, as they are beside named ones in Ruby.
func unnamed(expanded string) string {
	var b strings.Builder
	inClass := false
	for i := 0; i < len(expanded); i++ {
		c := expanded[i]
		b.WriteByte(c)
		switch {
		case c == '\\' && i+1 < len(expanded):
			i++
			b.WriteByte(expanded[i])
		case c == '[':
			inClass = true
		case c == ']':
			inClass = false
		case c == '(' && !inClass && i+1 < len(expanded) && expanded[i+1] != '?':
			b.WriteString("?:")
		}
	}
	return b.String()
}

// withoutLookAround leaves out what the standard library lacks in the patterns of these cases: it then matches a little
// more, and is compared all the same.
var withoutLookAround = strings.NewReplacer("(?<![0-9])", "", "(?![0-9])", "", "(?!<[0-9])", "", "(?<![0-9.+-])", "", "(?>", "(?:", "(?<![\\w.+-])", "", "(?![\\w.+-])", "")

// timing is what one engine takes for one case.
type timing struct {
	engine, problem string
	hit, miss       time.Duration
	same            string // "yes", or how its captures differ from ours
}

func timeEngines(c matchCase) []timing {
	var out []timing
	var ours []string
	for i, e := range engines {
		t := timing{engine: e.name}
		match, err := e.build(c)
		if err != nil {
			t.problem = oneLine(err)
			out = append(out, t)
			continue
		}
		texts, err := match(c.hit)
		texts = slices.Clone(texts)
		missed, missErr := match(c.miss)
		switch {
		case err != nil || missErr != nil:
			t.problem = oneLine(fmt.Errorf("%v %v", err, missErr))
		case i == 0:
			ours = texts
			t.same = "–"
		default:
			t.same = sameTexts(ours, texts)
		}
		if missed != nil {
			t.same += ", and it matches the other line"
		}
		t.hit, t.miss = perCall(match, c.hit), perCall(match, c.miss)
		out = append(out, t)
	}
	return out
}

func oneLine(err error) string {
	text := strings.Join(strings.Fields(err.Error()), " ")
	if len(text) > 120 {
		text = text[:120] + "…"
	}
	return strings.ReplaceAll(text, "|", `\|`)
}

// sameTexts compares captures as sets, since engines order and name them in their own ways.
func sameTexts(ours, theirs []string) string {
	missing := 0
	for _, text := range ours {
		if !slices.Contains(theirs, text) && !slices.Contains(theirs, strings.Trim(text, `"`)) {
			missing++
		}
	}
	if missing == 0 {
		return "yes"
	}
	return fmt.Sprintf("%d of %d captures differ", missing, len(ours))
}

// perCall times a function for a fifth of a second.
func perCall(match func(string) ([]string, error), text string) time.Duration {
	const share = 200 * time.Millisecond
	for n := 16; ; n *= 2 {
		cpu := processorTime()
		for range n {
			if _, err := match(text); err != nil {
				return 0
			}
		}
		if took := processorTime() - cpu; took > share {
			return took / time.Duration(n)
		}
	}
}
