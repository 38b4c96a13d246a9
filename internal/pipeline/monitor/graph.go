package monitor

import (
	"fmt"
	"os"

	"elkhorn/internal/pipeline/runtime"
)

type vertex struct {
	ID         string         `json:"id"`
	Explicit   bool           `json:"explicit_id"`
	Type       string         `json:"type"`
	PluginType string         `json:"plugin_type,omitempty"`
	Name       string         `json:"config_name,omitempty"`
	Condition  string         `json:"condition,omitempty"`
	Meta       map[string]any `json:"meta"`
}

type edge struct {
	ID   string `json:"id"`
	Type string `json:"type"`
	From string `json:"from"`
	To   string `json:"to"`
	When *bool  `json:"when,omitempty"` // of a boolean edge
}

// graphOf is a pipeline's plugins and conditions, as Logstash draws them.
func graphOf(p Pipeline) map[string]any {
	vertices, edges := []vertex{}, []edge{}
	for _, v := range p.Graph.Vertices {
		one := vertex{ID: v.ID, Explicit: v.Named, PluginType: v.PluginKind, Name: v.Name, Condition: v.Condition, Meta: place(v)}
		switch {
		case v.ID == runtime.QueueVertex:
			one.Type = "queue"
		case v.PluginKind != "":
			one.Type = "plugin"
		default:
			one.Type = "if"
		}
		vertices = append(vertices, one)
	}
	for _, e := range p.Graph.Edges {
		one := edge{ID: fmt.Sprintf("%s>%s", e.From, e.To), Type: "plain", From: e.From, To: e.To}
		if e.Boolean {
			one.ID, one.Type, one.When = fmt.Sprintf("%s>%s:%t", e.From, e.To, e.When), "boolean", &e.When
		}
		edges = append(edges, one)
	}
	return map[string]any{"type": "lir", "version": "0.0.0", "hash": p.Hash,
		"graph": map[string]any{"vertices": vertices, "edges": edges}}
}

// place is where a plugin or a condition stands.
func place(v runtime.Vertex) map[string]any {
	at := v.Pos
	if at.Line == 0 {
		return nil
	}
	return map[string]any{"source": map[string]any{"protocol": "file", "id": at.File, "line": at.Line, "column": at.Column}}
}

func pid() int { return os.Getpid() }
