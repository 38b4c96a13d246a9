package ruby

import (
	"fmt"
	"maps"
	"regexp"
)

// Script is a file of methods, as Logstash's ruby filter takes them: register(params), which is called once, filter(event),
// which is called for each event and returns the events that go on, others that these call, and tests.
type Script struct {
	host             *Host
	slots            int
	state            *State // nil when no method has instance variables
	register, filter *function
	tests            []scriptTest
}

// function is a method of a script. Its variables have slots of their own: no method calls itself, be it by way of others.
type function struct {
	name          string
	pos           Pos
	params        []int // slots
	eventParam    bool  // the parameter is the event at hand
	first, last   int   // slots of all variables
	source        expr
	body          thunk
	compiling     bool
	compileFailed error
}

// scriptTest is a test of the file: parameters for register, an event, and what is expected of the result.
type scriptTest struct {
	name              string
	pos               Pos
	params, event     *blockExpr
	expects           []expectation
	compiled          [2]*compiledBlock // of params and event; nil for none
	compiledExpecting []*compiledBlock
}

type expectation struct {
	text  string
	pos   Pos
	block *blockExpr
}

// definition finds the names of methods before the file is parsed: they may be called above their definition.
var definition = regexp.MustCompile(`(?m)^[ \t]*def[ \t]+([a-z_][a-zA-Z0-9_]*[?!]?)`)

// CompileScript compiles a file. Errors are *SyntaxError.
func CompileScript(src string, host *Host) (*Script, error) {
	if len(src) > maxProgramBytes {
		return nil, syntaxErrorf(Pos{1, 1}, "the program has %d bytes, more than %d", len(src), maxProgramBytes)
	}
	p := newParser(src)
	p.defs = map[string]*function{}
	var names []string // in the order of the file
	for _, m := range definition.FindAllStringSubmatch(src, -1) {
		names = append(names, m[1])
		p.defs[m[1]] = &function{name: m[1]}
	}
	if len(names) > maxMethods {
		return nil, syntaxErrorf(Pos{1, 1}, "the script has %d methods, more than %d", len(names), maxMethods)
	}
	s := &Script{host: host}
	if err := p.script(s); err != nil {
		return nil, err
	}
	c := &compiler{host: host, defs: p.defs}
	maps.DeleteFunc(p.defs, func(_ string, f *function) bool { return f.source == nil }) // in a comment or a text
	for _, name := range names {
		if f := p.defs[name]; f != nil {
			if err := c.define(f); err != nil {
				return nil, err
			}
		}
	}
	if err := s.compileTests(c); err != nil {
		return nil, err
	}
	s.slots, s.register, s.filter = p.slots, p.defs["register"], p.defs["filter"]
	switch {
	case s.filter == nil:
		return nil, syntaxErrorf(Pos{1, 1}, "there is no method filter(event)")
	case s.filter.eventParam && len(s.filter.params) != 0 || !s.filter.eventParam && len(s.filter.params) != 1:
		return nil, syntaxErrorf(s.filter.pos, "filter takes one parameter, the event")
	case s.register != nil && len(s.register.params) != 1:
		return nil, syntaxErrorf(s.register.pos, "register takes one parameter, script_params")
	}
	if c.usesState {
		s.state = NewState()
	}
	return s, nil
}

// script parses a whole file.
func (p *parser) script(s *Script) error {
	if err := p.advance(); err != nil {
		return err
	}
	for {
		if err := p.skipNewlines(); err != nil {
			return err
		}
		var err error
		switch {
		case p.tok.kind == tokEOF:
			return nil
		case p.isKeyword("def"):
			err = p.definition()
		case p.tok.kind == tokIdent && p.tok.text == "test":
			var t scriptTest
			t, err = p.test()
			s.tests = append(s.tests, t)
		case p.tok.kind == tokIdent && p.tok.text == "require":
			var x expr
			if x, err = p.statement(); err == nil {
				_, err = (&compiler{}).compile(x)
			}
		default:
			return syntaxErrorf(p.tok.pos, "a script consists of methods and tests, found %s", p.tok.describe())
		}
		if err != nil {
			return err
		}
	}
}

// definition reads def name(parameters) … end.
func (p *parser) definition() error {
	at := p.tok.pos
	if err := p.advance(); err != nil {
		return err
	}
	f := p.defs[p.tok.text]
	if p.tok.kind != tokIdent || f == nil {
		return p.unexpected("a method's name")
	}
	if f.source != nil {
		return syntaxErrorf(at, "the method %s is defined twice", f.name)
	}
	f.pos, f.first = at, p.slots
	outer := p.scope
	p.scope = &scope{names: map[string]int{}}
	defer func() { p.scope = outer }()
	if err := p.advance(); err != nil {
		return err
	}
	if err := p.parameters(f); err != nil {
		return err
	}
	body, err := p.bodyWithRescue()
	if err != nil {
		return err
	}
	f.source, f.last = body, p.slots
	return p.expectKeyword("end", "def", at)
}

// parameters reads plain names, in parentheses or not. The event of filter(event) is the one at hand, no variable.
func (p *parser) parameters(f *function) error {
	enclosed, err := p.acceptOp("(")
	if err != nil {
		return err
	}
	for p.tok.kind == tokIdent {
		if name := p.tok.text; name == "event" && f.name == "filter" {
			f.eventParam = true
		} else {
			f.params = append(f.params, p.declareHere(name))
		}
		if err := p.advance(); err != nil {
			return err
		}
		more, err := p.acceptOp(",")
		if err != nil {
			return err
		}
		if !more {
			break
		}
	}
	if enclosed {
		return p.expectOp(")")
	}
	if p.tok.kind != tokNewline {
		return syntaxErrorf(p.tok.pos, "a method's parameters are plain names, found %s", p.tok.describe())
	}
	return nil
}

// define compiles a method, before those that call it.
func (c *compiler) define(f *function) error {
	if f.body != nil || f.compileFailed != nil {
		return f.compileFailed
	}
	if f.compiling {
		return syntaxErrorf(f.pos, "the method %s calls itself, which is not supported; use a loop", f.name)
	}
	f.compiling = true
	f.body, f.compileFailed = c.compile(f.source)
	f.compiling = false
	return f.compileFailed
}

// callDefined compiles the call of a method of the script.
func (c *compiler) callDefined(x *callExpr, f *function) (thunk, error) {
	if err := c.define(f); err != nil {
		return nil, err
	}
	if x.block != nil || hasSplat(x.args) || len(x.args) != len(f.params) {
		return nil, syntaxErrorf(x.pos, "%s takes %d plain arguments", f.name, len(f.params))
	}
	args, err := c.list(x.args)
	return func(fr *frame) (Value, error) {
		values, err := args(fr)
		if err != nil {
			return nil, err
		}
		if err := fr.step(); err != nil {
			return nil, err
		}
		return f.call(fr, values...)
	}, err
}

// call runs the method.
func (f *function) call(fr *frame, args ...Value) (Value, error) {
	for slot := f.first; slot < f.last; slot++ {
		fr.vars[slot] = nil
	}
	for i, slot := range f.params {
		fr.vars[slot] = args[i]
	}
	v, err := f.body(fr)
	if j, ok := err.(*jump); ok {
		return j.value, nil // return
	}
	return v, err
}

func (s *Script) newFrame(ev Event, state map[string]Value) *frame {
	return &frame{vars: make([]Value, s.slots), event: ev, host: s.host, sets: methodSets, state: state}
}

// Register calls register with the parameters of the configuration.
func (s *Script) Register(params *Hash) error {
	if s.register == nil {
		return nil
	}
	state := map[string]Value{}
	if s.state != nil {
		s.state.mu.Lock()
		defer s.state.mu.Unlock()
		state = s.state.mu.vars
	}
	_, err := s.register.call(s.newFrame(nil, state), params)
	return err
}

// Filter calls filter and returns the events that it returns. Errors are *Error for what it raised.
func (s *Script) Filter(ev Event) ([]Event, error) {
	fr := s.newFrame(ev, nil)
	if s.state != nil {
		s.state.mu.Lock()
		defer s.state.mu.Unlock()
		fr.state = s.state.mu.vars
	}
	return s.run(fr)
}

func (s *Script) run(fr *frame) ([]Event, error) {
	var args []Value
	if !s.filter.eventParam {
		args = []Value{fr.event}
	}
	v, err := s.filter.call(fr, args...)
	if err != nil {
		return nil, err
	}
	list, ok := v.(*Array)
	if !ok {
		return nil, typeErrorf("filter returned %s, not an array of events", describeReceiver(v))
	}
	events := make([]Event, len(list.Items))
	for i, item := range list.Items {
		if events[i], ok = item.(Event); !ok {
			return nil, typeErrorf("filter returned an array with %s, which is no event", describeReceiver(item))
		}
	}
	return events, nil
}

// TestError is a test of a script that failed.
type TestError struct {
	Pos    Pos
	Reason string
}

func (e *TestError) Error() string { return fmt.Sprintf("line %d: %s", e.Pos.Line, e.Reason) }
