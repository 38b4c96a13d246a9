package workbench

import (
	"elkhorn/internal/pipeline/config"
	"elkhorn/internal/plugin"
)

// tree is the shape of a configuration: what events meet, in order.
type tree struct {
	Inputs  []node `json:"inputs"`
	Filters []node `json:"filters"`
	Outputs []node `json:"outputs"`
}

// node is a plugin, or a branch with the arms of one if.
type node struct {
	Plugin string `json:"plugin,omitempty"`
	// ID is the one that the configuration gives.
	ID     string `json:"id,omitempty"`
	File   string `json:"file"`
	Line   int    `json:"line"`
	Column int    `json:"column"`
	Arms   []arm  `json:"arms,omitempty"`
}

// arm is one condition with what it guards; no condition is the else.
type arm struct {
	If     string `json:"if,omitempty"`
	Line   int    `json:"line"`
	Column int    `json:"column"`
	Body   []node `json:"body"`
}

func treeOf(cfg *config.Config) tree {
	return tree{nodesOf(cfg.Body(config.Input)), nodesOf(cfg.Body(config.Filter)), nodesOf(cfg.Body(config.Output))}
}

func nodesOf(body []config.Statement) []node {
	nodes := make([]node, 0, len(body))
	for _, st := range body {
		switch st := st.(type) {
		case *config.Plugin:
			n := at(st.Pos)
			n.Plugin = st.Name
			if id, ok := st.Option("id"); ok {
				n.ID = id.Text
			}
			nodes = append(nodes, n)
		case *config.Branch:
			n := at(st.Pos)
			for _, a := range st.Arms {
				one := arm{Line: a.Pos.Line, Column: a.Pos.Column, Body: nodesOf(a.Body)}
				if a.Cond != nil {
					one.If = config.PrintExpr(a.Cond)
				}
				n.Arms = append(n.Arms, one)
			}
			nodes = append(nodes, n)
		}
	}
	return nodes
}

func at(pos plugin.Pos) node { return node{File: pos.File, Line: pos.Line, Column: pos.Column} }
