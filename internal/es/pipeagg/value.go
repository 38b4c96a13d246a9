package pipeagg

import (
	"errors"
	"math"
	"net/http"
	"strings"

	"elkhorn/internal/es/agg"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/result"
)

// buckets are those of one aggregation.
type buckets struct {
	name string
	list []result.Bucket
}

// errNoPath is a path that leads nowhere from one bucket: something it names has no result there.
var errNoPath = errors.New("no such aggregation")

// value returns the number that a path leads to from a bucket. NaN is none; ok is false where a part of the path is
// not there.
func (b *buckets) value(bucket *result.Bucket, path []string, gap agg.GapPolicy) (x float64, ok bool, err error) {
	found, err := property(bucket, b.name, path)
	switch {
	case errors.Is(err, errNoPath):
		return 0, false, nil
	case err != nil:
		return 0, false, err
	}
	switch v := found.(type) {
	case float64:
		x = v
	case result.Figures:
		if v.Many() {
			return 0, false, b.severalValues(path)
		}
		x, _ = v.Figure("value")
	default:
		return 0, false, b.noNumber(found, path)
	}
	if len(path) == 1 && path[0] == "_count" { // documents are never missing
		return x, true, nil
	}
	none := math.IsNaN(x) || math.IsInf(x, 0)
	switch {
	case gap == agg.GapZeros && (none || bucket.DocCount == 0):
		return 0, true, nil
	case gap == agg.GapSkip && bucket.DocCount == 0, none:
		return math.NaN(), true, nil
	}
	return x, true, nil
}

const mustReference = "buckets_path must reference either a number value or a single value numeric metric aggregation, "

func (b *buckets) severalValues(path []string) error {
	return badPath(mustReference+"but [%s] contains multiple values. Please specify which to use.", b.first(path))
}

func (b *buckets) noNumber(found any, path []string) error {
	return badPath(mustReference+"got: [%s] at aggregation [%s]", className(found), b.first(path))
}

func (b *buckets) first(path []string) string {
	if len(path) == 0 {
		return b.name
	}
	return path[0]
}

// badPath is a path that does not lead to a number.
func badPath(format string, args ...any) error {
	return eserr.New(http.StatusBadRequest, "aggregation_execution_exception", format, args...)
}

// property follows a path from a bucket of an aggregation: to a number, a result, the bucket itself, or a list of
// what there is in many buckets.
func property(bucket *result.Bucket, in string, path []string) (any, error) {
	if len(path) == 0 {
		return bucket, nil
	}
	switch path[0] {
	case "_count", "_key":
		if len(path) > 1 {
			return nil, eserr.IllegalArgument("%s must be the last element in the path", path[0])
		}
		if path[0] == "_count" {
			return float64(bucket.DocCount), nil
		}
		if x, ok := bucket.Key.Float64(); ok && bucket.Key.Kind == jsonval.Number {
			return x, nil
		}
		return bucket.Key, nil
	}
	found := bucket.Aggs.Find(path[0])
	if found == nil {
		return nil, errNoPath
	}
	return propertyOf(found, path[0], path[1:])
}

// propertyOf follows a path from a result.
func propertyOf(a result.Agg, name string, path []string) (any, error) {
	if len(path) == 0 {
		return a, nil
	}
	switch a := a.(type) {
	case *result.Single:
		return property(&result.Bucket{DocCount: a.DocCount, Aggs: a.Aggs}, name, path)
	case *result.Buckets:
		return inBuckets(a, name, path)
	case result.Figures:
		x, ok := a.Figure(path[0])
		if ok && len(path) == 1 {
			return x, nil
		}
	}
	return nil, eserr.IllegalArgument("path not supported for [%s]: [%s]", name, strings.Join(path, ", "))
}

func inBuckets(a *result.Buckets, name string, path []string) (any, error) {
	first := path[0]
	if first == "_bucket_count" {
		return float64(len(a.Buckets)), nil
	}
	if len(first) > 1 && first[0] == '\'' && first[len(first)-1] == '\'' {
		for i := range a.Buckets {
			if keyText(&a.Buckets[i]) == first[1:len(first)-1] {
				return property(&a.Buckets[i], name, path[1:])
			}
		}
		return nil, errNoPath
	}
	var list []any
	for i := range a.Buckets {
		one, err := property(&a.Buckets[i], name, path)
		if err != nil {
			return nil, err
		}
		list = append(list, one)
	}
	return list, nil
}

// keyText is a bucket's key as it is printed.
func keyText(b *result.Bucket) string {
	if b.KeyAsString != "" {
		return b.KeyAsString
	}
	return b.Key.Text
}

// className is Elasticsearch's class for a kind of result, which its messages show.
func className(found any) string {
	switch v := found.(type) {
	case []any:
		return "Object[]"
	case *result.Bucket:
		return "Bucket"
	case jsonval.Scalar:
		return "BytesRef"
	case *result.Buckets:
		if name, ok := termsClasses[v.Kind]; ok {
			return name
		}
		return internalClass(v.Kind)
	case result.Agg:
		return internalClass(v.Type())
	}
	return "null"
}

var termsClasses = map[string]string{
	"lterms": "LongTerms", "dterms": "DoubleTerms", "sterms": "StringTerms", "ulterms": "UnsignedLongTerms", "umterms": "UnmappedTerms",
	"srareterms": "StringRareTerms", "lrareterms": "LongRareTerms", "sigsterms": "SignificantStringTerms", "siglterms": "SignificantLongTerms",
}

func internalClass(kind string) string {
	var name strings.Builder
	name.WriteString("Internal")
	for _, word := range strings.Split(kind, "_") {
		if word != "" {
			name.WriteString(strings.ToUpper(word[:1]) + word[1:])
		}
	}
	return name.String()
}

// finite is nil for what is no number.
func finite(x float64) *float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	return &x
}

// flat reads a path to numbers.
func flat(path string) ([]string, error) {
	steps, err := agg.ParsePath(path)
	return agg.Flatten(steps), err
}
