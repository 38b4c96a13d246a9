package processor

import (
	"regexp"
	"strings"

	"elkhorn/internal/event"
	"elkhorn/internal/plugin"
)

var dropFields = Spec{
	Name:    "drop_fields",
	Summary: "Removes fields. @timestamp and type always stay.",
	Options: []plugin.Option{
		{Name: "fields", Kind: plugin.Strings, Required: true, Help: "Fields to remove; /text/ is a regular expression over the names of all fields."},
		{Name: "ignore_missing", Kind: plugin.Boolean, Default: false, Help: "Has no effect on the event: a field that is not there is no failure either way.", Ignored: "a missing field is never a failure"},
	},
	New: newDropFields,
}

type fieldDropper struct {
	paths       []*event.Path
	expressions []*regexp.Regexp
}

func newDropFields(_ *Env, s *plugin.Settings) (Processor, error) {
	d := &fieldDropper{}
	for _, name := range s.Strings("fields") {
		if name == "@timestamp" || name == "type" || name == "" { // a variable may leave a name empty
			continue
		}
		if len(name) > 2 && strings.HasPrefix(name, "/") && strings.HasSuffix(name, "/") {
			re, err := regexp.Compile(name[1 : len(name)-1])
			if err != nil {
				return nil, s.Errorf("fields", "%v", err)
			}
			d.expressions = append(d.expressions, re)
			continue
		}
		p, err := fieldPath(name)
		if err != nil {
			return nil, s.Errorf("fields", "%v", err)
		}
		d.paths = append(d.paths, p)
	}
	return d, nil
}

func (d *fieldDropper) Process(ev *event.Event) bool {
	for _, p := range d.paths {
		ev.Remove(p)
	}
	if len(d.expressions) > 0 {
		d.dropMatching(ev.Fields(), "")
	}
	return true
}

func (d *fieldDropper) dropMatching(object event.Value, prefix string) {
	for i := object.Len() - 1; i >= 0; i-- {
		name := prefix + object.NameAt(i)
		switch {
		case name != "type" && d.matches(name):
			object.RemoveMember(object.NameAt(i))
		case object.At(i).Kind() == event.Object:
			d.dropMatching(object.At(i), name+".")
		}
	}
}

func (d *fieldDropper) matches(name string) bool {
	for _, re := range d.expressions {
		if re.MatchString(name) {
			return true
		}
	}
	return false
}
