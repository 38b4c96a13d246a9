package filter

import (
	"errors"
	"log/slog"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
	"elkhorn/internal/ruby"
)

var rubyFilter = pipeline.FilterSpec{
	Name:    "ruby",
	Summary: "Runs a Ruby program on each event.",
	Options: []plugin.Option{
		{Name: "code", Kind: plugin.String, Required: true, Help: "The program; it reaches the event as event, and new_event_block.call(LogStash::Event.new(…)) or .call(event.clone) makes another event. Package ruby's documentation says which part of Ruby it may use; anything else is an error when the configuration is loaded."},
		{Name: "init", Kind: plugin.String, Help: "A program that runs once, before the first event, to set instance variables (@name) for code. With instance variables, events go through code one at a time."},
		{Name: "tag_on_exception", Kind: plugin.String, Default: "_rubyexception", Help: "Tag for an event whose program raised an error or reached a limit on steps or memory."},
		{Name: "tag_with_exception_message", Kind: plugin.Boolean, Help: "Add the error's text to that tag, after a colon."},
		{Name: "path", Kind: plugin.Path, Unsupported: "script files are; put the program into code"},
		{Name: "script_params", Kind: plugin.Hash, Unsupported: "script files are; put the program into code"},
	},
	New: newRuby,
}

type rubyProgram struct {
	code        *ruby.Program
	tag         string
	withMessage bool
	logger      *slog.Logger
}

func newRuby(env *pipeline.Env, s *plugin.Settings) (pipeline.Filter, error) {
	host, state := newRubyHost(env), ruby.NewState()
	f := &rubyProgram{tag: s.String("tag_on_exception"), withMessage: s.Bool("tag_with_exception_message"), logger: loggerOf(env)}
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
	run := newRubyRun(ev, emit)
	_, _, err := f.code.RunWith(run.event, run.newEvent)
	run.end()
	if err == nil {
		return pipeline.MatchedAlone
	}
	tag := f.tag
	if f.withMessage {
		tag += ": " + err.Error()
	}
	ev.Tag(tag)
	f.logger.Debug("ruby program failed", "error", err)
	return pipeline.Unmatched
}
