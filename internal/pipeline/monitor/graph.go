package monitor

import (
	"fmt"
	"os"
	"strconv"
	"strings"

	"elkhorn/internal/pipeline/runtime"
)

type vertex struct {
	ID         string         `json:"id"`
	Explicit   bool           `json:"explicit_id"`
	Type       string         `json:"type"`
	PluginType string         `json:"plugin_type,omitempty"`
	Name       string         `json:"config_name,omitempty"`
	Meta       map[string]any `json:"meta"`
}

type edge struct {
	ID   string `json:"id"`
	Type string `json:"type"`
	From string `json:"from"`
	To   string `json:"to"`
}

// graphOf draws a pipeline's plugins in the order in which events meet them. Conditions are not drawn: an event may pass a plugin by.
func graphOf(p Pipeline) map[string]any {
	vertices, edges := []vertex{}, []edge{}
	connect := func(from, to string) {
		edges = append(edges, edge{fmt.Sprintf("%s>%s", from, to), "plain", from, to})
	}
	last := "__QUEUE__"
	queue := vertex{ID: last, Type: "queue"}
	for _, pl := range p.Stats.Plugins {
		v := vertex{ID: pl.ID, Type: "plugin", PluginType: pl.Kind, Name: pl.Name, Meta: place(pl), Explicit: pl.Named}
		vertices = append(vertices, v)
		switch pl.Kind {
		case "input":
			connect(pl.ID, queue.ID)
		case "filter":
			connect(last, pl.ID)
			last = pl.ID
		case "output":
			connect(last, pl.ID)
		}
	}
	return map[string]any{"type": "lir", "version": "0.0.0", "hash": p.Hash,
		"graph": map[string]any{"vertices": append(vertices, queue), "edges": edges}}
}

// place is where a plugin stands in its file.
func place(pl runtime.PluginStats) map[string]any {
	parts := strings.Split(pl.Place, ":")
	if len(parts) < 3 {
		return nil
	}
	line, err := strconv.Atoi(parts[len(parts)-2])
	column, err2 := strconv.Atoi(parts[len(parts)-1])
	if err != nil || err2 != nil {
		return nil
	}
	return map[string]any{"source": map[string]any{"protocol": "file", "id": strings.Join(parts[:len(parts)-2], ":"), "line": line, "column": column}}
}

func pid() int { return os.Getpid() }
