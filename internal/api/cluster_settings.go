package api

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"elkhorn/internal/es"
	"elkhorn/internal/es/dates"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/wildcard"
)

// clusterSettingDefaults are the cluster settings that the surface or the store acts on, with their defaults.
// Others are refused by name when set.
var clusterSettingDefaults = map[string]string{
	"action.destructive_requires_name":                      "true",
	"action.auto_create_index":                              "true",
	"stack.templates.enabled":                               "true",
	"indices.lifecycle.poll_interval":                       "1m",
	"indices.lifecycle.default_retention":                   "-1",
	"indices.breaker.request.limit":                         "25%",
	"indices.breaker.total.limit":                           "70%",
	"search.allow_expensive_queries":                        "true",
	"search.default_search_timeout":                         "-1",
	"cluster.routing.allocation.disk.threshold_enabled":     "true",
	"cluster.routing.allocation.disk.watermark.low":         "85%",
	"cluster.routing.allocation.disk.watermark.high":        "90%",
	"cluster.routing.allocation.disk.watermark.flood_stage": "95%",
	"search.max_buckets":                                    "65536",
	settingDefaultKeepAlive:                                 "5m",
	settingMaxKeepAlive:                                     "24h",
	settingMaxScrolls:                                       "500",
}

// The cluster settings that the surface acts on, besides those that are true or false.
const (
	settingDefaultKeepAlive = "search.default_keep_alive"
	settingMaxKeepAlive     = "search.max_keep_alive"
	settingMaxScrolls       = "search.max_open_scroll_context"
)

// checkSetting reports a value that a setting of the surface cannot have.
func checkSetting(name, value string) error {
	switch {
	case slices.Contains(storeSettings, name):
		return nil
	case slices.Contains(timeSettings, name):
		return checkTimeSetting(name, value)
	case name == settingDefaultKeepAlive, name == settingMaxKeepAlive:
		_, err := dates.ParseTimeValue(name, value)
		return err
	case name == settingMaxScrolls:
		if n, err := strconv.ParseInt(value, 10, 32); err != nil || n < 0 {
			return eserr.IllegalArgument("Failed to parse value [%s] for setting [%s]", value, name).Because(eserr.NumberFormat(value))
		}
		return nil
	case value != "true" && value != "false":
		return eserr.IllegalArgument("Failed to parse value [%s] as only [true] or [false] are allowed.", value)
	}
	return nil
}

// keepAliveLimit is how long a scroll or a point in time may be kept, and how that is written.
func (c *call) keepAliveLimit() (time.Duration, string, error) {
	text, err := c.clusterSetting(settingMaxKeepAlive)
	if err != nil {
		return 0, "", err
	}
	limit, err := dates.ParseTimeValue(settingMaxKeepAlive, text)
	return limit, text, err
}

// checkKeepAlives refuses a default that is beyond the limit.
func checkKeepAlives(settings map[string]string) error {
	value := func(name string) (time.Duration, string) {
		text, set := settings[name]
		if !set {
			text = clusterSettingDefaults[name]
		}
		d, _ := dates.ParseTimeValue(name, text) // it was checked
		return d, text
	}
	usual, usualText := value(settingDefaultKeepAlive)
	limit, limitText := value(settingMaxKeepAlive)
	if usual > limit {
		return eserr.IllegalArgument("Default keep alive setting for request [%s](%s) should be smaller than max keep alive [%s](%s)", settingDefaultKeepAlive, usualText, settingMaxKeepAlive, limitText)
	}
	return nil
}

// storeSettings are the cluster settings whose values the store reads and refuses.
var storeSettings = []string{"cluster.routing.allocation.disk.watermark.low", "cluster.routing.allocation.disk.watermark.high", "cluster.routing.allocation.disk.watermark.flood_stage", "action.auto_create_index", "indices.breaker.request.limit", "indices.breaker.total.limit", "search.default_search_timeout", "search.max_buckets"}

// clusterScopes are the two lists of cluster settings; transient ones win.
var clusterScopes = []string{"persistent", "transient"}

// clusterSettings reads the settings of one scope.
func (c *call) clusterSettings(scope string) (map[string]string, error) {
	objects, err := apply[[]es.Object](c, &es.GetObjects{Kind: es.KindClusterSettings, Names: []string{scope}})
	if err != nil || len(objects) == 0 {
		return map[string]string{}, err
	}
	n, err := jsonval.Parse(objects[0].JSON)
	if err != nil {
		return nil, err
	}
	settings := map[string]string{}
	for i, key := range n.Keys {
		settings[key] = n.Items[i].Text
	}
	return settings, nil
}

// clusterSetting is the value in force of one setting.
func (c *call) clusterSetting(name string) (string, error) {
	value := clusterSettingDefaults[name]
	for _, scope := range clusterScopes {
		settings, err := c.clusterSettings(scope)
		if err != nil {
			return "", err
		}
		if v, set := settings[name]; set {
			value = v
		}
	}
	return value, nil
}

// getClusterSettings answers GET /_cluster/settings.
func (s *Server) getClusterSettings(c *call) (answer, error) {
	w := jsonval.Begin(nil)
	for _, scope := range clusterScopes {
		settings, err := c.clusterSettings(scope)
		if err != nil {
			return answer{}, err
		}
		w.Raw(scope, settingsJSON(settings, c.flag("flat_settings")))
	}
	if c.flag("include_defaults") {
		w.Raw("defaults", settingsJSON(clusterSettingDefaults, c.flag("flat_settings")))
	}
	return ok(w.End())
}

// putClusterSettings answers PUT /_cluster/settings.
func (s *Server) putClusterSettings(c *call) (answer, error) {
	body, err := c.bodyObject(true)
	if err != nil {
		return answer{}, err
	}
	changes := map[string]*jsonval.Node{}
	err = members(body, "cluster settings", clusterScopes, func(key string, v *jsonval.Node) (bool, error) {
		changes[key] = v
		return slices.Contains(clusterScopes, key) && v.Kind == jsonval.Object, nil
	})
	if err != nil {
		return answer{}, err
	}
	if len(changes) == 0 {
		return answer{}, eserr.Validation("Validation Failed: 1: no settings to update;")
	}
	w := jsonval.Begin(nil)
	w.Bool("acknowledged", true)
	for _, scope := range clusterScopes {
		changed := map[string]string{}
		if changes[scope] != nil {
			if changed, err = c.changeClusterSettings(scope, changes[scope]); err != nil {
				return answer{}, err
			}
		}
		w.Raw(scope, settingsJSON(changed, c.flag("flat_settings")))
	}
	return ok(w.End())
}

// changeClusterSettings applies the changes to one scope and returns those that set a value.
func (c *call) changeClusterSettings(scope string, n *jsonval.Node) (map[string]string, error) {
	settings, err := c.clusterSettings(scope)
	if err != nil {
		return nil, err
	}
	changed := map[string]string{}
	for name, value := range flatten(n) {
		if value == nil && strings.HasSuffix(name, "*") {
			for have := range settings {
				if wildcard.Match(name, have) {
					delete(settings, have)
				}
			}
			continue
		}
		if kept := keptClusterSetting(name); kept && value != nil {
			settings[name], changed[name] = *value, *value
			continue
		} else if kept {
			delete(settings, name)
			continue
		}
		if _, known := clusterSettingDefaults[name]; !known {
			return nil, eserr.IllegalArgument("%s setting [%s], not recognized", scope, name)
		}
		if value == nil {
			delete(settings, name)
			continue
		}
		if err := checkSetting(name, *value); err != nil {
			return nil, err
		}
		settings[name], changed[name] = *value, *value
	}
	if err := checkKeepAlives(settings); err != nil {
		return nil, err
	}
	_, err = c.store.Apply(c.ctx(), &es.PutObject{Kind: es.KindClusterSettings, Name: scope, JSON: settingsJSON(settings, true)})
	return changed, err
}

// flatten reads nested or dotted settings into dotted names; a null becomes nil.
func flatten(n *jsonval.Node) map[string]*string {
	flat := map[string]*string{}
	var walk func(prefix string, n *jsonval.Node)
	walk = func(prefix string, n *jsonval.Node) {
		for i, key := range n.Keys {
			switch item := &n.Items[i]; item.Kind {
			case jsonval.Object:
				walk(prefix+key+".", item)
			case jsonval.Null:
				flat[prefix+key] = nil
			case jsonval.Array:
				text := string(item.Raw)
				flat[prefix+key] = &text
			default:
				flat[prefix+key] = &item.Text
			}
		}
	}
	walk("", n)
	return flat
}

// timeSettings are the cluster settings that are times.
var timeSettings = []string{"indices.lifecycle.poll_interval", "indices.lifecycle.default_retention"}

// checkTimeSetting refuses a time that does not read or that is too short to be meant.
func checkTimeSetting(name, value string) error {
	d, err := dates.ParseTimeValue(name, value)
	if err != nil {
		return err
	}
	if off := name == "indices.lifecycle.default_retention" && d < 0; !off && d < time.Second {
		return eserr.IllegalArgument("failed to parse value [%s] for setting [%s], must be >= [1s]", value, name)
	}
	return nil
}

// keptClusterSettings are settings about moving and recovering shards between nodes. There is one node: they are kept and reported,
// and change nothing.
var keptClusterSettings = []string{
	"cluster.info.update.interval", "cluster.max_shards_per_node", "cluster.routing.allocation.allow_rebalance", "cluster.routing.allocation.awareness.*",
	"cluster.routing.allocation.balance.*", "cluster.routing.allocation.cluster_concurrent_rebalance", "cluster.routing.allocation.enable",
	"cluster.routing.allocation.exclude.*", "cluster.routing.allocation.include.*", "cluster.routing.allocation.require.*",
	"cluster.routing.allocation.node_concurrent_*", "cluster.routing.allocation.node_initial_primaries_recoveries", "cluster.routing.allocation.same_shard.host",
	"cluster.routing.allocation.total_shards_per_node", "cluster.routing.rebalance.enable", "indices.recovery.*",
}

func keptClusterSetting(name string) bool {
	return slices.ContainsFunc(keptClusterSettings, func(known string) bool { return wildcard.Match(known, name) })
}
