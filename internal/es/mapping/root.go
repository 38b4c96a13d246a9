package mapping

import (
	"elkhorn/internal/es/dates"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// rootParam reads a member that only the root of a mapping has.
type rootParam func(m *Mapping, n *jsonval.Node) error

// rootParams maps the members of a mapping's root, besides those every object
// has, to their readers.
func rootParams() map[string]rootParam {
	return map[string]rootParam{
		"dynamic_templates":      readTemplates,
		"dynamic_date_formats":   readDateFormats,
		"date_formats":           readDateFormats,
		"date_detection":         readRootBool("date_detection", func(m *Mapping, on bool) { m.noDateDetection = !on }),
		"numeric_detection":      readRootBool("numeric_detection", func(m *Mapping, on bool) { m.numericDetect = on }),
		"_meta":                  readMeta,
		"_source":                readSource,
		"_routing":               readRouting,
		"_data_stream_timestamp": readStreamTimestamp,
		"runtime":                readRuntime,
	}
}

// setMember records what is printed for a root member, in the order they come.
func (m *meta) setMember(name, json string) {
	for i := range m.members {
		if m.members[i].name == name {
			m.members[i].json = json
			return
		}
	}
	m.members = append(m.members, param{name, json})
}

func readRootBool(name string, set func(*Mapping, bool)) rootParam {
	return func(m *Mapping, n *jsonval.Node) error {
		var on bool
		json, err := readBool(func(*Field) *bool { return &on })(m.root, n)
		if err != nil {
			return err
		}
		set(m, on)
		m.setMember(name, json)
		return nil
	}
}

func readDateFormats(m *Mapping, n *jsonval.Node) error {
	items := []jsonval.Node{*n}
	if n.Kind == jsonval.Array {
		items = n.Items
	}
	m.dateFormats = []*dates.Format{}
	var names []string
	for i := range items {
		if items[i].Kind != jsonval.String || items[i].Text == "none" {
			continue
		}
		f, err := dates.Compile(items[i].Text)
		if err != nil {
			return eserr.MapperParsing("invalid [dynamic_date_formats]: %s", eserr.From(err).Reason).Because(err)
		}
		m.dateFormats = append(m.dateFormats, f)
		names = append(names, items[i].Text)
	}
	m.setMember("dynamic_date_formats", string(appendStrings(nil, names)))
	return nil
}

func readMeta(m *Mapping, n *jsonval.Node) error {
	if n.Kind != jsonval.Object {
		return eserr.MapperParsing("[_meta] must be an object but got [%s]", n.Kind)
	}
	m.setMember("_meta", string(n.Raw))
	return nil
}

func readSource(m *Mapping, n *jsonval.Node) error {
	for i, key := range n.Keys {
		item := &n.Items[i]
		switch key {
		case "enabled":
			var on bool
			if _, err := readBool(func(*Field) *bool { return &on })(m.root, item); err != nil {
				return err
			}
			m.sourceDisabled = !on
		case "includes", "excludes":
			f := &Field{Path: "_source." + key}
			if _, err := readCopyTo(f, item); err != nil {
				return err
			}
			if key == "includes" {
				m.sourceIncludes = f.CopyTo
			} else {
				m.sourceExcludes = f.CopyTo
			}
		case "mode":
			switch item.Text {
			case "stored":
			case "disabled":
				m.sourceDisabled = true
			default:
				return eserr.Unsupported("[mode] of [" + item.Text + "] in [_source]")
			}
		default:
			return eserr.MapperParsing("unknown parameter [%s] on metadata field [_source]", key)
		}
	}
	if n.Kind != jsonval.Object {
		return eserr.MapperParsing("[_source] config must be an object")
	}
	m.setMember("_source", string(n.Raw))
	return nil
}

func readRouting(m *Mapping, n *jsonval.Node) error {
	for i, key := range n.Keys {
		if key != "required" {
			return eserr.MapperParsing("unknown parameter [%s] on metadata field [_routing]", key)
		}
		if _, err := readBool(func(*Field) *bool { return &m.routingRequired })(m.root, &n.Items[i]); err != nil {
			return err
		}
	}
	if n.Kind != jsonval.Object {
		return eserr.MapperParsing("[_routing] config must be an object")
	}
	m.setMember("_routing", string(n.Raw))
	return nil
}

// readStreamTimestamp reads whether every document must have one @timestamp, as those of data streams must.
func readStreamTimestamp(m *Mapping, n *jsonval.Node) error {
	for i, key := range n.Keys {
		if key != "enabled" || n.Items[i].Kind != jsonval.Bool {
			return eserr.MapperParsing("unknown parameter [%s] on mapper [_data_stream_timestamp] of type [_data_stream_timestamp]", key)
		}
		m.timestampRequired = n.Items[i].Text == "true"
	}
	m.setMember("_data_stream_timestamp", string(n.Raw))
	return nil
}

// TimestampRequired reports whether every document must have one @timestamp.
func (m *Mapping) TimestampRequired() bool { return m.timestampRequired }

// WithTimestamp returns the mapping of a data stream's index: with a @timestamp, which every document must have. It is an
// error when the field is there and is no date.
func WithTimestamp(m *Mapping) (*Mapping, error) {
	f := m.At("@timestamp")
	if f != nil && f.Type != Date && f.Type != DateNanos {
		return nil, eserr.IllegalArgument("data stream timestamp field [@timestamp] is of type [%s], but [date,date_nanos] is expected", f.Type)
	}
	base, err := Parse([]byte(`{"_data_stream_timestamp":{"enabled":true},"properties":{"@timestamp":{"type":"date"}}}`))
	if err != nil {
		return nil, err
	}
	out, err := Overlay(base, m)
	if err != nil {
		return nil, err
	}
	out.timestampRequired = true
	out.setMember("_data_stream_timestamp", `{"enabled":true}`)
	return out, nil
}
