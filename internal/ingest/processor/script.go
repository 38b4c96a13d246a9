package processor

import (
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/event"
	"elkhorn/internal/painless"
)

// script is a compiled script with its parameters.
type script struct {
	program *painless.Script
	params  value
	// find is the source of a stored script, which may change while the pipeline stays; nil for others.
	find    func() (source string, err error)
	context painless.Context
}

// compiled is the program as it is now.
func (s *script) compiled() (*painless.Script, error) {
	if s.find == nil {
		return s.program, nil
	}
	source, err := s.find()
	if err != nil {
		return nil, err
	}
	return painless.CompileCached(source, s.context)
}

// readScript compiles a script: a text, or an object of source or id, lang and params.
func (c *config) readScript(context painless.Context) *script {
	source, id := c.strOr("source", ""), c.strOr("id", "")
	if inline := c.strOr("inline", ""); inline != "" {
		source = inline
	}
	lang := c.strOr("lang", painless.Lang)
	params := c.object("params")
	if params.Kind() != event.Object {
		params = event.NewObject()
	}
	c.take("options")
	switch {
	case c.err != nil:
		return nil
	case source != "" && id != "":
		c.fail("", "Only one of [source] or [id] may be configured")
	case source == "" && id == "":
		c.fail("", "must specify either [source] for an inline script or [id] for a stored script")
	case lang != painless.Lang:
		c.failWith("lang", eserr.IllegalArgument("script_lang not supported [%s]", lang))
	}
	if c.err != nil {
		return nil
	}
	s := &script{params: params, context: context}
	if id != "" {
		find := c.compile.env.StoredScript
		s.find = func() (string, error) { return find(id) }
		if _, err := s.compiled(); err != nil { // only to refuse what would never run
			c.failWith("id", err)
		}
		return s
	}
	program, err := painless.Compile(source, context)
	if err != nil {
		c.failWith("source", err)
		return nil
	}
	s.program = program
	return s
}

// condition is the if of a processor.
type condition struct {
	source string
	script *script
}

// condition compiles the if of a processor, nil when there is none.
func (c *config) condition() *condition {
	v, given := c.take("if")
	if !given || c.err != nil {
		return nil
	}
	inner := &config{kind: "conditional", tag: c.tag, hasTag: c.hasTag, members: v, compile: c.compile}
	switch v.Kind() {
	case event.Object:
	case event.String:
		inner.members = event.NewObject()
		inner.members.SetMember("source", v)
	default:
		c.err = inner.fault("script", "property isn't a map or string, but of type [%s]", className(v))
		return nil
	}
	s := inner.readScript(painless.IngestCondition)
	if inner.err != nil {
		c.err = inner.err
		return nil
	}
	program, err := s.compiled()
	if err != nil {
		c.err = err
		return nil
	}
	return &condition{source: program.Source(), script: s}
}

// holds evaluates the condition. The script sees the document and cannot change it.
func (x *condition) holds(d *Document) (bool, error) {
	program, err := x.script.compiled()
	if err != nil {
		return false, err
	}
	b := bridge{readOnly: true}
	return program.RunBool(&painless.Env{Vars: []painless.Value{b.script(x.script.params), painless.MapOf(b.context(d))}})
}

// scriptProcessor changes a document by a script.
type scriptProcessor struct{ script *script }

func newScript(c *config) (Processor, error) {
	return &scriptProcessor{script: c.readScript(painless.Ingest)}, c.err
}

// Run runs the script and takes over what it made of ctx.
func (p *scriptProcessor) Run(d *Document) error {
	program, err := p.script.compiled()
	if err != nil {
		return err
	}
	b := bridge{}
	ctx := b.context(d)
	if _, err := program.Run(&painless.Env{Vars: []painless.Value{b.script(p.script.params), painless.MapOf(ctx)}}); err != nil {
		return err
	}
	return b.takeOver(d, ctx)
}
