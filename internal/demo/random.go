package demo

import "math"

// random is a splitmix64 generator (Steele, Lea, Flood 2014): one word of state, so that it is cheap
// to give every actor one of its own and adding an actor does not shift the numbers of the others.
type random struct{ state uint64 }

// fork is a generator whose numbers are unrelated to r's later ones.
func (r *random) fork() random { return random{state: r.next()} }

func (r *random) next() uint64 {
	r.state += 0x9e3779b97f4a7c15
	return mix(r.state)
}

// mix scrambles the bits of a word; it is a bijection.
func mix(z uint64) uint64 {
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// below is a number in [0, n). The bias of taking the high product word is below 2⁻³² for the small n
// used here.
func (r *random) below(n int) int {
	return int((r.next() >> 32) * uint64(n) >> 32)
}

// between is a number in [low, high].
func (r *random) between(low, high int) int { return low + r.below(high-low+1) }

// float is a number in [0, 1).
func (r *random) float() float64 { return float64(r.next()>>11) / (1 << 53) }

// chance is true with probability p.
func (r *random) chance(p float64) bool { return r.float() < p }

// exponential has the given mean: the gap between events of a Poisson process.
func (r *random) exponential(mean float64) float64 { return -mean * math.Log(1-r.float()) }

// normal has mean 0 and deviation 1 (Box and Muller; the second number is thrown away).
func (r *random) normal() float64 {
	return math.Sqrt(-2*math.Log(1-r.float())) * math.Cos(2*math.Pi*r.float())
}

// logNormal has the given median; spread is the deviation of the logarithm. Latencies look like this.
func (r *random) logNormal(median, spread float64) float64 {
	return median * math.Exp(spread*r.normal())
}

// pick is one of the items.
func pick[T any](r *random, items []T) T { return items[r.below(len(items))] }

// alias draws from a fixed discrete distribution in constant time (Walker 1977, Vose 1991).
type alias struct {
	keep  []uint32 // keep the drawn slot when a 32-bit number is below this
	other []uint32 // else take this one
}

func newAlias(weights []float64) *alias {
	total := 0.0
	for _, w := range weights {
		total += w
	}
	n := len(weights)
	a := &alias{keep: make([]uint32, n), other: make([]uint32, n)}
	share := make([]float64, n)
	var small, large []int
	for i, w := range weights {
		share[i] = w * float64(n) / total
		if share[i] < 1 {
			small = append(small, i)
		} else {
			large = append(large, i)
		}
	}
	for len(small) > 0 && len(large) > 0 {
		s, l := small[len(small)-1], large[len(large)-1]
		small = small[:len(small)-1]
		a.keep[s], a.other[s] = uint32(share[s]*(1<<32-1)), uint32(l)
		share[l] -= 1 - share[s]
		if share[l] < 1 {
			large = large[:len(large)-1]
			small = append(small, l)
		}
	}
	for _, i := range append(small, large...) { // what is left has a share of 1 but for rounding
		a.keep[i], a.other[i] = math.MaxUint32, uint32(i)
	}
	return a
}

func (a *alias) draw(r *random) int {
	v := r.next()
	slot := int((v >> 32) * uint64(len(a.keep)) >> 32)
	if uint32(v) <= a.keep[slot] {
		return slot
	}
	return int(a.other[slot])
}

// zipf gives weights 1/k^exponent for k from 1 to n.
func zipf(n int, exponent float64) []float64 {
	weights := make([]float64, n)
	for i := range weights {
		weights[i] = math.Pow(float64(i+1), -exponent)
	}
	return weights
}
