package demo

import (
	_ "embed"
)

// Template is an index template to store before the first event, so that places can be drawn on a map
// and identifiers are not cut into words.
type Template struct {
	Name string
	// JSON is the body of a composable index template.
	JSON []byte
}

//go:embed index_template.json
var indexTemplate []byte

// Templates are the index templates of a Workload's indices. They have a priority above the usual, so
// that a user's template for chatgpt-logs-* does not compete with them.
func Templates() []Template {
	return []Template{{Name: "elkhorn-demo", JSON: indexTemplate}}
}
