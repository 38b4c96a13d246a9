package dial

import (
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"time"

	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
)

// HTTPOptions are those of an HTTP client, TLS included.
var HTTPOptions = slices.Concat([]plugin.Option{
	{Name: "request_timeout", Kind: plugin.Seconds, Default: 60, Help: "Time for one request with its answer."},
	{Name: "socket_timeout", Kind: plugin.Seconds, Default: 10, Help: "Time until the answer begins."},
	{Name: "connect_timeout", Kind: plugin.Seconds, Default: 10, Help: "Time to connect."},
	{Name: "follow_redirects", Kind: plugin.Boolean, Default: true, Help: "Go on to where an answer of 3xx points."},
	{Name: "pool_max", Kind: plugin.Integer, Default: 50, Unit: "connections", Help: "Requests made at the same time."},
	{Name: "pool_max_per_route", Kind: plugin.Integer, Default: 25, Unit: "connections", Help: "Connections to one host."},
	{Name: "keepalive", Kind: plugin.Boolean, Default: true, Help: "Use a connection for many requests."},
	{Name: "cookies", Kind: plugin.Boolean, Default: true, Help: "Send the cookies that a server has set back to it."},
	{Name: "proxy", Kind: plugin.Any, Help: "URL of a proxy, or a hash with host, port, scheme, user and password; by default what the environment names."},
	{Name: "user", Kind: plugin.String, Help: "User name for basic authentication."},
	{Name: "password", Kind: plugin.Password, Help: "Its password."},
	{Name: "automatic_retries", Kind: plugin.Integer, Default: 1, Ignored: "a connection that broke before the answer is made anew by the plugin's own rules"},
	{Name: "retry_non_idempotent", Kind: plugin.Boolean, Ignored: "the plugin's own rules say what is sent again"},
	{Name: "validate_after_inactivity", Kind: plugin.Integer, Default: 200, Ignored: "a connection that the server has closed is noticed at once"},
	{Name: "ssl_enabled", Kind: plugin.Boolean, Default: true, Ignored: "the URL's scheme says whether TLS is spoken"},
	{Name: "cacert", Kind: plugin.Path, Unsupported: "now called ssl_certificate_authorities"}, {Name: "client_cert", Kind: plugin.Path, Unsupported: "now called ssl_certificate"},
	{Name: "client_key", Kind: plugin.Path, Unsupported: "now called ssl_key"}, {Name: "keystore", Kind: plugin.Path, Unsupported: NoKeystore}, {Name: "truststore", Kind: plugin.Path, Unsupported: NoKeystore},
}, TLSOptions)

// HTTPClient makes a client of HTTPOptions.
func HTTPClient(env *pipeline.Env, s *plugin.Settings) (*http.Client, error) {
	secure, err := TLS(env, s)
	if err != nil {
		return nil, err
	}
	proxy, err := proxyOf(s)
	if err != nil {
		return nil, err
	}
	if s.Has("user") != s.Has("password") {
		return nil, s.Errorf("user", "and password must both be given")
	}
	dialer := &net.Dialer{Timeout: s.Duration("connect_timeout")}
	perHost := int(max(s.Int("pool_max_per_route"), 1))
	c := &http.Client{Timeout: s.Duration("request_timeout"), Transport: &authorized{user: s.String("user"), password: s.String("password"), next: &http.Transport{
		Proxy: proxy, TLSClientConfig: secure, ForceAttemptHTTP2: true, DisableKeepAlives: !s.Bool("keepalive"),
		DialContext: dialer.DialContext, TLSHandshakeTimeout: s.Duration("connect_timeout"), ResponseHeaderTimeout: s.Duration("socket_timeout"),
		MaxConnsPerHost: perHost, MaxIdleConnsPerHost: perHost, IdleConnTimeout: 90 * time.Second,
	}}}
	if s.Bool("cookies") {
		if c.Jar, err = cookiejar.New(nil); err != nil {
			return nil, err
		}
	}
	if !s.Bool("follow_redirects") {
		c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	}
	return c, nil
}

// authorized adds basic authentication to requests that have none. A redirect to another host does not get it: the
// credentials are for the host that the configuration names.
type authorized struct {
	user, password string
	next           *http.Transport
}

// RoundTrip is of http.RoundTripper.
func (a *authorized) RoundTrip(req *http.Request) (*http.Response, error) {
	if a.user != "" && req.Header.Get("Authorization") == "" && sameHost(req) {
		req = req.Clone(req.Context())
		req.SetBasicAuth(a.user, a.password)
	}
	return a.next.RoundTrip(req)
}

// sameHost says that a request goes to where the first one of its redirects went.
func sameHost(req *http.Request) bool {
	first := req
	for first.Response != nil && first.Response.Request != nil {
		first = first.Response.Request
	}
	return first.URL.Scheme == req.URL.Scheme && first.URL.Host == req.URL.Host
}

// CloseIdleConnections lets go of connections that are kept for later.
func (a *authorized) CloseIdleConnections() { a.next.CloseIdleConnections() }

func proxyOf(s *plugin.Settings) (func(*http.Request) (*url.URL, error), error) {
	v, given := s.Value("proxy")
	if !given {
		return http.ProxyFromEnvironment, nil
	}
	if v.Kind != plugin.Map {
		u, err := url.Parse(v.Str)
		if err != nil || u.Host == "" {
			return nil, s.Errorf("proxy", "%q is no URL", Redacted(v.Str))
		}
		return http.ProxyURL(u), nil
	}
	parts := map[string]string{"scheme": "http", "port": "80"}
	for _, p := range v.Pairs {
		switch p.Key {
		case "host", "port", "scheme", "user", "password", "url":
			parts[p.Key] = p.Value.Str
		default:
			return nil, s.Errorf("proxy", "takes host, port, scheme, user and password, not %q", p.Key)
		}
	}
	u := &url.URL{Scheme: parts["scheme"], Host: net.JoinHostPort(parts["host"], parts["port"])}
	if parts["url"] != "" {
		var err error
		if u, err = url.Parse(parts["url"]); err != nil {
			return nil, s.Errorf("proxy", "%q is no URL", Redacted(parts["url"]))
		}
	} else if parts["host"] == "" {
		return nil, s.Errorf("proxy", "needs host")
	}
	if parts["user"] != "" {
		u.User = url.UserPassword(parts["user"], parts["password"])
	}
	return http.ProxyURL(u), nil
}

// Redacted is a URL as logs and messages may have it: without a password. A text that is no URL loses what stands before
// its last @.
func Redacted(text string) string {
	if u, err := url.Parse(text); err == nil && u.Host != "" {
		return u.Redacted()
	}
	if at := strings.LastIndexByte(text, '@'); at >= 0 {
		return "xxxxx" + text[at:]
	}
	return text
}

// RedactedList is several such URLs, with commas.
func RedactedList(texts []string) string {
	shown := make([]string, len(texts))
	for i, text := range texts {
		shown[i] = Redacted(text)
	}
	return strings.Join(shown, ",")
}
