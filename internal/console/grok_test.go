package console

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func ask(t *testing.T, method, target, body string) (int, string) {
	t.Helper()
	h := New(Parts{UI: echo("ui"), API: echo("api"), Store: informant{}, Guard: openGuard{}, Version: "8.19.0", Logger: slog.New(slog.DiscardHandler)})
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(method, target, strings.NewReader(body)))
	return w.Code, w.Body.String()
}

func TestGrokSimulate(t *testing.T) {
	for name, tc := range map[string]struct {
		trial grokTrial
		want  string
	}{
		"fields and their places": {
			grokTrial{RawEvent: "é 55.3.244.1 GET", Pattern: `%{IP:client} %{WORD:method}`},
			`{"structuredEvent":{"client":"55.3.244.1","method":"GET"},"matched":true,"match":{"start":2,"end":16},"captures":[{"start":2,"end":12,"field":"client","value":"55.3.244.1"},{"start":13,"end":16,"field":"method","value":"GET"}]}`,
		},
		"places count as browsers do": {
			grokTrial{RawEvent: "\U0001F98C x", Pattern: ` %{WORD:w}`},
			`{"structuredEvent":{"w":"x"},"matched":true,"match":{"start":2,"end":4},"captures":[{"start":3,"end":4,"field":"w","value":"x"}]}`,
		},
		"conversions, nesting and repeats": {
			grokTrial{RawEvent: "12ms 1.50 a b", Pattern: `%{DATA:[took][ms]:int} %{NUMBER:cost:float} %{WORD:tag} %{WORD:tag}`},
			`{"structuredEvent":{"cost":1.5,"tag":["a","b"],"took":{"ms":12}},"matched":true,"match":{"start":0,"end":13},"captures":[{"start":0,"end":4,"field":"[took][ms]","value":12},{"start":5,"end":9,"field":"cost","value":1.5},{"start":10,"end":11,"field":"tag","value":"a"},{"start":12,"end":13,"field":"tag","value":"b"}]}`,
		},
		"where it stops": {
			grokTrial{RawEvent: "12:00 LOUD x", Pattern: `%{TIME:t} %{LOGLEVEL:level} %{WORD:w}`, CustomPatterns: map[string]string{"TIME": `\d\d:\d\d`}},
			`{"structuredEvent":{},"error":"the expression does not match the text","matched":false,"captures":[{"start":0,"end":5,"field":"t","value":"12:00"}],"stop":{"pattern":10,"text":6}}`,
		},
		"an unknown pattern": {
			grokTrial{RawEvent: "x", Pattern: `%{NOPE:x}`},
			`{"structuredEvent":{},"error":"grok expression \"%{NOPE:x}\": pattern %{NOPE} is not defined","matched":false,"captures":[]}`,
		},
		"a lazy end": {
			grokTrial{RawEvent: "a: b", Pattern: `%{WORD:k}: %{DATA:v}`},
			`{"structuredEvent":{"k":"a"},"matched":true,"match":{"start":0,"end":3},"captures":[{"start":0,"end":1,"field":"k","value":"a"},{"start":3,"end":3,"field":"v","value":""}],"hint":"%{DATA:v} at the end matches nothing, so the field is never set; %{NOTSPACE:v} or %{GREEDYDATA:v} take what is there"}`,
		},
		"names of the common schema": {
			grokTrial{RawEvent: "10.0.0.1", Pattern: `%{IPORHOST:[source][address]}`, ECSCompatibility: "v8"},
			`{"structuredEvent":{"source":{"address":"10.0.0.1"}},"matched":true,"match":{"start":0,"end":8},"captures":[{"start":0,"end":8,"field":"[source][address]","value":"10.0.0.1"}]}`,
		},
		"unnamed patterns": {
			grokTrial{RawEvent: "7", Pattern: `%{INT}`, KeepUnnamed: true},
			`{"structuredEvent":{"INT":"7"},"matched":true,"match":{"start":0,"end":1},"captures":[{"start":0,"end":1,"field":"INT","value":"7"}]}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			body, err := json.Marshal(tc.trial)
			if err != nil {
				t.Fatal(err)
			}
			code, got := ask(t, "POST", "/api/grokdebugger/simulate", string(body))
			var a, b any
			if code != http.StatusOK || json.Unmarshal([]byte(got), &a) != nil || json.Unmarshal([]byte(tc.want), &b) != nil || got != tc.want {
				t.Errorf("%d\n got %s\nwant %s", code, got, tc.want)
			}
		})
	}
}

func TestGrokRefuses(t *testing.T) {
	for body, want := range map[string]string{
		``:  "the body is no trial of an expression",
		`[`: "the body is no trial of an expression",
		`{"rawEvent":"` + strings.Repeat("x", maxGrokBodyBytes) + `"}`:                 "request body too large",
		`{"rawEvent":"x","pattern":"x","ecsCompatibility":"v9"}`:                       "must be disabled, v1 or v8, not [v9]",
		`{"rawEvent":"x","pattern":"x","customPatterns":{"not a name":"x"}}`:           "may hold letters, digits and _ only",
		`{"rawEvent":"x","pattern":"x","customPatterns":{"A":1}}`:                      "cannot unmarshal number",
		`{"rawEvent":"x","pattern":"x","customPatterns":{"A":"x"},"keepUnnamed":"no"}`: "cannot unmarshal string",
	} {
		if code, got := ask(t, "POST", "/api/grokdebugger/simulate", body); code != http.StatusBadRequest || !strings.Contains(got, want) {
			t.Errorf("%.60s: %d %s, want %q", body, code, got, want)
		}
	}
}

func TestGrokPatterns(t *testing.T) {
	for query, want := range map[string]string{
		"":                        `{"name":"COMMONAPACHELOG","definition":"`,
		"?ecs_compatibility=v8":   `[source][address]`,
		"?ecs_compatibility=nope": `must be disabled, v1 or v8, not [nope]`,
	} {
		if _, got := ask(t, "GET", "/api/grokdebugger/patterns"+query, ""); !strings.Contains(got, want) {
			t.Errorf("%s: %.300s, want %q", query, got, want)
		}
	}
}
