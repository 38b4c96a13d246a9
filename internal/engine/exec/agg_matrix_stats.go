package exec

import (
	"math"
	"slices"

	"elkhorn/internal/es/agg"
	"elkhorn/internal/es/result"
)

// matrixNode describes several fields together, over the documents that have all of them.
type matrixNode struct {
	names  []string
	values []*valuesNode
	mode   string
}

func compileMatrixStats(c *compiler, b *agg.MatrixStats, _ []*aggPlan) (aggNode, error) {
	n := &matrixNode{names: b.Fields, mode: b.Mode}
	for _, name := range b.Fields {
		source := agg.Source{Field: name}
		if v, ok := b.Missing[name]; ok {
			source.Missing = &v
		}
		v, err := c.numbersOf("matrix_stats", name, "", source.Missing)
		if err != nil {
			return nil, err
		}
		n.values = append(n.values, v)
	}
	return n, nil
}

func (n *matrixNode) collector(_ collectors, acct *account) collector {
	m := &matrixCollector{node: n, acct: acct}
	for _, v := range n.values {
		m.readers = append(m.readers, newRowValues(v))
	}
	m.columns = make([][]float64, len(n.values))
	m.one = make([]float64, len(n.values))
	return m
}

type matrixCollector struct {
	node    *matrixNode
	acct    *account
	readers []rowValues
	columns [][]float64 // by field and position; NaN for none
	one     []float64
	state   []*matrixState
}

func (m *matrixCollector) bind(at *leafPlace) error {
	for i := range m.readers {
		m.readers[i].reader.bind(at.leaf)
	}
	return nil
}

func (m *matrixCollector) collect(d *docs) error {
	var err error
	if m.state, err = growBuckets(m.state, d.limit, m.acct, 8); err != nil {
		return err
	}
	for i := range m.readers {
		values, at, err := m.readers[i].of(d)
		if err != nil {
			return err
		}
		m.columns[i] = m.node.single(m.columns[i][:0], len(d.rows), values, at)
	}
rows:
	for p := range d.rows {
		for i := range m.columns {
			if m.one[i] = m.columns[i][p]; math.IsNaN(m.one[i]) {
				continue rows
			}
		}
		b := d.bucket(p)
		if m.state[b] == nil {
			if err := m.acct.grow(matrixBytes(len(m.one))); err != nil {
				return err
			}
			m.state[b] = newMatrixState(len(m.one))
		}
		m.state[b].add(m.one)
	}
	return nil
}

// single makes one value per position of what there is.
func (n *matrixNode) single(out []float64, rows int, values []float64, at []uint32) []float64 {
	next := 0
	for p := range rows {
		from := next
		for next < len(at) && int(at[next]) == p {
			next++
		}
		out = append(out, reduceMode(n.mode, values[from:next]))
	}
	return out
}

// reduceMode makes one number of several; NaN of none. It may reorder them.
func reduceMode(mode string, values []float64) float64 {
	if len(values) == 0 {
		return math.NaN()
	}
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	switch mode {
	case "min":
		return slices.Min(values)
	case "max":
		return slices.Max(values)
	case "sum":
		return sum
	case "median":
		slices.Sort(values)
		n := len(values)
		return (values[(n-1)/2] + values[n/2]) / 2
	}
	return sum / float64(len(values))
}

func (m *matrixCollector) partial(bucket uint32) partial {
	p := &matrixPartial{node: m.node}
	if int(bucket) < len(m.state) {
		p.state = m.state[bucket]
	}
	return p
}

// matrixState holds means and sums of powers of the distances from them, for each field and each pair.
type matrixState struct {
	n          float64
	mean       []float64
	m2, m3, m4 []float64
	products   []float64 // of i and j > i at i*fields+j
	delta      []float64
}

func newMatrixState(fields int) *matrixState {
	row := func() []float64 { return make([]float64, fields) }
	return &matrixState{mean: row(), m2: row(), m3: row(), m4: row(), products: make([]float64, fields*fields), delta: row()}
}

// matrixBytes is about what the state of so many fields takes.
func matrixBytes(fields int) int { return 8*fields*(fields+6) + 160 }

func (s *matrixState) add(x []float64) {
	before := s.n
	s.n++
	for i, v := range x {
		d := v - s.mean[i]
		s.delta[i] = d
		dn := d / s.n
		dn2 := dn * dn
		t := d * dn * before
		s.mean[i] += dn
		s.m4[i] += t*dn2*(s.n*s.n-3*s.n+3) + 6*dn2*s.m2[i] - 4*dn*s.m3[i]
		s.m3[i] += t*dn*(s.n-2) - 3*dn*s.m2[i]
		s.m2[i] += t
	}
	for i := range x {
		for j := i + 1; j < len(x); j++ {
			s.products[i*len(x)+j] += s.delta[i] * (x[j] - s.mean[j])
		}
	}
}

// merge takes in another sample (the formulas of Chan and of Pébay for joining moments).
func (s *matrixState) merge(o *matrixState) {
	na, nb := s.n, o.n
	n := na + nb
	for i := range s.mean {
		s.delta[i] = o.mean[i] - s.mean[i]
	}
	for i, d := range s.delta {
		for j := i + 1; j < len(s.delta); j++ {
			s.products[i*len(s.delta)+j] += o.products[i*len(s.delta)+j] + d*s.delta[j]*na*nb/n
		}
		s.m4[i] += o.m4[i] + d*d*d*d*na*nb*(na*na-na*nb+nb*nb)/(n*n*n) + 6*d*d*(na*na*o.m2[i]+nb*nb*s.m2[i])/(n*n) + 4*d*(na*o.m3[i]-nb*s.m3[i])/n
		s.m3[i] += o.m3[i] + d*d*d*na*nb*(na-nb)/(n*n) + 3*d*(na*o.m2[i]-nb*s.m2[i])/n
		s.m2[i] += o.m2[i] + d*d*na*nb/n
		s.mean[i] += d * nb / n
	}
	s.n = n
}

type matrixPartial struct {
	node  *matrixNode
	state *matrixState // nil where there was no document
}

func (p *matrixPartial) merge(other partial) error {
	o := other.(*matrixPartial)
	switch {
	case o.state == nil:
	case p.state == nil:
		p.state = o.state
	default:
		p.state.merge(o.state)
	}
	return nil
}

func (p *matrixPartial) result(*reducer) (result.Agg, error) {
	out := &result.MatrixStats{}
	s := p.state
	if s == nil {
		return out, nil
	}
	out.DocCount = int64(s.n)
	fields := len(s.mean)
	for i, name := range p.node.names {
		f := result.MatrixField{
			Name: name, Mean: s.mean[i], Variance: s.m2[i] / (s.n - 1),
			Skewness: math.Sqrt(s.n) * s.m3[i] / math.Pow(s.m2[i], 1.5), Kurtosis: s.n * s.m4[i] / (s.m2[i] * s.m2[i]),
		}
		for j, other := range p.node.names {
			product := s.m2[i]
			if i != j {
				product = s.products[min(i, j)*fields+max(i, j)]
			}
			pair := result.MatrixPair{Name: other, Covariance: product / (s.n - 1), Correlation: 1}
			if i != j {
				pair.Correlation = product / (math.Sqrt(s.m2[i]) * math.Sqrt(s.m2[j]))
			}
			f.Pairs = append(f.Pairs, pair)
		}
		out.Fields = append(out.Fields, f)
	}
	return out, nil
}
