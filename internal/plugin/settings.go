package plugin

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Settings are the checked options of one plugin block. Accessors panic when asked for an option the
// Spec does not have: that is a mistake in the plugin, not in the configuration.
type Settings struct {
	Plugin   string
	Pos      Pos
	Warnings []*Error // deprecated and ignored options, in the order written
	options  map[string]*Option
	given    map[string]Value
}

// NewSettings checks a block against options, for plugins that are not in a Table.
func NewSettings(block *BlockConfig, options []Option) (*Settings, error) {
	return newSettings(block, options, nil)
}

func newSettings(block *BlockConfig, own, common []Option) (*Settings, error) {
	s := &Settings{Plugin: block.Name, Pos: block.Pos, options: map[string]*Option{}, given: map[string]Value{}}
	for _, group := range [][]Option{common, own} { // own last: a plugin may redefine a common option
		for i := range group {
			s.options[group[i].Name] = &group[i]
		}
	}
	for _, pair := range block.Options {
		if err := s.take(pair); err != nil {
			return nil, err
		}
	}
	for _, group := range [][]Option{common, own} {
		for i := range group {
			if o := &group[i]; o.Required && !s.Has(o.Name) {
				return nil, &Error{Pos: block.Pos, Plugin: block.Name, Option: o.Name, Reason: "is required: " + o.Help}
			}
		}
	}
	return s, nil
}

func (s *Settings) take(pair Pair) error {
	fault := func(reason string) error {
		return &Error{Pos: pair.Pos, Plugin: s.Plugin, Option: pair.Key, Reason: reason}
	}
	o := s.options[pair.Key]
	if o == nil {
		return fault(s.unknownOption(pair.Key))
	}
	if o.Unsupported != "" {
		return fault("is not supported: " + o.Unsupported)
	}
	for _, note := range []string{o.Ignored, o.Deprecated} {
		if note != "" {
			s.Warnings = append(s.Warnings, &Error{Pos: pair.Pos, Plugin: s.Plugin, Option: pair.Key, Reason: note})
		}
	}
	switch o.Kind {
	case Hash:
		pair.Value = hashOfList(pair.Value)
	case Any, Strings:
	default:
		pair.Value = onlyItem(pair.Value)
	}
	if have, ok := s.given[pair.Key]; ok { // an option given again: arrays and hashes grow, as in Logstash
		merged, err := mergeValues(o, have, pair.Value)
		if err != nil {
			return fault(err.Error())
		}
		pair.Value = merged
	}
	if err := checkKind(o, pair.Value); err != nil {
		return fault(err.Error())
	}
	s.given[pair.Key] = pair.Value
	return nil
}

func (s *Settings) unknownOption(name string) string {
	names := make([]string, 0, len(s.options))
	for n := range s.options {
		names = append(names, n)
	}
	if near := Nearest(name, names); near != "" {
		return fmt.Sprintf("is not an option of this plugin; did you mean %q?", near)
	}
	return "is not an option of this plugin"
}

// mergeValues joins the values of an option that is given again, as Logstash does: hashes entry by entry, the values of
// one key as an array; arrays one behind the other; the same value once. Two different values are an array too, which
// only an option that takes one can have.
func mergeValues(o *Option, a, b Value) (Value, error) {
	switch {
	case a.Kind == Map && b.Kind == Map:
		merged := a
		merged.Pairs = slices.Clone(a.Pairs)
		for _, p := range b.Pairs {
			merged.Pairs = mergePair(merged.Pairs, p)
		}
		return merged, nil
	case a.Kind == Map || b.Kind == Map:
		return Value{}, errors.New("is given twice, once as a hash and once not")
	case sameScalar(a, b):
		return a, nil
	case a.Kind == List || b.Kind == List || o.Kind == Strings:
		return Value{Kind: List, List: append(asList(a), asList(b)...), Pos: a.Pos}, nil
	}
	return Value{}, errors.New("is given twice, with different values")
}

// mergePair adds an entry to the hash of an option that is given again.
func mergePair(pairs []Pair, p Pair) []Pair {
	for i := range pairs {
		have := &pairs[i]
		if have.Key != p.Key {
			continue
		}
		switch {
		case have.Value.Kind == Map && p.Value.Kind == Map:
			inner := slices.Clone(have.Value.Pairs)
			for _, q := range p.Value.Pairs {
				inner = mergePair(inner, q)
			}
			have.Value.Pairs = inner
		case p.Value.Kind != List && slices.ContainsFunc(asList(have.Value), func(v Value) bool { return sameScalar(v, p.Value) }):
		default:
			have.Value = Value{Kind: List, List: append(asList(have.Value), asList(p.Value)...), Pos: have.Value.Pos}
		}
		return pairs
	}
	return append(pairs, p)
}

func sameScalar(a, b Value) bool { return scalar(a) && scalar(b) && a.Str == b.Str }

// hashOfList reads an array of names and values in turn, the form of a hash in old configurations
// (match => ["message", "…"]), as a hash. Any other value stays as it is.
func hashOfList(v Value) Value {
	if v.Kind != List || len(v.List) == 0 || len(v.List)%2 != 0 {
		return v
	}
	hash := Value{Kind: Map, Pos: v.Pos}
	for i := 0; i < len(v.List); i += 2 {
		name := v.List[i]
		if !scalar(name) {
			return v
		}
		hash.Pairs = setPair(hash.Pairs, Pair{Key: name.Str, Value: v.List[i+1], Pos: name.Pos})
	}
	return hash
}

// onlyItem reads an array of one item, where a single value is wanted, as that item: target => ["when"].
func onlyItem(v Value) Value {
	if v.Kind == List && len(v.List) == 1 {
		return v.List[0]
	}
	return v
}

func setPair(pairs []Pair, p Pair) []Pair {
	for i := range pairs {
		if pairs[i].Key == p.Key {
			pairs[i] = p
			return pairs
		}
	}
	return append(pairs, p)
}

func asList(v Value) []Value {
	if v.Kind == List {
		return append([]Value(nil), v.List...)
	}
	return []Value{v}
}

func checkKind(o *Option, v Value) error {
	wrong := func() error { return fmt.Errorf("wants %s, not %s", o.Kind.wanted(), describe(v)) }
	switch o.Kind {
	case Any:
		return nil
	case String, Password, Path, Field:
		if v.Kind != Text && v.Kind != Number {
			return wrong()
		}
		if o.Kind == Field && v.Str == "" && (o.Required || o.Default != nil && !o.EmptyForNone) {
			return errors.New("wants a field reference, not an empty text")
		}
		return checkAllowed(o, v.Str)
	case Integer, Millis:
		if _, err := strconv.ParseInt(v.Str, 10, 64); err != nil || !scalar(v) {
			return wrong()
		}
	case Float, Seconds:
		if _, err := strconv.ParseFloat(v.Str, 64); err != nil || !scalar(v) {
			return wrong()
		}
	case Boolean:
		if _, err := strconv.ParseBool(v.Str); err != nil || !scalar(v) {
			return wrong()
		}
	case Bytes:
		if _, err := ParseBytes(v.Str); err != nil || !scalar(v) {
			return wrong()
		}
	case Strings:
		for _, item := range asList(v) {
			if !scalar(item) {
				return wrong()
			}
		}
	case Hash:
		if v.Kind != Map {
			return wrong()
		}
	case Codec:
		if v.Kind != Text && v.Kind != Block {
			return wrong()
		}
	}
	return nil
}

func scalar(v Value) bool { return v.Kind == Text || v.Kind == Number }

func checkAllowed(o *Option, got string) error {
	if len(o.Allowed) == 0 {
		return nil
	}
	for _, a := range o.Allowed {
		if a == got {
			return nil
		}
	}
	return fmt.Errorf("must be one of %s, not %q", strings.Join(o.Allowed, ", "), got)
}

// wanted names a value of the kind, with its article.
func (k Kind) wanted() string {
	switch name := k.String(); {
	case k == Millis || k == Seconds || k == Bytes:
		return "a number of " + name
	case strings.ContainsRune("aeiou", rune(name[0])):
		return "an " + name
	default:
		return "a " + name
	}
}

func describe(v Value) string {
	switch v.Kind {
	case Text:
		return fmt.Sprintf("the text %q", v.Str)
	case Number:
		return "the number " + v.Str
	case List:
		return "an array"
	case Map:
		return "a hash"
	}
	return "a plugin block"
}

func (s *Settings) option(name string) *Option {
	o := s.options[name]
	if o == nil {
		panic(fmt.Sprintf("plugin: %s has no option %q", s.Plugin, name))
	}
	return o
}

// Has says whether the option is given.
func (s *Settings) Has(name string) bool {
	_, ok := s.given[name]
	return ok
}

// Value returns the option as it was written.
func (s *Settings) Value(name string) (Value, bool) {
	s.option(name)
	v, ok := s.given[name]
	return v, ok
}

// String returns a text option or its default.
func (s *Settings) String(name string) string {
	o := s.option(name)
	if v, ok := s.given[name]; ok {
		return v.Str
	}
	d, _ := o.Default.(string)
	return d
}

// Int returns an Integer or Millis option or its default.
func (s *Settings) Int(name string) int64 {
	o := s.option(name)
	if v, ok := s.given[name]; ok {
		n, _ := strconv.ParseInt(v.Str, 10, 64) // checked when taken
		return n
	}
	switch d := o.Default.(type) {
	case int:
		return int64(d)
	case int64:
		return d
	}
	return 0
}

// Float returns a Float option or its default.
func (s *Settings) Float(name string) float64 {
	o := s.option(name)
	if v, ok := s.given[name]; ok {
		f, _ := strconv.ParseFloat(v.Str, 64) // checked when taken
		return f
	}
	switch d := o.Default.(type) {
	case int:
		return float64(d)
	case float64:
		return d
	}
	return 0
}

// Bool returns a Boolean option or its default.
func (s *Settings) Bool(name string) bool {
	o := s.option(name)
	if v, ok := s.given[name]; ok {
		b, _ := strconv.ParseBool(v.Str) // checked when taken
		return b
	}
	d, _ := o.Default.(bool)
	return d
}

// Duration returns a Millis or Seconds option or its default, which is a number in that unit.
func (s *Settings) Duration(name string) time.Duration {
	unit := time.Millisecond
	if s.option(name).Kind == Seconds {
		unit = time.Second
	}
	return time.Duration(s.Float(name) * float64(unit))
}

// Bytes returns a Bytes option or its default.
func (s *Settings) Bytes(name string) int64 {
	if v, ok := s.given[name]; ok {
		n, _ := ParseBytes(v.Str) // checked when taken
		return n
	}
	return s.Int(name)
}

// Strings returns a Strings option or its default.
func (s *Settings) Strings(name string) []string {
	o := s.option(name)
	v, ok := s.given[name]
	if !ok {
		d, _ := o.Default.([]string)
		return d
	}
	items := asList(v)
	texts := make([]string, len(items))
	for i, item := range items {
		texts[i] = item.Str
	}
	return texts
}

// Pairs returns a Hash option's entries in the order written; nil when it is not given.
func (s *Settings) Pairs(name string) []Pair {
	s.option(name)
	return s.given[name].Pairs
}

// Codec returns a Codec option as a block; nil when neither it nor a default is given.
func (s *Settings) Codec(name string) *BlockConfig {
	o := s.option(name)
	v, ok := s.given[name]
	switch {
	case ok && v.Kind == Block:
		return v.Block
	case ok:
		return &BlockConfig{Name: v.Str, Pos: v.Pos}
	}
	if d, _ := o.Default.(string); d != "" {
		return &BlockConfig{Name: d, Pos: s.Pos}
	}
	return nil
}

// Errorf makes an error about one option, at its place in the file.
func (s *Settings) Errorf(option, format string, args ...any) error {
	at := s.Pos
	if v, ok := s.given[option]; ok {
		at = v.Pos
	}
	return &Error{Pos: at, Plugin: s.Plugin, Option: option, Reason: fmt.Sprintf(format, args...)}
}

// Warn adds a warning about one option.
func (s *Settings) Warn(option, format string, args ...any) {
	var e *Error
	if errors.As(s.Errorf(option, format, args...), &e) {
		s.Warnings = append(s.Warnings, e)
	}
}

// wrap gives an error without a place the block's own.
func (s *Settings) wrap(err error) error {
	var e *Error
	if errors.As(err, &e) {
		return err
	}
	return &Error{Pos: s.Pos, Plugin: s.Plugin, Reason: err.Error()}
}

// ParseBytes reads a size: a plain number of bytes or one with a unit (b, kb, mb, gb, tb, and kib …),
// in any case; units are powers of 1024, as in Elasticsearch and Logstash.
func ParseBytes(text string) (int64, error) {
	t := strings.ToLower(strings.TrimSpace(text))
	digits := len(t) - len(strings.TrimLeft(t, "0123456789.-"))
	unit := strings.TrimSpace(t[digits:])
	shift, ok := map[string]uint{"": 0, "b": 0, "k": 10, "kb": 10, "kib": 10, "m": 20, "mb": 20, "mib": 20,
		"g": 30, "gb": 30, "gib": 30, "t": 40, "tb": 40, "tib": 40, "p": 50, "pb": 50, "pib": 50}[unit]
	n, err := strconv.ParseFloat(t[:digits], 64)
	if err != nil || !ok {
		return 0, fmt.Errorf("%q is not a size such as 512mb", text)
	}
	return int64(n * float64(int64(1)<<shift)), nil
}
