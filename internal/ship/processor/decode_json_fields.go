package processor

import (
	"elkhorn/internal/event"
	"elkhorn/internal/plugin"
	"elkhorn/internal/ship/harvest"
)

var decodeJSONFields = Spec{
	Name:    "decode_json_fields",
	Summary: "Replaces fields that hold JSON text by what it says.",
	Options: []plugin.Option{
		{Name: "fields", Kind: plugin.Strings, Required: true, Help: "Fields to decode. One that is no JSON stays as it is."},
		{Name: "process_array", Kind: plugin.Boolean, Help: "Decodes arrays too."},
		{Name: "max_depth", Kind: plugin.Integer, Default: 1, Help: "How many times JSON inside JSON text is decoded."},
		{Name: "target", Kind: plugin.String, Help: "Where the result goes: the field itself when not given, the root when empty, else the field of this name."},
		{Name: "overwrite_keys", Kind: plugin.Boolean, Help: "With target empty: replaces fields of the event, @timestamp too."},
		{Name: "add_error_key", Kind: plugin.Boolean, Help: "Adds error.message when a field is no JSON."},
		{Name: "document_id", Kind: plugin.String, Help: "Field of the result that becomes the document's id."},
		{Name: "expand_keys", Kind: plugin.Boolean, Help: "Makes objects of dotted keys."},
	},
	New: newDecodeJSONFields,
}

type jsonDecoder struct {
	fields    []*event.Path
	arrays    bool
	maxDepth  int
	inPlace   bool
	target    *event.Path // nil for the root
	overwrite bool
	addError  bool
	id        string
	expand    bool
}

func newDecodeJSONFields(_ *Env, s *plugin.Settings) (Processor, error) {
	fields, err := fieldPaths(s, "fields")
	if err != nil {
		return nil, err
	}
	d := &jsonDecoder{
		fields:    fields,
		arrays:    s.Bool("process_array"),
		maxDepth:  int(s.Int("max_depth")),
		inPlace:   !s.Has("target"),
		overwrite: s.Bool("overwrite_keys"),
		addError:  s.Bool("add_error_key"),
		id:        s.String("document_id"),
		expand:    s.Bool("expand_keys"),
	}
	if target := s.String("target"); target != "" {
		if d.target, err = fieldPath(target); err != nil {
			return nil, s.Errorf("target", "%v", err)
		}
	}
	return d, nil
}

func (d *jsonDecoder) Process(ev *event.Event) bool {
	for _, field := range d.fields {
		text, ok := ev.Get(field)
		if !ok || text.Kind() != event.String {
			continue
		}
		v, reason := d.decode(text.Str(), d.maxDepth)
		if reason == "" && d.expand {
			var err error
			if v, err = harvest.ExpandKeys(v); err != nil {
				reason = err.Error()
			}
		}
		if reason != "" {
			if d.addError {
				ev.Set(errorMessagePath, event.StringOf("decode_json_fields: "+field.Leaf()+": "+reason))
			}
			continue
		}
		d.put(ev, field, v)
	}
	return true
}

var documentIDPath = event.MustPath("[@metadata][_id]")

func (d *jsonDecoder) put(ev *event.Event, field *event.Path, v event.Value) {
	if d.id != "" {
		if id, ok := v.Member(d.id); ok && id.Kind() == event.String {
			v.RemoveMember(d.id)
			ev.Set(documentIDPath, id)
		}
	}
	switch {
	case d.inPlace:
		ev.Set(field, v)
	case d.target != nil:
		ev.Set(d.target, v)
	case v.Kind() == event.Object:
		if err := harvest.MergeRoot(ev, v, d.overwrite); err != nil && d.addError {
			ev.Set(errorMessagePath, event.StringOf("decode_json_fields: "+err.Error()))
		}
	}
}

// decode parses text and, while depth lasts, the texts in it. Only objects, and arrays where wanted, count as JSON.
func (d *jsonDecoder) decode(text string, depth int) (_ event.Value, reason string) {
	v, err := event.ParseJSON([]byte(text))
	if err != nil {
		return event.Value{}, err.Error()
	}
	if v.Kind() != event.Object && (v.Kind() != event.Array || !d.arrays) {
		return event.Value{}, "it is of type " + v.Kind().String()
	}
	if depth <= 1 {
		return v, ""
	}
	if v.Kind() == event.Array {
		items := make([]event.Value, v.Len())
		for i, item := range v.Items() {
			items[i] = d.inner(item, depth-1)
		}
		return event.ArrayOf(items...), ""
	}
	for i := range v.Len() {
		v.SetMember(v.NameAt(i), d.inner(v.At(i), depth-1))
	}
	return v, ""
}

func (d *jsonDecoder) inner(v event.Value, depth int) event.Value {
	if v.Kind() != event.String {
		return v
	}
	if decoded, reason := d.decode(v.Str(), depth); reason == "" {
		return decoded
	}
	return v
}
