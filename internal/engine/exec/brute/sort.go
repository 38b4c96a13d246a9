package brute

import "slices"

// Key is one key to sort by; documents without the field go last.
type Key struct {
	Field string
	Desc  bool
}

// Sort orders documents; ties stay in the order of arrival.
func (t Types) Sort(docs []Doc, keys []Key) []Doc {
	out := slices.Clone(docs)
	slices.SortStableFunc(out, func(a, b Doc) int {
		for _, k := range keys {
			if c := t.compareBy(a, b, k); c != 0 {
				return c
			}
		}
		return 0
	})
	return out
}

func (t Types) compareBy(a, b Doc, k Key) int {
	x, y := t.values(a, k.Field), t.values(b, k.Field)
	switch {
	case len(x) == 0 && len(y) == 0:
		return 0
	case len(x) == 0:
		return 1
	case len(y) == 0:
		return -1
	case k.Desc:
		return compare(slices.MaxFunc(y, compare), slices.MaxFunc(x, compare))
	}
	return compare(slices.MinFunc(x, compare), slices.MinFunc(y, compare))
}
