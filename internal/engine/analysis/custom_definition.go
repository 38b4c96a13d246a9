package analysis

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// definition is one thing that settings define: its parameters, and which of them were asked for.
type definition struct {
	kind, name string
	values     map[string]string
	used       map[string]bool
}

func (d *definition) has(key string) bool {
	_, ok := d.values[key]
	return ok || len(d.list(key)) > 0
}

func (d *definition) text(key, fallback string) string {
	d.used[key] = true
	if v, ok := d.values[key]; ok {
		return v
	}
	return fallback
}

func (d *definition) integer(key string, fallback int) (int, error) {
	v := d.text(key, strconv.Itoa(fallback))
	n, err := strconv.Atoi(v)
	if err != nil {
		return 0, fmt.Errorf("failed to parse value [%s] for setting [%s]", v, key)
	}
	return n, nil
}

func (d *definition) boolean(key string, fallback bool) (bool, error) {
	v := d.text(key, strconv.FormatBool(fallback))
	if v != "true" && v != "false" {
		return false, fmt.Errorf("failed to parse value [%s] of [%s] as only [true] or [false] are allowed", v, key)
	}
	return v == "true", nil
}

// list reads a list: "[a, b]", "a, b", or the settings "key.0", "key.1" and so on.
func (d *definition) list(key string) []string {
	d.used[key] = true
	var out []string
	for i := 0; ; i++ {
		name := key + "." + strconv.Itoa(i)
		v, ok := d.values[name]
		if !ok {
			break
		}
		d.used[name] = true
		out = append(out, v)
	}
	v, ok := d.values[key]
	if !ok {
		return out
	}
	if items, listed := jsonList(v); listed {
		return append(out, items...)
	}
	if inner, listed := strings.CutPrefix(v, "["); listed {
		v = strings.TrimSuffix(inner, "]")
	}
	for item := range strings.SplitSeq(v, ",") {
		if item = strings.TrimSpace(item); item != "" {
			out = append(out, item)
		}
	}
	return out
}

func (d *definition) regexp(key, fallback string) (*regexp.Regexp, error) {
	pattern := d.text(key, fallback)
	for flag := range strings.SplitSeq(d.text("flags", ""), "|") {
		switch strings.TrimSpace(flag) {
		case "", "UNICODE_CASE", "UNICODE_CHARACTER_CLASS":
		case "CASE_INSENSITIVE":
			pattern = "(?i)" + pattern
		case "MULTILINE":
			pattern = "(?m)" + pattern
		case "DOTALL":
			pattern = "(?s)" + pattern
		case "LITERAL":
			pattern = regexp.QuoteMeta(pattern)
		default:
			return nil, fmt.Errorf("[flags] [%s] is not supported; write them into the pattern, as (?i)", flag)
		}
	}
	re, err := regexp.Compile(pattern)
	if err != nil {
		return nil, fmt.Errorf("[%s] [%s] cannot be read (look-around and possessive quantifiers are not supported): %w", key, pattern, err)
	}
	return re, nil
}

// jsonList reads a list that is kept as JSON.
func jsonList(text string) ([]string, bool) {
	var items []any
	if !strings.HasPrefix(text, "[") || json.Unmarshal([]byte(text), &items) != nil {
		return nil, false
	}
	out := make([]string, len(items))
	for i, item := range items {
		out[i] = fmt.Sprint(item)
	}
	return out, true
}

// rawList is list for values that may have commas themselves, as long as they are settings of their own.
func (d *definition) rawList(key string) []string {
	var out []string
	for i := 0; ; i++ {
		name := key + "." + strconv.Itoa(i)
		v, ok := d.values[name]
		if !ok {
			break
		}
		d.used[name] = true
		out = append(out, v)
	}
	d.used[key] = true
	v, ok := d.values[key]
	if items, listed := jsonList(v); listed {
		return append(out, items...)
	}
	if inner, listed := strings.CutPrefix(v, "["); listed {
		// How a list was written is not kept: a comma and a space may be of a value or between two.
		return append(out, strings.Split(strings.TrimSuffix(inner, "]"), ", ")...)
	}
	if ok {
		out = append(out, strings.Split(v, "\n")...)
	}
	return out
}

// regexps reads a list of patterns.
func (d *definition) regexps(key string) ([]*regexp.Regexp, error) {
	var out []*regexp.Regexp
	for _, pattern := range d.rawList(key) {
		re, err := regexp.Compile(pattern)
		if err != nil {
			return nil, fmt.Errorf("[%s] [%s] cannot be read: %w", key, pattern, err)
		}
		out = append(out, re)
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("required setting '%s' is missing for token filter [%s]", key, d.name)
	}
	return out, nil
}

// stopWords reads a list of words, or the name of one.
func (d *definition) stopWords(fallback string) (map[string]bool, error) {
	words := map[string]bool{}
	list := d.list("stopwords")
	if len(list) == 0 && !d.has("stopwords") {
		list = []string{fallback}
	}
	for _, w := range list {
		switch {
		case w == "_none_":
		case strings.HasPrefix(w, "_") && strings.HasSuffix(w, "_") && len(w) > 1:
			list, ok := stopWordsOf(strings.Trim(w, "_"))
			if !ok {
				return nil, fmt.Errorf("stop words [%s] are not supported", w)
			}
			maps.Copy(words, list)
		default:
			words[w] = true
		}
	}
	return words, nil
}

// unused refuses parameters that nothing asked for.
func (d *definition) unused() error {
	for _, key := range slices.Sorted(maps.Keys(d.values)) {
		if !d.used[key] {
			return fmt.Errorf("parameter [%s] is not supported", key)
		}
	}
	return nil
}
