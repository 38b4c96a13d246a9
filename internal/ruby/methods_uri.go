package ruby

import (
	"net/url"
	"path"
	"strconv"
	"strings"
)

// uriValue is a URI, or an Addressable::URI, which does not say the port of its scheme where none is written.
type uriValue struct {
	url  *url.URL
	text string
}

func parseURI(c *call, class string) (Value, error) {
	if c.args[0] == nil && strings.HasPrefix(class, "Addressable") {
		return nil, nil
	}
	s, err := textArg(c.args[0])
	if err != nil {
		return nil, err
	}
	u, err := url.Parse(s)
	if err == nil && u.Scheme == "" && strings.Contains(s, "://") {
		err = strconv.ErrSyntax
	}
	if err != nil {
		return nil, raisef(class, "bad URI: %s", inspectShort(s))
	}
	if u.Port() == "" && class == "URI::InvalidURIError" {
		if port := map[string]string{"http": "80", "https": "443", "ftp": "21", "ldap": "389", "ws": "80", "wss": "443"}[u.Scheme]; port != "" {
			u.Host += ":" + port
		}
	}
	return &uriValue{u, s}, c.fr.grow(8 * len(s))
}

// uriPart is a method that gives a part of a URI, nil where it has none.
func uriPart(part func(*url.URL) (string, bool)) *method {
	return &method{0, 0, 0, func(c *call) (Value, error) {
		if s, ok := part(c.recv.(*uriValue).url); ok {
			return s, nil
		}
		return nil, nil
	}}
}

func notEmpty(s string) (string, bool) { return s, s != "" }

// uriHost is the host with the brackets of an IPv6 address, as host gives it; hostname leaves them out.
func uriHost(u *url.URL) (string, bool) {
	host := u.Hostname()
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	return notEmpty(host)
}

var uriMethods = table{
	"scheme":   uriPart(func(u *url.URL) (string, bool) { return notEmpty(u.Scheme) }),
	"host":     uriPart(uriHost),
	"hostname": uriPart(func(u *url.URL) (string, bool) { return notEmpty(u.Hostname()) }),
	"path":     uriPart(func(u *url.URL) (string, bool) { return u.EscapedPath(), true }),
	"query":    uriPart(func(u *url.URL) (string, bool) { return u.RawQuery, u.RawQuery != "" || u.ForceQuery }),
	"fragment": uriPart(func(u *url.URL) (string, bool) { return notEmpty(u.EscapedFragment()) }),
	"userinfo": uriPart(func(u *url.URL) (string, bool) { return notEmpty(u.User.String()) }),
	"user": uriPart(func(u *url.URL) (string, bool) {
		name, _, _ := strings.Cut(u.User.String(), ":")
		return notEmpty(name)
	}),
	"password": uriPart(func(u *url.URL) (string, bool) {
		_, password, ok := strings.Cut(u.User.String(), ":")
		return password, ok
	}),
	"basename": uriPart(func(u *url.URL) (string, bool) {
		if u.Path == "" {
			return "", true
		}
		return path.Base(u.EscapedPath()), true
	}),
	"extname": uriPart(func(u *url.URL) (string, bool) { return fileExtension(u.EscapedPath()), true }),
	"port": {0, 0, 0, func(c *call) (Value, error) {
		n, err := strconv.ParseInt(c.recv.(*uriValue).url.Port(), 10, 64)
		if err != nil {
			return nil, nil
		}
		return n, nil
	}},
	"request_uri": {0, 0, 0, func(c *call) (Value, error) { return c.recv.(*uriValue).url.RequestURI(), nil }},
}

// deepCopy is Marshal.load(Marshal.dump(x)), the usual way to copy a nested value: both copy. Events cannot be dumped.
func deepCopy(c *call) (Value, error) { return copyNested(c.fr, c.args[0], 0) }

func copyNested(fr *frame, v Value, depth int) (Value, error) {
	if depth > maxNesting {
		return nil, argumentErrorf("nested more than %d levels deep", maxNesting)
	}
	if err := fr.step(); err != nil {
		return nil, err
	}
	switch v := v.(type) {
	case *Array:
		out := &Array{make([]Value, len(v.Items))}
		for i, item := range v.Items {
			var err error
			if out.Items[i], err = copyNested(fr, item, depth+1); err != nil {
				return nil, err
			}
		}
		return out, fr.grow(16 * len(out.Items))
	case *Hash:
		out := NewHash()
		for i := range v.Len() {
			key, item := v.At(i)
			copied, err := copyNested(fr, item, depth+1)
			if err != nil {
				return nil, err
			}
			out.Set(key, copied)
		}
		return out, fr.grow(48 * out.Len())
	}
	if kindOf(v) == kindEvent {
		return nil, typeErrorf("no _dump_data is defined for class LogStash::Event")
	}
	return v, nil
}
