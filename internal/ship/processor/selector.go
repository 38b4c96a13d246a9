package processor

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"elkhorn/internal/event"
	"elkhorn/internal/plugin"
)

// Selector chooses a name for an event, such as its index: the first rule whose condition holds and whose fields are there.
type Selector struct {
	rules []selectorRule
}

type selectorRule struct {
	when condition // nil for always
	name *event.Template
}

// CompileSelector reads a list of rules, each with the option of that name and a when; fallback comes last, "" for none.
func CompileSelector(option string, rules plugin.Value, fallback string) (*Selector, error) {
	s := &Selector{}
	if rules.Kind != plugin.List && (rules.Kind != plugin.Text || rules.Str != "") {
		return nil, fmt.Errorf("wants a list of %s with when", option)
	}
	for _, item := range rules.List {
		rule, err := compileRule(option, item)
		if err != nil {
			return nil, err
		}
		s.rules = append(s.rules, rule)
	}
	if fallback == "" {
		return s, nil
	}
	name, err := CompileFormat(fallback)
	if err != nil {
		return nil, err
	}
	s.rules = append(s.rules, selectorRule{name: name})
	return s, nil
}

func compileRule(option string, item plugin.Value) (selectorRule, error) {
	var rule selectorRule
	var conditions []plugin.Pair
	conditional := false
	for _, pair := range item.Pairs {
		var err error
		kind, rest, dotted := strings.Cut(pair.Key, ".")
		conditional = conditional || kind == "when"
		switch {
		case pair.Key == option:
			rule.name, err = CompileFormat(pair.Value.Str)
		case kind == "when" && dotted: // when.contains.message: x
			conditions = append(conditions, plugin.Pair{Key: rest, Value: pair.Value, Pos: pair.Pos})
		case pair.Key == "when":
			conditions = append(conditions, pair.Value.Pairs...)
		default:
			err = fmt.Errorf("%q is not supported in a rule; there are %s and when", pair.Key, option)
		}
		if err != nil {
			return rule, err
		}
	}
	if rule.name == nil {
		return rule, fmt.Errorf("each rule wants %s", option)
	}
	if !conditional {
		return rule, nil
	}
	var err error
	rule.when, err = compileCondition(plugin.Value{Kind: plugin.Map, Pairs: conditions})
	if err != nil {
		err = fmt.Errorf("when: %w", err)
	}
	return rule, err
}

// Select appends the name for an event; ok is false when no rule has one.
func (s *Selector) Select(dst []byte, ev *event.Event) (_ []byte, ok bool) {
	for _, rule := range s.rules {
		if rule.when != nil && !rule.when.holds(ev) {
			continue
		}
		if name, resolved := rule.name.Append(dst, ev); resolved {
			return name, true
		}
	}
	return dst, false
}

var formatReference = regexp.MustCompile(`%\{\[([^\]]*)\](:[^}]*)?\}`)

// CompileFormat compiles a text with %{[field.name]} and %{+yyyy.MM.dd}, as Beats write them.
func CompileFormat(text string) (*event.Template, error) {
	var fault error
	text = formatReference.ReplaceAllStringFunc(text, func(reference string) string {
		parts := formatReference.FindStringSubmatch(reference)
		if parts[2] != "" {
			fault = fmt.Errorf("%s: a default after a colon is not supported; write a rule with when.not.has_fields", reference)
		}
		if parts[1] == "" {
			fault = errors.New("%{[]} names no field")
		}
		return "%{[" + strings.ReplaceAll(parts[1], ".", "][") + "]}"
	})
	if fault != nil {
		return nil, fault
	}
	return event.CompileTemplate(text)
}
