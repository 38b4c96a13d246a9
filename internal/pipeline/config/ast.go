package config

import (
	"slices"

	"elkhorn/internal/plugin"
)

// Config is one or several files' content, in file order.
type Config struct {
	Sections []*Section
	// Warnings are constructs that were accepted although the original refuses them.
	Warnings []*plugin.Error
}

// SectionKind is the kind of a section: the three words of the language.
type SectionKind string

// The section kinds.
const (
	Input  SectionKind = "input"
	Filter SectionKind = "filter"
	Output SectionKind = "output"
)

// Section is an input, filter or output block.
type Section struct {
	Kind SectionKind
	Body []Statement
	Pos  plugin.Pos
}

// Statement is a *Plugin or a *Branch.
type Statement interface{ statement() }

// Plugin is a plugin block.
type Plugin struct {
	Name    string
	Options []Option
	Pos     plugin.Pos
}

// Option is one "name => value" of a plugin block.
type Option struct {
	Name  string
	Value Value
	Pos   plugin.Pos
}

// Branch is an if with its else-ifs and else. Only the last arm's Cond may be nil: that is the else.
type Branch struct {
	Arms []Arm
	Pos  plugin.Pos
}

// Arm is one condition of a Branch with what it guards.
type Arm struct {
	Cond Expr
	Body []Statement
	Pos  plugin.Pos
}

func (*Plugin) statement() {}
func (*Branch) statement() {}

// ValueKind is the form of a Value.
type ValueKind uint8

// The value forms.
const (
	Bareword ValueKind = iota
	Number
	String
	List
	Hash
	Block
)

// Value is an option's value, an array's item or a hash's value.
type Value struct {
	Kind  ValueKind
	Raw   string // between the quotes as written; the literal of a Bareword or Number
	Text  string // Raw with escapes processed (when on) and environment values substituted
	Quote byte   // of a String: ' or "
	Items []Value
	Pairs []Pair
	Block *Plugin
	Pos   plugin.Pos
}

// Pair is one entry of a hash; keys are unique.
type Pair struct {
	Key   Value // Bareword, Number or String
	Value Value
}

// Expr is a condition: *Logic, *Not, *Compare, *Match, *In or *Truth.
type Expr interface{ expr() }

// Logic joins two conditions by "and", "or", "nand" or "xor".
type Logic struct {
	Op          string
	Left, Right Expr
	Pos         plugin.Pos
}

// Not negates a condition.
type Not struct {
	X   Expr
	Pos plugin.Pos
}

// Compare compares by ==, !=, <, >, <= or >=.
type Compare struct {
	Op          string
	Left, Right Operand
	Pos         plugin.Pos
}

// Match is =~ or, when Negate is set, !~. Right is a regex or a text that is one.
type Match struct {
	Negate bool
	Left   Operand
	Right  Operand
	Pos    plugin.Pos
}

// In is "in" or, when Negate is set, "not in".
type In struct {
	Negate      bool
	Left, Right Operand
	Pos         plugin.Pos
}

// Truth is an operand standing alone: present, not null and not false.
type Truth struct{ Operand Operand }

func (*Logic) expr()   {}
func (*Not) expr()     {}
func (*Compare) expr() {}
func (*Match) expr()   {}
func (*In) expr()      {}
func (*Truth) expr()   {}

// OperandKind is the form of an Operand.
type OperandKind uint8

// The operand forms.
const (
	FieldRef OperandKind = iota // [a][b], in Text
	Literal                     // number, text or array, in Value
	Regex                       // /…/, in Text
)

// Operand is one side of a comparison.
type Operand struct {
	Kind  OperandKind
	Text  string
	Value Value
	Pos   plugin.Pos
}

// Plugins calls visit for every plugin of a section kind, in the order written, whatever branch
// it stands in. It does not descend into codecs.
func (c *Config) Plugins(kind SectionKind, visit func(*Plugin)) {
	for _, s := range c.Sections {
		if s.Kind == kind {
			eachPlugin(s.Body, visit)
		}
	}
}

func eachPlugin(body []Statement, visit func(*Plugin)) {
	for _, st := range body {
		switch st := st.(type) {
		case *Plugin:
			visit(st)
		case *Branch:
			for _, arm := range st.Arms {
				eachPlugin(arm.Body, visit)
			}
		}
	}
}

// Body returns the statements of all sections of a kind, in file order.
func (c *Config) Body(kind SectionKind) []Statement {
	var body []Statement
	for _, s := range c.Sections {
		if s.Kind == kind {
			body = append(body, s.Body...)
		}
	}
	return body
}

// Config returns the block as package plugin checks it.
func (p *Plugin) Config() *plugin.BlockConfig {
	b := &plugin.BlockConfig{Name: p.Name, Pos: p.Pos, Options: make([]plugin.Pair, len(p.Options))}
	for i, o := range p.Options {
		b.Options[i] = plugin.Pair{Key: o.Name, Value: o.Value.Config(), Pos: o.Pos}
	}
	return b
}

// Config returns the value as package plugin reads it.
func (v Value) Config() plugin.Value {
	out := plugin.Value{Str: v.Text, Pos: v.Pos}
	switch v.Kind {
	case Number:
		out.Kind = plugin.Number
	case List:
		out.Kind = plugin.List
		for _, item := range v.Items {
			out.List = append(out.List, item.Config())
		}
	case Hash:
		out.Kind = plugin.Map
		for _, pair := range v.Pairs {
			out.Pairs = append(out.Pairs, plugin.Pair{Key: pair.Key.Text, Value: pair.Value.Config(), Pos: pair.Key.Pos})
		}
	case Block:
		out.Kind, out.Block = plugin.Block, v.Block.Config()
	}
	return out
}

// Option returns the last option of that name.
func (p *Plugin) Option(name string) (Value, bool) {
	for _, o := range slices.Backward(p.Options) {
		if o.Name == name {
			return o.Value, true
		}
	}
	return Value{}, false
}
