package engine

import (
	"strconv"
	"time"

	"elkhorn/internal/es"
	"elkhorn/internal/es/dates"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// The cluster settings that the engine acts on.
const (
	settingRequestBreaker = "indices.breaker.request.limit"
	settingTotalBreaker   = "indices.breaker.total.limit"
	settingMaxBuckets     = "search.max_buckets"
	settingSearchTimeout  = "search.default_search_timeout"
	settingExpensive      = "search.allow_expensive_queries"
	settingAutoCreate     = "action.auto_create_index"
	settingBuiltins       = "stack.templates.enabled"
)

// clusterScopes are where cluster settings are stored; the later one wins.
var clusterScopes = []string{"persistent", "transient"}

// loadClusterSettings applies the stored settings. One that no longer reads, which a newer version may have
// stored, is logged and left out.
func (e *Engine) loadClusterSettings() error {
	settings, err := e.clusterSettings("", nil)
	if err != nil {
		return err
	}
	if err := e.applyClusterSettings(settings); err != nil {
		e.logger.Warn("a stored cluster setting does not apply", "error", err)
	}
	return nil
}

// clusterSettings reads the settings in force, as they will be once a scope has other ones.
func (e *Engine) clusterSettings(scope string, changed []byte) (map[string]string, error) {
	settings := map[string]string{}
	for _, name := range clusterScopes {
		body := changed
		if name != scope {
			objects, err := e.meta.objects(es.KindClusterSettings, []string{name})
			if err != nil {
				return nil, err
			}
			if len(objects) == 0 {
				continue
			}
			body = objects[0].JSON
		}
		n, err := jsonval.Parse(body)
		if err != nil {
			return nil, err
		}
		flattenInto(settings, "", n)
	}
	return settings, nil
}

func (e *Engine) applyClusterSettings(settings map[string]string) error {
	buckets := int64(0)
	if text := settings[settingMaxBuckets]; text != "" {
		n, err := strconv.ParseInt(text, 10, 32)
		if err != nil || n < 0 {
			return eserr.IllegalArgument("Failed to parse value [%s] for setting [%s]", text, settingMaxBuckets)
		}
		buckets = n
	}
	timeout := time.Duration(0)
	if text := settings[settingSearchTimeout]; text != "" && text != "-1" {
		millis, err := dates.ParseDuration(text)
		if err != nil {
			return eserr.IllegalArgument("failed to parse value [%s] for setting [%s]", text, settingSearchTimeout)
		}
		timeout = time.Duration(millis) * time.Millisecond
	}
	auto, err := parseAutoCreate(settings[settingAutoCreate])
	if err != nil {
		return err
	}
	marks, err := parseWatermarks(settings, e.opts.FloodStagePercent)
	if err != nil {
		return err
	}
	if err := e.memory.setLimits(settings[settingRequestBreaker], settings[settingTotalBreaker]); err != nil {
		return err
	}
	e.autoCreates.Store(auto)
	e.disk.marks.Store(marks)
	e.disk.check(e)
	e.noExpensive.Store(settings[settingExpensive] == "false")
	e.noBuiltins.Store(settings[settingBuiltins] == "false")
	e.maxBuckets.Store(buckets)
	e.searchTimeout.Store(int64(timeout))
	return nil
}
