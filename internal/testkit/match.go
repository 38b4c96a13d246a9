package testkit

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Match compares a body with a pattern and describes the first difference; nil means that it matches.
//
// A pattern that is JSON is compared value by value. Objects may have more members than the pattern's,
// unless the pattern has the member "<exact>": true; arrays have the same length; numbers are equal by
// value. A string in the pattern may stand for something else: "<any>", "<string>", "<number>",
// "<absent>" (no such member), and "~" followed by a regular expression for any plain value.
// A pattern that is not JSON is compared as text, or as a regular expression when it begins with "~".
func Match(pattern, body string) error {
	if strings.TrimSpace(pattern) == "" {
		return nil
	}
	want, err := decode(pattern)
	if err != nil {
		return matchText(pattern, body)
	}
	got, err := decode(body)
	if err != nil {
		return fmt.Errorf("not JSON: %w", err)
	}
	return matchValue("", want, got)
}

func decode(text string) (any, error) {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	if d.More() {
		return nil, fmt.Errorf("more than one value")
	}
	return v, nil
}

func matchText(pattern, body string) error {
	if expr, found := strings.CutPrefix(pattern, "~"); found {
		re, err := regexp.Compile("(?s)^" + strings.TrimSpace(expr) + "$")
		if err != nil {
			return err
		}
		if !re.MatchString(strings.TrimRight(body, "\n")) {
			return fmt.Errorf("does not match %s", re)
		}
		return nil
	}
	if strings.TrimRight(pattern, "\n") != strings.TrimRight(body, "\n") {
		return fmt.Errorf("is not the text expected")
	}
	return nil
}

func matchValue(path string, want, got any) error {
	switch w := want.(type) {
	case map[string]any:
		g, ok := got.(map[string]any)
		if !ok {
			return differs(path, want, got)
		}
		return matchObject(path, w, g)
	case []any:
		g, ok := got.([]any)
		if !ok || len(g) != len(w) {
			return differs(path, want, got)
		}
		for i := range w {
			if err := matchValue(path+"."+strconv.Itoa(i), w[i], g[i]); err != nil {
				return err
			}
		}
		return nil
	case string:
		return matchString(path, w, got)
	case json.Number:
		g, ok := got.(json.Number)
		if !ok || !sameNumber(w, g) {
			return differs(path, want, got)
		}
		return nil
	default:
		if want != got {
			return differs(path, want, got)
		}
		return nil
	}
}

func matchObject(path string, want, got map[string]any) error {
	for _, key := range slices.Sorted(maps.Keys(want)) {
		if key == "<exact>" {
			continue
		}
		value, found := got[key]
		if want[key] == "<absent>" {
			if found {
				return fmt.Errorf("%s.%s is there: %s", path, key, show(value))
			}
			continue
		}
		if !found {
			return fmt.Errorf("%s.%s is missing", path, key)
		}
		if err := matchValue(path+"."+key, want[key], value); err != nil {
			return err
		}
	}
	if want["<exact>"] != true {
		return nil
	}
	for _, key := range slices.Sorted(maps.Keys(got)) {
		if _, expected := want[key]; !expected {
			return fmt.Errorf("%s.%s is more than expected: %s", path, key, show(got[key]))
		}
	}
	return nil
}

func matchString(path, want string, got any) error {
	ok := false
	switch {
	case want == "<any>":
		ok = true
	case want == "<string>":
		_, ok = got.(string)
	case want == "<number>":
		_, ok = got.(json.Number)
	case strings.HasPrefix(want, "~"):
		re, err := regexp.Compile("(?s)^" + want[1:] + "$")
		if err != nil {
			return err
		}
		switch g := got.(type) {
		case string:
			ok = re.MatchString(g)
		case json.Number:
			ok = re.MatchString(g.String())
		}
	default:
		ok = want == got
	}
	if !ok {
		return differs(path, want, got)
	}
	return nil
}

// sameNumber compares by value: 1, 1.0 and 1e0 are the same.
func sameNumber(a, b json.Number) bool {
	if a == b {
		return true
	}
	x, errX := a.Float64()
	y, errY := b.Float64()
	return errX == nil && errY == nil && x == y
}

func differs(path string, want, got any) error {
	if path == "" {
		path = "the answer"
	}
	return fmt.Errorf("%s is %s, want %s", path, show(got), show(want))
}

// show prints a value, cut to a length that reads well.
func show(v any) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return err.Error()
	}
	text := strings.TrimSpace(b.String())
	const most = 600
	if len(text) > most {
		return text[:most] + "…"
	}
	return text
}

// Value returns the value at a dotted path of a JSON body, as text.
func Value(body, path string) (string, error) {
	v, err := decode(body)
	if err != nil {
		return "", err
	}
	for name := range strings.SplitSeq(path, ".") {
		switch at := v.(type) {
		case map[string]any:
			v = at[name]
		case []any:
			i, err := strconv.Atoi(name)
			if err != nil || i < 0 || i >= len(at) {
				return "", fmt.Errorf("no element %s in %s", name, path)
			}
			v = at[i]
		default:
			return "", fmt.Errorf("nothing at %s of %s", name, path)
		}
	}
	switch at := v.(type) {
	case string:
		return at, nil
	case json.Number:
		return at.String(), nil
	}
	return "", fmt.Errorf("%s is no plain value", path)
}
