package mapping

import (
	"strings"

	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// Parse reads a mapping: {"properties":{…},"dynamic":…}, also inside a "_doc"
// member as releases before 7 wrote it. Empty input is an empty mapping.
// Errors are *eserr.Error, mostly mapper_parsing_exception.
func Parse(data []byte) (*Mapping, error) {
	if len(strings.TrimSpace(string(data))) == 0 {
		return Empty(), nil
	}
	n, err := jsonval.Parse(data)
	if err != nil {
		return nil, err
	}
	return ParseNode(n)
}

// ParseNode reads a mapping from JSON that has been scanned already.
func ParseNode(n *jsonval.Node) (*Mapping, error) {
	if n.Kind == jsonval.Null {
		return Empty(), nil
	}
	if doc := n.Get("_doc"); doc != nil && len(n.Keys) == 1 {
		n = doc
	}
	m, err := parseRoot(n)
	if err != nil {
		cause := eserr.From(err)
		return nil, eserr.MapperParsing("Failed to parse mapping: %s", cause.Reason).Because(cause)
	}
	m.index(0)
	return m, m.checkReferences()
}

func parseRoot(n *jsonval.Node) (*Mapping, error) {
	if n.Kind != jsonval.Object {
		return nil, eserr.MapperParsing("Expected a JSON object but got [%s]", n.Kind)
	}
	m := &Mapping{root: &Field{Type: Object, Ord: -1}}
	for i, key := range n.Keys {
		item := &n.Items[i]
		if handled, err := readObjectParam(m.root, key, item); err != nil {
			return nil, err
		} else if handled {
			continue
		}
		read, ok := rootParams()[key]
		if !ok {
			return nil, eserr.MapperParsing("Root mapping definition has unsupported parameters:  [%s : %s]", key, item.Raw)
		}
		if err := read(m, item); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// parseField reads one field of an object and puts it there, expanding dots in
// its name to objects.
func parseField(parent *Field, name string, n *jsonval.Node) error {
	if n.Kind != jsonval.Object {
		return eserr.MapperParsing("Expected map for property [fields] on field [%s] but got a value of type [%s]", name, n.Kind)
	}
	if strings.TrimSpace(name) == "" {
		return eserr.IllegalArgument("field name cannot be an empty string")
	}
	if !parent.NoSubobjects {
		for {
			first, rest, dotted := strings.Cut(name, ".")
			if !dotted {
				break
			}
			if first == "" || rest == "" {
				return eserr.IllegalArgument("field name starting or ending with a [.] makes object resolution ambiguous: [%s]", name)
			}
			object := parent.Child(first)
			if object == nil {
				object = &Field{Name: first, Path: join(parent.Path, first), Type: Object, Ord: -1}
				parent.addChild(object)
			} else if !object.Type.IsObject() {
				return eserr.IllegalArgument("can't merge a non object mapping [%s] with an object mapping", object.Path)
			}
			parent, name = object, rest
		}
	}
	typ, err := fieldType(name, n)
	if err != nil {
		return err
	}
	f := &Field{Name: name, Path: join(parent.Path, name), Type: typ, Ord: -1}
	if typ.IsObject() {
		err = readObject(f, n)
	} else {
		err = readLeaf(f, n)
	}
	if err != nil {
		return err
	}
	if old := parent.Child(name); old != nil { // {"a.b":…,"a":{…}} names the object a twice
		merged, err := mergeField(old, f, mergeUpdate)
		if err != nil {
			return err
		}
		f = merged
	}
	parent.addChild(f)
	return nil
}

func join(parent, name string) string {
	if parent == "" {
		return name
	}
	return parent + "." + name
}

// addChild puts a field among an object's children, replacing one of its name.
func (f *Field) addChild(child *Field) {
	i, found := findChild(f.Children, child.Name)
	if found {
		f.Children[i] = child
		return
	}
	f.Children = append(f.Children, nil)
	copy(f.Children[i+1:], f.Children[i:])
	f.Children[i] = child
}

// fieldType reads "type". A definition without one is an object when it says
// anything that only objects have.
func fieldType(name string, n *jsonval.Node) (Type, error) {
	t := n.Get("type")
	if t == nil {
		for _, key := range n.Keys {
			if objectOnly[key] {
				return Object, nil
			}
		}
		return 0, eserr.MapperParsing("No type specified for field [%s]", name)
	}
	typ, ok := ParseType(t.Text)
	if !ok && foreignTypes[t.Text] {
		return 0, eserr.Unsupported("field type [" + t.Text + "] of field [" + name + "]")
	}
	if t.Kind != jsonval.String || !ok {
		return 0, eserr.MapperParsing("No handler for type [%s] declared on field [%s]", t.Text, name)
	}
	return typ, nil
}

var objectOnly = map[string]bool{"properties": true, "dynamic": true, "enabled": true, "subobjects": true}

func readObject(f *Field, n *jsonval.Node) error {
	for i, key := range n.Keys {
		if key == "type" {
			continue
		}
		handled, err := readObjectParam(f, key, &n.Items[i])
		if err != nil {
			return err
		}
		if !handled {
			return eserr.MapperParsing("Mapping definition for [%s] has unsupported parameters:  [%s : %s]", f.Name, key, n.Items[i].Raw)
		}
	}
	return nil
}

// readObjectParam reads a parameter of an object, the root included; handled
// is false when objects have none of that name.
func readObjectParam(f *Field, key string, n *jsonval.Node) (handled bool, err error) {
	var enabled, subobjects bool
	target := map[string]*bool{"enabled": &enabled, "subobjects": &subobjects}
	if f.Type == Nested {
		target["include_in_parent"], target["include_in_root"] = &f.IncludeInParent, &f.IncludeInRoot
	}
	switch {
	case key == "properties":
		return true, readProperties(f, n)
	case key == "dynamic":
		f.Dynamic, err = parseDynamic(n)
		return true, err
	case target[key] == nil:
		return false, nil
	}
	if _, err := readBool(func(*Field) *bool { return target[key] })(f, n); err != nil {
		return true, err
	}
	switch key {
	case "include_in_parent":
		f.saysParent = true
	case "include_in_root":
		f.saysRoot = true
	case "enabled":
		f.Disabled = !enabled
	case "subobjects":
		f.NoSubobjects = !subobjects
	}
	return true, nil
}

func readProperties(f *Field, n *jsonval.Node) error {
	if n.Kind == jsonval.Array && len(n.Items) == 0 {
		return nil // PHP clients print an empty map so
	}
	if n.Kind != jsonval.Object {
		return eserr.ParseException("properties must be a map type")
	}
	for i, name := range n.Keys {
		if err := parseField(f, name, &n.Items[i]); err != nil {
			return err
		}
	}
	return nil
}

func parseDynamic(n *jsonval.Node) (Dynamic, error) {
	for _, d := range []Dynamic{DynamicTrue, DynamicFalse, DynamicStrict, DynamicRuntime} {
		if n.IsScalar() && strings.EqualFold(n.Text, d.String()) {
			return d, nil
		}
	}
	return 0, eserr.MapperParsing("Could not convert [dynamic] to a rule: [%s]", n.Raw)
}

// readLeaf reads the parameters of a field that holds values.
func readLeaf(f *Field, n *jsonval.Node) error {
	f.setDefaults()
	given := make([]string, len(paramTable))
	for i, key := range n.Keys {
		item := &n.Items[i]
		switch key {
		case "type":
			continue
		case "fields":
			if err := readMultiFields(f, item); err != nil {
				return err
			}
			continue
		}
		p, ok := paramsByName[key]
		if !ok || !paramTable[p].has(f.Type) {
			return eserr.MapperParsing("unknown parameter [%s] on mapper [%s] of type [%s]", key, f.Name, f.Type)
		}
		json, err := paramTable[p].read(f, item)
		if err != nil {
			return err
		}
		given[p] = json
	}
	for i, json := range given {
		spec := &paramTable[i]
		if json != "" && json != "null" && (spec.def == nil || spec.keep || f.Type == DenseVector || json != spec.def(f.Type)) {
			f.params = append(f.params, param{spec.name, json})
		}
	}
	return checkLeaf(f)
}

func checkLeaf(f *Field) error {
	switch {
	case f.Type == ScaledFloat && f.ScalingFactor == 0:
		return eserr.MapperParsing("Field [scaling_factor] is required").Because(eserr.IllegalArgument("Field [scaling_factor] is required"))
	case f.Type == Alias && f.Target == "":
		return eserr.MapperParsing("The [path] property must be specified for field [%s].", f.Name)
	case f.Type == DenseVector:
		return checkVectorField(f)
	case f.Type == TokenCount && f.Analyzer == "":
		return eserr.MapperParsing("Analyzer must be set for field [%s] but wasn't.", f.Name)
	case f.SearchAnalyzer != "" && f.Analyzer == "":
		return eserr.MapperParsing("analyzer on field [%s] must be set when search_analyzer is set", f.Name)
	}
	return nil
}

func readMultiFields(f *Field, n *jsonval.Node) error {
	if n.Kind != jsonval.Object {
		return eserr.MapperParsing("expected map for property [fields] on field [%s] but got a value of type [%s]", f.Name, n.Kind)
	}
	if f.Type == Alias {
		return eserr.MapperParsing("unknown parameter [fields] on mapper [%s] of type [alias]", f.Name)
	}
	for i, name := range n.Keys {
		item := &n.Items[i]
		if name == "" || strings.Contains(name, ".") {
			return eserr.MapperParsing("Field name [%s] which is a multi field of [%s] cannot contain '.'", name, f.Name)
		}
		if item.Kind != jsonval.Object {
			return eserr.MapperParsing("illegal field [%s], only fields can be specified inside fields", name)
		}
		typ, err := fieldType(name, item)
		if err != nil {
			return err
		}
		if typ.IsObject() || typ == Alias {
			return eserr.MapperParsing("Type [%s] cannot be used in multi field", typ)
		}
		if typ == DenseVector {
			return eserr.MapperParsing("Field [%s] of type [%s] can't be used in multifields", name, typ)
		}
		sub := &Field{Name: name, Path: f.Path + "." + name, Type: typ, Ord: -1, MultiOf: f.Path}
		if item.Get("copy_to") != nil {
			return eserr.MapperParsing("copy_to in multi fields is not allowed. Found the copy_to in field [%s] which is within a multi field.", name)
		}
		if err := readLeaf(sub, item); err != nil {
			return err
		}
		if len(sub.Multi) > 0 {
			return eserr.MapperParsing("multi field [%s] of [%s] cannot have multi fields itself", name, f.Name)
		}
		f.addMulti(sub)
	}
	return nil
}

// addMulti keeps multi-fields sorted by name, replacing one of the same.
func (f *Field) addMulti(sub *Field) {
	i, found := findChild(f.Multi, sub.Name)
	if found {
		f.Multi[i] = sub
		return
	}
	f.Multi = append(f.Multi, nil)
	copy(f.Multi[i+1:], f.Multi[i:])
	f.Multi[i] = sub
}

// checkReferences checks what aliases and copy_to point to.
func (m *Mapping) checkReferences() error {
	for path, f := range m.byPath {
		if f.Type == Alias {
			target := m.byPath[f.Target]
			switch {
			case target == nil:
				return eserr.MapperParsing("Invalid [path] value [%s] for field alias [%s]: an alias must refer to an existing field in the mappings.", f.Target, path)
			case !target.IsLeaf():
				return eserr.MapperParsing("Invalid [path] value [%s] for field alias [%s]: an alias cannot refer to another alias or an object.", f.Target, path)
			}
		}
		for _, to := range f.CopyTo {
			if target := m.byPath[to]; target != nil && !target.IsLeaf() {
				return eserr.MapperParsing("Cannot copy to field [%s] since it is mapped as an object", to)
			}
		}
	}
	return nil
}
