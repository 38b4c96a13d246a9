package ruby

import (
	"maps"
	"sync"
	"time"
)

// Field is a field reference that the host has resolved.
type Field any

// Host is what programs need from their surroundings. Its functions are safe for concurrent use.
type Host struct {
	// Regexp compiles a regular expression; flags are Ruby's letters i, m and x.
	Regexp func(source, flags string) (Regexp, error)
	// Field resolves a field reference such as [a][b].
	Field func(reference string) (Field, error)
	// ParseJSON and PrintJSON read and write JSON. What PrintJSON makes is bounded.
	ParseJSON func(text string) (Value, error)
	PrintJSON func(v Value) (string, error)
	// NewEvent makes an event of a hash.
	NewEvent func(fields *Hash) (Event, error)
	// Now is the clock of Time.now.
	Now func() time.Time
}

// Event is the event that a program works on.
type Event interface {
	Get(f Field) Value
	Set(f Field, v Value) error
	Remove(f Field) Value
	Includes(f Field) bool
	Tag(tag string)
	Cancel()
	Cancelled() bool
	// Append adds another event's fields, those that both have as a merge of the two; Overwrite takes the other's fields and
	// time in place of its own.
	Append(other Event) error
	Overwrite(other Event) error
	// Copy makes an event with the same fields.
	Copy() Event
	ToHash(metadata bool) Value
	// Expand puts field values in place of %{references}.
	Expand(text string) (string, error)
}

// Program is a compiled program.
type Program struct {
	body  thunk
	slots int
	host  *Host
	// state holds the instance variables; nil when the program has none and so can run concurrently.
	state  *State
	frames sync.Pool // of *frame, for runs that nothing outlives
}

// State is the instance variables that an init program and a program share.
type State struct {
	given map[string]bool // the shared variables that the programs compiled so far set, see shared.go
	mu    struct {
		sync.Mutex // held for a whole run
		vars       map[string]Value
	}
}

// NewState makes an empty state.
func NewState() *State {
	s := &State{given: map[string]bool{}}
	s.mu.vars = map[string]Value{}
	return s
}

// Compile compiles a program. state is shared by the programs of one filter; it must not be nil. vars are variables that
// have a value from the beginning, see [Program.RunWith]. Errors are *SyntaxError.
func Compile(src string, host *Host, state *State, vars ...string) (*Program, error) {
	if len(src) > maxProgramBytes {
		return nil, syntaxErrorf(Pos{1, 1}, "the program has %d bytes, more than %d", len(src), maxProgramBytes)
	}
	prog, _, err := compileProgram(src, host, state, vars)
	return prog, err
}

func compileProgram(src string, host *Host, state *State, vars []string) (*Program, *compiler, error) {
	p := newParser(src)
	for _, name := range vars {
		p.declareHere(name)
	}
	tree, err := p.parse()
	if err != nil {
		return nil, nil, err
	}
	maps.DeleteFunc(p.definitions, func(_ string, d *definition) bool { return d == nil }) // words of comments and texts
	c := newCompiler(host, state)
	if err := c.define(p.definitions); err != nil {
		return nil, nil, err
	}
	body, err := c.compile(tree)
	if err != nil {
		return nil, nil, err
	}
	if err := c.sharedHaveValues(); err != nil {
		return nil, nil, err
	}
	prog := &Program{body: body, slots: p.slots, host: host}
	if c.usesState {
		prog.state = state
	}
	return prog, c, nil
}

// Stateful says that the program has instance variables, which outlive a run.
func (p *Program) Stateful() bool { return p.state != nil }

// Run runs the program on one event and returns the value of its last expression. ev may be nil for a
// program that is run once at the start. Errors are *Error for what the program raised.
func (p *Program) Run(ev Event) (Value, error) {
	v, _, err := p.RunWith(ev)
	return v, err
}

// RunWith is [Program.Run] with the values of the variables that were given to [Compile], in their order. took is the
// memory that the run took, of which its values may hold some: at most what they have grown by.
func (p *Program) RunWith(ev Event, values ...Value) (v Value, took int, err error) {
	fr := &frame{vars: make([]Value, p.slots)}
	v, err = p.run(fr, ev, values)
	return v, fr.bytes, err
}

// Do is [Program.RunWith] for those who want no value. Where nothing of a run outlives it, its memory serves the next one.
func (p *Program) Do(ev Event, values ...Value) error {
	if p.state != nil {
		_, _, err := p.RunWith(ev, values...)
		return err
	}
	fr, _ := p.frames.Get().(*frame)
	if fr == nil {
		fr = &frame{vars: make([]Value, p.slots), room: newRoom()}
	}
	_, err := p.run(fr, ev, values)
	clear(fr.vars)
	fr.room.clear()
	*fr = frame{vars: fr.vars, room: fr.room}
	p.frames.Put(fr)
	return err
}

func (p *Program) run(fr *frame, ev Event, values []Value) (Value, error) {
	fr.event, fr.host, fr.sets = ev, p.host, methodSets
	if p.state != nil {
		p.state.mu.Lock()
		defer p.state.mu.Unlock()
		fr.state = p.state.mu.vars
	}
	copy(fr.vars, values)
	v, err := p.body(fr)
	if j, ok := err.(*jump); ok {
		return j.value, nil // return
	}
	return v, err
}

// frame is the state of one run. Blocks share it; methods and lambdas, which can call themselves, put back what their slots held.
type frame struct {
	vars  []Value
	room  room
	state map[string]Value
	event Event
	host  *Host
	sets  map[string]*methodSet // for methods that call others by name, as reduce(:+) does
	match *matchData            // $~
	steps int
	depth int // of comparisons of nested arrays
	bytes int
	calls int // methods and lambdas that are running
}

// thunk is a compiled expression.
type thunk func(fr *frame) (Value, error)

// jump is return, next or break on its way to where it ends.
type jump struct {
	kind  jumpKind
	value Value
}

func (*jump) Error() string { return "a jump left its construct" }

// closure is a block together with its run.
type closure struct {
	fr     *frame
	block  *compiledBlock
	native func(args ...Value) (Value, error) // instead of block: a function of this package
}

type compiledBlock struct {
	params []int
	locals []int
	body   thunk
	send   *methodSet // of &:name
	lambda thunk      // of &f
	pos    Pos
}

// call runs the block. One array given to several parameters is spread over them, as in Ruby.
func (b *closure) call(args ...Value) (Value, error) {
	fr, blk := b.fr, b.block
	if err := fr.step(); err != nil {
		return nil, err
	}
	if b.native != nil {
		return b.native(args...)
	}
	if blk.send != nil {
		if len(args) == 0 {
			return nil, argumentErrorf("no receiver given")
		}
		return blk.send.dispatch(fr.newCall(args[0], args[1:]), blk.pos)
	}
	for _, slot := range blk.locals {
		fr.vars[slot] = nil
	}
	if len(blk.params) > 1 && len(args) == 1 {
		if a, ok := args[0].(*Array); ok {
			args = a.Items
		}
	}
	for i, slot := range blk.params {
		if i < len(args) {
			fr.vars[slot] = args[i]
		} else {
			fr.vars[slot] = nil
		}
	}
	v, err := blk.body(fr)
	if j, ok := err.(*jump); ok && j.kind == jumpNext {
		return j.value, nil
	}
	return v, err
}

// test runs the block for its truth.
func (b *closure) test(args ...Value) (bool, error) {
	v, err := b.call(args...)
	return truthy(v), err
}
