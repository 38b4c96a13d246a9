package painless

import (
	"runtime"

	"elkhorn/internal/es/eserr"
)

// FieldValues are the values that a field has in the document at hand.
type FieldValues interface {
	// Len is how many there are.
	Len() int
	// At returns one of them.
	At(i int) Value
}

// Doc is where a script's doc finds fields.
type Doc interface {
	// Values returns a field's values, or nil when the mapping has no such field. What it returns is kept and looked at for every document
	// that the Env is used with; it is the host's to make it show the values of the document at hand.
	Values(field string) (FieldValues, error)
}

// Env is what a script runs on. It is for one goroutine, and is used again for the next document: only what
// changed has to be set.
type Env struct {
	// Vars are the values of the context's variables, in the same order.
	Vars []Value
	// Doc finds fields; it must not be changed once a script ran.
	Doc Doc
	// Source returns the document's source for params._source.
	Source func() (Value, error)
	// Emit takes what a runtime field emits.
	Emit func(Value)

	script *Script
	fields []*docField // by the numbers of Script.fields
	named  map[string]*docField
	run    run
	known  knownVector
}

// Limits of a run.
const (
	// maxLoops is Elasticsearch's limit of turns of loops.
	maxLoops = 1_000_000
	// maxWork bounds what methods look at: elements of lists, calls of functions.
	maxWork = 20_000_000
	// maxBytes bounds what a run allocates altogether, freed or not.
	maxBytes = 64 << 20
	// maxCalls bounds how deep functions call each other.
	maxCalls = 500
)

// run is the state of one run.
type run struct {
	env   *Env
	at    int // offset of the construct that runs, for errors
	loops int
	work  int
	bytes int
	calls int
	main  frame
	args  []Value // of the calls that are going on
}

// frame holds a function's variables.
type frame struct {
	r     *run
	slots []Value
	ret   Value
}

// turn counts a turn of a loop.
func (r *run) turn() {
	if r.loops--; r.loops < 0 {
		throw("PainlessError", "The maximum number of statements that can be executed in a loop has been reached.")
	}
}

// spend counts what a method looks at.
func (r *run) spend(n int) {
	if r.work -= n; r.work < 0 {
		throw("PainlessError", "The maximum number of steps that a script may take has been reached.")
	}
}

// alloc counts memory.
func (r *run) alloc(bytes int) {
	if r.bytes -= bytes; r.bytes < 0 || bytes < 0 {
		fail(eserr.CircuitBreaking(int64(maxBytes-r.bytes), maxBytes, "[script] Data too large, a run of the script would allocate more than [%db]", maxBytes))
	}
}

// valueBytes is what an element of a list takes.
const valueBytes = 32

// Script is a compiled script. It is immutable and safe for concurrent use.
type Script struct {
	source, lang string
	context      Context
	statements   []int // offsets
	slots        int
	fields       []string // names of fields that stand in the script as texts
	uses         map[string]bool
	value        func(*frame) Value // the script, when it is one expression
	truth        func(*frame) bool  // the same as a boolean
	body         statement          // the script otherwise
}

// Source returns the text it was compiled from.
func (s *Script) Source() string { return s.source }

// Uses reports whether the script names a variable, such as _score, doc or _source.
func (s *Script) Uses(name string) bool { return s.uses[name] }

// Fields lists the fields that the script names literally in doc and field.
func (s *Script) Fields() []string { return s.fields }

func (s *Script) bind(env *Env) {
	if env.script != s {
		env.script = s
		env.fields = make([]*docField, len(s.fields))
	}
	r := &env.run
	slots := r.main.slots[:0]
	if cap(slots) < s.slots {
		slots = make([]Value, s.slots)
	}
	slots = slots[:s.slots]
	clear(slots)
	*r = run{env: env, loops: maxLoops, work: maxWork, bytes: maxBytes, args: r.args[:0], main: frame{slots: slots}}
	r.main.r = r
}

// Run runs the script and returns its value, of the kind that the context wants.
func (s *Script) Run(env *Env) (v Value, err error) {
	s.bind(env)
	defer s.caught(&env.run, &err)
	fr := &env.run.main
	if s.value != nil {
		return s.value(fr), nil
	}
	s.body(fr)
	return fr.ret, nil
}

// RunBool runs a script whose context wants a boolean.
func (s *Script) RunBool(env *Env) (is bool, err error) {
	if s.truth == nil {
		v, err := s.Run(env)
		return v.Bool(), err
	}
	s.bind(env)
	defer s.caught(&env.run, &err)
	return s.truth(&env.run.main), nil
}

// caught turns an exception that nothing caught into the error of a run.
func (s *Script) caught(r *run, err *error) {
	p := recover()
	if p == nil {
		return
	}
	t := asThrown(r, p)
	if t == nil {
		panic(p)
	}
	*err = s.runtimeError(t)
}

// asThrown returns the exception that a panic is. A fault of this package becomes an error of the run rather than the
// end of the program.
func asThrown(r *run, p any) *thrown {
	t, ok := p.(*thrown)
	if !ok {
		fault, ok := p.(runtime.Error)
		if !ok || panicOnFaults {
			return nil
		}
		t = &thrown{class: classes["InternalError"], text: fault.Error(), off: -1}
	}
	if t.off < 0 {
		t.off = r.at
	}
	return t
}

// panicOnFaults lets faults of this package through; tests set it.
var panicOnFaults = false

// docField is doc['name'].
type docField struct {
	name   string
	values FieldValues // nil when the mapping has no such field
}

// field finds field number n of the script.
func (r *run) field(n int) *docField {
	if f := r.env.fields[n]; f != nil {
		return f
	}
	f := r.find(r.env.script.fields[n])
	r.env.fields[n] = f
	return f
}

// find finds a field by name.
func (r *run) find(name string) *docField {
	env := r.env
	if f := env.named[name]; f != nil {
		return f
	}
	f := &docField{name: name}
	if env.Doc != nil {
		var err error
		if f.values, err = env.Doc.Values(name); err != nil {
			fail(err)
		}
	}
	if env.named == nil {
		env.named = map[string]*docField{}
	}
	env.named[name] = f
	return f
}

// mapped is find with an error for what the mapping lacks.
func (f *docField) mapped() *docField {
	if f.values == nil {
		throw("IllegalArgumentException", "No field found for [%s] in mapping", f.name)
	}
	return f
}

func (f *docField) first() Value {
	if f.values.Len() == 0 {
		throw("IllegalStateException", "A document doesn't have a value for a field! Use doc[<field>].size()==0 to check if a document is missing a field!")
	}
	return f.values.At(0)
}

func valuesList(v Value) *List {
	f := v.ref.(*docField)
	l := &List{items: make([]Value, f.values.Len()), read: true, fixed: true}
	for i := range l.items {
		l.items[i] = f.values.At(i)
	}
	return l
}
