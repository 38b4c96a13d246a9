package engine

import (
	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/mapping"
	"elkhorn/internal/es/wildcard"
)

// builtin is an index template that comes with the store, for the names that Elasticsearch's own templates are for: a first
// create operation on logs-app-default makes a data stream. It counts for less than every stored template, of any priority and
// of the old kind too, and is not used for an index operation, which makes a plain index as it would without it: shippers that
// write dated indices named logs-app-2026.03.02 go on working. The cluster setting stack.templates.enabled switches it off.
type builtin struct{ name, pattern, json string }

var builtins = []builtin{
	{"logs", "logs-*-*", builtinJSON("logs-*-*", "logs")},
	{"metrics", "metrics-*-*", builtinJSON("metrics-*-*", "metrics", metricTemplates...)},
	{"traces", "traces-*-*", builtinJSON("traces-*-*", "traces")},
	{"synthetics", "synthetics-*-*", builtinJSON("synthetics-*-*", "synthetics")},
}

// metricTemplates are those that the OpenTelemetry Collector names for its metrics. Histograms and summaries, whose field types
// are not there, stay in _source.
var metricTemplates = []string{
	`{"counter_long":{"mapping":{"type":"long"}}}`, `{"gauge_long":{"mapping":{"type":"long"}}}`,
	`{"counter_double":{"mapping":{"type":"double"}}}`, `{"gauge_double":{"mapping":{"type":"double"}}}`,
	`{"histogram":{"mapping":{"type":"object","enabled":false}}}`, `{"summary":{"mapping":{"type":"object","enabled":false}}}`,
}

// builtinJSON makes a template with its usual dynamic templates and more.
func builtinJSON(pattern, what string, more ...string) string {
	extra := ""
	for _, t := range more {
		extra += "," + t
	}
	return `{"index_patterns":["` + pattern + `"],"priority":100,"version":1,"_meta":{"managed":true,"description":"default data streams of ` + what + `"},"composed_of":[],` +
		`"data_stream":{},"allow_auto_create":true,"template":{"mappings":{"date_detection":false,"dynamic_templates":[` +
		`{"match_message":{"match":["message","*.message"],"match_mapping_type":"string","mapping":{"type":"match_only_text"}}},` +
		`{"strings_as_keyword":{"match_mapping_type":"string","mapping":{"type":"keyword","ignore_above":1024}}}` + extra + `],` +
		`"properties":{"@timestamp":{"type":"date"},"data_stream":{"properties":{"type":{"type":"keyword"},"dataset":{"type":"keyword"},"namespace":{"type":"keyword"}}}}}}}`
}

// builtinFor is the built-in template for a name, nil when there is none.
func (e *Engine) builtinFor(name string) *builtin {
	if e.noBuiltins.Load() {
		return nil
	}
	for i := range builtins {
		if wildcard.Match(builtins[i].pattern, name) {
			return &builtins[i]
		}
	}
	return nil
}

func (b *builtin) blueprint() (*blueprint, error) {
	n, err := jsonval.Parse([]byte(b.json))
	if err != nil {
		return nil, err
	}
	bp := &blueprint{settings: map[string]string{}, mapping: mapping.Empty(), template: b.name}
	if err := bp.readOptions(n); err != nil {
		return nil, err
	}
	return bp, bp.applyNode(n.Get("template"))
}

// withBuiltins adds the built-in templates that a request names outright and that nobody has replaced.
func (e *Engine) withBuiltins(names []string, found []es.Object) []es.Object {
	if e.noBuiltins.Load() {
		return found
	}
	for i := range builtins {
		b := &builtins[i]
		if contains(names, b.name) && !hasObject(found, b.name) {
			found = append(found, es.Object{Name: b.name, JSON: []byte(b.json), Version: 1})
		}
	}
	return found
}

func hasObject(list []es.Object, name string) bool {
	for i := range list {
		if list[i].Name == name {
			return true
		}
	}
	return false
}

// autoCreateRule is action.auto_create_index: whether a write makes an index that is not there.
type autoCreateRule struct {
	text string
	// all is set for true and false; else rules are tried in order.
	all   *bool
	rules []autoCreatePattern
}

type autoCreatePattern struct {
	text, pattern string
	allows        bool
}

func parseAutoCreate(text string) (*autoCreateRule, error) {
	r := &autoCreateRule{text: text}
	switch text {
	case "", "true", "false":
		all := text != "false"
		r.all = &all
		return r, nil
	}
	for _, part := range es.SplitNames([]string{text}) {
		p := autoCreatePattern{text: part, pattern: part, allows: true}
		switch part[0] {
		case '+':
			p.pattern = part[1:]
		case '-':
			p.pattern, p.allows = part[1:], false
		}
		if p.pattern == "" {
			return nil, eserr.IllegalArgument("Can't parse [%s] for setting [action.auto_create_index] must be either [true, false, or a comma separated list of index patterns]", text)
		}
		r.rules = append(r.rules, p)
	}
	return r, nil
}

// mayAutoCreate refuses to make an index for a write where a template or the cluster setting forbids it.
func (e *Engine) mayAutoCreate(name string, bp *blueprint) error {
	if bp.autoCreate != nil {
		if *bp.autoCreate {
			return nil
		}
		return noAutoCreate(name, "composable template [%s] forbids index auto creation", bp.template)
	}
	r := e.autoCreates.Load()
	if r == nil {
		return nil
	}
	if r.all != nil {
		if *r.all {
			return nil
		}
		return noAutoCreate(name, "[action.auto_create_index] is [%s]", r.text)
	}
	for _, p := range r.rules {
		if !wildcard.Match(p.pattern, name) {
			continue
		}
		if p.allows {
			return nil
		}
		return noAutoCreate(name, "[action.auto_create_index] contains [%s] which forbids automatic creation of the index", p.text)
	}
	return noAutoCreate(name, "[action.auto_create_index] ([%s]) doesn't match", r.text)
}

func noAutoCreate(name, format string, args ...any) error {
	args = append([]any{name}, args...)
	return eserr.New(404, "index_not_found_exception", "no such index [%s] and "+format, args...).With("index_uuid", "_na_").With("index", name)
}
