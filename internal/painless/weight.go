package painless

const (
	// weighDepth is how deep values are weighed; whatever is deeper, or holds itself, counts as nothing.
	weighDepth = 20
	// weighValues is how many values are looked at; a heavier one weighs what these do.
	weighValues = 10_000_000
	// valueWeight is what a value takes besides its text.
	valueWeight = 64
)

// Allocated is about how many bytes the last run allocated, freed or not.
func (e *Env) Allocated() int { return maxBytes - e.run.bytes }

// Weight is about how many bytes a value takes, with all that it holds.
func Weight(v Value) int {
	left := weighValues
	return weigh(v, weighDepth, &left)
}

func weigh(v Value, depth int, left *int) int {
	if *left--; depth == 0 || *left < 0 {
		return 0
	}
	bytes := valueWeight
	if v.Kind() == KindString {
		bytes += len(v.Text())
	}
	if l := v.List(); l != nil {
		for i := range l.Len() {
			bytes += weigh(l.At(i), depth-1, left)
		}
	}
	if m := v.Map(); m != nil && m.Filled() {
		for i := range m.Len() {
			key, value := m.Entry(i)
			bytes += weigh(key, depth-1, left) + weigh(value, depth-1, left)
		}
	}
	return bytes
}
