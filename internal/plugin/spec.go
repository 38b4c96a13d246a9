package plugin

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Kind is the type that an option wants.
type Kind uint8

// The option types. Texts are also given by numbers where that is unambiguous, as in the original
// configuration languages.
const (
	String   Kind = iota // text
	Integer              // whole number
	Float                // number
	Boolean              // true or false
	Strings              // array of texts; a single text is an array of one
	Hash                 // ordered pairs of text and value
	Codec                // a codec's name or block
	Password             // text that is never shown
	Path                 // file or folder
	Field                // field reference
	Any                  // the plugin looks at the Value itself
	Millis               // whole number of milliseconds
	Seconds              // number of seconds
	Bytes                // whole number of bytes, or text such as "20mb"
)

var kindNames = [...]string{"string", "integer", "number", "boolean", "array", "hash", "codec", "password",
	"path", "field reference", "any value", "milliseconds", "seconds", "bytes"}

func (k Kind) String() string { return kindNames[k] }

// Option describes one option of a plugin. It is the single source for checking, the reference page
// and the UI's help.
type Option struct {
	Name     string
	Kind     Kind
	Default  any      // what a reader of the documentation sees; the zero value of Kind when nil
	Required bool     //
	Allowed  []string // for String: the only values taken
	// EmptyForNone: a Field that has a Default takes an empty text, for no field. One without a default always does; a Required one never.
	EmptyForNone bool
	Unit         string // of a number, where Kind does not say it
	Help         string // what it does; what too high or too low looks like
	// Deprecated: the option works; the text says what to use instead and becomes a warning.
	Deprecated string
	// Ignored: the option is taken and does nothing; the text says why and becomes a warning.
	Ignored string
	// Unsupported: the original has this option and we do not (yet); the text says so and becomes an error.
	Unsupported string
}

// Spec describes a plugin and makes it. Env is what the host hands to its plugins (logger, file
// system, dialer …).
type Spec[T, Env any] struct {
	Name    string
	Summary string
	Options []Option
	// New makes a plugin from checked settings. It must not do I/O that can block.
	New func(env Env, s *Settings) (T, error)
}

// Table is the plugins of one kind. Build it with NewTable.
type Table[T, Env any] struct {
	Kind    string // "filter", "input" …: used in errors
	common  []Option
	specs   []*Spec[T, Env]
	foreign map[string]string
}

// NewTable makes a table of specs in alphabetical order; it panics when they are out of order or
// twice, so that the tables stay readable. Common options are taken by every plugin of the table.
func NewTable[T, Env any](kind string, common []Option, specs ...*Spec[T, Env]) *Table[T, Env] {
	for i := 1; i < len(specs); i++ {
		if specs[i-1].Name >= specs[i].Name {
			panic(fmt.Sprintf("plugin: %s table: %q stands after %q", kind, specs[i].Name, specs[i-1].Name))
		}
	}
	return &Table[T, Env]{Kind: kind, common: common, specs: specs}
}

// Without names the plugins that the original has and this table does not, each with a sentence about what to use instead. It
// returns the table, and panics when the table has one of them: the sentence would not be true.
func (t *Table[T, Env]) Without(foreign map[string]string) *Table[T, Env] {
	t.foreign = maps.Clone(foreign)
	for _, s := range t.specs {
		if foreign[s.Name] != "" {
			panic(fmt.Sprintf("plugin: %s table: %q is there and among those that are not", t.Kind, s.Name))
		}
	}
	return t
}

// Foreign returns the plugins that are not there, and what to use instead.
func (t *Table[T, Env]) Foreign() map[string]string { return t.foreign }

// Specs lists the plugins in alphabetical order.
func (t *Table[T, Env]) Specs() []*Spec[T, Env] { return t.specs }

// Common lists the options that every plugin of the table takes.
func (t *Table[T, Env]) Common() []Option { return t.common }

// Find returns the plugin of that name, or nil.
func (t *Table[T, Env]) Find(name string) *Spec[T, Env] {
	i, ok := slices.BinarySearchFunc(t.specs, name, func(s *Spec[T, Env], n string) int { return strings.Compare(s.Name, n) })
	if !ok {
		return nil
	}
	return t.specs[i]
}

// Build checks a block against its plugin's options and makes the plugin. Errors are *Error. The
// settings are returned beside it for the common options and for the warnings.
func (t *Table[T, Env]) Build(env Env, block *BlockConfig) (T, *Settings, error) {
	var none T
	spec := t.Find(block.Name)
	if spec == nil {
		return none, nil, t.unknown(block)
	}
	settings, err := newSettings(block, spec.Options, t.common)
	if err != nil {
		return none, nil, err
	}
	made, err := spec.New(env, settings)
	if err != nil {
		return none, nil, settings.wrap(err)
	}
	return made, settings, nil
}

// Check checks a block's options without making the plugin.
func (t *Table[T, Env]) Check(block *BlockConfig) (*Settings, error) {
	spec := t.Find(block.Name)
	if spec == nil {
		return nil, t.unknown(block)
	}
	return newSettings(block, spec.Options, t.common)
}

func (t *Table[T, Env]) unknown(block *BlockConfig) error {
	names := make([]string, len(t.specs))
	for i, s := range t.specs {
		names[i] = s.Name
	}
	reason := fmt.Sprintf("there is no %s plugin of this name; there are %s", t.Kind, strings.Join(names, ", "))
	if instead := t.foreign[block.Name]; instead != "" {
		reason = fmt.Sprintf("the %s plugin %s of Logstash is not here; %s", t.Kind, block.Name, instead)
	} else if near := Nearest(block.Name, names); near != "" {
		reason = fmt.Sprintf("there is no %s plugin of this name; did you mean %q?", t.Kind, near)
	}
	return &Error{Pos: block.Pos, Plugin: block.Name, Reason: reason}
}

// Nearest returns the name closest to got by edit distance, or "" when none is close enough to be a
// likely slip of the keyboard.
func Nearest(got string, names []string) string {
	best, bestDistance := "", 1+len(got)/3
	for _, n := range names {
		if d := editDistance(got, n); d <= bestDistance && (best == "" || d < bestDistance) {
			best, bestDistance = n, d
		}
	}
	return best
}

// editDistance is Levenshtein's, on bytes.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
