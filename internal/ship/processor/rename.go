package processor

import (
	"fmt"

	"elkhorn/internal/event"
	"elkhorn/internal/plugin"
)

var rename = Spec{
	Name:    "rename",
	Summary: "Gives fields new names.",
	Options: []plugin.Option{
		{Name: "fields", Kind: plugin.Any, Required: true, Help: "List of from and to."},
		{Name: "ignore_missing", Kind: plugin.Boolean, Help: "A field that is not there is no failure."},
		{Name: "fail_on_error", Kind: plugin.Boolean, Default: true, Help: "After a failure the event goes on unchanged, with error.message; false keeps the names that could be given."},
	},
	New: newRename,
}

type renamer struct {
	fields        []renamed
	ignoreMissing bool
	failOnError   bool
}

type renamed struct {
	from, to *event.Path
}

func newRename(_ *Env, s *plugin.Settings) (Processor, error) {
	fields, err := fromTo(s)
	return &renamer{fields: fields, ignoreMissing: s.Bool("ignore_missing"), failOnError: s.Bool("fail_on_error")}, err
}

// fromTo reads the option fields, a list of from and to.
func fromTo(s *plugin.Settings) ([]renamed, error) {
	list, _ := s.Value("fields")
	if list.Kind != plugin.List {
		return nil, s.Errorf("fields", "wants a list of from and to")
	}
	var fields []renamed
	for _, item := range list.List {
		var one renamed
		for _, pair := range item.Pairs {
			p, err := fieldPath(pair.Value.Str)
			if err != nil {
				return nil, s.Errorf("fields", "%v", err)
			}
			switch pair.Key {
			case "from":
				one.from = p
			case "to":
				one.to = p
			default:
				return nil, s.Errorf("fields", "%q is not from or to", pair.Key)
			}
		}
		if one.from == nil || one.to == nil {
			return nil, s.Errorf("fields", "wants from and to in each item")
		}
		fields = append(fields, one)
	}
	return fields, nil
}

func (r *renamer) Process(ev *event.Event) bool {
	for i, f := range r.fields {
		reason := r.rename(ev, f)
		if reason == "" || !r.failOnError {
			continue
		}
		for _, done := range r.fields[:i] { // take back
			if v, ok := ev.Remove(done.to); ok {
				ev.Set(done.from, v)
			}
		}
		ev.Set(errorMessagePath, event.StringOf("rename: "+reason))
		break
	}
	return true
}

var errorMessagePath = event.MustPath("[error][message]")

func (r *renamer) rename(ev *event.Event, f renamed) (reason string) {
	if _, taken := ev.Get(f.to); taken {
		return fmt.Sprintf("target field %s exists already, drop or rename it first", f.to)
	}
	v, ok := ev.Remove(f.from)
	if !ok {
		if r.ignoreMissing {
			return ""
		}
		return fmt.Sprintf("field %s is not there", f.from)
	}
	ev.Set(f.to, v)
	return ""
}
