package result

import (
	"math"
	"strconv"
)

// Figures is a result that pipeline aggregations read numbers from.
type Figures interface {
	// Figure returns a number by its name in paths: "value" where there is one only. It is NaN where there is no value;
	// ok is false for a name that the result does not have.
	Figure(name string) (x float64, ok bool)
	// Many says that there are several, so that a path has to name one.
	Many() bool
}

// Distinct are distinct values that can be counted together with others.
type Distinct interface {
	// Clone returns a copy to add to.
	Clone() Distinct
	Add(o Distinct) error
	Count() int64
}

// Distribution are the values that percentiles are read from.
type Distribution interface {
	// Clone returns a copy to add to.
	Clone() Distribution
	// Add takes in another of the same kind.
	Add(o Distribution) error
	// At returns the value at a percent; ok is false when there are no values.
	At(percent float64) (x float64, ok bool)
}

func orNaN(x *float64) float64 {
	if x == nil {
		return math.NaN()
	}
	return *x
}

// Figure implements Figures.
func (m *Metric) Figure(name string) (float64, bool) { return orNaN(m.Value), name == "value" }

// Many implements Figures.
func (*Metric) Many() bool { return false }

// Figure implements Figures.
func (s *Stats) Figure(name string) (float64, bool) {
	some := func(x float64) float64 {
		if s.Count == 0 {
			return math.NaN()
		}
		return x
	}
	switch name {
	case "count":
		return float64(s.Count), true
	case "min":
		return some(s.Min), true
	case "max":
		return some(s.Max), true
	case "avg":
		return some(s.Sum / float64(s.Count)), true
	case "sum":
		return s.Sum, true
	}
	if s.Extended == nil {
		return 0, false
	}
	return s.Extended.figure(name, some(s.Sum/float64(s.Count)))
}

func (m *Moments) figure(name string, mean float64) (float64, bool) {
	switch name {
	case "sum_of_squares":
		return m.SumOfSquares, true
	case "variance":
		return orNaN(m.Variance), true
	case "variance_population":
		return orNaN(m.VariancePopulation), true
	case "variance_sampling":
		return orNaN(m.VarianceSampling), true
	case "std_deviation":
		return orNaN(m.StdDev), true
	case "std_deviation_population":
		return orNaN(m.StdDevPopulation), true
	case "std_deviation_sampling":
		return orNaN(m.StdDevSampling), true
	case "std_upper", "std_upper_population":
		return mean + m.Sigma*orNaN(m.StdDev), true
	case "std_lower", "std_lower_population":
		return mean - m.Sigma*orNaN(m.StdDev), true
	case "std_upper_sampling":
		return mean + m.Sigma*orNaN(m.StdDevSampling), true
	case "std_lower_sampling":
		return mean - m.Sigma*orNaN(m.StdDevSampling), true
	}
	return 0, false
}

// Many implements Figures.
func (*Stats) Many() bool { return true }

// Figure implements Figures: the name is a percent, whether it was asked for or not.
func (p *Percentiles) Figure(name string) (float64, bool) {
	percent, err := strconv.ParseFloat(name, 64)
	if err != nil {
		return 0, false
	}
	if p.Distribution != nil {
		x, ok := p.Distribution.At(percent)
		if !ok {
			x = math.NaN()
		}
		return x, true
	}
	for _, pt := range p.Points {
		if pt.Percent == percent {
			return orNaN(pt.Value), true
		}
	}
	return 0, false
}

// Many implements Figures.
func (*Percentiles) Many() bool { return true }

// Again are the same percents of another distribution.
func (p *Percentiles) Again(d Distribution) *Percentiles {
	out := &Percentiles{Kind: p.Kind, Keyed: p.Keyed, Distribution: d, Format: p.Format}
	for _, pt := range p.Points {
		one := Percentile{Percent: pt.Percent}
		if x, ok := d.At(pt.Percent); ok {
			one.Value = &x
			if p.Format != nil {
				one.AsString = p.Format(x)
			}
		}
		out.Points = append(out.Points, one)
	}
	return out
}
