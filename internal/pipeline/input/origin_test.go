package input

import (
	"net"
	"net/http"
	"testing"
)

func TestForeign(t *testing.T) {
	f := func(host, origin, listener string, want bool) {
		t.Helper()
		r := &http.Request{Host: host, Header: http.Header{}}
		if origin != "" {
			r.Header.Set("Origin", origin)
		}
		reason := foreign(r, &net.TCPAddr{IP: net.ParseIP(listener), Port: 8080})
		if (reason != "") != want {
			t.Errorf("host %s, origin %q, listening on %s: %q", host, origin, listener, reason)
		}
	}
	f("127.0.0.1:8080", "", "127.0.0.1", false)
	f("localhost:8080", "http://localhost:3000", "127.0.0.1", false)
	f("[::1]:8080", "", "::1", false)
	f("logstash:8080", "", "127.0.0.1", false)
	f("", "", "127.0.0.1", false)
	f("127.0.0.1:8080", "https://evil.example", "127.0.0.1", true)
	f("127.0.0.1:8080", "null", "127.0.0.1", true) // a sandboxed frame of any page
	f("rebound.example:8080", "", "127.0.0.1", true)
	f("rebound.example:8080", "http://rebound.example:8080", "127.0.0.1", true)
	f("logs.company.example", "", "10.0.0.1", false)
	f("logs.company.example", "https://evil.example", "10.0.0.1", true)
}
