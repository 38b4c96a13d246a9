package filter_test

import (
	"strings"
	"testing"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
)

// TestEndlessExpressions gives filters an expression or a program that would take for ever. Each gives it up and says so by
// its tag, and the text stays as it is.
func TestEndlessExpressions(t *testing.T) {
	text := strings.Repeat("a", 4000) + "!"
	for block, tag := range map[string]string{
		`mutate { gsub => ["message", "^(a|aa|(\w)\2?)+\2$", "x"] }`:                                    "_mutate_error",
		`ruby { code => 'event.set("message", event.get("message").sub(/^(a|aa|(\w)\2?)+\2$/, "x"))' }`: "_rubyexception",
		`ruby { code => 'while true; end' }`:                                                            "_rubyexception",
		`grok { match => { "message" => "^(?<x>a|aa|\w\w?)+\k<x>$" } timeout_millis => 20 }`:            "_groktimeout",
	} {
		t.Run(block, func(t *testing.T) {
			t.Parallel()
			f := mustBuild(t, block)
			ev := event.New(time.Unix(0, 0))
			ev.Set(event.MustPath("message"), event.StringOf(text))
			if got := f.Filter(ev, nil); got != pipeline.Unmatched {
				t.Errorf("outcome %v", got)
			}
			if tags, _ := ev.Get(event.MustPath("tags")); !strings.Contains(tags.Text(), tag) {
				t.Errorf("tags %q, want %s", tags.Text(), tag)
			}
			if got, _ := ev.Get(event.MustPath("message")); got.Str() != text {
				t.Errorf("the text has changed: %.20q", got.Str())
			}
		})
	}
}
