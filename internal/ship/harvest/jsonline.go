package harvest

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"elkhorn/internal/event"
)

// jsonOptions say how lines of JSON become fields.
type jsonOptions struct {
	underRoot    bool // fields go to the root; otherwise below target
	target       *event.Path
	overwrite    bool
	addError     bool
	ignoreErrors bool
	messageKey   string // field that is the message, for multi-line and line filters; empty for none
	documentID   string // field whose text becomes the document's id; empty for none
	expandKeys   bool   // a.b becomes an object a with b
}

const documentIDMember = "_id"

// decode replaces a message's text by the fields in it. A line that is not a JSON object keeps its text.
func (o *jsonOptions) decode(m *message) {
	if len(m.text) == 0 {
		return
	}
	fields, err := event.ParseJSON(m.text)
	if err == nil && fields.Kind() != event.Object {
		err = fmt.Errorf("it is of type %s, not an object", fields.Kind())
	}
	if err != nil {
		m.fields = o.failure("Error decoding JSON: " + err.Error())
		return
	}
	if o.expandKeys {
		if fields, err = ExpandKeys(fields); err != nil {
			m.fields = o.failure("Error decoding JSON: " + err.Error())
			return
		}
	}
	m.fields = fields
	if o.messageKey == "" {
		m.text = nil
		return
	}
	text, err := messageOf(fields, o.messageKey)
	if err != nil {
		m.text = nil
		o.addFailure(m, err)
		return
	}
	m.text = []byte(text)
}

func messageOf(fields event.Value, key string) (string, error) {
	v, ok := fields.Member(key)
	if !ok {
		return "", fmt.Errorf("key %q not found", key)
	}
	if v.Kind() != event.String {
		return "", fmt.Errorf("value of key %q is not a string", key)
	}
	return v.Str(), nil
}

func (o *jsonOptions) failure(reason string) event.Value {
	if !o.addError || o.ignoreErrors {
		return event.NullValue
	}
	object := event.NewObject()
	object.SetMember("error", jsonError(reason))
	return object
}

func (o *jsonOptions) addFailure(m *message, err error) {
	if o.addError && !o.ignoreErrors {
		m.fields.SetMember("error", jsonError(err.Error()))
	}
}

func jsonError(reason string) event.Value {
	e := event.NewObject()
	e.SetMember("message", event.StringOf(reason))
	e.SetMember("type", event.StringOf("json"))
	return e
}

// apply puts the fields of a JSON line into an event.
func (o *jsonOptions) apply(ev *event.Event, m *message) {
	if m.fields.Kind() != event.Object {
		return
	}
	if o.messageKey != "" && len(m.text) > 0 {
		// Multi-line may have joined more to it.
		if _, ok := m.fields.Member(o.messageKey); ok {
			m.fields.SetMember(o.messageKey, event.StringOf(string(m.text)))
			ev.Fields().RemoveMember("message")
		}
	}
	if o.documentID != "" {
		if id, ok := m.fields.Member(o.documentID); ok && id.Kind() == event.String {
			m.fields.RemoveMember(o.documentID)
			ev.Set(documentIDPath, id)
		}
	}
	if o.underRoot {
		if err := MergeRoot(ev, m.fields, o.overwrite); err != nil && o.addError && !o.ignoreErrors {
			ev.Fields().SetMember("error", jsonError(err.Error()))
		}
		return
	}
	ev.Set(o.target, m.fields)
}

var documentIDPath = event.MustPath("[@metadata][" + documentIDMember + "]")

var (
	errBadTimestamp = errors.New("@timestamp not overwritten (parse error)")
	errBadType      = errors.New("type not overwritten (not string, empty or beginning with _)")
)

// MergeRoot puts an object's members at the root of an event as Filebeat's JSON decoding does: @timestamp sets the event's
// time, @metadata is merged, and type must be a plain text. Without overwrite, members that are there stay, @timestamp too.
func MergeRoot(ev *event.Event, object event.Value, overwrite bool) error {
	var failure error
	for i := range object.Len() {
		name, value := object.NameAt(i), object.At(i)
		switch name {
		case "@timestamp":
			if overwrite && !ev.Set(timestampPath, value) {
				failure = errBadTimestamp
			}
			continue
		case "@metadata":
			if overwrite && value.Kind() == event.Object {
				mergeMetadata(ev, value)
			}
			continue
		case "type":
			if overwrite && (value.Kind() != event.String || value.Str() == "" || value.Str()[0] == '_') {
				failure = errBadType
				continue
			}
		}
		mergeMember(ev.Fields(), name, value, overwrite)
	}
	return failure
}

// mergeMember sets one member. Objects on both sides are merged, so that host or log of the shipper keep their own members.
func mergeMember(into event.Value, name string, value event.Value, overwrite bool) {
	have, ok := into.Member(name)
	if !ok {
		into.SetMember(name, value)
		return
	}
	if have.Kind() == event.Object && value.Kind() == event.Object {
		for i := range value.Len() {
			mergeMember(have, value.NameAt(i), value.At(i), overwrite)
		}
		return
	}
	if overwrite {
		into.SetMember(name, value)
	}
}

var (
	timestampPath = event.MustPath("@timestamp")
	metadataPath  = event.MustPath("@metadata")
)

func mergeMetadata(ev *event.Event, value event.Value) {
	metadata := ev.Metadata()
	if metadata.Kind() != event.Object {
		ev.Set(metadataPath, value)
		return
	}
	for i := range value.Len() {
		metadata.SetMember(value.NameAt(i), value.At(i))
	}
}

// maxKeyParts bounds how deep one key of a hostile line can nest.
const maxKeyParts = 32

// ExpandKeys makes objects of dotted keys, at every depth: {"a.b": 1} becomes {"a": {"b": 1}}. It fails when a key is given twice, or once as
// an object and once as another value. Keys with empty parts, or more than maxKeyParts, stay as they are.
func ExpandKeys(object event.Value) (event.Value, error) {
	if object.Kind() != event.Object {
		return object, nil
	}
	expanded := event.NewObject()
	for i := range object.Len() {
		value, err := ExpandKeys(object.At(i))
		if err != nil {
			return expanded, err
		}
		if err := putExpanded(expanded, object.NameAt(i), value); err != nil {
			return expanded, err
		}
	}
	return expanded, nil
}

func putExpanded(into event.Value, key string, value event.Value) error {
	parts := strings.Split(key, ".")
	if len(parts) > maxKeyParts || slices.Contains(parts, "") {
		parts = []string{key}
	}
	for _, part := range parts[:len(parts)-1] {
		next, ok := into.Member(part)
		if !ok {
			next = event.NewObject()
			into.SetMember(part, next)
		}
		if next.Kind() != event.Object {
			return fmt.Errorf("cannot expand %q: %s is a value already", key, part)
		}
		into = next
	}
	last := parts[len(parts)-1]
	have, ok := into.Member(last)
	switch {
	case !ok:
		into.SetMember(last, value)
		return nil
	case have.Kind() != event.Object || value.Kind() != event.Object:
		return fmt.Errorf("cannot expand %q: found conflicting key", key)
	}
	for i := range value.Len() {
		if err := putExpanded(have, value.NameAt(i), value.At(i)); err != nil {
			return err
		}
	}
	return nil
}
