package exec

// hdrNode computes percentiles or ranks from an HDR histogram, as a request may ask for.
type hdrNode struct {
	*percentilesNode
	digits int
}

func (n *hdrNode) collector(_ collectors, acct *account) collector {
	return &hdrCollector{node: n, acct: acct, reader: valueReader{node: n.values}}
}

type hdrCollector struct {
	node   *hdrNode
	acct   *account
	reader valueReader
	state  []*hdr // nil where a bucket has no values
}

func (h *hdrCollector) bind(at *leafPlace) error {
	h.reader.bind(at.leaf)
	return nil
}

func (h *hdrCollector) collect(d *docs) error {
	var err error
	if h.state, err = growBuckets(h.state, d.limit, h.acct, 8); err != nil {
		return err
	}
	values, buckets, err := h.reader.gather(d)
	if err != nil {
		return err
	}
	for i, v := range values {
		if h.state[buckets[i]] == nil {
			h.state[buckets[i]] = newHDR(h.node.digits, h.acct)
		}
		if err := h.state[buckets[i]].add(v); err != nil {
			return err
		}
	}
	return nil
}

func (h *hdrCollector) partial(bucket uint32) partial {
	sketch := newHDR(h.node.digits, h.acct)
	if int(bucket) < len(h.state) && h.state[bucket] != nil {
		sketch = h.state[bucket]
	}
	out := &percentilesPartial{node: h.node.percentilesNode, sketch: sketch}
	if h.node.values.field == nil && h.node.values.missing == nil {
		return &unmappedPartial{out}
	}
	return out
}
