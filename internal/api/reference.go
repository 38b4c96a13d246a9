package api

import (
	"slices"
	"strings"
)

// RouteInfo is one path of the surface, as the pages of documentation list it.
type RouteInfo struct {
	Path    string
	Methods []string
	// Help says in a few words what it does; Params are the query parameters it takes, CommonParams not among them.
	Help   string
	Params []string
	// Note says what differs from Elasticsearch's endpoint, "" when nothing does.
	Note string
	// Own is set for what Elasticsearch has not.
	Own bool
}

// Routes lists the paths of the surface in the order of the table, those with several routes once.
func Routes() []RouteInfo {
	var infos []RouteInfo
	for _, r := range routeTable() {
		i := slices.IndexFunc(infos, func(info RouteInfo) bool { return info.Path == r.path })
		if i < 0 {
			i = len(infos)
			infos = append(infos, RouteInfo{Path: r.path, Own: r.own, Help: r.help})
		}
		info := &infos[i]
		info.Methods = append(info.Methods, strings.Fields(r.methods)...)
		for _, name := range strings.Fields(r.params) {
			if !slices.Contains(info.Params, name) {
				info.Params = append(info.Params, name)
			}
		}
		if r.note != "" && !strings.Contains(info.Note, r.note) {
			info.Note = strings.TrimPrefix(info.Note+"; "+r.note, "; ")
		}
	}
	return infos
}

// CommonParams are the query parameters that every endpoint takes.
func CommonParams() []string { return slices.Clone(commonParams) }

// Absent are the parts of Elasticsearch's interface that are not there at all: their endpoints answer 400 with
// "no handler found".
var Absent = []string{
	"`_security`: users, roles, API keys",
	"`_watcher`, `_ml`, `_transform`, `_rollup`, `_enrich`, `_ccr`, `_logstash`, `_fleet`, `_connector`, `_inference`, `_application`, `_query_rules`, `_synonyms`",
	"`_sql`, `_query` (ES|QL), `_eql`, `_graph`, `_knn_search`, `_termvectors`, `_mtermvectors`, `_rank_eval`, `_monitoring`, `_mvt`",
	"`_slm`, `_searchable_snapshots`, `_autoscaling`, `_nodes/shutdown`",
}
