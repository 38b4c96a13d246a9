package processor

import (
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/event"
	"elkhorn/internal/painless"
)

// bridge makes values of a document into those of a script, and back. Objects are made into maps when the script looks at
// them; those that it never looked at go back as they were.
type bridge struct {
	readOnly bool
	whole    map[*painless.Map]value // what unread maps stand for
}

// maxScriptDepth bounds how deep a script may nest what it makes; a map that holds itself has no end.
const maxScriptDepth = 500

// context is what scripts see as ctx: the document's members and its metadata.
func (b *bridge) context(d *Document) *painless.Map {
	ctx := painless.NewLazyMap(func(m *painless.Map) {
		for i, v := range d.meta.Items() {
			m.SetText(d.meta.NameAt(i), b.script(v))
		}
		for i, v := range d.source.Items() {
			m.SetText(d.source.NameAt(i), b.script(v))
		}
	})
	if b.readOnly {
		ctx.ReadOnly()
	}
	return ctx
}

// script makes a value for a script.
func (b *bridge) script(v value) painless.Value {
	switch v.Kind() {
	case event.Bool:
		return painless.BoolOf(v.Bool())
	case event.Int:
		return painless.WholeOf(v.Int())
	case event.Float:
		return painless.DoubleOf(v.Float())
	case event.String:
		return painless.StringOf(v.Str())
	case event.Time:
		return painless.DateOf(v.Time())
	case event.Array:
		items := make([]painless.Value, v.Len())
		for i, item := range v.Items() {
			items[i] = b.script(item)
		}
		return painless.ListOf(items...)
	case event.Object:
		m := painless.NewLazyMap(func(m *painless.Map) {
			for i, member := range v.Items() {
				m.SetText(v.NameAt(i), b.script(member))
			}
		})
		if b.readOnly {
			return painless.MapOf(m.ReadOnly())
		}
		if b.whole == nil {
			b.whole = map[*painless.Map]value{}
		}
		b.whole[m] = v
		return painless.MapOf(m)
	}
	return painless.Null
}

// takeOver puts what a script made of ctx into the document.
func (b *bridge) takeOver(d *Document, ctx *painless.Map) error {
	if !ctx.Filled() {
		return nil
	}
	meta, source := event.NewObject(), event.NewObject()
	source.Reserve(ctx.Len())
	for i := range ctx.Len() {
		key, member := ctx.Entry(i)
		v, err := b.document(d, member, 0)
		if err != nil {
			return err
		}
		name := key.String()
		if !isMetadata(name) {
			source.SetMember(name, v)
			continue
		}
		if old, had := d.meta.Member(name); !had || !old.Equal(v) {
			if err := checkMetadata(name, v); err != nil {
				return err
			}
		}
		meta.SetMember(name, v)
	}
	d.meta, d.source = meta, source
	return nil
}

// document makes a value of a script into one of a document.
func (b *bridge) document(d *Document, v painless.Value, depth int) (value, error) {
	if err := d.spend(valueBytes); err != nil {
		return value{}, err
	}
	if depth > maxScriptDepth {
		return value{}, eserr.IllegalArgument("Iterable object is self-referencing itself, or nested more than [%d] deep", maxScriptDepth)
	}
	switch v.Kind() {
	case painless.KindNull:
		return event.NullValue, nil
	case painless.KindBool:
		return event.BoolOf(v.Bool()), nil
	case painless.KindByte, painless.KindShort, painless.KindInt, painless.KindLong:
		return event.IntOf(v.Long()), nil
	case painless.KindFloat, painless.KindDouble:
		return event.FloatOf(v.Double()), nil
	case painless.KindString, painless.KindChar:
		text := v.String()
		return event.StringOf(text), d.spend(len(text))
	case painless.KindDate:
		return event.TimeOf(v.Time()), nil
	case painless.KindList:
		return b.list(d, v.List().Items(), depth)
	case painless.KindMap:
		return b.object(d, v.Map(), depth)
	case painless.KindSet:
		var items []painless.Value
		for i := range v.Map().Len() {
			key, _ := v.Map().Entry(i)
			items = append(items, key)
		}
		return b.list(d, items, depth)
	}
	return value{}, eserr.IllegalArgument("a script left a value in the document that is no part of JSON: [%.200s]", v.String())
}

func (b *bridge) list(d *Document, items []painless.Value, depth int) (value, error) {
	list := event.ArrayOf()
	list.Reserve(len(items))
	for _, item := range items {
		v, err := b.document(d, item, depth+1)
		if err != nil {
			return v, err
		}
		list.Append(v)
	}
	return list, nil
}

func (b *bridge) object(d *Document, m *painless.Map, depth int) (value, error) {
	if whole, ok := b.whole[m]; ok && !m.Filled() {
		return whole, nil
	}
	object := event.NewObject()
	object.Reserve(m.Len())
	for i := range m.Len() {
		key, member := m.Entry(i)
		v, err := b.document(d, member, depth+1)
		if err != nil {
			return v, err
		}
		object.SetMember(key.String(), v)
	}
	return object, nil
}
