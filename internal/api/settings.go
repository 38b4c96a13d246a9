package api

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"elkhorn/internal/es"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/wildcard"
)

// defaultSettings are what include_defaults prints of settings that an index does not have.
var defaultSettings = map[string]string{
	"index.auto_expand_replicas":                        "false",
	"index.codec":                                       "default",
	"index.hidden":                                      "false",
	"index.mapping.coerce":                              "true",
	"index.mapping.depth.limit":                         "20",
	"index.mapping.ignore_malformed":                    "false",
	"index.mapping.nested_fields.limit":                 "100",
	"index.mapping.nested_objects.limit":                "10000",
	"index.mapping.total_fields.limit":                  "1000",
	"index.max_inner_result_window":                     "100",
	"index.max_result_window":                           "10000",
	"index.number_of_replicas":                          "1",
	"index.number_of_shards":                            "1",
	"index.query.default_field":                         "*",
	"index.refresh_interval":                            "1s",
	"index.translog.durability":                         "REQUEST",
	"index.translog.flush_threshold_size":               "512mb",
	"index.translog.sync_interval":                      "5s",
	"index.write.wait_for_active_shards":                "1",
	"index.routing.allocation.include._tier_preference": "data_content",
}

// getSettings answers GET /_settings, /{index}/_settings and both with /{name}.
func (s *Server) getSettings(c *call) (answer, error) {
	target, err := c.target(openAndClosed)
	if err != nil {
		return answer{}, err
	}
	indices, err := s.store.Indices(c.ctx(), target)
	if err != nil {
		return answer{}, err
	}
	patterns := c.pathList("name")
	if len(patterns) == 1 && patterns[0] == "_all" {
		patterns = nil
	}
	return ok(object(func(w *jsonval.Writer) {
		for i := range indices {
			w.Raw(indices[i].Name, object(func(w *jsonval.Writer) { c.writeSettings(w, indices[i].Settings, patterns) }))
		}
	}))
}

// writeSettings prints "settings", and "defaults" when asked for, of one index. Only names that match
// a pattern are printed; no pattern matches all.
func (c *call) writeSettings(w *jsonval.Writer, settings map[string]string, patterns []string) {
	keep := func(name string) bool {
		return len(patterns) == 0 || slices.ContainsFunc(patterns, func(p string) bool { return wildcard.Match(p, name) })
	}
	shown := map[string]string{}
	for name, value := range settings {
		if keep(name) {
			shown[name] = value
		}
	}
	if created, err := strconv.ParseInt(shown["index.creation_date"], 10, 64); err == nil && c.flag("human") {
		shown["index.creation_date_string"] = time.UnixMilli(created).UTC().Format("2006-01-02T15:04:05.000Z")
	}
	if version := shown["index.version.created"]; version != "" && c.flag("human") {
		shown["index.version.created_string"] = c.opts.Version
	}
	flat := c.flag("flat_settings")
	w.Raw("settings", settingsJSON(shown, flat))
	if !c.flag("include_defaults") {
		return
	}
	defaults := map[string]string{}
	for name, value := range defaultSettings {
		if _, set := settings[name]; !set && keep(name) {
			defaults[name] = value
		}
	}
	w.Raw("defaults", settingsJSON(defaults, flat))
}

// settingsJSON prints settings with dotted names, flat or as nested objects. All values are strings.
func settingsJSON(settings map[string]string, flat bool) []byte {
	names := slices.Sorted(maps.Keys(settings))
	if flat {
		return object(func(w *jsonval.Writer) {
			for _, name := range names {
				writeSetting(w, name, settings[name])
			}
		})
	}
	return nestSettings(names, settings, 0)
}

// nestSettings prints the sorted names, whose first from bytes are the same, as an object. A name
// that is a prefix of another stays dotted where both cannot be nested.
func nestSettings(names []string, settings map[string]string, from int) []byte {
	return object(func(w *jsonval.Writer) {
		for len(names) > 0 {
			head, _, nested := strings.Cut(names[0][from:], ".")
			if !nested {
				writeSetting(w, head, settings[names[0]])
				prefix := names[0] + "."
				names = names[1:]
				for len(names) > 0 && strings.HasPrefix(names[0], prefix) {
					writeSetting(w, names[0][from:], settings[names[0]])
					names = names[1:]
				}
				continue
			}
			prefix := names[0][:from+len(head)+1]
			group := 1
			for group < len(names) && strings.HasPrefix(names[group], prefix) {
				group++
			}
			w.Raw(head, nestSettings(names[:group], settings, len(prefix)))
			names = names[group:]
		}
	})
}

// settingList reads a setting that is a list: JSON text in templates, "[a, b]" in the store.
func settingList(value string) ([]string, bool) {
	inner, opened := strings.CutPrefix(value, "[")
	inner, closed := strings.CutSuffix(inner, "]")
	if !opened || !closed {
		return nil, false
	}
	if n, err := jsonval.Parse([]byte(value)); err == nil && n.Kind == jsonval.Array {
		items := make([]string, len(n.Items))
		for i := range n.Items {
			items[i] = n.Items[i].Text
		}
		return items, true
	}
	if inner == "" {
		return nil, true
	}
	return strings.Split(inner, ", "), true
}

// writeSetting prints one setting.
func writeSetting(w *jsonval.Writer, name, value string) {
	if items, isList := settingList(value); isList {
		w.Strings(name, items)
		return
	}
	w.String(name, value)
}

// flattenSettings reads nested or dotted index settings into dotted names, with "index." in front
// where it is left out. Values become strings, lists their JSON; nulls are left out.
func flattenSettings(n *jsonval.Node) map[string]string {
	settings := map[string]string{}
	for name, value := range flatten(n) {
		if value != nil {
			settings[indexSetting(name)] = *value
		}
	}
	return settings
}

func indexSetting(name string) string {
	if strings.HasPrefix(name, "index.") {
		return name
	}
	return "index." + name
}

// putSettings answers PUT /_settings and /{index}/_settings.
func (s *Server) putSettings(c *call) (answer, error) {
	target, err := c.target(openAndClosed)
	if err != nil {
		return answer{}, err
	}
	body, err := c.bodyObject(true)
	if err != nil {
		return answer{}, err
	}
	settings := body
	if inner := body.Get("settings"); inner != nil && inner.Kind == jsonval.Object && len(body.Keys) == 1 {
		settings = inner
	}
	change := &es.PutSettings{Target: target, Settings: settings.Raw, PreserveExisting: c.flag("preserve_existing")}
	if c.flag("reopen") {
		return s.putSettingsClosed(c, change)
	}
	if _, err := s.store.Apply(c.ctx(), change); err != nil {
		return answer{}, err
	}
	return acknowledged()
}

// putSettingsClosed changes settings that only closed indices take: the indices that are open are closed for it and opened again,
// whether or not the change is taken.
func (s *Server) putSettingsClosed(c *call, change *es.PutSettings) (answer, error) {
	open := change.Target
	open.Closed, open.OpenExcluded = false, false
	indices, err := s.store.Indices(c.ctx(), open)
	if err != nil {
		return answer{}, err
	}
	target := es.Target{NoWildcards: true, Closed: true}
	for i := range indices {
		target.Names = append(target.Names, indices[i].Name)
	}
	if len(indices) > 0 {
		if _, err := s.store.Apply(c.ctx(), &es.OpenClose{Target: target, Close: true}); err != nil {
			return answer{}, err
		}
	}
	_, err = s.store.Apply(c.ctx(), change)
	if len(indices) > 0 {
		if _, opened := s.store.Apply(c.ctx(), &es.OpenClose{Target: target}); err == nil {
			err = opened
		}
	}
	if err != nil {
		return answer{}, err
	}
	return acknowledged()
}
