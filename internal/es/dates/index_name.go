package dates

import (
	"strings"
	"time"

	"elkhorn/internal/es/eserr"
)

// ResolveName works out date math in an index name such as
// <logs-{now/d}-000001> or <logs-{now/d{yyyy.MM|+02:00}}>. A name that is not
// enclosed in angle brackets is returned as it is.
func ResolveName(name string, now Instant) (string, error) {
	if len(name) < 2 || name[0] != '<' || name[len(name)-1] != '>' {
		return name, nil
	}
	body := name[1 : len(name)-1]
	var out strings.Builder
	for {
		static, rest, found := strings.Cut(body, "{")
		if strings.Contains(static, "}") {
			return "", badName(name, "unexpected }")
		}
		out.WriteString(static)
		if !found {
			break
		}
		expression, rest, ok := cutBraces(rest)
		if !ok {
			return "", badName(name, "date math placeholder is open ended")
		}
		text, err := resolvePlaceholder(expression, now)
		if err != nil {
			return "", badName(name, err.Error())
		}
		out.WriteString(text)
		body = rest
	}
	if out.Len() == 0 {
		return "", badName(name, "nothing captured")
	}
	return out.String(), nil
}

func badName(name, why string) error {
	return eserr.ParseException("invalid dynamic name expression [%s]. %s", name, why)
}

// cutBraces splits what follows an opening brace at the closing one that
// belongs to it.
func cutBraces(s string) (inner, rest string, ok bool) {
	depth := 1
	for i := range len(s) {
		switch s[i] {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return s[:i], s[i+1:], true
			}
		}
	}
	return "", "", false
}

// resolvePlaceholder works out now/d{format|zone}.
func resolvePlaceholder(expression string, now Instant) (string, error) {
	pattern, loc := "uuuu.MM.dd", time.UTC
	math, format, hasFormat := strings.Cut(expression, "{")
	if hasFormat {
		format, ok := strings.CutSuffix(format, "}")
		if !ok || format == "" {
			return "", eserr.ParseException("missing date format")
		}
		zone := ""
		if pattern, zone, ok = strings.Cut(format, "|"); ok {
			var err error
			if loc, err = Zone(zone); err != nil {
				return "", err
			}
		}
	}
	at, err := Default.Eval(math, now, loc, false)
	if err != nil {
		return "", err
	}
	f, err := Compile(pattern)
	if err != nil {
		return "", err
	}
	return string(f.Append(nil, at, loc)), nil
}
