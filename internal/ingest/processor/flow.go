package processor

import (
	"slices"

	"elkhorn/internal/es/eserr"
	"elkhorn/internal/event"
	"elkhorn/internal/mustache"
)

// dropProcessor ends a document.
type dropProcessor struct{}

func newDrop(*config) (Processor, error) { return dropProcessor{}, nil }

// Run drops the document.
func (dropProcessor) Run(*Document) error { return ErrDropped }

// terminateProcessor ends the pipeline that it stands in.
type terminateProcessor struct{}

func newTerminate(*config) (Processor, error) { return terminateProcessor{}, nil }

// Run passes over the rest of the pipeline.
func (terminateProcessor) Run(d *Document) error {
	d.ended = true
	return nil
}

// failProcessor fails with a message.
type failProcessor struct{ message *mustache.Template }

func newFail(c *config) (Processor, error) {
	return &failProcessor{message: c.templateOf("message", c.str("message"), mustache.JSON)}, c.err
}

// Run fails.
func (p *failProcessor) Run(d *Document) error {
	message, err := d.render(p.message)
	if err != nil {
		return err
	}
	return eserr.New(500, "fail_processor_exception", "%s", message)
}

// pipelineProcessor calls another pipeline.
type pipelineProcessor struct {
	name          *mustache.Template
	ignoreMissing bool
	find          func(name string) *Pipeline
}

func newPipeline(c *config) (Processor, error) {
	return &pipelineProcessor{name: c.templateOf("name", c.str("name"), mustache.JSON), ignoreMissing: c.flag("ignore_missing_pipeline", false), find: c.compile.env.Pipeline}, c.err
}

// Run runs the other pipeline.
func (p *pipelineProcessor) Run(d *Document) error {
	name, err := d.render(p.name)
	if err != nil {
		return err
	}
	called := p.find(name)
	switch {
	case called == nil && p.ignoreMissing:
		return nil
	case called == nil:
		return eserr.New(500, "illegal_state_exception", "Pipeline processor configured for non-existent pipeline [%s]", name)
	}
	return called.Run(d)
}

// foreachProcessor runs a processor for each item of a list, or for each member of an object.
type foreachProcessor struct {
	field         *path
	inner         *step
	ignoreMissing bool
}

func newForeach(c *config) (Processor, error) {
	p := &foreachProcessor{field: c.path("field"), ignoreMissing: c.flag("ignore_missing", false)}
	inner, ok := c.take("processor")
	switch {
	case c.err != nil:
	case !ok:
		c.missing("processor")
	case inner.Kind() != event.Object:
		c.fail("processor", "property isn't a map, but of type [%s]", className(inner))
	case inner.Len() != 1:
		c.fail("processor", "Must specify exactly one processor type")
	default:
		var err error
		p.inner, err = c.compile.step(inner.NameAt(0), inner.At(0))
		return p, err
	}
	return nil, c.err
}

// Run goes through the list. What the inner processor makes of _ingest._value takes the item's place; for an object, what it
// makes of _ingest._key takes the name's.
func (p *foreachProcessor) Run(d *Document) error {
	v, err := d.getMaybe(p.field, p.ignoreMissing)
	switch {
	case err != nil:
		return err
	case v.Kind() == event.Null && p.ignoreMissing:
		return nil
	case v.Kind() == event.Null:
		return eserr.IllegalArgument("field [%s] is null, cannot loop over its elements.", p.field.text)
	case v.Kind() != event.Array && v.Kind() != event.Object:
		return eserr.IllegalArgument("field [%s] of type [%s] cannot be cast to a list or map", p.field.text, className(v))
	}
	watch := d.watch
	d.watch = nil
	defer func() { d.watch = watch }()
	outerValue, hadValue := d.ingest.Member("_value")
	outerKey, hadKey := d.ingest.Member("_key")
	restore := func() {
		putBack(d.ingest, "_value", outerValue, hadValue)
		putBack(d.ingest, "_key", outerKey, hadKey)
	}
	defer restore()
	if err := d.spend(valueBytes * v.Len()); err != nil {
		return err
	}
	result := event.ArrayOf()
	var keys []string
	if v.Kind() == event.Object {
		result = event.NewObject()
		for i := range v.Len() {
			keys = append(keys, v.NameAt(i))
		}
	}
	for i, item := range slices.Clone(v.Items()) { // the inner processor may change the list itself
		d.ingest.SetMember("_value", item)
		if keys != nil {
			d.ingest.SetMember("_key", event.StringOf(keys[i]))
		}
		if err := d.runStep(p.inner); err != nil {
			return err
		}
		item, _ = d.ingest.Member("_value")
		if v.Kind() == event.Array {
			result.Append(item)
			continue
		}
		if key, ok := d.ingest.Member("_key"); ok && key.Kind() == event.String {
			result.SetMember(key.Str(), item)
		}
	}
	restore()
	return d.set(p.field, result)
}

func putBack(object value, name string, v value, had bool) {
	if had {
		object.SetMember(name, v)
	} else {
		object.RemoveMember(name)
	}
}
