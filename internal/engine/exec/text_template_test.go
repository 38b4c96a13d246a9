package exec_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"elkhorn/internal/engine/analysis"
	"elkhorn/internal/engine/column"
	"elkhorn/internal/engine/exec"
	"elkhorn/internal/engine/segment"
)

// messageForms are what a program would log: %n is a number, %x a number in base 16, %u a user, %w a word that varies.
var messageForms = []string{
	"connection pool of %u served request %x in %n ms", "Connection refused by host-%n.example.com:%n", "user %u logged in from 10.%n.0.%n",
	"slow request %x: %n ms, pool exhausted", "%w failed after %n retries", "error: timeout of %n,%n units", "%n", "done", "pool %x closed, 100% ok",
	"naïve café %n 中文 %n", "request_%n of v%n.%n for %u's order", "retry", "connection %n pool",
}

func (r random) message() string {
	var b strings.Builder
	form := r.pick(messageForms...)
	for i := 0; i < len(form); i++ {
		if form[i] != '%' || i+1 == len(form) {
			b.WriteByte(form[i])
			continue
		}
		i++
		switch form[i] {
		case 'n':
			fmt.Fprint(&b, r.IntN(40))
		case 'x':
			fmt.Fprintf(&b, "%06x", r.IntN(1<<24))
		case 'u':
			fmt.Fprintf(&b, "user_%02d", r.IntN(30))
		case 'w':
			b.WriteString(r.pick("alpha", "Beta", "gamma", "delta7", "eps.ilon"))
		default:
			b.WriteString("% ")
		}
	}
	if r.chance(3) {
		fmt.Fprintf(&b, " unique%c%c words here", 'a'+rune(r.IntN(26)), 'a'+rune(r.IntN(26)))
	}
	return b.String()
}

func (r random) textClause() string {
	words := func(n int) string {
		var w []string
		for range n {
			w = append(w, r.pick("connection", "pool", "of", "request", "user_07", "10", "3", "7", "ms", "served", "in", "error", "timeout", "ok", "100",
				"host", "failed", "beta", "delta7", "中", "文", "café", "v3.4", "example.com", "unique", "words", "retry", "order", "2,5", "nothing"))
		}
		return strings.Join(w, " ")
	}
	switch r.IntN(8) {
	case 0:
		return fmt.Sprintf(`{"match":{"m":{"query":%q,"operator":%q}}}`, words(1+r.IntN(4)), r.pick("or", "and"))
	case 1:
		return fmt.Sprintf(`{"match":{"m":{"query":%q,"minimum_should_match":%d}}}`, words(3), 1+r.IntN(3))
	case 2:
		return fmt.Sprintf(`{"match_phrase":{"m":%q}}`, r.pick("connection pool", "pool of user_07", "in 7 ms", "refused by host", "logged in from 10", "failed after 3", "中 文", "connection 3 pool", words(2)))
	case 3:
		return fmt.Sprintf(`{"match_phrase_prefix":{"m":%q}}`, r.pick("connection po", "pool of us", "in 1", "log", "failed after 1", "served req", words(2)))
	case 4:
		return fmt.Sprintf(`{"prefix":{"m":%q}}`, r.pick("con", "user_0", "1", "un", "zz", "host"))
	case 5:
		return fmt.Sprintf(`{"wildcard":{"m":%q}}`, r.pick("*ool", "user_?7", "*", "r*t", "*7"))
	case 6:
		return fmt.Sprintf(`{"regexp":{"m":%q}}`, r.pick("user_[0-3].", "p.*l", "[a-f0-9]{6}"))
	}
	return fmt.Sprintf(`{"term":{"m":%q}}`, words(1))
}

// TestTemplatesAnswerAsTexts compares a segment whose texts stand by template with the batches it was made of: hits, their
// order by score, and totals.
func TestTemplatesAnswerAsTexts(t *testing.T) {
	for seed := range uint64(6) {
		r := random{rand.New(rand.NewPCG(seed, 1))}
		var docs []string
		for range 2500 + r.IntN(1500) {
			if r.chance(5) {
				docs = append(docs, `{"other":1}`)
			} else {
				docs = append(docs, fmt.Sprintf(`{"m":%q}`, r.message()))
			}
		}
		plain := testIndex(t, "test", `{"properties":{"m":{"type":"text"},"other":{"type":"long"}}}`, docs, 1000)
		sealed := sealSources(t, plain)
		for range 150 {
			clause := r.textClause()
			if r.chance(20) {
				clause = fmt.Sprintf(`{"bool":{"must":[%s],"must_not":[%s]}}`, clause, r.textClause())
			}
			body := fmt.Sprintf(`{"query":%s,"size":40,"track_total_hits":true}`, clause)
			if want, got := hitsOf(t, plain, body), hitsOf(t, sealed, body); want != got {
				t.Fatalf("seed %d, %s:\nby template %s\nby text     %s", seed, body, got, want)
			}
		}
	}
}

// sealSources joins the segments of an index; twice, so that texts by template are merged too.
func sealSources(t *testing.T, ix exec.Index) exec.Index {
	opts := segment.WriteOptions{Text: map[string]analysis.Analyzer{"m": analysis.Standard}}
	seal := func(sources []exec.Source) exec.Source {
		var inputs []segment.Input
		for _, s := range sources {
			inputs = append(inputs, segment.Input{Segment: s.Segment})
		}
		f, _, err := segment.Seal(inputs, opts)
		if err != nil {
			t.Fatal(err)
		}
		if err := f.Verify(); err != nil {
			t.Fatal(err)
		}
		if dict, err := f.Column("m").(column.Templated).Templates(); err != nil || dict == nil {
			t.Fatalf("no templates: %v", err)
		}
		return exec.Source{Segment: f}
	}
	out := ix
	half := len(ix.Sources) / 2
	out.Sources = []exec.Source{seal([]exec.Source{seal(ix.Sources[:half]), seal(ix.Sources[half:])})}
	return out
}

func hitsOf(t *testing.T, ix exec.Index, body string) string {
	got, err := exec.Search(context.Background(), []exec.Index{ix}, parseRequest(t, body))
	if err != nil {
		t.Fatalf("%s: %v", body, err)
	}
	var ids []string
	for _, h := range got.Hits.Hits {
		ids = append(ids, fmt.Sprintf("%s %.5f %s", h.ID, *h.Score, h.Source))
	}
	if got.Hits.Total.Value <= 40 {
		slices.Sort(ids)
	}
	return fmt.Sprintf("%d: %s", got.Hits.Total.Value, strings.Join(ids, " "))
}
