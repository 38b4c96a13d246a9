package content

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"elkhorn/internal/event"
)

// A contract is a tree of this form; only fields must be there:
//
//	schema_version: "2.1"
//	fields:
//	  required: [timestamp, request_id, service, event_type]
//	  inference_specific: [inference_metrics, model_metadata, output]   # required where event_type begins with "inference"
//	  optional: [anomaly_signals, quality_metrics]
//	types:
//	  inference_metrics.latency_ms: {type: number, min: 0, max: 600000}
//	  environment: production|staging|development
//	  confidence: float 0-1
//	  request_context.timestamp_ms: epoch_ms
//	closed: false      # true: fields at the root that the contract does not name are reported
//	history:
//	  - {version: "2.1", date: 2026-02-27, added: [quality_metrics]}
//
// A field that a version added is not required of events of the versions before it.
type contract struct {
	version  string
	required []Field
	specific []specificFields
	types    []typedField
	known    map[string]bool // names at the root
	closed   bool
	history  []contractVersion // the newest first
}

type specificFields struct {
	event  string // beginning of event_type
	fields []Field
}

type contractVersion struct {
	version string
	added   []string
}

// typedField is a field with what its values must be like.
type typedField struct {
	field    Field
	kind     string
	min, max *float64
	values   []string
}

var contractTypes = []string{"string", "integer", "float", "number", "boolean", "object", "array", "timestamp", "epoch_ms", "epoch_s", "any"}

// maxContractBytes bounds a contract's file.
const maxContractBytes = 4 << 20

// parseTree reads JSON or YAML.
func parseTree(data []byte) (event.Value, error) {
	if len(data) > maxContractBytes {
		return event.NullValue, fmt.Errorf("has more than %d bytes", maxContractBytes)
	}
	if trimmed := bytes.TrimSpace(data); len(trimmed) > 0 && trimmed[0] == '{' {
		if v, err := event.ParseObject(trimmed); err == nil {
			return v, nil
		}
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil {
		return event.NullValue, err
	}
	if doc.Kind == 0 {
		return event.NullValue, errors.New("is empty")
	}
	return yamlValue(doc.Content[0])
}

// yamlValue makes a value of YAML. Aliases are refused, since a few lines of them unfold to any size.
func yamlValue(n *yaml.Node) (event.Value, error) {
	switch n.Kind {
	case yaml.AliasNode:
		return event.NullValue, fmt.Errorf("line %d: aliases are not taken", n.Line)
	case yaml.SequenceNode:
		list := event.ArrayOf()
		for _, item := range n.Content {
			v, err := yamlValue(item)
			if err != nil {
				return v, err
			}
			list.Append(v)
		}
		return list, nil
	case yaml.MappingNode:
		object := event.NewObject()
		for i := 0; i+1 < len(n.Content); i += 2 {
			v, err := yamlValue(n.Content[i+1])
			if err != nil {
				return v, err
			}
			object.SetMember(n.Content[i].Value, v)
		}
		return object, nil
	}
	switch n.ShortTag() {
	case "!!null":
		return event.NullValue, nil
	case "!!bool":
		return event.BoolOf(strings.EqualFold(n.Value, "true")), nil
	case "!!int", "!!float":
		if i, err := strconv.ParseInt(n.Value, 10, 64); err == nil {
			return event.IntOf(i), nil
		}
		if f, ok := parseNumber(n.Value); ok {
			return event.FloatOf(f), nil
		}
	}
	return event.StringOf(n.Value), nil
}

func newContract(tree event.Value) (*contract, error) {
	if tree.Kind() != event.Object {
		return nil, errors.New("a contract must be an object")
	}
	c := &contract{known: map[string]bool{"@timestamp": true, "@version": true, "tags": true, "schema_version": true}}
	for i, v := range tree.Items() {
		var err error
		switch name := tree.NameAt(i); name {
		case "schema_version":
			c.version = v.Text()
		case "fields":
			err = c.readFields(v)
		case "types":
			err = c.readTypes(v)
		case "closed":
			c.closed = v.Bool() || v.Text() == "true"
		case "history":
			c.readHistory(v)
		case "description", "name", "owner":
		default:
			err = fmt.Errorf("a contract has no %q; known are schema_version, fields, types, closed, history, name, description, owner", name)
		}
		if err != nil {
			return nil, err
		}
	}
	if len(c.required)+len(c.specific)+len(c.types) == 0 {
		return nil, errors.New("the contract requires nothing: it needs fields: {required: […]} or types")
	}
	return c, nil
}

func (c *contract) readFields(v event.Value) error {
	if v.Kind() != event.Object {
		return errors.New("fields must be an object of lists: required, optional, NAME_specific")
	}
	for i, list := range v.Items() {
		group := v.NameAt(i)
		if list.Kind() != event.Array {
			return fmt.Errorf("fields.%s must be a list", group)
		}
		var fields []Field
		for _, item := range list.Items() {
			f, err := ParseField(item.Str())
			if err != nil {
				return fmt.Errorf("fields.%s: %w", group, err)
			}
			c.known[f.parts[0]], c.known[f.flat] = true, true
			fields = append(fields, f)
		}
		specific, isSpecific := strings.CutSuffix(group, "_specific")
		switch {
		case group == "required":
			c.required = fields
		case isSpecific:
			c.specific = append(c.specific, specificFields{specific, fields})
		case group != "optional":
			return fmt.Errorf("fields has no %q; known are required, optional and NAME_specific", group)
		}
	}
	return nil
}

func (c *contract) readTypes(v event.Value) error {
	if v.Kind() != event.Object {
		return errors.New("types must be an object of fields")
	}
	for i, spec := range v.Items() {
		t, err := newTypedField(v.NameAt(i), spec)
		if err != nil {
			return fmt.Errorf("types.%s: %w", v.NameAt(i), err)
		}
		c.known[t.field.parts[0]], c.known[t.field.flat] = true, true
		c.types = append(c.types, t)
	}
	return nil
}

// newTypedField reads {type: …, min: …, max: …, values: […]}, or the short forms: a type, a type with a range ("float 0-1"), or the
// values themselves ("a|b|c").
func newTypedField(name string, spec event.Value) (t typedField, err error) {
	if t.field, err = ParseField(name); err != nil {
		return t, err
	}
	if spec.Kind() == event.String {
		return t, t.readShort(spec.Str())
	}
	if spec.Kind() != event.Object {
		return t, errors.New("must be a type or an object with type, min, max, values")
	}
	t.kind = "any"
	for i, v := range spec.Items() {
		switch member := spec.NameAt(i); member {
		case "type":
			t.kind = v.Str()
		case "min", "max":
			x, ok := number(v)
			if !ok {
				return t, fmt.Errorf("%s must be a number", member)
			}
			if member == "min" {
				t.min = &x
			} else {
				t.max = &x
			}
		case "values":
			for _, item := range v.Items() {
				t.values = append(t.values, item.Text())
			}
		default:
			return t, fmt.Errorf("has no %q; known are type, min, max, values", member)
		}
	}
	if !slices.Contains(contractTypes, t.kind) {
		return t, fmt.Errorf("type %q is none of %s", t.kind, strings.Join(contractTypes, ", "))
	}
	return t, nil
}

func (t *typedField) readShort(text string) error {
	kind, limits, ranged := strings.Cut(strings.TrimSpace(text), " ")
	if slices.Contains(contractTypes, kind) {
		t.kind = kind
		if !ranged {
			return nil
		}
		low, high, _ := strings.Cut(strings.TrimSpace(limits), "-")
		least, ok1 := parseNumber(low)
		most, ok2 := parseNumber(high)
		if !ok1 || !ok2 {
			return fmt.Errorf("%q is no range such as 0-1", limits)
		}
		t.min, t.max = &least, &most
		return nil
	}
	if strings.Contains(text, "|") {
		t.kind, t.values = "any", strings.Split(text, "|")
		return nil
	}
	return fmt.Errorf("type %q is none of %s", text, strings.Join(contractTypes, ", "))
}

func (c *contract) readHistory(v event.Value) {
	for _, h := range v.Items() {
		version, _ := h.Member("version")
		entry := contractVersion{version: version.Text()}
		added, _ := h.Member("added")
		for _, a := range added.Items() {
			entry.added = append(entry.added, a.Text())
		}
		c.history = append(c.history, entry)
	}
}

// addedAfter tells whether a field came with a version later than the event's.
func (c *contract) addedAfter(version, field string) bool {
	if version == c.version {
		return false
	}
	for _, h := range c.history { // the newest first
		if h.version == version {
			return false
		}
		if slices.Contains(h.added, field) {
			return true
		}
	}
	return false
}

var eventTypeFields = mustFields("event_type", "event.type", "type")

// check adds what is wrong with a record.
func (c *contract) check(rec *Record, version string, faults *faultList) {
	c.checkRequired(rec, version, c.required, "", faults)
	if len(c.specific) > 0 {
		if kind, f := first(eventTypeFields, rec.Root); f != nil {
			for i := range c.specific {
				if s := &c.specific[i]; strings.HasPrefix(kind.Text(), s.event) {
					c.checkRequired(rec, version, s.fields, " of "+s.event+" events", faults)
				}
			}
		}
	}
	for i := range c.types {
		c.types[i].check(rec.Root, faults)
	}
	if !c.closed {
		return
	}
	for i := range rec.Root.Len() {
		if name := rec.Root.NameAt(i); !c.known[name] {
			faults.add("%s is no field of the contract", name)
		}
	}
}

func (c *contract) checkRequired(rec *Record, version string, fields []Field, of string, faults *faultList) {
	for i := range fields {
		f := &fields[i]
		if v, ok := f.Get(rec.Root); ok && v.Kind() != event.Null && (v.Kind() != event.String || v.Str() != "") {
			continue
		}
		if !c.addedAfter(version, f.flat) {
			faults.add("required field %s%s is missing", f.text, of)
		}
	}
}

// check looks at one field's value; a field that is not there is no matter of its type.
func (t *typedField) check(root event.Value, faults *faultList) {
	v, ok := t.field.Get(root)
	if !ok || v.Kind() == event.Null {
		return
	}
	if wrong := t.wrong(v); wrong != "" {
		faults.add("%s: %.200s %s", t.field.text, v.Text(), wrong)
		return
	}
	if len(t.values) > 0 && !slices.Contains(t.values, v.Text()) {
		faults.add("%s: %.200q is none of %s", t.field.text, v.Text(), strings.Join(t.values, ", "))
	}
	if x, ok := number(v); ok {
		if t.min != nil && x < *t.min {
			faults.add("%s: %v is less than %v", t.field.text, v.Text(), *t.min)
		}
		if t.max != nil && x > *t.max {
			faults.add("%s: %v is more than %v", t.field.text, v.Text(), *t.max)
		}
	}
}

// wrong tells how a value misses its type.
func (t *typedField) wrong(v event.Value) string {
	ok := true
	switch t.kind {
	case "string":
		ok = v.Kind() == event.String
	case "integer":
		ok = v.Kind() == event.Int
	case "float", "number":
		ok = v.IsNumber()
	case "boolean":
		ok = v.Kind() == event.Bool
	case "object":
		ok = v.Kind() == event.Object
	case "array":
		ok = v.Kind() == event.Array
	case "epoch_ms":
		if ok = v.Kind() == event.Int; ok && (v.Int() < 1e11 || v.Int() >= 1e14) {
			return "is no time in milliseconds since 1970"
		}
	case "epoch_s":
		if ok = v.IsNumber(); ok && (v.Float() < 1e8 || v.Float() >= 1e11) {
			return "is no time in seconds since 1970"
		}
	case "timestamp":
		if v.Kind() == event.Time {
			return ""
		}
		valid, zoned := isTime(v.Str())
		if valid && !zoned {
			return "is a time without a zone"
		}
		ok = valid
	}
	if ok {
		return ""
	}
	return "is no " + t.kind
}

// compatible tells whether events of an older contract can be read by those who know the newer one.
func compatible(older, newer *contract) error {
	for _, f := range older.required {
		if !newer.known[f.parts[0]] {
			return fmt.Errorf("version %s required %s, which version %s does not know", older.version, f.text, newer.version)
		}
	}
	for _, o := range older.types {
		for _, n := range newer.types {
			if o.field.flat == n.field.flat && o.kind != n.kind && !(o.kind == "integer" && (n.kind == "number" || n.kind == "float")) && n.kind != "any" {
				return fmt.Errorf("%s is %s in version %s and %s in version %s", o.field.text, o.kind, older.version, n.kind, newer.version)
			}
		}
	}
	return nil
}
