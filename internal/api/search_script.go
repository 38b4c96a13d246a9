package api

import (
	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/mapping"
	"elkhorn/internal/es/query"
	"elkhorn/internal/painless"
)

// readScriptFields reads {"name":{"script":…,"ignore_failure":false},…}.
func readScriptFields(req *es.SearchRequest, n *jsonval.Node) error {
	if n.Kind != jsonval.Object {
		return unexpectedKind(n, "script_fields")
	}
	for i, name := range n.Keys {
		item := &n.Items[i]
		if item.Kind != jsonval.Object {
			return eserr.ParsingException(item.Line, item.Col, "Expected [START_OBJECT] in [script_fields] but found [%s]", item.Kind)
		}
		f := es.ScriptField{Name: name}
		err := members(item, "[script_fields]", []string{"script", "ignore_failure"}, func(key string, v *jsonval.Node) (bool, error) {
			switch key {
			case "script":
				var err error
				f.Script, err = painless.ParseSpec(v)
				return true, err
			case "ignore_failure":
				return true, readBool(&f.IgnoreFailure, key, v)
			}
			return false, nil
		})
		if err != nil {
			return err
		}
		if f.Script == nil {
			return eserr.IllegalArgument("a script of script field [%s] is missing", name)
		}
		req.ScriptFields = append(req.ScriptFields, f)
	}
	return nil
}

// readRuntimeMappings reads the runtime fields of a request.
func readRuntimeMappings(req *es.SearchRequest, n *jsonval.Node) error {
	if n.Kind == jsonval.Null {
		return nil
	}
	fields, _, err := mapping.ParseRuntime(n)
	req.Runtime = fields
	return err
}

// scriptSort reads {"type":"number","script":…,"order":"asc"}.
func scriptSort(n *jsonval.Node) (es.SortKey, error) {
	key := es.SortKey{}
	if n.Kind != jsonval.Object {
		return key, unexpectedKind(n, "_script")
	}
	typ := ""
	err := members(n, "[_script]", []string{"script", "type", "order", "mode", "nested"}, func(name string, v *jsonval.Node) (bool, error) {
		var err error
		switch name {
		case "script":
			key.Script, err = painless.ParseSpec(v)
		case "type":
			typ = v.Text
		case "order":
			err = setOrder(&key, v.Text)
		case "mode":
			key.Mode = v.Text
		case "nested":
			key.Nested, err = query.ParseNestedSort(v)
			if err == nil {
				err = eserr.Unsupported("[nested] of sort [_script]")
			}
		default:
			return false, nil
		}
		return true, err
	})
	if err != nil {
		return key, err
	}
	if key.Script == nil {
		return key, eserr.IllegalArgument("Required [script]")
	}
	switch typ {
	case "string":
		key.ScriptText = true
	case "number":
	case "":
		return key, eserr.IllegalArgument("Required [type]")
	default:
		return key, eserr.XContentParse("[%d:%d] [_script] failed to parse field [type]", n.Line, n.Col).Because(eserr.IllegalArgument("Unknown ScriptSortType [%s]", typ))
	}
	key.Field = "\x00script\x00sort\x00" + typ + "\x00" + string(key.Script.Raw)
	return key, nil
}
