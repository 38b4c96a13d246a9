package processor

import (
	"fmt"

	"elkhorn/internal/event"
	"elkhorn/internal/plugin"
)

var copyFields = Spec{
	Name:    "copy_fields",
	Summary: "Copies fields to other names.",
	Options: []plugin.Option{
		{Name: "fields", Kind: plugin.Any, Required: true, Help: "List of from and to."},
		{Name: "ignore_missing", Kind: plugin.Boolean, Help: "A field that is not there is no failure."},
		{Name: "fail_on_error", Kind: plugin.Boolean, Default: true, Help: "After a failure the event goes on unchanged, with error.message; false makes the copies that can be."},
	},
	New: func(_ *Env, s *plugin.Settings) (Processor, error) {
		fields, err := fromTo(s)
		return &fieldCopier{fields: fields, ignoreMissing: s.Bool("ignore_missing"), failOnError: s.Bool("fail_on_error")}, err
	},
}

type fieldCopier struct {
	fields        []renamed
	ignoreMissing bool
	failOnError   bool
}

func (c *fieldCopier) Process(ev *event.Event) bool {
	for i, f := range c.fields {
		reason := c.copy(ev, f)
		if reason == "" || !c.failOnError {
			continue
		}
		for _, done := range c.fields[:i] { // take back
			ev.Remove(done.to)
		}
		ev.Set(errorMessagePath, event.StringOf("copy_fields: "+reason))
		break
	}
	return true
}

func (c *fieldCopier) copy(ev *event.Event, f renamed) (reason string) {
	if _, taken := ev.Get(f.to); taken {
		return fmt.Sprintf("target field %s exists already, drop or rename it first", f.to)
	}
	v, ok := ev.Get(f.from)
	if ok {
		ev.Set(f.to, v.Clone())
	} else if !c.ignoreMissing {
		return fmt.Sprintf("field %s is not there", f.from)
	}
	return ""
}
