package ingest

import (
	"strconv"

	"elkhorn/internal/engine/segment"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// docCountKey is the root field that says how many documents one counts for in aggregations: those that stand for
// many, as a rollup leaves them.
const docCountKey = "_doc_count"

// docCount reads the value of _doc_count. It is a part of the source, as written, and no field of the mapping.
func (w *walker) docCount(n *node, key []byte, keyAt, firstUnknown, depth int) error {
	if err := w.noteUnknown(key, keyAt, firstUnknown); err != nil {
		return err
	}
	start := w.pos
	raw, err := w.skip(depth + 1)
	if err != nil {
		return err
	}
	value, err := strconv.ParseInt(string(raw), 10, 64)
	if err != nil || value <= 0 {
		cause := eserr.IllegalArgument("Field [_doc_count] must be a positive integer. Value [%s] is not allowed.", raw)
		if kind := kindOf(raw); kind != jsonval.Number {
			cause = eserr.ParsingException(1, start+1, "Failed to parse object: expecting token of type [VALUE_NUMBER] but found [%s]", kind)
		}
		return eserr.DocumentParsing("[1:%d] failed to parse field [_doc_count] of type [_doc_count]", start+1).Because(cause)
	}
	w.counts = value
	if err := w.openBetween(n, key); err != nil {
		return err
	}
	f := w.sourceOnly(docCountKey)
	w.leaves = append(w.leaves, leaf{field: f, format: segment.FormatLiteral | segment.FlagNoValue, raw: raw})
	w.hole(segment.HoleScalar, f, start)
	return nil
}

// kindOf tells what kind of JSON value some text is.
func kindOf(raw []byte) jsonval.Kind {
	switch raw[0] {
	case '{':
		return jsonval.Object
	case '[':
		return jsonval.Array
	case '"':
		return jsonval.String
	case 't', 'f':
		return jsonval.Bool
	case 'n':
		return jsonval.Null
	}
	return jsonval.Number
}
