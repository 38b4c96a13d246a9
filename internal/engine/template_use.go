package engine

import (
	"slices"
	"strings"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// checkTemplateUse refuses to delete a component that an index template is composed of, or the index template of a data stream. The
// caller holds adminMu.
func (e *Engine) checkTemplateUse(c *es.DeleteObjects) error {
	switch c.Kind {
	case es.KindComponentTemplate:
		return e.checkComponentUse(c.Names)
	case es.KindIndexTemplate:
		return e.checkStreamTemplates(c.Names)
	}
	return nil
}

func (e *Engine) checkComponentUse(names []string) error {
	components, err := e.meta.objects(es.KindComponentTemplate, names)
	if err != nil {
		return err
	}
	templates, err := e.meta.objects(es.KindIndexTemplate, nil)
	if err != nil {
		return err
	}
	var used, users []string
	for _, t := range templates {
		n, err := jsonval.Parse(t.JSON)
		if err != nil {
			return err
		}
		for _, component := range textsOf(n.Get("composed_of")) {
			if !slices.ContainsFunc(components, func(o es.Object) bool { return o.Name == component }) {
				continue
			}
			if !slices.Contains(used, component) {
				used = append(used, component)
			}
			if !slices.Contains(users, t.Name) {
				users = append(users, t.Name)
			}
		}
	}
	if len(used) == 0 {
		return nil
	}
	return eserr.IllegalArgument("component templates [%s] cannot be removed as they are still in use by index templates [%s]", strings.Join(used, ", "), strings.Join(users, ", "))
}

func (e *Engine) checkStreamTemplates(names []string) error {
	streams, _ := e.matchStreams(es.Target{Hidden: true})
	var used, users []string
	for _, st := range streams {
		bp, err := e.resolveTemplates(st.name)
		if err != nil {
			return err
		}
		if bp.template == "" || !matchesAny(names, bp.template) {
			continue
		}
		if !slices.Contains(used, bp.template) {
			used = append(used, bp.template)
		}
		users = append(users, st.name)
	}
	if len(used) == 0 {
		return nil
	}
	return eserr.IllegalArgument("unable to remove composable templates [%s] as they are in use by a data streams [%s]", strings.Join(used, ", "), strings.Join(users, ", "))
}
