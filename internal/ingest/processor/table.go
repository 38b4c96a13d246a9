package processor

import (
	"maps"
	"slices"

	"elkhorn/internal/content"
)

// Table is every processor there is: its name in a definition and what makes one of its members. A constructor's error is one
// of the definition; it may also leave it in the config.
var Table map[string]func(c *config) (Processor, error)

func init() { // by hand, since pipelines are made of processors that are made of pipelines
	Table = map[string]func(c *config) (Processor, error){
		"append":            newAppend,
		"bytes":             newBytes,
		"cardinality":       newContent(&content.Cardinality),
		"community_id":      newCommunityID,
		"convert":           newConvert,
		"csv":               newCSV,
		"date":              newDate,
		"date_index_name":   newDateIndexName,
		"dissect":           newDissect,
		"dot_expander":      newDotExpander,
		"drop":              newDrop,
		"fail":              newFail,
		"fingerprint":       newFingerprint,
		"foreach":           newForeach,
		"genai":             newContent(&content.GenAI),
		"geoip":             newGeoIP,
		"grok":              newGrok,
		"gsub":              newGsub,
		"html_strip":        newHTMLStrip,
		"ip_location":       newGeoIP,
		"join":              newJoin,
		"json":              newJSON,
		"kv":                newKeyValue,
		"lowercase":         newLowercase,
		"network_direction": newNetworkDirection,
		"normalize_path":    newContent(&content.NormalizePath),
		"pipeline":          newPipeline,
		"redact":            newRedactKind,
		"registered_domain": newRegisteredDomain,
		"remove":            newRemove,
		"rename":            newRename,
		"reroute":           newReroute,
		"sample":            newContent(&content.Sample),
		"schema":            newContent(&content.Schema),
		"script":            newScript,
		"set":               newSet,
		"sort":              newSort,
		"split":             newSplit,
		"summarize":         newContent(&content.Summarize),
		"terminate":         newTerminate,
		"trim":              newTrim,
		"uppercase":         newUppercase,
		"uri_parts":         newURIParts,
		"urldecode":         newURLDecode,
		"user_agent":        newUserAgent,
	}
}

// Names lists the processors there are.
func Names() []string { return slices.Sorted(maps.Keys(Table)) }

// Foreign are processors that Elasticsearch has and this program has not, with the reason.
var Foreign = map[string]string{
	"attachment":               "documents of office programs are not taken apart",
	"circle":                   "shapes are not indexed",
	"enrich":                   "there are no enrich policies",
	"geo_grid":                 "shapes are not indexed",
	"inference":                "there are no trained models",
	"normalize_for_stream":     "documents are not rearranged for OpenTelemetry",
	"recover_failure_document": "there is no failure store",
	"set_security_user":        "there are no users",
}
