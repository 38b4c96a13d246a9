package segment

import (
	"fmt"
	"slices"
	"strings"

	"elkhorn/internal/engine/postings"
)

// Usage says what a field takes in a segment file, in bytes. The footer's share is counted where its inline
// extents belong.
type Usage struct {
	Field   string
	Doc     int64 // doc values
	Dict    int64
	Forms   int64 // how the values were written
	Text    int64 // text index
	Filters int64
}

// Total is the sum.
func (u *Usage) Total() int64 { return u.Doc + u.Dict + u.Forms + u.Text + u.Filters }

// Usage returns what each field takes, in order of name, and a last entry without a name for what belongs to
// the segment as a whole: shapes (Forms), the index of ids (Filters), and the footer beside inline extents (Doc).
func (f *File) Usage() ([]Usage, error) {
	var all []Usage
	rest := Usage{Forms: int64(f.foot.shapes.length), Filters: int64(f.foot.idFilter.length), Doc: int64(len(f.foot.raw))}
	ids, err := f.indexBytes(f.foot.ids)
	if err != nil {
		return nil, err
	}
	rest.Filters += ids
	sum := func(extents []extent) (n int64) {
		for _, e := range extents {
			n += int64(e.length)
			if e.inline {
				rest.Doc -= int64(e.length)
			}
		}
		return n
	}
	for i := range f.foot.fields {
		e := &f.foot.fields[i]
		u := Usage{Field: e.name, Doc: sum(e.doc), Dict: int64(e.dict.length), Forms: sum(e.forms), Filters: sum(e.filters)}
		if u.Text, err = f.indexBytes(e.text.dir); err != nil {
			return nil, fmt.Errorf("text index of %q: %w", e.name, err)
		}
		all = append(all, u)
	}
	for _, space := range f.spaces {
		inner, err := space.Rows.(*File).Usage()
		if err != nil {
			return nil, err
		}
		last := &inner[len(inner)-1]
		rest.Doc += last.Doc - int64(len(f.foot.raw)) // less the inline extents of the space
		all = addUsage(all, inner[:len(inner)-1])
	}
	return append(all, rest), nil
}

// addUsage adds the fields of a space, some of which have written forms beside the documents.
func addUsage(all, more []Usage) []Usage {
	for i := range more {
		at, found := slices.BinarySearchFunc(all, more[i].Field, func(u Usage, name string) int { return strings.Compare(u.Field, name) })
		if found {
			all[at].Add(&more[i])
		} else {
			all = slices.Insert(all, at, more[i])
		}
	}
	return all
}

// indexBytes is the size of an index: its directory and its pages.
func (f *File) indexBytes(dir extent) (int64, error) {
	if dir.empty() {
		return 0, nil
	}
	raw, err := f.read(dir)
	if err != nil {
		return 0, err
	}
	pages, err := postings.PageBytes(raw)
	if err != nil {
		return 0, f.asIndexCorruption(err, dir)
	}
	return int64(dir.length) + pages, nil
}

// Add adds what o takes.
func (u *Usage) Add(o *Usage) {
	u.Doc += o.Doc
	u.Dict += o.Dict
	u.Forms += o.Forms
	u.Text += o.Text
	u.Filters += o.Filters
}
