package api

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestSlowSearches(t *testing.T) {
	s := &Server{}
	at := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	request := func(n int, action string, took time.Duration) {
		c := &call{req: httptest.NewRequest("POST", fmt.Sprintf("/logs-%d/_search?size=0", n), nil), route: &entry{route: &route{action: action}}, sent: []byte(`{"query":{}}`)}
		s.slow.note(c, at, took, 200)
	}
	request(1, "indices:data/read/search", slowSearch-1)
	request(2, "indices:data/write/bulk", time.Hour)
	if got := s.SlowSearches(); len(got) != 0 {
		t.Fatalf("remembered %+v", got)
	}
	for n := range slowKept + 5 {
		request(n, "indices:data/read/search", slowSearch)
	}
	got := s.SlowSearches()
	if len(got) != slowKept || got[0].Request != fmt.Sprintf("POST /logs-%d/_search?size=0", slowKept+4) || got[slowKept-1].Request != "POST /logs-5/_search?size=0" ||
		got[0].TookMillis != 500 || got[0].Body != `{"query":{}}` || !got[0].At.Equal(at) {
		t.Errorf("%d, from %+v to %+v", len(got), got[0], got[len(got)-1])
	}
	if cut([]byte("aä"), 2) != "a" || len(cut([]byte(strings.Repeat("x", 10)), 4)) != 4 {
		t.Error("a text is cut inside a character")
	}
}
