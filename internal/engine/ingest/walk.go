package ingest

import (
	"bytes"
	"strings"

	"elkhorn/internal/engine/segment"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/mapping"
)

// leaf is one value of the document at hand, parsed but not yet in the columns: a document that fails
// half way must leave nothing behind.
type leaf struct {
	field  *field
	format byte // how it was written; noFormat for values that copy_to brought
	value  valueForm
	num    uint64 // int64 or float64 bits
	text   []byte // text or 16-byte value: aliases the document or the builder's scratch
	raw    []byte // for FormatLiteral
}

// valueForm says which member of a leaf holds its doc value.
type valueForm uint8

const (
	noValue valueForm = iota
	intValue
	floatValue
	bytesValue
)

// noFormat marks a value that is not written in the document itself.
const noFormat = 0xff

// walker is the state of the pass over one document.
type walker struct {
	scanner
	plan   *Plan
	leaves []leaf
	tok    token // the scalar at hand
	// skeleton is the document with its values cut out, up to byte copied.
	skeleton []byte
	copied   int
	scratch  []byte // unescaped texts and 16-byte values of this document
	ignored  []string
	counts   int64 // what _doc_count says; 0 where it is not there
	vector   []float32
	values   [][]byte // of the field at hand whose value is read as a whole: they lie in scratch
	// seen[n] is the number of the last object in which node n occurred, to find duplicate keys.
	seen []uint32
	// guesses has, for each node, its child that came first the last time, and the member that came after it: documents
	// have the same keys in the same order, most of the time, so that a key is compared instead of looked up.
	guesses []*node
	objects uint32
	unknown bool // some field is not in the mapping and the mapping may grow
	// full says that the mapping may not grow any more: what it does not know is left in the source.
	full        bool
	unknownKeys [][]byte
	opened      []opened // nested objects, in order of source
	render      []byte   // for comparing a value's written form with what a format gives

	// unmappedFields are fields that the mapping keeps out of the columns; they live as long as the
	// plan is used.
	unmappedFields map[string]*field
	// nestedLimit bounds the nested objects of a document.
	nestedLimit int
	// plain are the nested paths at which plain values stood in the place of objects, since Reset.
	plain []string
}

// walk reads a whole document.
func (w *walker) walk(source []byte) error {
	w.scanner = scanner{data: source}
	w.leaves, w.skeleton, w.scratch, w.ignored, w.opened = w.leaves[:0], w.skeleton[:0], w.scratch[:0], w.ignored[:0], w.opened[:0]
	w.counts = 0
	w.copied, w.unknown = 0, false
	if len(w.seen) < len(w.plan.nodes) {
		w.seen = make([]uint32, len(w.plan.nodes))
		w.guesses = make([]*node, 2*len(w.plan.nodes))
		w.objects = 0
	}
	if c := w.space(); c != '{' {
		if w.pos >= len(source) {
			return eserr.DocumentParsing("[1:1] failed to parse").Because(eserr.ParseException("request body is required"))
		}
		if _, err := w.skip(0); err != nil {
			return err
		}
		return eserr.DocumentParsing("failed to parse").Because(
			eserr.New(400, "not_x_content_exception", "Compressor detection can only be called on some xcontent bytes or compressed xcontent bytes"))
	}
	if err := w.object(w.plan.root, 0); err != nil {
		return err
	}
	if w.space(); w.pos < len(source) {
		return w.syntaxError("Unexpected content after the end of the document")
	}
	w.skeleton = append(w.skeleton, source[w.copied:]...)
	return nil
}

// hole cuts [start, pos) out of the skeleton.
func (w *walker) hole(mark byte, f *field, start int) {
	w.skeleton = append(w.skeleton, w.data[w.copied:start]...)
	w.skeleton = segment.AppendHole(w.skeleton, mark, f.name)
	w.copied = w.pos
}

// object reads an object whose brace is at pos.
func (w *walker) object(n *node, depth int) error {
	if depth >= maxDepth {
		return w.tooDeep()
	}
	w.objects++
	number, firstUnknown := w.objects, len(w.unknownKeys)
	defer func() { w.unknownKeys = w.unknownKeys[:firstUnknown] }()
	w.pos++
	if w.space() == '}' {
		w.pos++
		return nil
	}
	guess := &w.guesses[2*n.id]
	for {
		if c := w.space(); c != '"' {
			return w.badKey(c)
		}
		keyAt := w.pos
		child := *guess
		if child != nil && bytes.HasPrefix(w.data[keyAt:], child.key) {
			w.pos += len(child.key)
			w.space()
			if err := w.known(child, child.key[1:len(child.key)-2], keyAt, number, depth); err != nil {
				return err
			}
			guess = &w.guesses[2*child.id+1]
		} else {
			raw, escaped, err := w.str()
			if err != nil {
				return err
			}
			if err := w.colon(); err != nil {
				return err
			}
			w.space()
			if child, err = w.member(n, raw[1:len(raw)-1], escaped, keyAt, number, firstUnknown, depth); err != nil {
				return err
			}
			if child != nil && child.key != nil {
				*guess, guess = child, &w.guesses[2*child.id+1]
			}
		}
		more, err := w.comma('}')
		if err != nil || !more {
			return err
		}
	}
}

// member reads one member's value. It returns the member's node if that is n's own child.
func (w *walker) member(n *node, key []byte, escaped bool, keyAt int, object uint32, firstUnknown, depth int) (*node, error) {
	if escaped {
		from := len(w.scratch)
		w.scratch = unescape(w.scratch, key)
		key = w.scratch[from:]
	}
	if n == w.plan.root && len(key) > 0 && (key[0] == '_' || key[0] == 0) {
		if err := refuseMetadata(key); err != nil {
			return nil, err
		}
		if string(key) == docCountKey {
			return nil, w.docCount(n, key, keyAt, firstUnknown, depth)
		}
	}
	child := n.children[string(key)]
	if child != nil {
		return child, w.known(child, key, keyAt, object, depth)
	}
	if bytes.IndexByte(key, '.') >= 0 {
		var err error
		if child, err = n.descend(string(key)); err != nil {
			return nil, err
		}
		if child != nil && child.space != n.space {
			if err := w.openBetween(n, key); err != nil {
				return nil, err
			}
		}
	}
	if child == nil {
		return nil, w.unmapped(n, key, keyAt, firstUnknown, depth)
	}
	return nil, w.known(child, key, keyAt, object, depth)
}

// known reads the value of a node's member.
func (w *walker) known(child *node, key []byte, keyAt int, object uint32, depth int) error {
	if w.seen[child.id] == object {
		w.pos = keyAt
		return w.syntaxError("Duplicate field '%s'", key)
	}
	w.seen[child.id] = object
	return w.value(child, depth)
}

// metadataFields are Elasticsearch's names for what a document is accompanied by.
var metadataFields = map[string]bool{
	"_id": true, "_index": true, "_routing": true, "_version": true, "_seq_no": true, "_primary_term": true, "_source": true,
	"_ignored": true, "_field_names": true, "_nested_path": true, "_tier": true, "_score": true,
}

// refuseMetadata refuses root fields that would be taken for a document's metadata.
func refuseMetadata(key []byte) error {
	switch {
	case key[0] == 0:
		return eserr.DocumentParsing("field name cannot begin with a null character: [%q]", key)
	case metadataFields[string(key)]:
		return eserr.DocumentParsing("Field [%s] is a metadata field and cannot be added inside a document. Use the index API request parameters.", key)
	}
	return nil
}

// descend finds the node of a dotted key; nil when some part of it is not mapped.
func (n *node) descend(key string) (*node, error) {
	for part := range strings.SplitSeq(key, ".") {
		if strings.TrimSpace(part) == "" {
			return nil, eserr.DocumentParsing("field name cannot contain only whitespace or have empty parts: ['%s']", key).Because(
				eserr.IllegalArgument("field name cannot contain only whitespace: ['%s']", key))
		}
		if n == nil {
			return nil, nil
		}
		n = n.children[part]
	}
	return n, nil
}

// noteUnknown remembers a key without a node, of which an object may have one.
func (w *walker) noteUnknown(key []byte, keyAt, firstUnknown int) error {
	for _, k := range w.unknownKeys[firstUnknown:] {
		if bytes.Equal(k, key) {
			w.pos = keyAt
			return w.syntaxError("Duplicate field '%s'", key)
		}
	}
	w.unknownKeys = append(w.unknownKeys, key)
	return nil
}

// unmapped reads a value that has no field. Whether the mapping may grow by it is the mapping's
// business: with dynamic true the document comes again after it has grown; with false the value is only
// part of the source.
func (w *walker) unmapped(n *node, key []byte, keyAt, firstUnknown, depth int) error {
	if err := w.noteUnknown(key, keyAt, firstUnknown); err != nil {
		return err
	}
	if len(bytes.TrimSpace(key)) == 0 {
		return eserr.DocumentParsing("[1:%d] failed to parse", keyAt+1).Because(
			eserr.IllegalArgument("field name cannot be an empty string"))
	}
	start := w.pos
	raw, err := w.skip(depth + 1)
	if err != nil {
		return err
	}
	rule := n.dynamicFor(string(key))
	if w.plan.runtime != nil && raw[0] != '{' && w.plan.runtime[n.childPath(string(key))] {
		rule = mapping.DynamicFalse // a runtime field reads it out of the source
	}
	switch rule {
	case mapping.DynamicStrict:
		return eserr.StrictDynamicMapping("[%d:%d] mapping set to strict, dynamic introduction of [%s] within [%s] is not allowed",
			1, start+1, key, n.label())
	case mapping.DynamicFalse:
		if err := w.openBetween(n, key); err != nil {
			return err
		}
		f := w.sourceOnly(n.childPath(string(key)))
		w.leaves = append(w.leaves, leaf{field: f, format: segment.FormatLiteral | segment.FlagNoValue, raw: raw})
		w.hole(segment.HoleScalar, f, start)
	default:
		if _, _, makesField := peekValue(raw); makesField {
			if err := n.leafInTheWay(string(key)); err != nil {
				return err
			}
			if w.grows() {
				return nil
			}
			w.ignored = append(w.ignored, n.childPath(string(key)))
		}
		if err := w.openBetween(n, key); err != nil {
			return err
		}
		f := w.sourceOnly(n.childPath(string(key))) // null, [] or [null]: nothing to infer a field from
		w.leaves = append(w.leaves, leaf{field: f, format: segment.FormatLiteral | segment.FlagNoValue, raw: raw})
		w.hole(segment.HoleScalar, f, start)
	}
	return nil
}

// leafInTheWay refuses a dotted key that runs through a field with values of its own: the mapping cannot
// grow by it, however often the document comes again.
func (n *node) leafInTheWay(key string) error {
	object, name := n, n.childPath(key)
	for part := range strings.SplitSeq(key, ".") {
		child := object.children[part]
		if child == nil {
			return nil
		}
		if child.field != nil {
			return eserr.DocumentParsing("Could not dynamically add mapping for field [%s]. Existing mapping for [%s] must be of type object but found [%s].",
				name, child.path, child.field.typeName)
		}
		object = child
	}
	return nil
}

// sourceOnly returns the field that holds the written forms of a path without doc values.
func (w *walker) sourceOnly(path string) *field {
	f := w.unmappedFields[path]
	if f == nil {
		f = &field{name: path, column: w.plan.columns + len(w.unmappedFields)}
		w.unmappedFields[path] = f
	}
	return f
}

// value reads the value of a mapped node.
func (w *walker) value(n *node, depth int) error {
	start := w.pos
	c := w.space()
	switch {
	case n.alias:
		return eserr.DocumentParsing("[1:%d] failed to parse", start+1).Because(eserr.IllegalArgument("Cannot write to a field alias [%s].", n.path))
	case !n.enabled:
		raw, err := w.skip(depth + 1)
		if err != nil {
			return err
		}
		f := w.sourceOnly(n.path)
		w.leaves = append(w.leaves, leaf{field: f, format: segment.FormatLiteral | segment.FlagNoValue, raw: raw})
		w.hole(segment.HoleScalar, f, start)
		return nil
	case n.field != nil:
		return w.leafValue(n.field, c, depth)
	case c == '{':
		if n.nested {
			if err := w.open(n); err != nil {
				return err
			}
		}
		return w.object(n, depth+1)
	case c == '[':
		return w.objectArray(n, depth+1)
	case c == 'n':
		return w.word("null")
	case n.single != nil: // a plain value where a nested object with one field stands (M-24)
		if err := w.openPlain(n); err != nil {
			return err
		}
		return w.leafValue(n.single, c, depth)
	}
	raw, err := w.skip(depth + 1)
	if err != nil {
		return err
	}
	return eserr.DocumentParsing("object mapping for [%s] tried to parse field [%s] as object, but found a concrete value", n.path, n.leafName()).
		With("preview", string(raw[:min(len(raw), 64)]))
}

// leafValue reads the value of a field: a scalar, or an array of any depth.
func (w *walker) leafValue(f *field, c byte, depth int) error {
	if f.whole != nil {
		return w.wholeValue(f, depth)
	}
	if c != '[' {
		start := w.pos
		if err := w.scalar(f, c); err != nil {
			return err
		}
		w.hole(segment.HoleScalar, f, start)
		return nil
	}
	if depth >= maxDepth {
		return w.tooDeep()
	}
	if done, err := w.scalarList(f, nil); done || err != nil {
		return err
	}
	w.pos++
	if w.space() == ']' {
		w.pos++
		return nil
	}
	for {
		if err := w.leafValue(f, w.space(), depth+1); err != nil {
			return err
		}
		more, err := w.comma(']')
		if err != nil || !more {
			return err
		}
	}
}
