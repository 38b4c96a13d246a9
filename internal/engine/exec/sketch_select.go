package exec

import "slices"

// selectAt returns the number that stands at a place when all are in order, and brings the lesser ones before it and the greater
// ones after it: Hoare's quickselect (CACM 4 (1961), algorithm 65) with the median of three as pivot. Without a pivot that divides
// well, as numbers chosen against it have none, the rest is sorted. NaN is not allowed.
func selectAt(list []float64, at int) float64 {
	const few = 24
	lo, hi := 0, len(list)
	for rounds := 0; hi-lo > few; rounds++ {
		if rounds > few {
			break
		}
		pivot := medianOf(list[lo], list[lo+(hi-lo)/2], list[hi-1])
		// Below i all are at most the pivot, above j at least: equal ones on both sides, so that many of them divide well too.
		i, j := lo, hi-1
		for i <= j {
			for list[i] < pivot {
				i++
			}
			for list[j] > pivot {
				j--
			}
			if i <= j {
				list[i], list[j] = list[j], list[i]
				i++
				j--
			}
		}
		switch {
		case at <= j:
			hi = j + 1
		case at >= i:
			lo = i
		default:
			return list[at]
		}
	}
	slices.Sort(list[lo:hi])
	return list[at]
}

func medianOf(a, b, c float64) float64 {
	return max(min(a, b), min(max(a, b), c))
}
