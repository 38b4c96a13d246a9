package filter

import (
	"slices"

	"elkhorn/internal/cache"
	"elkhorn/internal/event"
	"elkhorn/internal/pattern"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
)

var prune = pipeline.FilterSpec{
	Name: "prune",
	Summary: "Removes fields at the top of the event by their names or values. Expressions are Ruby's and match anywhere in a name; " +
		"@timestamp always stays.",
	Options: []plugin.Option{
		{Name: "whitelist_names", Kind: plugin.Strings, Help: "Expressions of which a field's name must match one, or the field goes."},
		{Name: "blacklist_names", Kind: plugin.Strings, Default: []string{`%\{[^}]+\}`}, Help: "Expressions for names of fields to remove; by default those that hold a reference which did not resolve."},
		{Name: "whitelist_values", Kind: plugin.Hash, Help: "Field to the expression that its value must match, or the field goes. Of an array, items that do not match go."},
		{Name: "blacklist_values", Kind: plugin.Hash, Help: "Field to the expression for values to remove. Of an array, items that match go."},
		{Name: "interpolate", Kind: plugin.Boolean, Help: "Put values in place of %{references} in all of the above, for each event. An expression that is none then gets the tag _prunefailure."},
	},
	New: newPrune,
}

type pruneFilter struct {
	keepNames, dropNames   []pruneExpression
	keepValues, dropValues []pruneValue
}

type pruneValue struct {
	name       *event.Template
	expression pruneExpression
}

// pruneExpression is an expression or, when it holds references, the template of one.
type pruneExpression struct {
	re       *pattern.Regexp
	template *event.Template
	compiled *cache.Cache[*pattern.Regexp]
}

// prunedExpressions is how many expressions with values in place are kept compiled, per option value.
const prunedExpressions = 256

func newPrune(_ *pipeline.Env, s *plugin.Settings) (pipeline.Filter, error) {
	f := &pruneFilter{}
	var errs [4]error
	f.keepNames, errs[0] = pruneNames(s, "whitelist_names")
	f.dropNames, errs[1] = pruneNames(s, "blacklist_names")
	f.keepValues, errs[2] = pruneValues(s, "whitelist_values")
	f.dropValues, errs[3] = pruneValues(s, "blacklist_values")
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return f, nil
}

func pruneNames(s *plugin.Settings, option string) ([]pruneExpression, error) {
	var names []pruneExpression
	for _, text := range s.Strings(option) {
		x, err := newPruneExpression(s, text)
		if err != nil {
			return nil, s.Errorf(option, "%v", err)
		}
		names = append(names, x)
	}
	return names, nil
}

func pruneValues(s *plugin.Settings, option string) ([]pruneValue, error) {
	var values []pruneValue
	for _, pair := range s.Pairs(option) {
		if pair.Value.Kind != plugin.Text && pair.Value.Kind != plugin.Number {
			return nil, s.Errorf(option, "wants one expression for each field")
		}
		x, err := newPruneExpression(s, pair.Value.Str)
		if err != nil {
			return nil, s.Errorf(option, "%v", err)
		}
		name := event.LiteralTemplate(pair.Key)
		if s.Bool("interpolate") {
			if name, err = event.CompileTemplate(pair.Key); err != nil {
				return nil, s.Errorf(option, "%v", err)
			}
		}
		values = append(values, pruneValue{name, x})
	}
	return values, nil
}

func newPruneExpression(s *plugin.Settings, text string) (pruneExpression, error) {
	if s.Bool("interpolate") {
		t, err := event.CompileTemplate(text)
		if err != nil {
			return pruneExpression{}, err
		}
		if _, constant := t.Constant(); !constant {
			return pruneExpression{template: t, compiled: cache.New[*pattern.Regexp](prunedExpressions)}, nil
		}
	}
	re, err := pattern.Compile(text)
	return pruneExpression{re: re}, err
}

// resolve returns the expression for an event.
func (x *pruneExpression) resolve(ev *event.Event) (*pattern.Regexp, error) {
	if x.template == nil {
		return x.re, nil
	}
	text := x.template.Expand(ev)
	if re, ok := x.compiled.Get(text); ok {
		return re, nil
	}
	re, err := pattern.Compile(text)
	if err == nil {
		x.compiled.Put(text, re)
	}
	return re, err
}

func (f *pruneFilter) Filter(ev *event.Event, _ func(*event.Event)) pipeline.Outcome {
	p := pruning{ev: ev}
	p.names(f.keepNames, false)
	p.names(f.dropNames, true)
	for _, v := range f.keepValues {
		p.value(v, false)
	}
	for _, v := range f.dropValues {
		p.value(v, true)
	}
	if p.err != nil {
		ev.Tag("_prunefailure")
		return pipeline.Unmatched
	}
	for _, name := range p.removed {
		ev.Fields().RemoveMember(name)
	}
	for _, k := range p.kept {
		if _, ok := ev.Fields().Member(k.name); ok {
			ev.Fields().SetMember(k.name, event.ArrayOf(k.items...))
		}
	}
	return pipeline.Matched
}

// pruning is what is to be done to one event: rules are judged by the event as it came.
type pruning struct {
	ev      *event.Event
	removed []string
	kept    []keptItems
	err     error
}

type keptItems struct {
	name  string
	items []event.Value
}

// names marks the fields whose names match one of the expressions, or none of them.
func (p *pruning) names(expressions []pruneExpression, matching bool) {
	if len(expressions) == 0 {
		return
	}
	compiled := make([]*pattern.Regexp, len(expressions))
	for i := range expressions {
		re, err := expressions[i].resolve(p.ev)
		if err != nil {
			p.err = err
			return
		}
		compiled[i] = re
	}
	fields := p.ev.Fields()
	for i := range fields.Len() {
		name := fields.NameAt(i)
		if slices.ContainsFunc(compiled, func(re *pattern.Regexp) bool { return re.Match(name) }) == matching {
			p.removed = append(p.removed, name)
		}
	}
}

// value marks a field, or items of its array, whose value matches the rule's expression, or does not.
func (p *pruning) value(rule pruneValue, matching bool) {
	name := rule.name.Expand(p.ev)
	v, _ := p.ev.Fields().Member(name)
	if !v.Truthy() || v.Kind() == event.Object {
		return
	}
	re, err := rule.expression.resolve(p.ev)
	if err != nil {
		p.err = err
		return
	}
	if v.Kind() != event.Array {
		if re.Match(v.Text()) == matching {
			p.removed = append(p.removed, name)
		}
		return
	}
	var items []event.Value
	for _, item := range v.Items() {
		if re.Match(item.Text()) != matching {
			items = append(items, item)
		}
	}
	switch {
	case len(items) == 0 && v.Len() > 0:
		p.removed = append(p.removed, name)
	case len(items) < v.Len():
		p.kept = append(p.kept, keptItems{name, items})
	}
}
