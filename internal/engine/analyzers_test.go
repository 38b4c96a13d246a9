package engine

import (
	"strings"
	"testing"

	"elkhorn/internal/es"
)

// gramsBeyond are settings that a new index is refused.
const gramsBeyond = `{"analysis":{"tokenizer":{"g":{"type":"ngram","min_gram":2,"max_gram":5}},"analyzer":{"a":{"tokenizer":"g"}}}}`

// editSettings changes the settings of a closed store's index behind its back, as an index of an older version has them.
func editSettings(t *testing.T, opts Options, name string, edit func(settings map[string]string)) *Engine {
	t.Helper()
	e := open(t, opts)
	rec := e.indexByName[name].record()
	edit(rec.Settings)
	if err := e.meta.putIndices(map[string]*indexRecord{name: rec}); err != nil {
		t.Fatal(err)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	e = open(t, opts)
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return e
}

// closedStore makes an index with one document in a file, and ends.
func closedStore(t *testing.T, settings string) Options {
	t.Helper()
	opts := Options{Dir: t.TempDir()}
	e := open(t, opts)
	createIndex(t, e, "old", settings, `{"properties":{"t":{"type":"text","analyzer":"a"}}}`)
	write(t, e, "old", `{"t":"Quick DB"}`)
	if err := e.indexByName["old"].flush(ctx); err != nil {
		t.Fatal(err)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	return opts
}

// TestIndexBeyondLimitsOpens: an index that was made before index.max_ngram_diff was enforced is searched and changed as before;
// only a change of what the limit is about is refused.
func TestIndexBeyondLimitsOpens(t *testing.T) {
	opts := closedStore(t, `{"index.max_ngram_diff":3,`+gramsBeyond[1:])
	e := editSettings(t, opts, "old", func(settings map[string]string) { delete(settings, "index.max_ngram_diff") })
	wantSources(t, e, "old", `{"match":{"t":{"query":"Quic","operator":"and"}}}`, `{"t":"Quick DB"}`)
	if _, err := e.analyze(&es.Analyze{Index: "old", Tokenizer: []byte(`"g"`), Texts: []string{"Quick"}}); err != nil {
		t.Errorf("_analyze: %v", err)
	}
	target := es.Target{Names: []string{"old"}}
	mustApply(t, e, &es.PutSettings{Target: target, Settings: []byte(`{"index.blocks.write":true}`)})
	_, err := e.Apply(ctx, &es.PutSettings{Target: target, Settings: []byte(`{"index.max_ngram_diff":2}`)})
	if err == nil || !strings.Contains(err.Error(), "must be less than or equal to: [2] but was [3]") {
		t.Errorf("a limit that the index is beyond: %v", err)
	}
	mustApply(t, e, &es.PutSettings{Target: target, Settings: []byte(`{"index.max_ngram_diff":3}`)})
	if _, err := e.Apply(ctx, &es.CreateIndex{Name: "new", Settings: []byte(gramsBeyond)}); err == nil || !strings.Contains(err.Error(), "[index.max_ngram_diff] index level setting") {
		t.Errorf("a new index: %v", err)
	}
}

// TestTextsOfAnotherAnalyzer: files that were written when an analyzer made other tokens are searched for those it makes now.
func TestTextsOfAnotherAnalyzer(t *testing.T) {
	opts := closedStore(t, `{"analysis":{"analyzer":{"a":{"tokenizer":"whitespace"}}}}`)
	e := editSettings(t, opts, "old", func(settings map[string]string) { settings["index.analysis.analyzer.a.filter"] = "[lowercase]" })
	for _, q := range []string{`{"match":{"t":"db"}}`, `{"match":{"t":"DB"}}`, `{"match_phrase":{"t":"quick db"}}`} {
		wantSources(t, e, "old", q, `{"t":"Quick DB"}`)
	}
}
