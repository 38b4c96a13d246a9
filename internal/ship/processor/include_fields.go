package processor

import (
	"elkhorn/internal/event"
	"elkhorn/internal/plugin"
)

var includeFields = Spec{
	Name:    "include_fields",
	Summary: "Keeps the fields it names, @timestamp and type, and removes all others.",
	Options: []plugin.Option{
		{Name: "fields", Kind: plugin.Strings, Required: true, Help: "Fields to keep."},
	},
	New: func(_ *Env, s *plugin.Settings) (Processor, error) {
		paths, err := fieldPaths(s, "fields")
		return &fieldKeeper{paths: append(paths, event.MustPath("type"))}, err
	},
}

type fieldKeeper struct{ paths []*event.Path }

func (k *fieldKeeper) Process(ev *event.Event) bool {
	kept := make([]event.Value, len(k.paths))
	present := make([]bool, len(k.paths))
	for i, p := range k.paths {
		kept[i], present[i] = ev.Get(p)
	}
	root := ev.Fields()
	for root.Len() > 0 {
		root.RemoveMember(root.NameAt(root.Len() - 1))
	}
	for i, p := range k.paths {
		if present[i] {
			ev.Set(p, kept[i])
		}
	}
	return true
}
