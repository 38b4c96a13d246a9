package api

import (
	"strings"
	"sync"
	"time"
	"unicode/utf8"
)

const (
	// slowSearch is how long a search takes that is remembered: half a second is when a person notices.
	slowSearch = 500 * time.Millisecond
	// slowKept is how many are remembered, the newest; each has up to slowBodyBytes of its body.
	slowKept      = 100
	slowBodyBytes = 4 << 10
)

// SlowSearch is a search that took long.
type SlowSearch struct {
	At         time.Time `json:"at"` // when it began
	TookMillis int64     `json:"took_millis"`
	Request    string    `json:"request"` // method and path with its parameters
	Body       string    `json:"body"`
	Status     int       `json:"status"`
	OpaqueID   string    `json:"opaque_id,omitempty"`
}

// slowLog keeps the searches that took long, in a ring.
type slowLog struct {
	mu    sync.Mutex
	kept  []SlowSearch
	start int
}

// note remembers a request when it is a search and took long.
func (l *slowLog) note(c *call, at time.Time, took time.Duration, status int) {
	if took < slowSearch || c.route == nil || !strings.HasPrefix(c.route.action, "indices:data/read/search") {
		return
	}
	one := SlowSearch{At: at.UTC(), TookMillis: took.Milliseconds(), Request: c.req.Method + " " + c.req.URL.RequestURI(), Body: cut(c.sent, slowBodyBytes), Status: status,
		OpaqueID: c.req.Header.Get("X-Opaque-Id")}
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.kept) < slowKept {
		l.kept = append(l.kept, one)
		return
	}
	l.kept[l.start] = one
	l.start = (l.start + 1) % slowKept
}

// cut is the beginning of a text, up to a whole character.
func cut(text []byte, most int) string {
	if len(text) <= most {
		return string(text)
	}
	for most > 0 && !utf8.RuneStart(text[most]) {
		most--
	}
	return string(text[:most])
}

// SlowSearches returns the searches that took long of late, the newest first.
func (s *Server) SlowSearches() []SlowSearch {
	s.slow.mu.Lock()
	defer s.slow.mu.Unlock()
	n := len(s.slow.kept)
	out := make([]SlowSearch, n)
	for i := range n {
		out[n-1-i] = s.slow.kept[(s.slow.start+i)%n]
	}
	return out
}
