package ruby

import (
	"fmt"
	"maps"
)

// Script is a file of methods, as Logstash's ruby filter takes them: register(params), which is called once, filter(event),
// which is called for each event and returns the events that go on, others that these call, and tests.
type Script struct {
	host             *Host
	slots            int
	state            *State // nil when no method has instance variables
	register, filter *definition
	constants        []expr // assignments at the top
	setUp            []thunk
	tests            []scriptTest
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

// CompileScript compiles a file. Errors are *SyntaxError.
func CompileScript(src string, host *Host) (*Script, error) {
	if len(src) > maxProgramBytes {
		return nil, syntaxErrorf(Pos{1, 1}, "the program has %d bytes, more than %d", len(src), maxProgramBytes)
	}
	p := newParser(src)
	if len(p.definitions) > maxMethods {
		return nil, syntaxErrorf(Pos{1, 1}, "the script has %d methods, more than %d", len(p.definitions), maxMethods)
	}
	s := &Script{host: host}
	if err := p.script(s); err != nil {
		return nil, err
	}
	maps.DeleteFunc(p.definitions, func(_ string, d *definition) bool { return d == nil }) // words of comments and texts
	c := newCompiler(host, NewState())
	for _, x := range s.constants {
		set, err := c.compile(x)
		if err != nil {
			return nil, err
		}
		s.setUp = append(s.setUp, set)
	}
	if err := c.define(p.definitions); err != nil {
		return nil, err
	}
	if err := s.compileTests(c); err != nil {
		return nil, err
	}
	if err := c.sharedHaveValues(); err != nil {
		return nil, err
	}
	s.slots, s.register, s.filter = p.slots, p.definitions["register"], p.definitions["filter"]
	switch {
	case s.filter == nil:
		return nil, syntaxErrorf(Pos{1, 1}, "there is no method filter(event)")
	case len(s.filter.params) != 1:
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
			_, err = p.definition()
		case p.tok.kind == tokIdent && p.tok.text == "test":
			var t scriptTest
			t, err = p.test()
			s.tests = append(s.tests, t)
		case p.tok.kind == tokIdent && p.tok.text == "require":
			var x expr
			if x, err = p.statement(); err == nil {
				_, err = newCompiler(s.host, NewState()).compile(x)
			}
		case p.tok.kind == tokConst:
			var x expr
			at := p.tok.pos
			if x, err = p.statement(); err == nil {
				if a, ok := x.(*assignExpr); !ok || a.op != "" {
					return syntaxErrorf(at, "a script consists of methods, constants and tests")
				}
				s.constants = append(s.constants, x)
			}
		default:
			return syntaxErrorf(p.tok.pos, "a script consists of methods, constants and tests, found %s", p.tok.describe())
		}
		if err != nil {
			return err
		}
	}
}

// Stateful says that the methods have instance variables, which outlive a run.
func (s *Script) Stateful() bool { return s.state != nil }

func (s *Script) newFrame(ev Event, state map[string]Value) *frame {
	return &frame{vars: make([]Value, s.slots), event: ev, host: s.host, sets: methodSets, state: state}
}

// Register calls register with the parameters of the configuration.
func (s *Script) Register(params *Hash) error {
	if s.register == nil && s.setUp == nil {
		return nil
	}
	state := map[string]Value{}
	if s.state != nil {
		s.state.mu.Lock()
		defer s.state.mu.Unlock()
		state = s.state.mu.vars
	}
	for _, set := range s.setUp {
		if _, err := set(s.newFrame(nil, state)); err != nil {
			return err
		}
	}
	if s.register == nil {
		return nil
	}
	_, err := s.register.call(s.newFrame(nil, state), []Value{params})
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
	v, err := s.filter.call(fr, []Value{fr.event})
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
