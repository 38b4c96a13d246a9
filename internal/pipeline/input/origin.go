package input

import (
	"net"
	"net/http"
	"net/url"
	"strings"
)

// foreign says why a request must be refused because a web page may have sent it; "" means that it is welcome. A page
// from elsewhere that a person has open could otherwise post to this machine: directly, which its Origin tells, or
// by a name of its own that resolves to this machine, which the Host tells.
func foreign(r *http.Request, listener net.Addr) string {
	if origin := r.Header.Get("Origin"); origin != "" {
		u, err := url.Parse(origin)
		if err != nil || u.Host == "" || u.Host != r.Host && !isLocalName(u.Hostname()) {
			return "requests of web pages from elsewhere are refused"
		}
	}
	addr, ok := listener.(*net.TCPAddr)
	if !ok || !addr.IP.IsLoopback() {
		return "" // whoever opened the port to others has names for it
	}
	if name := hostName(r.Host); !isLocalName(name) {
		return "requests to the host " + name + " are refused: this input listens on this machine only"
	}
	return ""
}

func hostName(hostPort string) string {
	if host, _, err := net.SplitHostPort(hostPort); err == nil {
		return host
	}
	return strings.Trim(hostPort, "[]")
}

// isLocalName says whether nobody outside can make a name resolve: an address, a name without a dot, as
// containers have, or one under a reserved ending. "" is that of HTTP/1.0.
func isLocalName(name string) bool {
	name = strings.ToLower(strings.TrimSuffix(name, "."))
	if net.ParseIP(strings.Trim(name, "[]")) != nil {
		return true
	}
	for _, ending := range []string{".localhost", ".local", ".internal", ".svc", ".cluster.local", ".test"} {
		if strings.HasSuffix(name, ending) {
			return true
		}
	}
	return !strings.Contains(name, ".")
}
