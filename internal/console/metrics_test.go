package console

import (
	"encoding/json"
	"log/slog"
	"net/http/httptest"
	"testing"
	"time"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// sampleAt is a process that indexes 100 documents a second and searches twice, 5 ms each.
func sampleAt(i int) Metric {
	n := int64(i)
	return Metric{At: noon.Add(time.Duration(i) * MetricsInterval), Run: noon, Indexed: 1000 * n, Searched: 20 * n, SearchNanos: 20 * n * 5e6, ProcessorNanos: 5e9 * n, Docs: 1000 * n}
}

func note(t *testing.T, m *Metrics, s Metric) {
	t.Helper()
	if err := m.Note(s); err != nil {
		t.Fatal(err)
	}
}

func TestMetrics(t *testing.T) {
	m := &Metrics{}
	if got := m.Points(noon, 10); len(got) != 0 {
		t.Fatalf("nothing noted: %+v", got)
	}
	for i := range 13 {
		note(t, m, sampleAt(i))
	}
	for _, tc := range []struct{ n, want int }{{100, 12}, {12, 12}, {6, 6}, {5, 4}, {1, 1}} {
		got := m.Points(noon, tc.n)
		if len(got) != tc.want {
			t.Errorf("%d points asked for, %d came", tc.n, len(got))
		}
		total := 0.0
		for _, p := range got {
			total += p.Seconds
			if p.IndexRate != 100 || p.SearchRate != 2 || p.SearchMillis == nil || *p.SearchMillis != 5 || p.IndexMillis == nil || p.Processors != 0.5 {
				t.Errorf("point %+v", p)
			}
		}
		if last := got[len(got)-1]; total != 120 || last.Docs != 12000 || last.AtMillis != noon.Add(2*time.Minute).UnixMilli() {
			t.Errorf("over %v seconds, the last is %+v", total, last)
		}
	}
	// From the middle on, with the sample before it.
	if got := m.Points(noon.Add(6*MetricsInterval), 100); len(got) != 7 || got[0].AtMillis != noon.Add(time.Minute).UnixMilli() {
		t.Errorf("from the middle: %d", len(got))
	}
	// An index was deleted, and with it its counters.
	note(t, m, Metric{At: noon.Add(13 * MetricsInterval), Run: noon})
	got := m.Points(noon.Add(125*time.Second), 100)
	if len(got) != 1 || got[0].IndexRate != 0 || got[0].SearchMillis != nil {
		t.Errorf("after a deletion: %+v", got)
	}
}

func TestMetricsKeepADay(t *testing.T) {
	m := &Metrics{}
	for i := range fineSlots + 100 {
		note(t, m, sampleAt(i))
	}
	got := m.Points(noon.Add((fineSlots+99)*MetricsInterval-24*time.Hour), maxMetricsOut)
	if first := got[0].AtMillis - int64(got[0].Seconds*1000); first != noon.Add(100*MetricsInterval).UnixMilli() {
		t.Errorf("the oldest is at %d", first)
	}
	if last := got[len(got)-1].AtMillis; last != noon.Add((fineSlots+99)*MetricsInterval).UnixMilli() {
		t.Errorf("the newest is at %d", last)
	}
}

func TestMetricsAnswer(t *testing.T) {
	m := &Metrics{}
	note(t, m, sampleAt(0))
	note(t, m, sampleAt(1))
	h := New(Parts{UI: echo("ui"), API: echo("api"), Store: informant{}, Guard: openGuard{}, Logger: slog.New(slog.DiscardHandler), Metrics: m,
		Now: func() time.Time { return noon.Add(MetricsInterval) }, Slow: func() any { return []string{"slow"} }})
	for target, want := range map[string]int{"/api/console/metrics": 200, "/api/console/metrics?seconds=0": 400, "/api/console/metrics?points=x": 400, "/api/console/metrics?seconds=2592001": 400, "/api/console/metrics?seconds=2592000": 200} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("GET", target, nil))
		if w.Code != want {
			t.Errorf("%s: %d %s", target, w.Code, w.Body)
		}
		var got struct {
			Points []MetricPoint
			Slow   []string `json:"slow_searches"`
		}
		if err := json.Unmarshal(w.Body.Bytes(), &got); want == 200 && (err != nil || len(got.Points) != 1 || len(got.Slow) != 1) {
			t.Errorf("%s: %v, %s", target, err, w.Body)
		}
	}
}
