package exec_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"elkhorn/internal/engine/analysis"
	"elkhorn/internal/engine/column"
	"elkhorn/internal/engine/exec"
	"elkhorn/internal/engine/segment"
)

// scoreMapping has the ways in which a field can be scored: with norms, without, and as a keyword.
const scoreMapping = `{"properties":{"title":{"type":"text"},"body":{"type":"text"},"plain":{"type":"text","norms":false},
	"tag":{"type":"keyword"},"ok":{"type":"boolean"}}}`

// scoreDocs returns the corpus whose scores were recorded. The fifth has 133 words, which a norm of one byte does
// not hold exactly; the eighth is deleted, but counts in the statistics as long as it is in a segment.
func scoreDocs() []string {
	long := strings.Repeat("server ", 30) + "database refused connection " + strings.Repeat("filler words of the report ", 20)
	docs := []string{}
	for _, d := range [][4]string{
		{"1", "database connection refused", "connection refused by the database server after three retries", `"tag":["error"],"ok":false`},
		{"2", "slow request", "request served by the cache server in twelve milliseconds", `"tag":["info"],"ok":true`},
		{"3", "connection pool", "the connection pool is exhausted connection connection refused", `"tag":["error"],"ok":false`},
		{"4", "retry", "database", `"tag":["warn"],"ok":true`},
		{"5", "", long, `"tag":["info"],"ok":true`},
		{"6", "database refused", "refused database connection", `"tag":["error","db","error"],"ok":false`},
		{"7", "", "quick brown fox jumps over the lazy dog", ""},
		{"8", "gone", "database connection refused again and again", `"tag":["error"],"ok":false`},
	} {
		doc := fmt.Sprintf(`%s {"body":%q,"plain":%q`, d[0], d[2], d[2])
		if d[1] != "" {
			doc += fmt.Sprintf(`,"title":%q`, d[1])
		}
		if d[3] != "" {
			doc += "," + d[3]
		}
		docs = append(docs, doc+"}")
	}
	return docs
}

// luceneScores are what Lucene 9.12.1 gives, with the similarity that Elasticsearch uses (BM25 with the factor
// k1+1), for the same documents and statistics, as clauses of its own that Elasticsearch makes of these queries.
var luceneScores = []struct{ name, query, scores string }{
	{"match_all", `{"match_all":{}}`, "1=1 2=1 3=1 4=1 5=1 6=1 7=1"},
	{"term", `{"term":{"body":"database"}}`, "1=0.6502894 4=0.8081346 5=0.1665107 6=0.7619005"},
	{"boost", `{"term":{"body":{"value":"database","boost":2.5}}}`, "1=1.6257235 4=2.0203366 5=0.4162767 6=1.9047513"},
	{"two words", `{"match":{"body":"database connection"}}`, "1=1.3005788 3=0.8965421 4=0.8081346 5=0.3330214 6=1.523801"},
	{"three words", `{"match":{"body":"the server refused"}}`, "1=2.5476909 2=1.8974015 3=1.3331271 5=2.7716134 6=0.7619005 7=0.6665636"},
	{"phrase", `{"match_phrase":{"body":"connection refused"}}`, "1=1.3005788 3=1.3331271"},
	{"phrase of one word twice", `{"match_phrase":{"body":"connection connection"}}`, "3=1.3331271"},
	{"slop 1", `{"match_phrase":{"body":{"query":"connection refused","slop":1}}}`, "1=1.3005788 3=1.3331271"},
	{"slop 2", `{"match_phrase":{"body":{"query":"connection refused","slop":2}}}`, "1=1.3005788 3=1.3331271 5=0.12367892"},
	{"slop 3", `{"match_phrase":{"body":{"query":"connection database","slop":3}}}`, "1=0.59133625 5=0.094101906 6=0.9562222"},
	{"slop 5", `{"match_phrase":{"body":{"query":"connection database","slop":5}}}`, "1=0.59133625 5=0.094101906 6=0.9562222"},
	{"slop 10, three words", `{"match_phrase":{"body":{"query":"database connection refused","slop":10}}}`, "1=0.6505101 5=0.1855185 6=1.2091448"},
	{"slop 3, one word twice", `{"match_phrase":{"body":{"query":"connection connection","slop":3}}}`, "3=1.4442713"},
	{"no norms", `{"term":{"plain":"database"}}`, "1=0.8081346 4=0.8081346 5=0.8081346 6=0.8081346"},
	{"no norms, two words", `{"match":{"plain":"database connection"}}`, "1=1.6162692 3=0.97295964 4=0.8081346 5=1.6162692 6=1.6162692"},
	{"no norms, phrase", `{"match_phrase":{"plain":"connection refused"}}`, "1=1.6162692 3=1.6162692"},
	{"keyword", `{"term":{"tag":"error"}}`, "1=0.6063718 3=0.6063718 6=0.6063718"},
	{"rare keyword", `{"match":{"tag":"db"}}`, "6=1.7641908"},
	{"boolean", `{"term":{"ok":true}}`, "2=0.8266786 4=0.8266786 5=0.8266786"},
	{"terms", `{"terms":{"tag":["error","db"]}}`, "1=1 3=1 6=1"},
	{"constant_score", `{"constant_score":{"filter":{"term":{"body":"database"}},"boost":1.5}}`, "1=1.5 4=1.5 5=1.5 6=1.5"},
	{"bool", `{"bool":{"must":[{"term":{"body":"database"}}],"should":[{"term":{"title":{"value":"refused","boost":3}}}],"filter":[{"term":{"tag":"error"}}],"must_not":[{"term":{"title":"pool"}}]}}`,
		"1=3.1011214 6=3.740003"},
	{"bool with a boost", `{"bool":{"must":[{"term":{"body":"database"}}],"should":[{"term":{"title":{"value":"refused","boost":3}}}],"filter":[{"term":{"tag":"error"}}],"must_not":[{"term":{"title":"pool"}}],"boost":2}}`,
		"1=6.202243 6=7.480006"},
	{"bool of a keyword and a word", `{"bool":{"must":[{"term":{"tag":"error"}},{"match":{"body":"refused"}}]}}`, "1=1.2566612 3=1.2729354 6=1.3682723"},
	{"dis_max", `{"dis_max":{"queries":[{"match":{"title":"database"}},{"match":{"body":"connection"}}],"tie_breaker":0.3}}`, "1=1.0120308 3=0.8965421 5=0.1665107 6=1.221271"},
	{"dis_max without tie_breaker", `{"dis_max":{"queries":[{"match":{"title":"database"}},{"match":{"body":"connection"}}]}}`, "1=0.816944 3=0.8965421 5=0.1665107 6=0.99270093"},
	{"best_fields", `{"multi_match":{"query":"database refused","fields":["title^2","body"]}}`, "1=3.267776 3=0.6665636 4=0.8081346 5=0.3330214 6=3.9708037"},
	{"best_fields with tie_breaker", `{"multi_match":{"query":"database refused","fields":["title^2","body"],"tie_breaker":0.5}}`, "1=3.9180655 3=0.6665636 4=0.8081346 5=0.3330214 6=4.732704"},
	{"most_fields", `{"multi_match":{"query":"database refused","fields":["title^2","body"],"type":"most_fields"}}`, "1=4.5683546 3=0.6665636 4=0.8081346 5=0.3330214 6=5.4946046"},
	{"cross_fields", `{"multi_match":{"query":"database refused","fields":["title^2","body"],"type":"cross_fields"}}`, "1=1.3005788 3=0.6665636 4=0.8081346 5=0.3330214 6=1.523801"},
	{"cross_fields, all words", `{"multi_match":{"query":"database refused","fields":["title^2","body"],"type":"cross_fields","operator":"and"}}`, "1=1.3005788 5=0.3330214 6=1.523801"},
	{"cross_fields, a word of one field", `{"multi_match":{"query":"server","fields":["title","body"],"type":"cross_fields","tie_breaker":0.3}}`, "1=1.247112 2=1.247112 5=1.7555652"},
	{"cross_fields with tie_breaker", `{"multi_match":{"query":"connection","fields":["title","body"],"type":"cross_fields","tie_breaker":1}}`, "1=0.7090899 3=0.9679928 5=0.1665107 6=0.7619005"},
}

// scoredIndex is the corpus with its eighth document deleted, as batches just ingested or sealed into a
// segment with text indexes.
func scoredIndex(t testing.TB, perSegment int, seal bool) exec.Index {
	ix := testIndex(t, "scores", scoreMapping, scoreDocs(), perSegment)
	if seal {
		var inputs []segment.Input
		for _, s := range ix.Sources {
			inputs = append(inputs, segment.Input{Segment: s.Segment})
		}
		ix.Sources = []exec.Source{{Segment: sealText(t, inputs, "title", "body", "plain")}}
	}
	last := &ix.Sources[len(ix.Sources)-1]
	rows := segment.Rows(last.Segment)
	last.Deleted = column.NewBitmap(rows)
	last.Deleted.Set(rows - 1)
	return ix
}

func sealText(t testing.TB, inputs []segment.Input, fields ...string) segment.Segment {
	t.Helper()
	text := map[string]analysis.Analyzer{}
	for _, f := range fields {
		text[f] = analysis.Standard
	}
	sealed, _, err := segment.Seal(inputs, segment.WriteOptions{Text: text})
	if err != nil {
		t.Fatal(err)
	}
	return sealed
}

func TestScoresAreLucenes(t *testing.T) {
	for name, ix := range map[string]exec.Index{
		"one batch": scoredIndex(t, 8, false), "several batches": scoredIndex(t, 3, false), "sealed": scoredIndex(t, 3, true),
	} {
		for _, tt := range luceneScores {
			t.Run(name+"/"+tt.name, func(t *testing.T) {
				want := map[string]float64{}
				for _, s := range strings.Fields(tt.scores) {
					var score float64
					id, text, _ := strings.Cut(s, "=")
					if _, err := fmt.Sscan(text, &score); err != nil {
						t.Fatal(err)
					}
					want[id] = score
				}
				checkScores(t, scoresOf(t, ix, tt.query), want)
			})
		}
	}
}

// scoresOf returns the scores of all hits by id.
func scoresOf(t testing.TB, ix exec.Index, query string) map[string]float64 {
	t.Helper()
	r := parseRequest(t, `{"size":1000,"query":`+query+`}`)
	resp, err := exec.Search(context.Background(), []exec.Index{ix}, r)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	out := map[string]float64{}
	for _, h := range resp.Hits.Hits {
		out[h.ID] = *h.Score
	}
	return out
}

// checkScores compares to five digits.
func checkScores(t testing.TB, got, want map[string]float64) {
	t.Helper()
	for id, score := range want {
		if g, ok := got[id]; !ok || math.Abs(g-score) > 1e-5*math.Abs(score) {
			t.Errorf("document %s scores %v, want %v", id, g, score)
		}
	}
	for id, score := range got {
		if _, ok := want[id]; !ok {
			t.Errorf("document %s is found, with score %v", id, score)
		}
	}
}

// TestScoresByFormula compares words in random texts with the formula written out here: the sum over the words of
// (k1+1) * idf * freq/(freq + k1*(1-b+b*length/average)), with lengths as one byte holds them.
func TestScoresByFormula(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	words := []string{"alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa"}
	for range 20 {
		texts := make([][]string, 1+rnd.IntN(60))
		docs := make([]string, len(texts))
		for i := range texts {
			for range 1 + int(math.Exp(rnd.Float64()*7)) { // up to a thousand words
				texts[i] = append(texts[i], words[int(math.Pow(rnd.Float64(), 2)*float64(len(words)))])
			}
			docs[i] = fmt.Sprintf(`%d {"body":%q}`, i, strings.Join(texts[i], " "))
		}
		ix := testIndex(t, "a", scoreMapping, docs, 1+rnd.IntN(len(docs)))
		query := []string{words[rnd.IntN(len(words))], words[rnd.IntN(len(words))]}
		checkScores(t, scoresOf(t, ix, fmt.Sprintf(`{"match":{"body":%q}}`, strings.Join(query, " "))), formulaScores(texts, query))
	}
}

func formulaScores(texts [][]string, query []string) map[string]float64 {
	const k1, b = 1.2, 0.75
	total := 0
	for _, text := range texts {
		total += len(text)
	}
	average := float64(total) / float64(len(texts))
	out := map[string]float64{}
	for _, word := range query {
		n := 0.0
		for _, text := range texts {
			if occurrences(text, word) > 0 {
				n++
			}
		}
		idf := math.Log(1 + (float64(len(texts))-n+0.5)/(n+0.5))
		for i, text := range texts {
			if freq := occurrences(text, word); freq > 0 {
				out[fmt.Sprint(i)] += (k1 + 1) * idf * freq / (freq + k1*(1-b+b*heldLength(len(text))/average))
			}
		}
	}
	return out
}

func occurrences(text []string, word string) float64 {
	n := 0.0
	for _, w := range text {
		if w == word {
			n++
		}
	}
	return n
}

// heldLength is the greatest length up to n that a norm holds: those below 40 exactly, then eight steps
// between each power of two, counted from 24.
func heldLength(n int) float64 {
	held := 0
	for length, step := 0, 1; length <= n; {
		held = length
		if length >= 40 && (length-24)&(length-25) == 0 {
			step *= 2
		}
		length += step
	}
	return float64(held)
}
