package api

import (
	"net/http"
	"slices"
	"strings"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/wildcard"
)

// aliasesJSON prints an index's aliases by name.
func aliasesJSON(aliases []es.Alias) []byte {
	return object(func(w *jsonval.Writer) {
		for i := range aliases {
			a := &aliases[i]
			w.Raw(a.Name, object(func(w *jsonval.Writer) {
				if a.Filter != nil {
					w.Raw("filter", a.Filter)
				}
				w.StringIf("index_routing", a.IndexRouting)
				w.StringIf("search_routing", a.SearchRouting)
				if a.IsWriteIndex != nil {
					w.Bool("is_write_index", *a.IsWriteIndex)
				}
				w.BoolIf("is_hidden", a.IsHidden)
			}))
		}
	})
}

// getAlias answers GET and HEAD /_alias, /_alias/{name}, /{index}/_alias and /{index}/_alias/{name}.
func (s *Server) getAlias(c *call) (answer, error) {
	target, err := c.target(everyIndex)
	if err != nil {
		return answer{}, err
	}
	indices, err := s.store.Indices(c.ctx(), target)
	if err != nil {
		return answer{}, err
	}
	streams, err := c.streamsOf(target)
	if err != nil {
		return answer{}, err
	}
	indices = withStreams(indices, streams)
	names := c.pathList("name")
	seen := map[string]bool{}
	a := answer{body: object(func(w *jsonval.Writer) {
		missing := writeMatchingAliases(nil, indices, names, seen)
		if len(missing) > 0 {
			w.String("error", missingAliases(missing))
			w.Int("status", http.StatusNotFound)
		}
		writeMatchingAliases(w, indices, names, seen)
	})}
	if len(unseen(names, seen)) > 0 {
		a.status = http.StatusNotFound
	}
	return a, nil
}

// withStreams adds data streams that have aliases to a list of indices, for their aliases to be printed beside those of indices.
func withStreams(indices []es.IndexInfo, streams []es.DataStream) []es.IndexInfo {
	for i := range streams {
		if len(streams[i].Aliases) > 0 {
			indices = append(indices, es.IndexInfo{Name: streams[i].Name, Aliases: streams[i].Aliases})
		}
	}
	return indices
}

// writeMatchingAliases prints the indices with those of their aliases that names match, notes the
// names seen, and returns those that no index has. A nil w only looks.
func writeMatchingAliases(w *jsonval.Writer, indices []es.IndexInfo, names []string, seen map[string]bool) []string {
	for i := range indices {
		var shown []es.Alias
		for _, alias := range indices[i].Aliases {
			if matchesAlias(names, alias.Name) {
				shown = append(shown, alias)
				seen[alias.Name] = true
			}
		}
		if w != nil && (len(names) == 0 || len(shown) > 0) {
			w.Raw(indices[i].Name, object(func(w *jsonval.Writer) { w.Raw("aliases", aliasesJSON(shown)) }))
		}
	}
	return unseen(names, seen)
}

// exclusion returns what the name at i of a list leaves out: a leading - means that from the first
// wildcard of the list on, before it stands for itself.
func exclusion(names []string, i int) (pattern string, excludes bool) {
	first := slices.IndexFunc(names, func(n string) bool { return strings.Contains(n, "*") })
	if first < 0 || i < first || i == 0 {
		return "", false
	}
	return strings.CutPrefix(names[i], "-")
}

// matchesAlias reports whether a list of names, wildcards and exclusions selects an alias.
func matchesAlias(names []string, alias string) bool {
	matched := len(names) == 0
	for i, name := range names {
		if excluded, excludes := exclusion(names, i); excludes {
			matched = matched && !wildcard.Match(excluded, alias)
		} else if name == "_all" || wildcard.Match(name, alias) {
			matched = true
		}
	}
	return matched
}

// unseen returns the plain names that no index has and that the list does not exclude again.
func unseen(names []string, seen map[string]bool) []string {
	var missing []string
	for i, name := range names {
		_, excludes := exclusion(names, i)
		if excludes || name == "_all" || strings.Contains(name, "*") || seen[name] {
			continue
		}
		if !excludedLater(names, i) {
			missing = append(missing, name)
		}
	}
	slices.Sort(missing)
	return missing
}

// excludedLater reports whether a name further on leaves out the one at i.
func excludedLater(names []string, i int) bool {
	for j := i + 1; j < len(names); j++ {
		if excluded, excludes := exclusion(names, j); excludes && (excluded == "_all" || wildcard.Match(excluded, names[i])) {
			return true
		}
	}
	return false
}

func missingAliases(names []string) string {
	if len(names) == 1 {
		return "alias [" + names[0] + "] missing"
	}
	return "aliases [" + strings.Join(names, ",") + "] missing"
}

// putAlias answers PUT and POST /{index}/_alias/{name}.
func (s *Server) putAlias(c *call) (answer, error) {
	target, err := c.target(openAndClosed)
	if err != nil {
		return answer{}, err
	}
	body, err := c.bodyObject(false)
	if err != nil {
		return answer{}, err
	}
	action := es.AliasAction{Target: target}
	if name := c.path("name"); name != "" {
		action.Names = []string{name}
	}
	if body != nil {
		if err := readAliasAction(c, &action, "add", body); err != nil {
			return answer{}, err
		}
	}
	return s.changeAliases(c, []es.AliasAction{action})
}

// deleteAlias answers DELETE /{index}/_alias/{name}.
func (s *Server) deleteAlias(c *call) (answer, error) {
	target, err := c.target(openAndClosed)
	if err != nil {
		return answer{}, err
	}
	must := true
	return s.changeAliases(c, []es.AliasAction{{Remove: true, Target: target, Names: c.pathList("name"), MustExist: &must}})
}

// updateAliases answers POST /_aliases.
func (s *Server) updateAliases(c *call) (answer, error) {
	body, err := c.bodyObject(true)
	if err != nil {
		return answer{}, err
	}
	list := body.Get("actions")
	if list == nil || list.Kind != jsonval.Array || len(body.Keys) != 1 {
		return answer{}, eserr.IllegalArgument("[aliases] takes one member, the array [actions]")
	}
	if len(list.Items) == 0 {
		return answer{}, eserr.IllegalArgument("No action specified")
	}
	var actions []es.AliasAction
	for i := range list.Items {
		item := &list.Items[i]
		if item.Kind != jsonval.Object || len(item.Keys) != 1 || item.Items[0].Kind != jsonval.Object {
			return answer{}, eserr.ParsingException(item.Line, item.Col, "an alias action is an object with one of [add, remove, remove_index]")
		}
		action, err := c.aliasAction(item.Keys[0], &item.Items[0])
		if err != nil {
			return answer{}, err
		}
		actions = append(actions, action)
	}
	return s.changeAliases(c, actions)
}

// aliasAction reads one action of a list.
func (c *call) aliasAction(kind string, n *jsonval.Node) (es.AliasAction, error) {
	action := es.AliasAction{Target: openAndClosed}
	switch kind {
	case "add":
	case "remove":
		action.Remove = true
	case "remove_index":
		action.RemoveIndex = true
	default:
		return action, eserr.XContentParse("[%d:%d] [alias_action] unknown field [%s]%s", n.Line, n.Col, kind,
			jsonval.DidYouMean(kind, []string{"add", "remove", "remove_index"}))
	}
	if err := readAliasAction(c, &action, kind, n); err != nil {
		return action, err
	}
	if len(action.Target.Names) == 0 {
		return action, eserr.IllegalArgument("One of [index] or [indices] is required")
	}
	if len(action.Names) == 0 && !action.RemoveIndex {
		return action, eserr.IllegalArgument("One of [alias] or [aliases] is required")
	}
	return action, nil
}

// aliasMembers are what an alias action takes.
var aliasMembers = []string{
	"index", "indices", "alias", "aliases", "filter", "routing", "index_routing", "search_routing", "is_write_index", "is_hidden", "must_exist",
}

func readAliasAction(c *call, action *es.AliasAction, kind string, n *jsonval.Node) error {
	if both := n.Get("routing"); both != nil { // the more specific members win, wherever they stand
		action.Alias.IndexRouting, action.Alias.SearchRouting = both.Text, both.Text
	}
	return members(n, "alias action ["+kind+"]", aliasMembers, func(key string, v *jsonval.Node) (bool, error) {
		var err error
		switch key {
		case "index", "indices":
			var names []string
			if names, err = stringList(v, key); err == nil {
				action.Target.Names, err = c.resolveNames(names)
			}
		case "alias", "aliases":
			action.Names, err = stringList(v, key)
		case "filter":
			if v.Kind == jsonval.Object && len(v.Keys) > 0 {
				action.Alias.Filter = v.Raw
			}
		case "routing":
		case "index_routing":
			action.Alias.IndexRouting = v.Text
		case "search_routing":
			action.Alias.SearchRouting = v.Text
		case "is_write_index":
			write := v.Text == "true"
			action.Alias.IsWriteIndex = &write
		case "is_hidden":
			action.Alias.IsHidden = v.Text == "true"
		case "must_exist":
			must := v.Text == "true"
			action.MustExist = &must
		default:
			return false, nil
		}
		return true, err
	})
}

func (s *Server) changeAliases(c *call, actions []es.AliasAction) (answer, error) {
	if _, err := s.store.Apply(c.ctx(), &es.UpdateAliases{Actions: actions}); err != nil {
		return answer{}, err
	}
	return acknowledged()
}
