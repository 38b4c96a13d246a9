package plugin

import "fmt"

// Pos is a place in a configuration file. Line and Column count from 1; a zero Line is "unknown".
type Pos struct {
	File   string
	Line   int
	Column int
}

func (p Pos) String() string {
	if p.Line == 0 {
		return p.File
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
}

// Error is a fault in a configuration: where it is, which option, and what to do about it.
type Error struct {
	Pos    Pos
	Plugin string
	Option string
	Reason string
}

func (e *Error) Error() string {
	s := e.Reason
	if e.Option != "" {
		s = fmt.Sprintf("option %q: %s", e.Option, s)
	}
	if e.Plugin != "" {
		s = e.Plugin + ": " + s
	}
	if at := e.Pos.String(); at != "" {
		s = at + ": " + s
	}
	return s
}

// ValueKind is the form in which a value was written.
type ValueKind uint8

// The forms of a Value.
const (
	Text   ValueKind = iota // a bare word, a quoted text or a boolean, in Str
	Number                  // a number, its literal in Str
	List                    // an array, in List
	Map                     // a hash, in Pairs, in the order written
	Block                   // a nested plugin such as a codec, in Block
)

// Value is an option's value as it was written, after environment substitution.
type Value struct {
	Kind  ValueKind
	Str   string
	List  []Value
	Pairs []Pair
	Block *BlockConfig
	Pos   Pos
}

// Pair is one entry of a hash. Keys are unique.
type Pair struct {
	Key   string
	Value Value
	Pos   Pos
}

// BlockConfig is one plugin's block: its name and the options in the order written.
type BlockConfig struct {
	Name    string
	Options []Pair
	Pos     Pos
}
