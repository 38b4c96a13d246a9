package processor

import (
	"errors"
	"slices"
	"strconv"

	"elkhorn/internal/content"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/event"
	"elkhorn/internal/plugin"
)

// contentProcessor does the work of package content, which pipelines have as filters of the same names and options.
type contentProcessor struct{ worker content.Worker }

// stepMembers are the members that every processor has.
var stepMembers = []string{"tag", "description", "if", "ignore_failure", "on_failure"}

// newContent makes the constructor of one kind. Options that name files are refused: who may write a pipeline may not read the server's files.
func newContent(kind *content.Kind) func(c *config) (Processor, error) {
	return func(c *config) (Processor, error) {
		block := &plugin.BlockConfig{Name: kind.Name}
		for i, v := range c.members.Items() {
			name := c.members.NameAt(i)
			c.used = append(c.used, name)
			if slices.Contains(stepMembers, name) || v.Kind() == event.Null {
				continue
			}
			if o := slices.IndexFunc(kind.Options, func(o plugin.Option) bool { return o.Name == name }); o >= 0 && kind.Options[o].Kind == plugin.Path || name == "older_paths" {
				return nil, c.fault(name, "names a file, which an ingest pipeline cannot read; give the content itself")
			}
			block.Options = append(block.Options, plugin.Pair{Key: name, Value: settingOf(v)})
		}
		settings, err := plugin.NewSettings(block, kind.Options)
		if err != nil {
			return nil, c.contentFault(err)
		}
		worker, err := kind.New(content.Env{Now: c.compile.env.Now}, settings)
		if err != nil {
			return nil, c.contentFault(err)
		}
		return &contentProcessor{worker}, nil
	}
}

// contentFault puts an option's fault into Elasticsearch's form.
func (c *config) contentFault(err error) error {
	var at *plugin.Error
	if errors.As(err, &at) {
		return c.fault(at.Option, "%s", at.Reason)
	}
	return c.fault("", "%v", err)
}

// settingOf makes a setting of a member: what a configuration would have there.
func settingOf(v value) plugin.Value {
	switch v.Kind() {
	case event.Array:
		list := plugin.Value{Kind: plugin.List}
		for _, item := range v.Items() {
			list.List = append(list.List, settingOf(item))
		}
		return list
	case event.Object:
		m := plugin.Value{Kind: plugin.Map}
		for i, member := range v.Items() {
			m.Pairs = append(m.Pairs, plugin.Pair{Key: v.NameAt(i), Value: settingOf(member)})
		}
		return m
	case event.Int:
		return plugin.Value{Kind: plugin.Number, Str: strconv.FormatInt(v.Int(), 10)}
	case event.Float:
		return plugin.Value{Kind: plugin.Number, Str: v.Text()}
	}
	return plugin.Value{Kind: plugin.Text, Str: v.Text()}
}

// Run does the work on the document's source. What it writes is bounded by what the document holds and by its options.
func (p *contentProcessor) Run(d *Document) error {
	if err := d.spend(valueBytes); err != nil {
		return err
	}
	var failed error
	rec := content.Record{Root: d.source, Time: d.now, SetElsewhere: func(f *content.Field, v event.Value) bool {
		if !isMetadata(f.Name()) {
			return false
		}
		to, err := parsePath(f.Name())
		if err == nil {
			err = d.set(to, v)
		}
		failed = err
		return true
	}}
	result := p.worker.Work(&rec)
	if failed != nil {
		return eserr.IllegalArgument("%v", failed)
	}
	if result == content.Dropped {
		return ErrDropped
	}
	return nil
}

// newRedactKind makes Elasticsearch's processor where field and patterns are given, and the one that knows what to look for otherwise.
func newRedactKind(c *config) (Processor, error) {
	if c.has("field") || c.has("patterns") || c.has("pattern_definitions") {
		return newRedact(c)
	}
	return newContent(&content.Redact)(c)
}
