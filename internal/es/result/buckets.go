package result

import "elkhorn/internal/es/jsonval"

// Buckets are the result of an aggregation with many buckets.
type Buckets struct {
	Kind string // typed key: "sterms", "lterms", "dterms", "date_histogram", "histogram", "range", "filters" …
	// Keyed prints the buckets as an object by KeyAsString rather than as a list.
	Keyed   bool
	Buckets []Bucket
	// ErrorBound and OtherDocs are printed for the terms family only (Terms set).
	Terms      bool
	ErrorBound int64 // doc_count_error_upper_bound
	OtherDocs  int64 // sum_other_doc_count
	// Head are members before the buckets, Tail those behind them.
	Head, Tail []Member
}

// Member is one more member of a result or a bucket, as some kinds have.
type Member struct {
	Name string
	JSON []byte
}

func writeMembers(w *jsonval.Writer, list []Member) {
	for _, m := range list {
		w.Raw(m.Name, m.JSON)
	}
}

// Bucket is one bucket.
type Bucket struct {
	// Key is the bucket's key; Kind Null leaves "key" out (filters).
	Key jsonval.Scalar
	// KeyJSON is the key where it is no scalar: of several values.
	KeyJSON []byte
	// KeyAsString is printed as "key_as_string" in a list, and is the member name when keyed.
	KeyAsString string
	// From and To are the bounds of a range bucket, with their printed form for dates; nil leaves
	// them out.
	From, To                 *float64
	FromAsString, ToAsString string
	DocCount                 int64
	// ErrorBound is printed when the request asked for show_term_doc_count_error.
	ErrorBound *int64
	// Head are members before the number of documents, Tail those behind it.
	Head, Tail []Member
	Aggs       Aggs
}

// Type returns the kind of buckets.
func (b *Buckets) Type() string { return b.Kind }

func (b *Buckets) appendBody(w *jsonval.Writer, typedKeys bool) {
	if b.Terms {
		w.Int("doc_count_error_upper_bound", b.ErrorBound)
		w.Int("sum_other_doc_count", b.OtherDocs)
	}
	writeMembers(w, b.Head)
	w.Key("buckets")
	w.Value(func(dst []byte) []byte {
		if b.Keyed {
			return b.appendKeyed(dst, typedKeys)
		}
		dst = append(dst, '[')
		for i := range b.Buckets {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = b.Buckets[i].append(dst, typedKeys, false)
		}
		return append(dst, ']')
	})
	writeMembers(w, b.Tail)
}

func (b *Buckets) appendKeyed(dst []byte, typedKeys bool) []byte {
	w := jsonval.Begin(dst)
	for i := range b.Buckets {
		bucket := &b.Buckets[i]
		key := bucket.KeyAsString
		if key == "" {
			key = bucket.Key.Text
		}
		w.Key(key)
		w.Value(func(dst []byte) []byte { return bucket.append(dst, typedKeys, true) })
	}
	return w.End()
}

func (b *Bucket) append(dst []byte, typedKeys, keyed bool) []byte {
	w := jsonval.Begin(dst)
	isRange := b.From != nil || b.To != nil
	if keyed && !isRange && b.KeyAsString != "" && b.Key.Kind != jsonval.Null {
		w.String("key_as_string", b.KeyAsString)
	}
	if !keyed && b.KeyAsString != "" {
		w.String("key_as_string", b.KeyAsString)
	}
	switch {
	case b.KeyJSON != nil:
		w.Raw("key", b.KeyJSON)
	case b.Key.Kind != jsonval.Null && !(keyed && isRange):
		w.Scalar("key", b.Key)
	}
	writeMembers(&w, b.Head)
	if b.From != nil {
		writeNumber(&w, "from", b.From)
		w.StringIf("from_as_string", b.FromAsString)
	}
	if b.To != nil {
		writeNumber(&w, "to", b.To)
		w.StringIf("to_as_string", b.ToAsString)
	}
	w.Int("doc_count", b.DocCount)
	if b.ErrorBound != nil {
		w.Int("doc_count_error_upper_bound", *b.ErrorBound)
	}
	writeMembers(&w, b.Tail)
	b.Aggs.appendMembers(&w, typedKeys)
	return w.End()
}

// Single is the result of an aggregation with one bucket: filter, missing, global, nested.
type Single struct {
	Kind     string
	Head     []Member // before the number of documents
	DocCount int64
	Aggs     Aggs
}

// Type returns the aggregation's kind.
func (s *Single) Type() string { return s.Kind }

func (s *Single) appendBody(w *jsonval.Writer, typedKeys bool) {
	writeMembers(w, s.Head)
	w.Int("doc_count", s.DocCount)
	s.Aggs.appendMembers(w, typedKeys)
}
