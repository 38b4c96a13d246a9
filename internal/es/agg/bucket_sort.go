package agg

import (
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// BucketSort sorts and cuts the buckets it stands in.
type BucketSort struct {
	// Sort are paths to numbers, or "_key".
	Sort []SortKey
	From int
	// Size is nil for all.
	Size *int
	Gap  GapPolicy
}

// Kind returns "bucket_sort".
func (*BucketSort) Kind() string { return "bucket_sort" }

// Family returns Pipeline.
func (*BucketSort) Family() Family { return Pipeline }

// Sibling returns false.
func (*BucketSort) Sibling() bool { return false }

// Paths implements Piped.
func (b *BucketSort) Paths() []string {
	var list []string
	for _, k := range b.Sort {
		list = append(list, k.Field)
	}
	return list
}

func (b *BucketSort) appendBody(dst []byte) []byte {
	w := jsonval.Begin(dst)
	if len(b.Sort) > 0 {
		w.Key("sort")
		w.Value(func(dst []byte) []byte { return appendSort(dst, b.Sort) })
	}
	w.Int("from", int64(b.From))
	if b.Size != nil {
		w.Int("size", int64(*b.Size))
	}
	if b.Gap != GapSkip {
		w.String("gap_policy", b.Gap.String())
	}
	return w.End()
}

func (b *BucketSort) check(v *pipeValidation, name string) {
	v.hasParent(b.Kind(), name)
	if len(b.Sort) == 0 && b.Size == nil && b.From == 0 {
		v.add("[" + name + "] is configured to perform nothing. Please set either of [sort, size, from] to use bucket_sort")
	}
}

func parseBucketSort(p *parser, n *jsonval.Node) (Body, error) {
	b := &BucketSort{}
	return b, p.options(n, options{
		"sort":       p.sort(&b.Sort),
		"gap_policy": p.gapPolicy(&b.Gap),
		"from": func(at place, n *jsonval.Node) error {
			if err := p.whole(&b.From)(at, n); err != nil {
				return err
			}
			if b.From < 0 {
				return eserr.IllegalArgument("[from] must be a non-negative integer: [%d]", b.From)
			}
			return nil
		},
		"size": func(at place, n *jsonval.Node) error {
			size := 0
			if err := p.whole(&size)(at, n); err != nil {
				return err
			}
			if size <= 0 {
				return eserr.IllegalArgument("[size] must be a positive integer: [%d]", size)
			}
			b.Size = &size
			return nil
		},
	})
}
