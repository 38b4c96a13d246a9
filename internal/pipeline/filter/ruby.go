package filter

import (
	"errors"
	"sync"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
	"elkhorn/internal/ruby"
	"elkhorn/internal/vfs"
)

var rubyFilter = pipeline.FilterSpec{
	Name:    "ruby",
	Summary: "Runs a Ruby program on each event.",
	Options: []plugin.Option{
		{Name: "code", Kind: plugin.String, Help: "The program, in place of path; it reaches the event as event, and new_event_block.call(LogStash::Event.new(…)) or .call(event.clone) makes another event. Package ruby's documentation says which part of Ruby it may use; anything else is an error when the configuration is loaded."},
		{Name: "init", Kind: plugin.String, Help: "A program that runs once, before the first event, to set instance variables (@name) for code. With instance variables, events go through code one at a time."},
		{Name: "tag_on_exception", Kind: plugin.String, Default: "_rubyexception", Help: "Tag for an event whose program raised an error or reached a limit on steps or memory."},
		{Name: "tag_with_exception_message", Kind: plugin.Boolean, Help: "Add the error's text to that tag, after a colon."},
		{Name: "path", Kind: plugin.Path, Help: "File with the methods register(params) and filter(event), which returns the events that go on, others that they call, and tests, which run when the file is loaded."},
		{Name: "script_params", Kind: plugin.Hash, Help: "What register gets."},
	},
	New: newRuby,
}

type rubyProgram struct {
	code   *ruby.Program // or
	script *ruby.Script
	keeps  bool      // values, in instance variables
	runs   sync.Pool // of *rubyRun, for code that does not
	rubyFailure
}

// rubyFailure is what happens to an event whose program failed.
type rubyFailure struct {
	tag         string
	withMessage bool
	failed      failures
}

// maxScriptBytes bounds a file of methods, as package ruby does.
const maxScriptBytes = 1 << 20

func newRuby(env *pipeline.Env, s *plugin.Settings) (pipeline.Filter, error) {
	host, state := newRubyHost(env), ruby.NewState()
	f := &rubyProgram{rubyFailure: rubyFailure{tag: s.String("tag_on_exception"), withMessage: s.Bool("tag_with_exception_message")}}
	f.failed.tellOf("a ruby filter's program fails; its events get a tag", env, s)
	switch {
	case s.Has("path") && (s.Has("code") || s.Has("init")):
		return nil, s.Errorf("path", "cannot stand beside code and init; the file's method register takes the place of init")
	case s.Has("path"):
		return f, f.loadScript(env, s, host)
	case !s.Has("code"):
		return nil, s.Errorf("code", "is required, or path: the program to run")
	case s.Has("script_params"):
		return nil, s.Errorf("script_params", "is for a file named by path")
	}
	if s.Has("init") {
		setUp, err := ruby.Compile(s.String("init"), host, state)
		if err != nil {
			return nil, rubyError(s, "init", err)
		}
		if _, err := setUp.Run(nil); err != nil {
			return nil, s.Errorf("init", "%v", err)
		}
	}
	var err error
	if f.code, err = ruby.Compile(s.String("code"), host, state, "new_event_block"); err != nil {
		return nil, rubyError(s, "code", err)
	}
	f.keeps = f.code.Stateful()
	return f, nil
}

// rubyError moves a program's line and column to their place in the configuration file.
func rubyError(s *plugin.Settings, option string, err error) error {
	var syntax *ruby.SyntaxError
	if !errors.As(err, &syntax) {
		return s.Errorf(option, "%v", err)
	}
	v, _ := s.Value(option)
	at := v.Pos
	if syntax.Pos.Line == 1 {
		at.Column += syntax.Pos.Column // the opening quote is one column
	} else {
		at.Line, at.Column = at.Line+syntax.Pos.Line-1, syntax.Pos.Column
	}
	return &plugin.Error{Pos: at, Plugin: s.Plugin, Option: option, Reason: syntax.Reason}
}

func (f *rubyProgram) Filter(ev *event.Event, emit func(*event.Event)) pipeline.Outcome {
	err := f.run(ev, emit)
	if err == nil {
		return pipeline.MatchedAlone
	}
	f.note(ev, err)
	return pipeline.Unmatched
}

func (f *rubyProgram) run(ev *event.Event, emit func(*event.Event)) error {
	if f.keeps || f.script != nil { // what they keep of a run must not reach the event of another one
		run := newRubyRun(f.keeps)
		run.begin(ev, emit)
		defer run.end()
		if f.script != nil {
			return f.runScript(run, ev, emit)
		}
		return f.code.Do(&run.event, &run.newEvent)
	}
	run, _ := f.runs.Get().(*rubyRun)
	if run == nil {
		run = newRubyRun(false)
	}
	run.begin(ev, emit)
	err := f.code.Do(&run.event, &run.newEvent)
	run.end()
	f.runs.Put(run)
	return err
}

// note tags an event whose program failed.
func (f *rubyFailure) note(ev *event.Event, err error) {
	tag := f.tag
	if f.withMessage {
		tag += ": " + err.Error()
	}
	ev.Tag(tag)
	f.failed.add(err)
}

// runScript lets the events go on that the script's filter returns.
func (f *rubyProgram) runScript(run *rubyRun, ev *event.Event, emit func(*event.Event)) error {
	events, err := f.script.Filter(&run.event)
	if err != nil {
		return err
	}
	goesOn := false
	for _, made := range events {
		made := made.(*rubyEvent)
		switch {
		case made == &run.event:
			goesOn = true
		case made.Event != nil: // not returned twice, nor kept from an event before
			made.Follow(ev)
			emit(made.Event)
			made.Event = nil
		}
	}
	if !goesOn {
		ev.Cancel()
	}
	return nil
}

// loadScript reads and tests the file.
func (f *rubyProgram) loadScript(env *pipeline.Env, s *plugin.Settings, host *ruby.Host) error {
	path := env.ResolvePath(s.String("path"))
	src, err := vfs.ReadFile(env.FS, path, maxScriptBytes)
	if err != nil {
		return s.Errorf("path", "%v", err)
	}
	var syntax *ruby.SyntaxError
	var failed *ruby.TestError
	if f.script, err = ruby.CompileScript(string(src), host); err == nil {
		err = f.script.Test()
	}
	switch {
	case errors.As(err, &syntax):
		return &plugin.Error{Pos: plugin.Pos{File: path, Line: syntax.Pos.Line, Column: syntax.Pos.Column}, Plugin: s.Plugin, Option: "path", Reason: syntax.Reason}
	case errors.As(err, &failed):
		return &plugin.Error{Pos: plugin.Pos{File: path, Line: failed.Pos.Line, Column: failed.Pos.Column}, Plugin: s.Plugin, Option: "path", Reason: failed.Reason}
	case err != nil:
		return s.Errorf("path", "%v", err)
	}
	f.keeps = f.script.Stateful()
	params := ruby.NewHash()
	for _, pair := range s.Pairs("script_params") {
		params.Set(pair.Key, toRuby(configValue(pair.Value)))
	}
	if err := f.script.Register(params); err != nil {
		return s.Errorf("path", "register: %v", err)
	}
	return nil
}
