package engine

import (
	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/mapping"
)

// simulated is a template that takes part in a simulation.
type simulated struct {
	name     string
	node     *jsonval.Node
	patterns []string
	legacy   bool
}

// simulate answers what an index, or a template by itself, would be made of; see es.SimulateIndex.
func (e *Engine) simulate(c *es.SimulateIndex) (*es.ResolvedIndex, error) {
	if c.Template != nil {
		if err := e.checkTemplate(&es.PutObject{Kind: es.KindIndexTemplate, Name: c.TemplateName, JSON: c.Template}); err != nil {
			return nil, err
		}
	}
	templates, err := e.simulatedTemplates(c)
	if err != nil {
		return nil, err
	}
	winner := winnerFor(c, templates)
	if winner == nil && c.Name == "" {
		return nil, eserr.IllegalArgument("unable to simulate template [%s] that does not exist", c.TemplateName)
	}
	bp := &blueprint{settings: map[string]string{}, mapping: mapping.Empty()}
	res := &es.ResolvedIndex{}
	if winner == nil {
		err = e.applyLegacy(bp, c.Name)
	} else {
		res.Template, res.Overlapping = winner.name, overlapping(c, winner, templates)
		err = e.applyComposable(bp, winner.node)
	}
	if err != nil {
		return nil, err
	}
	res.Settings, res.Aliases = bp.settings, bp.aliases
	res.Mappings, err = bp.mapping.MarshalJSON()
	return res, err
}

// simulatedTemplates reads the stored templates, with the simulated one in its place.
func (e *Engine) simulatedTemplates(c *es.SimulateIndex) ([]simulated, error) {
	var templates []simulated
	for _, kind := range []es.ObjectKind{es.KindLegacyTemplate, es.KindIndexTemplate} {
		objects, err := e.meta.objects(kind, nil)
		if err != nil {
			return nil, err
		}
		if kind == es.KindIndexTemplate && c.Template != nil {
			objects = append(objects, es.Object{Name: c.TemplateName, JSON: c.Template})
		}
		for i, o := range objects {
			replaced := c.Template != nil && o.Name == c.TemplateName && i < len(objects)-1
			if kind == es.KindIndexTemplate && replaced {
				continue
			}
			n, err := jsonval.Parse(o.JSON)
			if err != nil {
				return nil, err
			}
			templates = append(templates, simulated{o.Name, n, textsOf(n.Get("index_patterns")), kind == es.KindLegacyTemplate})
		}
	}
	return templates, nil
}

// winnerFor is the index template that a simulation is about: the one named, or the one of the highest
// priority that matches the index. It is nil when there is none.
func winnerFor(c *es.SimulateIndex, templates []simulated) *simulated {
	var winner *simulated
	best := int64(-1)
	for i := range templates {
		t := &templates[i]
		if t.legacy {
			continue
		}
		if c.Name == "" {
			if t.name == c.TemplateName {
				return t
			}
			continue
		}
		priority, _ := memberOf(t.node, "priority").Scalar().Int64()
		if patternsMatch(t.node.Get("index_patterns"), c.Name) && priority > best {
			winner, best = t, priority
		}
	}
	return winner
}

// overlapping lists the other templates that would match: the index, or some index of the winner's.
func overlapping(c *es.SimulateIndex, winner *simulated, templates []simulated) []es.TemplatePatterns {
	var lost []es.TemplatePatterns
	for i := range templates {
		t := &templates[i]
		if t == winner {
			continue
		}
		if c.Name == "" && anyOverlap(winner.patterns, t.patterns) || c.Name != "" && patternsMatch(t.node.Get("index_patterns"), c.Name) {
			lost = append(lost, es.TemplatePatterns{Name: t.name, Patterns: t.patterns})
		}
	}
	return lost
}
