package engine

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/klauspost/compress/s2"

	"elkhorn/internal/es"
)

// Kinds of records in the write-ahead log. The numbers stand in files: never change one.
const (
	recordDocs    = 1 // operations on documents
	recordMapping = 2 // a new version of the mapping: its JSON
)

// A docs record is
//
//	version (1) = 1 | count of operations (uvarint) | first sequence number (uvarint)
//	per operation: flags (1) | gap to the expected sequence number (uvarint, if flagged)
//	               | document version (uvarint, if not 1) | id (length, bytes; if explicit)
//	               | routing (length, bytes; if any) | length of the source (uvarint; 0 for a delete)
//	the sources, end to end, as one s2 block
//
// Only operations that were carried out are in it, with the sequence numbers and versions they got, so
// that replay decides nothing.
const docsRecordVersion = 1

const (
	opDelete   = 1 << 0
	opExplicit = 1 << 1 // has an id of its own
	opRouting  = 1 << 2
	opVersion  = 1 << 3 // version is not 1
	opGap      = 1 << 4 // sequence number is not the one before plus one
	opNoShadow = 1 << 5 // the id was never in the index: replay need not look for an older row
)

// loggedOp is one operation of a docs record.
type loggedOp struct {
	action  es.Action // ActionIndex or ActionDelete
	seq     int64
	version int64
	id      string // "" when derived
	routing string
	source  []byte
	fresh   bool // no older document of this id exists
}

// appendDocsHeader appends everything but the sources.
func appendDocsHeader(dst []byte, ops []loggedOp) []byte {
	dst = append(dst, docsRecordVersion)
	dst = binary.AppendUvarint(dst, uint64(len(ops)))
	expected := int64(0)
	if len(ops) > 0 {
		expected = ops[0].seq
	}
	dst = binary.AppendUvarint(dst, uint64(expected))
	for i := range ops {
		op := &ops[i]
		dst = append(dst, op.flags(expected))
		if op.seq != expected {
			dst = binary.AppendUvarint(dst, uint64(op.seq-expected))
		}
		expected = op.seq + 1
		if op.version != 1 {
			dst = binary.AppendUvarint(dst, uint64(op.version))
		}
		if op.id != "" {
			dst = appendText(dst, op.id)
		}
		if op.routing != "" {
			dst = appendText(dst, op.routing)
		}
		dst = binary.AppendUvarint(dst, uint64(len(op.source)))
	}
	return dst
}

func (op *loggedOp) flags(expected int64) byte {
	var f byte
	if op.action == es.ActionDelete {
		f |= opDelete
	}
	if op.id != "" {
		f |= opExplicit
	}
	if op.routing != "" {
		f |= opRouting
	}
	if op.version != 1 {
		f |= opVersion
	}
	if op.seq != expected {
		f |= opGap
	}
	if op.fresh {
		f |= opNoShadow
	}
	return f
}

func appendText(dst []byte, s string) []byte {
	return append(binary.AppendUvarint(dst, uint64(len(s))), s...)
}

var errRecord = errors.New("damaged log record")

// maxRecordBytes bounds what one record may claim to unpack to.
const maxRecordBytes = 1 << 30

// parseDocs reads a docs record. The operations refer to memory of their own.
func parseDocs(payload []byte) ([]loggedOp, error) {
	r := payloadReader{data: payload}
	if v := r.byte(); v != docsRecordVersion {
		return nil, fmt.Errorf("%w: unknown version %d", errRecord, v)
	}
	count, seq := r.uvarint(), int64(r.uvarint())
	if r.bad || count > uint64(len(payload)) {
		return nil, errRecord
	}
	ops := make([]loggedOp, count)
	lengths := make([]int, count)
	total := uint64(0)
	for i := range ops {
		op := &ops[i]
		flags := r.byte()
		if flags&opGap != 0 {
			seq += int64(r.uvarint())
		}
		op.seq, op.version = seq, 1
		seq++
		if flags&opDelete != 0 {
			op.action = es.ActionDelete
		}
		if flags&opVersion != 0 {
			op.version = int64(r.uvarint())
		}
		if flags&opExplicit != 0 {
			op.id = r.text()
		}
		if flags&opRouting != 0 {
			op.routing = r.text()
		}
		op.fresh = flags&opNoShadow != 0
		n := r.uvarint()
		total += min(n, maxRecordBytes+1) // the sum must not run over
		if r.bad || total > maxRecordBytes {
			return nil, errRecord
		}
		lengths[i] = int(n)
	}
	return ops, splitSources(ops, lengths, r.data[r.pos:])
}

func splitSources(ops []loggedOp, lengths []int, packed []byte) error {
	size, err := s2.DecodedLen(packed)
	if err != nil || size > maxRecordBytes {
		return fmt.Errorf("%w: sources do not unpack", errRecord)
	}
	all, err := s2.Decode(nil, packed)
	if err != nil {
		return fmt.Errorf("%w: sources do not unpack: %w", errRecord, err)
	}
	for i, n := range lengths {
		if n > len(all) {
			return errRecord
		}
		ops[i].source, all = all[:n:n], all[n:]
	}
	return nil
}

type payloadReader struct {
	data []byte
	pos  int
	bad  bool
}

func (r *payloadReader) byte() byte {
	if r.pos >= len(r.data) {
		r.bad = true
		return 0
	}
	r.pos++
	return r.data[r.pos-1]
}

func (r *payloadReader) uvarint() uint64 {
	v, n := binary.Uvarint(r.data[min(r.pos, len(r.data)):])
	if n <= 0 {
		r.bad = true
		return 0
	}
	r.pos += n
	return v
}

func (r *payloadReader) text() string {
	n := r.uvarint()
	if r.bad || n > uint64(len(r.data)-r.pos) {
		r.bad = true
		return ""
	}
	s := string(r.data[r.pos : r.pos+int(n)])
	r.pos += int(n)
	return s
}
