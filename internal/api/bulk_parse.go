package api

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"unsafe"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// bulkDefaults are what the request says for operations that do not say it themselves.
type bulkDefaults struct {
	index         string
	routing       string
	requireAlias  bool
	requireStream bool
	// source is the _source member for updates, as JSON, nil for none.
	source []byte
	// resolve resolves date math in an index name.
	resolve func(string) (string, error)
	// charge pays for memory that the list of operations takes; it fails when there is none left.
	charge func(bytes int64) error
	// listPipelines is told which operations say by themselves whether their pipelines are to be named.
	listPipelines func(op int, list bool)
}

// bulkParser reads the lines of a bulk body: an action line, and a source line after it unless the
// action is delete. The operations' sources alias the body.
type bulkParser struct {
	bulkDefaults
	data    []byte
	pos     int
	line    int // 1-based number of the line read last
	ops     []es.BulkOp
	invalid []string // what is wrong with single operations; any refuses the request
	// lastAction is the previous action line, which usually comes again; lastOp and lastSource are
	// what it says.
	lastAction []byte
	lastOp     es.BulkOp
	lastSource []byte
	// lastList is what it says of list_executed_pipelines; nil for nothing.
	lastList *bool
}

// maxValidationFailures bounds how many faulty operations one refusal lists.
const maxValidationFailures = 100

// maxIDBytes is Elasticsearch's limit on the length of an id.
const maxIDBytes = 512

// parseBulk reads a bulk body. What it cannot read refuses the whole request and names the line, as
// in Elasticsearch: what follows a misread line could be anything.
func parseBulk(data []byte, defaults bulkDefaults) ([]es.BulkOp, error) {
	if len(data) == 0 {
		return nil, eserr.ParseException("request body is required")
	}
	if data[len(data)-1] != '\n' {
		return nil, eserr.IllegalArgument(`The bulk request must be terminated by a newline [\n]`)
	}
	p := &bulkParser{bulkDefaults: defaults, data: data}
	for p.pos < len(p.data) {
		if err := p.operation(); err != nil {
			return nil, err
		}
	}
	if len(p.ops) == 0 {
		return nil, eserr.Validation("Validation Failed: 1: no requests added;")
	}
	if len(p.invalid) > 0 {
		var b strings.Builder
		for i, text := range p.invalid {
			fmt.Fprintf(&b, "%d: %s;", i+1, text)
		}
		return nil, eserr.Validation("Validation Failed: %s", b.String())
	}
	return p.ops, nil
}

// next returns the next line without its newline.
func (p *bulkParser) next() []byte {
	end := p.pos + bytes.IndexByte(p.data[p.pos:], '\n')
	line := p.data[p.pos:end]
	p.pos = end + 1
	p.line++
	return bytes.TrimSuffix(line, []byte{'\r'})
}

// operation reads one operation. Blank lines between operations are passed over.
func (p *bulkParser) operation() error {
	action := p.next()
	if len(bytes.TrimSpace(action)) == 0 {
		return nil
	}
	op, err := p.action(action)
	if err != nil {
		return err
	}
	if op.Action != es.ActionDelete {
		if p.pos >= len(p.data) {
			return eserr.IllegalArgument("Malformed action/metadata line [%d], no source line follows the action [%s]", p.line, op.Action)
		}
		op.Source = p.next()
		if op.Action == es.ActionUpdate && p.lastSource != nil {
			op.Source = withMember(withoutMember(op.Source, "_source"), "_source", p.lastSource)
		}
	}
	p.validate(&op)
	if p.lastList != nil && p.listPipelines != nil {
		p.listPipelines(len(p.ops), *p.lastList)
	}
	return p.append(op)
}

// append adds an operation and pays for the list when it grows.
func (p *bulkParser) append(op es.BulkOp) error {
	if len(p.ops) == cap(p.ops) && p.charge != nil {
		const smallest = 16
		if err := p.charge(int64(unsafe.Sizeof(op)) * int64(max(cap(p.ops), smallest))); err != nil {
			return err
		}
	}
	p.ops = append(p.ops, op)
	return nil
}

// validate notes what Elasticsearch refuses a whole request for.
func (p *bulkParser) validate(op *es.BulkOp) {
	fault := func(format string, args ...any) {
		if len(p.invalid) < maxValidationFailures {
			p.invalid = append(p.invalid, fmt.Sprintf(format, args...))
		}
	}
	if op.Index == "" {
		fault("index is missing")
	}
	if op.ID == "" && op.Err == nil && (op.Action == es.ActionDelete || op.Action == es.ActionUpdate) {
		fault("id is missing")
	}
	if len(op.ID) > maxIDBytes {
		fault("id [%s] is too long, must be no longer than 512 bytes but was: %d", op.ID, len(op.ID))
	}
	if op.Guard.HasSeqNo && op.Guard.VersionType != "" {
		fault("compare and write operations can not use versioning")
	}
	if op.Action == es.ActionCreate && op.Guard.VersionType != "" {
		fault("create operations only support internal versioning. use index instead")
	}
	if op.Action == es.ActionUpdate && op.Guard.VersionType != "" {
		fault("internal versioning can not be used for optimistic concurrency control. Please use `if_seq_no` and `if_primary_term` instead")
	}
}

// action reads an action line.
func (p *bulkParser) action(line []byte) (es.BulkOp, error) {
	if p.lastAction != nil && bytes.Equal(line, p.lastAction) {
		return p.lastOp, nil
	}
	s := lineScanner{src: line}
	op := es.BulkOp{Index: p.index, Routing: p.routing, RequireAlias: p.requireAlias, RequireDataStream: p.requireStream}
	p.lastSource, p.lastList = p.source, nil
	if err := p.scanAction(&s, &op); err != nil {
		return op, err
	}
	if op.Index != "" {
		resolved, err := p.resolve(op.Index)
		if err != nil {
			return op, err
		}
		op.Index = resolved
	}
	p.lastAction, p.lastOp = line, op
	return op, nil
}

// scanAction reads {"action":{…}}.
func (p *bulkParser) scanAction(s *lineScanner, op *es.BulkOp) error {
	if !s.take('{') {
		return p.malformed("expected START_OBJECT but found [%s]", s.found())
	}
	if s.take('}') {
		return p.malformed("expected FIELD_NAME but found [END_OBJECT]")
	}
	name, err := s.key()
	if err != nil {
		return p.unreadable(err)
	}
	switch name {
	case "index":
		op.Action = es.ActionIndex
	case "create":
		op.Action = es.ActionCreate
	case "update":
		op.Action = es.ActionUpdate
	case "delete":
		op.Action = es.ActionDelete
	default:
		return p.malformed("expected field [create], [delete], [index] or [update] but found [%s]", name)
	}
	if !s.take('{') {
		return p.malformed("expected START_OBJECT but found [%s]", s.found())
	}
	if err := p.scanMeta(s, op); err != nil {
		return err
	}
	if !s.take('}') {
		return p.malformed("expected END_OBJECT but found [%s]", s.found())
	}
	if !s.atEnd() {
		return p.malformed("expected the end of the line but found [%s]", s.found())
	}
	return nil
}

// scanMeta reads the members of the action's object, after its opening brace.
func (p *bulkParser) scanMeta(s *lineScanner, op *es.BulkOp) error {
	var version string
	for first := true; !s.take('}'); first = false {
		if !first && !s.take(',') {
			return p.malformed("expected [,] or END_OBJECT but found [%s]", s.found())
		}
		key, err := s.key()
		if err != nil {
			return p.unreadable(err)
		}
		if kind := s.found(); (kind == "START_OBJECT" || kind == "START_ARRAY") && key != "_source" && (key != "dynamic_templates" || kind != "START_OBJECT") {
			return p.malformed("expected a simple value for field [%s] but found [%s]", key, kind)
		}
		value, err := s.value()
		if err != nil {
			return p.unreadable(err)
		}
		if err := p.setMeta(op, key, value, &version); err != nil {
			return err
		}
	}
	if version != "" {
		return p.setVersion(op, version)
	}
	return nil
}

// setMeta applies one member of an action line.
// setTemplates reads {"path":"template",…}.
func (p *bulkParser) setTemplates(op *es.BulkOp, value jsonval.Scalar) error {
	if value.IsNull() {
		return nil
	}
	n, err := jsonval.Parse([]byte(value.Text))
	if err != nil || n.Kind != jsonval.Object {
		return p.malformed("expected an object for field [dynamic_templates] but found [%s]", value.Kind)
	}
	op.DynamicTemplates = make(map[string]string, len(n.Keys))
	for i, path := range n.Keys {
		if n.Items[i].Kind != jsonval.String {
			return p.malformed("expected the name of a template for field [%s] but found [%s]", path, n.Items[i].Kind)
		}
		op.DynamicTemplates[path] = n.Items[i].Text
	}
	return nil
}

func (p *bulkParser) setMeta(op *es.BulkOp, key string, value jsonval.Scalar, version *string) error {
	text := value.Text
	switch key {
	case "_index":
		op.Index = text
	case "_id":
		op.ID = text
		if text == "" && !value.IsNull() {
			op.Err = eserr.IllegalArgument("if _id is specified it must not be empty")
		}
	case "routing":
		op.Routing = text
	case "pipeline":
		op.Pipeline = text
	case "op_type":
		if text == "create" && op.Action == es.ActionIndex {
			op.Action = es.ActionCreate
		}
	case "version":
		*version = text
	case "version_type":
		op.Guard.VersionType = text
	case "if_seq_no", "if_primary_term":
		return p.setSeqNo(op, key, text)
	case "require_alias":
		op.RequireAlias = text == "true"
	case "dynamic_templates":
		return p.setTemplates(op, value)
	case "require_data_stream":
		op.RequireDataStream = text == "true"
	case "list_executed_pipelines":
		if value.Kind != jsonval.Bool {
			return p.malformed("expected a boolean for field [%s] but found [%s]", key, value.Kind)
		}
		list := text == "true"
		p.lastList = &list
	case "_type", "retry_on_conflict":
		// _type comes from clients of version 6. Updates are atomic here: there is nothing to retry.
	case "_source":
		p.lastSource = value.Append(nil)
	default:
		return eserr.IllegalArgument("Action/metadata line [%d] contains an unknown parameter [%s]", p.line, key)
	}
	return nil
}

func (p *bulkParser) setSeqNo(op *es.BulkOp, key, text string) error {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		return p.malformed("[%s] must be a non negative long but is [%s]", key, text)
	}
	op.Guard.HasSeqNo = true
	if key == "if_seq_no" {
		op.Guard.SeqNo = n
	} else {
		op.Guard.PrimaryTerm = n
	}
	return nil
}

func (p *bulkParser) setVersion(op *es.BulkOp, text string) error {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return p.malformed("[version] must be a long but is [%s]", text)
	}
	op.Guard.Version = n
	if op.Guard.VersionType == "" {
		op.Guard.VersionType = "internal"
	}
	return nil
}

func (p *bulkParser) malformed(format string, args ...any) error {
	return eserr.IllegalArgument("Malformed action/metadata line [%d], %s", p.line, fmt.Sprintf(format, args...))
}

// unreadable is a line that is not JSON.
func (p *bulkParser) unreadable(err error) error {
	return eserr.IllegalArgument("Malformed action/metadata line [%d], %s", p.line, err).Because(eserr.XContentParse("%s", err))
}

// hasMember reports whether an object has a member; a quick look spares parsing most.
func hasMember(src []byte, key string) bool {
	if !bytes.Contains(src, []byte(key)) {
		return false
	}
	n, err := jsonval.Parse(src)
	return err == nil && n.Get(key) != nil
}

// withoutMember returns a JSON object without a member. What is no object is returned as it is.
func withoutMember(src []byte, key string) []byte {
	if !hasMember(src, key) {
		return src
	}
	n, err := jsonval.Parse(src)
	if err != nil || n.Kind != jsonval.Object {
		return src
	}
	return object(func(w *jsonval.Writer) {
		for i, name := range n.Keys {
			if name != key {
				w.Raw(name, n.Items[i].Raw)
			}
		}
	})
}

// withMember returns a JSON object with one more member in front, unless it has one of that name. What is
// no object is returned as it is, for the store to refuse.
func withMember(src []byte, key string, value []byte) []byte {
	body := bytes.TrimLeft(src, " \t\r\n")
	if len(body) == 0 || body[0] != '{' || hasMember(src, key) {
		return src
	}
	dst := append(jsonval.AppendString([]byte{'{'}, key), ':')
	dst = append(dst, value...)
	rest := bytes.TrimLeft(body[1:], " \t\r\n")
	if len(rest) > 0 && rest[0] != '}' {
		dst = append(dst, ',')
	}
	return append(dst, rest...)
}
