package ship

import (
	"fmt"
	"strings"
)

// expand replaces ${VAR}, ${VAR:default} and ${VAR:?message} in a text. A variable that is not set and has no default is an error
// that names it. $${ stands for ${.
func expand(text string, lookup func(name string) (string, bool)) (string, error) {
	if !strings.Contains(text, "${") {
		return text, nil
	}
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, "${")
		if !found {
			b.WriteString(text)
			return b.String(), nil
		}
		if strings.HasSuffix(before, "$") {
			b.WriteString(before[:len(before)-1] + "${")
			text = rest
			continue
		}
		end := closingBrace(rest)
		if end < 0 {
			return "", fmt.Errorf("%q: a ${ is never closed", text)
		}
		b.WriteString(before)
		value, err := expandOne(rest[:end], lookup)
		if err != nil {
			return "", err
		}
		b.WriteString(value)
		text = rest[end+1:]
	}
}

// closingBrace finds the brace that closes a reference; references may stand in defaults.
func closingBrace(s string) int {
	depth := 0
	for i := range len(s) {
		switch s[i] {
		case '{':
			depth++
		case '}':
			if depth == 0 {
				return i
			}
			depth--
		}
	}
	return -1
}

func expandOne(reference string, lookup func(name string) (string, bool)) (string, error) {
	name, fallback, hasFallback := strings.Cut(reference, ":")
	if value, ok := lookup(name); ok {
		return value, nil
	}
	switch {
	case !hasFallback:
		return "", fmt.Errorf("variable %s is not set and has no default; write ${%s:default}", name, name)
	case strings.HasPrefix(fallback, "?"):
		return "", fmt.Errorf("variable %s is not set: %s", name, fallback[1:])
	}
	return expand(fallback, lookup)
}
