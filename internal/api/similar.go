package api

import "elkhorn/internal/es/jsonval"

// similar returns " -> did you mean [x]?" for the known names that are like an unknown one, as
// Elasticsearch words it for parameters, or "".
func similar(unknown string, known []string) string {
	if hint := jsonval.DidYouMean(unknown, known); hint != "" {
		return " ->" + hint
	}
	return ""
}
