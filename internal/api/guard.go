package api

import (
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"elkhorn/internal/es/eserr"
)

// Guard refuses requests that a web page of someone else's makes a browser send: those that come
// under a foreign host name (DNS rebinding) or from a foreign origin (cross-site requests). Programs
// send neither header, or their own server's name, and pass.
type Guard struct {
	// AllowedHosts are names besides loopback ones and IP addresses; "*" allows every name.
	AllowedHosts []string
}

// Check returns the refusal of a request, or nil.
func (g Guard) Check(r *http.Request) error {
	if host := hostname(r.Host); !g.allowed(host) {
		return eserr.SecurityException(http.StatusForbidden,
			"the Host header names [%s], which is not a name of this server; add it to the allowed hosts if it should be", host)
	}
	if origin := r.Header.Get("Origin"); origin != "" && !g.sameOrigin(origin, r.Host) {
		return eserr.SecurityException(http.StatusForbidden,
			"requests from web pages of [%s] are refused; only this server's own pages may call it", origin)
	}
	if r.Header.Get("Sec-Fetch-Site") == "cross-site" && r.Header.Get("Sec-Fetch-Mode") != "navigate" {
		return eserr.SecurityException(http.StatusForbidden,
			"a web page of another site caused this request; only this server's own pages may call it")
	}
	return nil
}

// Wrap returns next behind the guard. The refusal is an Elasticsearch error in JSON.
func (g Guard) Wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		err := g.Check(r)
		if err == nil {
			next.ServeHTTP(w, r)
			return
		}
		e := eserr.From(err)
		w.Header().Set("Content-Type", mediaJSON)
		w.WriteHeader(e.Status)
		_, _ = w.Write(e.AppendAnswer(nil)) // a client that has gone is no concern of the guard's
	})
}

// allowed reports whether host is a loopback name, an address (which no foreign name server can
// point elsewhere), or one of the configured names.
func (g Guard) allowed(host string) bool {
	if host == "" || host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	if net.ParseIP(host) != nil {
		return true
	}
	return slices.ContainsFunc(g.AllowedHosts, func(name string) bool {
		return name == "*" || strings.EqualFold(name, host)
	})
}

// sameOrigin reports whether a page of that origin is one of this server's: it has the host name the
// request was sent to, whatever the port (the UI and the API have different ones).
func (g Guard) sameOrigin(origin, requestHost string) bool {
	u, err := url.Parse(origin)
	if err != nil || u.Host == "" {
		return false
	}
	from := hostname(u.Host)
	return from == hostname(requestHost) || isLoopback(from) && isLoopback(hostname(requestHost))
}

func isLoopback(host string) bool {
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// hostname returns the name in host:port, lower-cased, without brackets and trailing dot.
func hostname(hostport string) string {
	host := hostport
	if h, _, err := net.SplitHostPort(hostport); err == nil {
		host = h
	}
	host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	return strings.ToLower(strings.TrimSuffix(host, "."))
}
