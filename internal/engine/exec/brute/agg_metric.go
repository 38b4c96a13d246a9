package brute

import (
	"fmt"
	"math"
	"slices"
	"strconv"
)

// metric computes the aggregations that are numbers.
func (a *Aggregator) metric(docs []*Doc, kind string, o *Node) map[string]any {
	f := a.field(o)
	var all []any
	for _, d := range docs {
		all = append(all, a.valuesOf(d, f, o)...)
	}
	switch kind {
	case "value_count":
		return map[string]any{"value": count(len(all))}
	case "cardinality":
		seen := map[any]bool{}
		for _, v := range all {
			seen[v] = true
		}
		return map[string]any{"value": count(len(seen))}
	}
	numbers := make([]float64, len(all))
	for i, v := range all {
		numbers[i] = f.float(v)
	}
	slices.Sort(numbers)
	s := summarize(numbers)
	switch kind {
	case "sum":
		return map[string]any{"value": number(s.sum)}
	case "avg":
		return map[string]any{"value": number(s.avg)}
	case "min":
		return map[string]any{"value": number(s.min)}
	case "max":
		return map[string]any{"value": number(s.max)}
	case "stats":
		return s.stats()
	case "extended_stats":
		return s.extended(numbers, o.number("sigma", 2))
	case "percentiles":
		return percentiles(numbers, o, "percents", percentile)
	case "percentile_ranks":
		return percentiles(numbers, o, "values", percentileRank)
	}
	panic("brute: no aggregation " + kind)
}

// summary are the figures of stats; NaN where there are no values.
type summary struct {
	n                  int
	sum, avg, min, max float64
}

func summarize(numbers []float64) summary {
	s := summary{n: len(numbers), avg: math.NaN(), min: math.NaN(), max: math.NaN()}
	for _, x := range numbers {
		s.sum += x
	}
	if s.n > 0 {
		s.avg, s.min, s.max = s.sum/float64(s.n), numbers[0], numbers[s.n-1]
	}
	return s
}

func (s summary) stats() map[string]any {
	return map[string]any{"count": count(s.n), "sum": number(s.sum), "min": number(s.min), "max": number(s.max), "avg": number(s.avg)}
}

func (s summary) extended(numbers []float64, sigma float64) map[string]any {
	out := s.stats()
	squares, distance := 0.0, 0.0
	for _, x := range numbers {
		squares += x * x
		distance += (x - s.avg) * (x - s.avg)
	}
	population, sampling := math.NaN(), math.NaN()
	out["sum_of_squares"] = nil
	if s.n > 0 {
		out["sum_of_squares"], population = number(squares), distance/float64(s.n)
	}
	if s.n > 1 {
		sampling = distance / float64(s.n-1)
	}
	// One value has no sampling variance: that prints as text, and only none at all is null.
	printed := func(x float64) any {
		if s.n == 1 && math.IsNaN(x) {
			return "NaN"
		}
		return number(x)
	}
	out["variance"], out["variance_population"], out["variance_sampling"] = number(population), number(population), printed(sampling)
	out["std_deviation"], out["std_deviation_population"], out["std_deviation_sampling"] =
		number(math.Sqrt(population)), number(math.Sqrt(population)), printed(math.Sqrt(sampling))
	bounds := map[string]any{}
	for name, deviation := range map[string]float64{"": population, "_population": population, "_sampling": sampling} {
		bounds["upper"+name], bounds["lower"+name] = printed(s.avg+sigma*math.Sqrt(deviation)), printed(s.avg-sigma*math.Sqrt(deviation))
	}
	out["std_deviation_bounds"] = bounds
	return out
}

func percentiles(numbers []float64, o *Node, name string, of func([]float64, float64) float64) map[string]any {
	points := []float64{1, 5, 25, 50, 75, 95, 99}
	if o.Get(name) != nil {
		points = nil
		for _, p := range o.Get(name).list() {
			x, err := strconv.ParseFloat(p.Text, 64)
			if err != nil {
				panic(err)
			}
			points = append(points, x)
		}
		slices.Sort(points)
	}
	keyed, list := map[string]any{}, []any{}
	for _, p := range points {
		var value any
		if len(numbers) > 0 {
			value = number(of(numbers, p))
		}
		keyed[pointKey(p)] = value
		list = append(list, map[string]any{"key": number(p), "value": value})
	}
	if o.truth("keyed", true) {
		return map[string]any{"values": keyed}
	}
	return map[string]any{"values": list}
}

func pointKey(p float64) string {
	if p == math.Trunc(p) {
		return fmt.Sprintf("%.1f", p)
	}
	return fmt.Sprint(p)
}

// percentile interpolates between the neighbours in sorted values.
func percentile(numbers []float64, p float64) float64 {
	rank := p / 100 * float64(len(numbers)-1)
	lo := int(rank)
	if lo == len(numbers)-1 {
		return numbers[lo]
	}
	return numbers[lo] + (numbers[lo+1]-numbers[lo])*(rank-float64(lo))
}

// percentileRank is the share of the values that are at most x.
func percentileRank(numbers []float64, x float64) float64 {
	n := 0
	for _, v := range numbers {
		if v <= x {
			n++
		}
	}
	return 100 * float64(n) / float64(len(numbers))
}
