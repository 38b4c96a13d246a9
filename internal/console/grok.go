package console

import (
	"encoding/json"
	"errors"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	"elkhorn/internal/pattern"
)

// Limits on one trial of a grok expression.
const (
	maxGrokBodyBytes = 1 << 20         // a person's example, not a file
	grokTimeout      = 2 * time.Second // of each attempt; finding where a match stops takes about a dozen
)

// grokTrial is the body of POST /api/grokdebugger/simulate. The first three members are Kibana's.
type grokTrial struct {
	RawEvent       string            `json:"rawEvent"`
	Pattern        string            `json:"pattern"`
	CustomPatterns map[string]string `json:"customPatterns"`
	// ECSCompatibility chooses the field names of the built-in patterns: "disabled" (the default here) or "v1" and "v8".
	ECSCompatibility string `json:"ecsCompatibility"`
	// KeepUnnamed makes %{NAME} a field too, as named_captures_only => false does.
	KeepUnnamed bool `json:"keepUnnamed"`
}

// grokAnswer says what came of a trial. Offsets count UTF-16 units, as browsers do.
type grokAnswer struct {
	// StructuredEvent and Error are Kibana's; Error is set when the expression cannot be compiled or does not match.
	StructuredEvent map[string]any `json:"structuredEvent"`
	Error           string         `json:"error,omitempty"`
	Matched         bool           `json:"matched"`
	// Match is the part of the text that the whole expression took.
	Match    *span         `json:"match,omitempty"`
	Captures []grokCapture `json:"captures"`
	Stop     *grokStop     `json:"stop,omitempty"`
	// Hint is a remark on an expression that matches and is likely to be wrong.
	Hint string `json:"hint,omitempty"`
}

type span struct {
	Start int `json:"start"`
	End   int `json:"end"`
}

// grokCapture is a field and the part of the text it took.
type grokCapture struct {
	span
	Field string `json:"field"`
	Value any    `json:"value"`
}

// grokStop is how far an expression gets on a text that it does not match.
type grokStop struct {
	// Pattern is where the part of the expression begins that fails, Text is the place in the text it fails at.
	Pattern int `json:"pattern"`
	Text    int `json:"text"`
}

func (p Parts) grokSimulate(w http.ResponseWriter, r *http.Request) {
	var trial grokTrial
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxGrokBodyBytes)).Decode(&trial); err != nil {
		p.refuse(w, http.StatusBadRequest, "the body is no trial of an expression: "+err.Error())
		return
	}
	library, err := grokLibrary(trial.ECSCompatibility)
	for name, definition := range trial.CustomPatterns {
		if err == nil {
			err = library.Add(name, definition)
		}
	}
	if err != nil {
		p.refuse(w, http.StatusBadRequest, err.Error())
		return
	}
	p.answer(w, http.StatusOK, runGrok(library, &trial))
}

// grokLibrary returns the built-in patterns under the names that a value of ecs_compatibility asks for.
func grokLibrary(ecs string) (*pattern.Library, error) {
	switch ecs {
	case "", "disabled":
		return pattern.NewLibrary(), nil
	case "v1", "v8":
		return pattern.NewECSLibrary(), nil
	}
	return nil, errors.New("[ecsCompatibility] must be disabled, v1 or v8, not [" + ecs + "]")
}

func runGrok(library *pattern.Library, trial *grokTrial) grokAnswer {
	options := pattern.GrokOptions{KeepUnnamed: trial.KeepUnnamed, Timeout: grokTimeout}
	out := grokAnswer{StructuredEvent: map[string]any{}, Captures: []grokCapture{}}
	expression, err := library.Compile(trial.Pattern, options)
	if err != nil {
		out.Error = err.Error()
		return out
	}
	bounds, err := expression.Match(nil, trial.RawEvent)
	switch {
	case err != nil:
		out.Error = err.Error()
	case bounds == nil:
		out.Error = "the expression does not match the text"
		out.stopped(library, trial, options)
	default:
		out.Matched = true
		whole := spanOf(trial.RawEvent, bounds[0], bounds[1])
		out.Match = &whole
		out.capture(expression, bounds, trial.RawEvent)
		if ref, definition := library.LazyEnd(trial.Pattern); ref != "" {
			out.Hint = lazyHint(ref, definition)
		}
	}
	return out
}

// stopped says how far the expression gets, with the captures of the part that does match.
func (a *grokAnswer) stopped(library *pattern.Library, trial *grokTrial, options pattern.GrokOptions) {
	stop, err := library.Explain(trial.Pattern, trial.RawEvent, options)
	if err != nil {
		return // too long to explain; that it does not match is said
	}
	a.Stop = &grokStop{Pattern: units(trial.Pattern[:stop.Source]), Text: units(trial.RawEvent[:stop.Text])}
	if part, err := library.Compile(trial.Pattern[:stop.Source], options); err == nil {
		if bounds, err := part.Match(nil, trial.RawEvent); err == nil && bounds != nil {
			a.capture(part, bounds, trial.RawEvent)
		}
	}
}

// capture notes the fields of a match.
func (a *grokAnswer) capture(expression *pattern.Grok, bounds []int, text string) {
	for _, f := range expression.Fields() {
		start, end := bounds[2*f.Group], bounds[2*f.Group+1]
		if start < 0 {
			continue
		}
		c := grokCapture{span: spanOf(text, start, end), Field: f.Name, Value: converted(text[start:end], f.Conversion)}
		a.Captures = append(a.Captures, c)
		if start < end && a.Matched { // a filter sets no field to nothing unless keep_empty_captures asks for it
			set(a.StructuredEvent, fieldPath(f.Name), c.Value)
		}
	}
}

func lazyHint(ref, definition string) string {
	_, field, _ := strings.Cut(ref, ":")
	if definition != "" {
		definition = " of " + definition
	}
	return "%{" + ref + "} at the end" + definition + " matches nothing, so the field is never set; %{NOTSPACE:" + field +
		"} or %{GREEDYDATA:" + field + "} take what is there"
}

// leadingNumber finds the number that a text begins with, as Ruby's to_i and to_f do.
var leadingNumber = regexp.MustCompile(`^\s*([+-]?\d+)((?:\.\d+)?(?:[eE][+-]?\d+)?)`)

// converted is a captured text as the type that its reference asks for; what begins with no number is 0.
func converted(text string, to pattern.Conversion) any {
	if to != pattern.AsInt && to != pattern.AsFloat {
		return text
	}
	number := leadingNumber.FindStringSubmatch(text)
	if number == nil {
		return json.Number("0")
	}
	if to == pattern.AsInt {
		if n, err := strconv.ParseInt(number[1], 10, 64); err == nil {
			return n
		}
	} else if f, err := strconv.ParseFloat(number[1]+number[2], 64); err == nil {
		return f
	}
	return text // too large for the type
}

// fieldPath splits [http][status]; other names are one step.
func fieldPath(name string) []string {
	inner, bracketed := strings.CutPrefix(name, "[")
	if !bracketed || !strings.HasSuffix(inner, "]") {
		return []string{name}
	}
	return strings.Split(inner[:len(inner)-1], "][")
}

// set puts a value at a path; a second value of a field makes a list of both, as in the filter.
func set(into map[string]any, path []string, value any) {
	for _, step := range path[:len(path)-1] {
		next, ok := into[step].(map[string]any)
		if !ok {
			next = map[string]any{}
			into[step] = next
		}
		into = next
	}
	last := path[len(path)-1]
	switch before := into[last].(type) {
	case nil:
		into[last] = value
	case []any:
		into[last] = append(before, value)
	default:
		into[last] = []any{before, value}
	}
}

func spanOf(text string, start, end int) span {
	from := units(text[:start])
	return span{Start: from, End: from + units(text[start:end])}
}

// units counts the UTF-16 units of a text.
func units(text string) int {
	n := 0
	for _, r := range text {
		n += utf16.RuneLen(r)
	}
	return n
}

// namedPattern is one entry of GET /api/grokdebugger/patterns.
type namedPattern struct {
	Name       string `json:"name"`
	Definition string `json:"definition"`
}

// grokPatterns lists the built-in patterns, in alphabetical order, of ?ecs_compatibility=.
func (p Parts) grokPatterns(w http.ResponseWriter, r *http.Request) {
	library, err := grokLibrary(r.URL.Query().Get("ecs_compatibility"))
	if err != nil {
		p.refuse(w, http.StatusBadRequest, err.Error())
		return
	}
	names := library.Names()
	out := make([]namedPattern, len(names))
	for i, name := range names {
		definition, _ := library.Definition(name)
		out[i] = namedPattern{Name: name, Definition: definition}
	}
	p.answer(w, http.StatusOK, struct {
		Patterns []namedPattern `json:"patterns"`
	}{out})
}
