package content

import (
	"strings"

	"elkhorn/internal/event"
	"elkhorn/internal/plugin"
)

// NormalizePath puts placeholders in the place of ids in URL paths.
var NormalizePath = Kind{
	Name:    "normalize_path",
	Summary: "Puts placeholders in the place of ids in URL paths, so that requests can be grouped by what they ask for.",
	Options: []plugin.Option{
		{Name: "source", Kind: plugin.Strings, Default: []string{"url.path", "path", "request", "uri", "http.target", "url.full", "url.original"}, Help: "Where the path or URL is; the first that is there counts."},
		{Name: "target", Kind: plugin.Field, Default: "path_pattern", Help: "Field for the path with placeholders."},
		{Name: "style", Kind: plugin.String, Default: "colon", Allowed: []string{"colon", "braces"}, Help: "How a placeholder looks: :id, or {id}."},
		{Name: "patterns", Kind: plugin.Strings, Help: "Paths of your own, tried first: /users/{user}/orders/{order}; {name} stands for one part of a path, a last {name*} for all that follows."},
		{Name: "params_target", Kind: plugin.Field, Help: "Object that gets the parts for which placeholders stand; not given: they are not kept."},
		{Name: "lowercase", Kind: plugin.Boolean, Help: "Write the path in lower case."},
	},
	New: newNormalizePath,
}

const (
	// maxPathBytes bounds the paths that are looked at; what is longer is an attack or no path.
	maxPathBytes = 8192
	// maxPathParts bounds the parts of a path that are written; the rest becomes one placeholder.
	maxPathParts = 50
)

type pathNormalizer struct {
	source   []Field
	target   *Field
	params   *Field
	braces   bool
	lower    bool
	patterns [][]string
}

func newNormalizePath(_ Env, s *plugin.Settings) (Worker, error) {
	n := &pathNormalizer{braces: s.String("style") == "braces", lower: s.Bool("lowercase")}
	var err error
	if n.source, err = fieldsOption(s, "source"); err != nil {
		return nil, err
	}
	if n.target, err = fieldOption(s, "target"); err != nil {
		return nil, err
	}
	if n.params, err = fieldOption(s, "params_target"); err != nil {
		return nil, err
	}
	for _, p := range s.Strings("patterns") {
		if !strings.HasPrefix(p, "/") {
			return nil, s.Errorf("patterns", "%q must begin with /", p)
		}
		parts := strings.Split(p[1:], "/")
		for i, part := range parts {
			if strings.HasSuffix(part, "*}") && i < len(parts)-1 {
				return nil, s.Errorf("patterns", "%q: only the last part can stand for several", p)
			}
		}
		n.patterns = append(n.patterns, parts)
	}
	return n, nil
}

// Work writes the target.
func (n *pathNormalizer) Work(rec *Record) Result {
	v, f := first(n.source, rec.Root)
	if f == nil || v.Kind() != event.String || v.Str() == "" || len(v.Str()) > maxPathBytes {
		return Unmatched
	}
	params := event.NewObject()
	pattern := n.normalize(v.Str(), params)
	if !n.target.Set(rec.Root, event.StringOf(pattern)) {
		return Unmatched
	}
	if n.params != nil && params.Len() > 0 {
		n.params.Set(rec.Root, params)
	}
	return Matched
}

// normalize writes a path, or that of a URL, with placeholders.
func (n *pathNormalizer) normalize(text string, params event.Value) string {
	if at := strings.Index(text, "://"); at >= 0 {
		text = text[at+3:]
		if slash := strings.IndexAny(text, "/?#"); slash >= 0 {
			text = text[slash:]
		} else {
			text = "/"
		}
	}
	if end := strings.IndexAny(text, "?#"); end >= 0 {
		text = text[:end]
	}
	rooted := strings.HasPrefix(text, "/")
	parts := strings.Split(strings.TrimPrefix(text, "/"), "/")
	for _, p := range n.patterns {
		if out, ok := n.fit(p, parts, params); ok {
			return out
		}
	}
	var out strings.Builder
	for i, part := range parts {
		if i > 0 || rooted {
			out.WriteByte('/')
		}
		if i == maxPathParts {
			n.placeholder(&out, "rest", strings.Join(parts[i:], "/"), params)
			break
		}
		if kind := pathPart(part); kind != "" {
			n.placeholder(&out, kind, part, params)
			continue
		}
		if n.lower {
			part = strings.ToLower(part)
		}
		out.WriteString(part)
	}
	if out.Len() == 0 {
		return "/"
	}
	return out.String()
}

// fit tries a pattern of the user's.
func (n *pathNormalizer) fit(pattern, parts []string, params event.Value) (string, bool) {
	var out strings.Builder
	for i, p := range pattern {
		out.WriteByte('/')
		name, placeholder := strings.CutPrefix(p, "{")
		name = strings.TrimSuffix(name, "}")
		switch {
		case strings.HasSuffix(name, "*") && placeholder && i < len(parts):
			n.placeholder(&out, strings.TrimSuffix(name, "*"), strings.Join(parts[i:], "/"), params)
			return out.String(), true
		case i >= len(parts), !placeholder && parts[i] != p, placeholder && parts[i] == "":
			return "", false
		case placeholder:
			n.placeholder(&out, name, parts[i], params)
		default:
			out.WriteString(p)
		}
	}
	return out.String(), len(parts) == len(pattern)
}

func (n *pathNormalizer) placeholder(out *strings.Builder, name, part string, params event.Value) {
	if n.braces {
		out.WriteString("{" + name + "}")
	} else {
		out.WriteString(":" + name)
	}
	if n.params == nil {
		return
	}
	v := event.StringOf(part)
	switch old, ok := params.Member(name); {
	case !ok:
		params.SetMember(name, v)
	case old.Kind() == event.Array:
		old.Append(v)
	default:
		params.SetMember(name, event.ArrayOf(old, v))
	}
}

// pathPart tells what a part of a path stands for: "" for a word.
func pathPart(part string) string {
	if len(part) == 0 || part == "." || part == ".." {
		return ""
	}
	digits, letters, others := 0, 0, 0
	hex, upper, lower := true, false, false
	for i := range len(part) {
		switch c := part[i]; {
		case isDigit(c):
			digits++
		case isAlnum(c):
			letters++
			hex = hex && c|0x20 <= 'f'
			upper = upper || c < 'a'
			lower = lower || c >= 'a'
		default:
			others++
		}
	}
	switch {
	case letters == 0 && others == 0:
		return "id"
	case isUUID(part):
		return "uuid"
	case letters == 0 && isDate(part):
		return "date"
	case digits == 0 && others == 0 && !(len(part) >= 20 && upper && lower):
		return "" // a word, whatever its letters
	case strings.Contains(part, "@") || strings.Contains(part, "%40"):
		return "email"
	case others == 0 && hex && len(part) >= 8 && digits > 0:
		return "hash"
	case others == 0 && len(part) == 26 && digits > 0 && !lower:
		return "ulid"
	case isPrefixedID(part, digits):
		return "id"
	case len(part) >= 20 && digits > 0 && (upper && lower || digits > 4) && strings.IndexByte(part, '.') < 0 && strings.Count(part, "-") < 3:
		return "token"
	case letters == 0 && digits > 0 && strings.Trim(part, "0123456789.-_,:+") == "" && !isVersion(part):
		return "id"
	}
	return ""
}

// isUUID tells 8-4-4-4-12 hexadecimal digits, in either case, with or without braces.
func isUUID(s string) bool {
	s = strings.TrimSuffix(strings.TrimPrefix(s, "{"), "}")
	if len(s) != 36 {
		return false
	}
	for i := range 36 {
		c := s[i]
		if dash := i == 8 || i == 13 || i == 18 || i == 23; dash != (c == '-') || !dash && !(isDigit(c) || c|0x20 >= 'a' && c|0x20 <= 'f') {
			return false
		}
	}
	return true
}

func isDate(s string) bool {
	return len(s) == 10 && s[4] == s[7] && (s[4] == '-' || s[4] == '.' || s[4] == '_') && allDigits(s[:4]+s[5:7]+s[8:]) && s[:4] >= "1900" && s[:4] <= "2199" && monthDay(s[5:7]+s[8:])
}

// isVersion tells 1.2 and v1.2.3 from ids.
func isVersion(s string) bool {
	return len(s) <= 8 && strings.Contains(s, ".") && strings.Trim(s, "0123456789.") == ""
}

// isPrefixedID tells ids that begin with what they are of, such as user_5f2c9e1a, req-123 and cus_NffrFeUfNV2Hib, and those that begin with
// digits, such as 123abc.
func isPrefixedID(part string, digits int) bool {
	if at := strings.IndexAny(part, "_-"); at > 0 && at <= 12 {
		rest := part[at+1:]
		if strings.ContainsAny(part[:at], "0123456789") || rest == "" || strings.ContainsAny(rest, "_-.") {
			return false
		}
		n := 0
		for i := range len(rest) {
			if isDigit(rest[i]) {
				n++
			} else if !isAlnum(rest[i]) {
				return false
			}
		}
		if n == len(rest) {
			return n > 2 && !(n == 4 && rest >= "1900" && rest <= "2199") // a year is a part of a name
		}
		return n >= 2 && len(rest) >= 6 || n > 0 && len(rest) >= 12
	}
	return digits >= 3 && isDigit(part[0]) && strings.Trim(part, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}
