package segment

import (
	"fmt"

	"elkhorn/internal/engine/column"
	"elkhorn/internal/engine/postings"
)

// idsWriter builds the index of explicit ids from the blocks of the id column as they are written.
type idsWriter struct{ builder postings.IDBuilder }

func (w *idsWriter) addBlock(b *column.Block, dict *column.MemDict, firstRow int) {
	for r := range b.Rows {
		lo, hi := b.Range(r)
		for i := lo; i < hi; i++ {
			id := b.Bytes
			if b.Kind == column.Ordinal {
				id = func(i int) []byte { return dict.Value(b.Ords[i]) }
			}
			w.builder.Add(id(i), uint32(firstRow+r))
		}
	}
}

func (w *idsWriter) finish(s *sink) (dir, filter written, err error) {
	d, f, err := w.builder.Finish(s.indexPage)
	if err != nil {
		return dir, filter, err
	}
	if dir, err = s.extent(d); err != nil {
		return dir, filter, err
	}
	filter, err = s.extent(f)
	return dir, filter, err
}

// IDs implements Segment.
func (f *File) IDs() IDIndex { return fileIDs{f} }

// fileIDs implements IDIndex.
type fileIDs struct{ f *File }

func (ids fileIDs) Lookup(id []byte) ([]uint32, error) {
	f := ids.f
	if f.foot.ids.empty() {
		return nil, nil
	}
	filter, err := f.read(f.foot.idFilter)
	if err != nil {
		return nil, fmt.Errorf("filter of ids: %w", err)
	}
	if may, err := postings.MayHaveID(filter, id); err != nil || !may {
		return nil, f.asIndexCorruption(err, f.foot.idFilter)
	}
	dir, err := f.read(f.foot.ids)
	if err != nil {
		return nil, fmt.Errorf("index of ids: %w", err)
	}
	rows, err := postings.LookupID(dir, f.indexPage, id)
	if err != nil {
		return nil, f.asIndexCorruption(err, f.foot.ids)
	}
	for _, r := range rows {
		if int64(r) >= int64(f.foot.rows) {
			return nil, corruption(f.path, int64(f.foot.ids.offset), fmt.Sprintf("id in row %d of %d", r, f.foot.rows))
		}
	}
	return rows, nil
}

func (f *File) verifyIDs() error {
	if f.foot.ids.empty() {
		return nil
	}
	dir, err := f.read(f.foot.ids)
	if err != nil {
		return err
	}
	filter, err := f.read(f.foot.idFilter)
	if err != nil {
		return err
	}
	return f.asIndexCorruption(postings.VerifyIDs(dir, filter, f.indexPage), f.foot.ids)
}
