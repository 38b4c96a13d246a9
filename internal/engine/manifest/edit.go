package manifest

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// Edit is one change of the state. The kinds are the types below.
type Edit interface {
	kind() editKind
	appendFields(buf []byte) []byte
	apply(s *State) error
}

type editKind byte

// The numbers are part of the format.
const (
	kindAddSegment    editKind = 1
	kindRemoveSegment editKind = 2
	kindSetDeletes    editKind = 3
	kindSetMapping    editKind = 4
	kindCheckpoint    editKind = 5
	kindSetProperty   editKind = 6
	kindNextSegment   editKind = 7
)

// AddSegment makes a segment live. Its file is durable already.
type AddSegment struct {
	ID   uint64 // at least State.NextSegmentID
	Meta []byte // the engine's description, kept as it is
}

// RemoveSegment ends a segment's life.
type RemoveSegment struct{ ID uint64 }

// SetDeletes names the current generation of a segment's delete file; 0 means no deletes.
type SetDeletes struct {
	ID         uint64
	Generation uint64
}

// SetMapping replaces the mapping. Versions only grow.
type SetMapping struct {
	Version uint64
	JSON    []byte
}

// Checkpoint says that everything of this index up to a position of the write-ahead log is in the live segments.
type Checkpoint struct {
	Position     uint64 // never shrinks
	NextSequence uint64 // the _seq_no the next operation gets after these
}

// SetProperty sets a named value of the index; an empty value removes it.
type SetProperty struct {
	Name  string
	Value []byte
}

// nextSegment carries State.NextSegmentID through a snapshot.
type nextSegment struct{ id uint64 }

func (AddSegment) kind() editKind    { return kindAddSegment }
func (RemoveSegment) kind() editKind { return kindRemoveSegment }
func (SetDeletes) kind() editKind    { return kindSetDeletes }
func (SetMapping) kind() editKind    { return kindSetMapping }
func (Checkpoint) kind() editKind    { return kindCheckpoint }
func (SetProperty) kind() editKind   { return kindSetProperty }
func (nextSegment) kind() editKind   { return kindNextSegment }

func (e AddSegment) appendFields(buf []byte) []byte {
	return appendBytes(binary.AppendUvarint(buf, e.ID), e.Meta)
}

func (e RemoveSegment) appendFields(buf []byte) []byte { return binary.AppendUvarint(buf, e.ID) }

func (e SetDeletes) appendFields(buf []byte) []byte {
	return binary.AppendUvarint(binary.AppendUvarint(buf, e.ID), e.Generation)
}

func (e SetMapping) appendFields(buf []byte) []byte {
	return appendBytes(binary.AppendUvarint(buf, e.Version), e.JSON)
}

func (e Checkpoint) appendFields(buf []byte) []byte {
	return binary.AppendUvarint(binary.AppendUvarint(buf, e.Position), e.NextSequence)
}

func (e SetProperty) appendFields(buf []byte) []byte {
	return appendBytes(appendBytes(buf, []byte(e.Name)), e.Value)
}

func (e nextSegment) appendFields(buf []byte) []byte { return binary.AppendUvarint(buf, e.id) }

func appendBytes(buf, content []byte) []byte {
	return append(binary.AppendUvarint(buf, uint64(len(content))), content...)
}

func encodeEdits(edits []Edit) []byte {
	var buf []byte
	for _, e := range edits {
		buf = append(buf, byte(e.kind()))
		buf = e.appendFields(buf)
	}
	return buf
}

var errShort = errors.New("edit is cut short")

// fieldReader takes fields off a record's body. After the first failure it answers zeros and err says why.
type fieldReader struct {
	body []byte
	err  error
}

func (r *fieldReader) uvarint() uint64 {
	v, n := binary.Uvarint(r.body)
	if n <= 0 {
		r.body, r.err = nil, errShort
		return 0
	}
	r.body = r.body[n:]
	return v
}

// bytes returns a copy, since the state outlives the buffer of the file.
func (r *fieldReader) bytes() []byte {
	n := r.uvarint()
	if n > uint64(len(r.body)) {
		r.body, r.err = nil, errShort
		return nil
	}
	content := append([]byte(nil), r.body[:n]...)
	r.body = r.body[n:]
	return content
}

func (r *fieldReader) edit() (Edit, error) {
	k := editKind(r.body[0])
	r.body = r.body[1:]
	var e Edit
	switch k {
	case kindAddSegment:
		e = AddSegment{ID: r.uvarint(), Meta: r.bytes()}
	case kindRemoveSegment:
		e = RemoveSegment{ID: r.uvarint()}
	case kindSetDeletes:
		e = SetDeletes{ID: r.uvarint(), Generation: r.uvarint()}
	case kindSetMapping:
		e = SetMapping{Version: r.uvarint(), JSON: r.bytes()}
	case kindCheckpoint:
		e = Checkpoint{Position: r.uvarint(), NextSequence: r.uvarint()}
	case kindSetProperty:
		e = SetProperty{Name: string(r.bytes()), Value: r.bytes()}
	case kindNextSegment:
		e = nextSegment{id: r.uvarint()}
	default:
		return nil, fmt.Errorf("unknown kind of edit %d", k)
	}
	return e, r.err
}

func decodeEdits(body []byte) ([]Edit, error) {
	var edits []Edit
	r := fieldReader{body: body}
	for len(r.body) > 0 {
		e, err := r.edit()
		if err != nil {
			return nil, err
		}
		edits = append(edits, e)
	}
	return edits, nil
}
