package runtime

import (
	"fmt"

	"elkhorn/internal/pipeline/config"
	"elkhorn/internal/plugin"
)

// Graph is a pipeline as a drawing: how events may go from plugin to plugin.
type Graph struct {
	Vertices []Vertex
	Edges    []Edge
}

// QueueVertex is the id of the queue between inputs and filters.
const QueueVertex = "__QUEUE__"

// Vertex is a plugin, a condition, or the queue.
type Vertex struct {
	ID string
	// PluginKind is "input", "filter" or "output"; "" for a condition and the queue.
	PluginKind, Name string
	Named            bool // the configuration gave the ID
	Condition        string
	Pos              plugin.Pos // zero for the queue
}

// Edge leads from one vertex to another; one that leaves a condition says which answer takes it.
type Edge struct {
	From, To string
	Boolean  bool
	When     bool // of a Boolean edge
}

// Graph returns the drawing of the pipeline's configuration.
func (p *Pipeline) Graph() Graph { return p.graph }

// drawing makes a Graph.
type drawing struct {
	graph    Graph
	counters map[plugin.Pos]*Counters
	ids      map[string]int
}

// end is where events come from that reach the next statement.
type end struct {
	id      string
	boolean bool
	when    bool
}

// draw draws a configuration whose plugins count with the counters given. Filters follow one another, outputs stand side by side.
func draw(cfg *config.Config, counters map[plugin.Pos]*Counters) Graph {
	d := &drawing{counters: counters, ids: map[string]int{}}
	cfg.Plugins(config.Input, func(pl *config.Plugin) { d.connect(d.plugin(pl, nil), QueueVertex) })
	d.graph.Vertices = append(d.graph.Vertices, Vertex{ID: QueueVertex})
	ends := d.inSequence(cfg.Body(config.Filter), []end{{id: QueueVertex}})
	d.sideBySide(cfg.Body(config.Output), ends)
	return d.graph
}

func (d *drawing) inSequence(body []config.Statement, from []end) []end {
	for _, st := range body {
		from = d.statement(st, from, d.inSequence)
	}
	return from
}

func (d *drawing) sideBySide(body []config.Statement, from []end) []end {
	for _, st := range body {
		d.statement(st, from, d.sideBySide)
	}
	return nil // nothing comes after an output
}

func (d *drawing) statement(st config.Statement, from []end, inside func([]config.Statement, []end) []end) []end {
	switch st := st.(type) {
	case *config.Plugin:
		return d.plugin(st, from)
	case *config.Branch:
		return d.branch(st, from, inside)
	}
	return from
}

func (d *drawing) plugin(pl *config.Plugin, from []end) []end {
	c := d.counters[pl.Pos]
	if c == nil {
		return from // of a configuration that is not built
	}
	d.graph.Vertices = append(d.graph.Vertices, Vertex{ID: c.ID, PluginKind: c.Kind, Name: c.Name, Named: c.Named, Pos: pl.Pos})
	d.connect(from, c.ID)
	return []end{{id: c.ID}}
}

// branch draws a condition for each arm; an else is what is left of the last one.
func (d *drawing) branch(br *config.Branch, from []end, inside func([]config.Statement, []end) []end) (ends []end) {
	for _, arm := range br.Arms {
		if arm.Cond == nil {
			return append(ends, inside(arm.Body, from)...)
		}
		id := d.unique(fmt.Sprintf("if_%d_%d", arm.Pos.Line, arm.Pos.Column))
		d.graph.Vertices = append(d.graph.Vertices, Vertex{ID: id, Condition: config.PrintExpr(arm.Cond), Pos: arm.Pos})
		d.connect(from, id)
		ends = append(ends, inside(arm.Body, []end{{id, true, true}})...)
		from = []end{{id, true, false}}
	}
	return append(ends, from...)
}

// unique tells conditions apart that stand at the same place of several files.
func (d *drawing) unique(id string) string {
	d.ids[id]++
	if n := d.ids[id]; n > 1 {
		return fmt.Sprintf("%s_%d", id, n)
	}
	return id
}

func (d *drawing) connect(from []end, to string) {
	for _, e := range from {
		d.graph.Edges = append(d.graph.Edges, Edge{From: e.id, To: to, Boolean: e.boolean, When: e.when})
	}
}
