package mapping

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// MaxDims is Elasticsearch's limit of a vector's dimensions.
const MaxDims = 4096

// How vectors are compared.
const (
	Cosine          = "cosine"
	DotProduct      = "dot_product"
	L2Norm          = "l2_norm"
	MaxInnerProduct = "max_inner_product"
)

var vectorSimilarities = []string{Cosine, DotProduct, L2Norm, MaxInnerProduct}

// vectorIndexes are the structures that Elasticsearch looks vectors up in. There is none here: a search compares all.
var vectorIndexes = []string{"bbq_disk", "bbq_flat", "bbq_hnsw", "flat", "hnsw", "int4_flat", "int4_hnsw", "int8_flat", "int8_hnsw"}

func readDims(f *Field, n *jsonval.Node) (string, error) {
	dims, ok := n.Scalar().Int64()
	if !n.IsScalar() || !ok {
		return "", badParam(f, "dims", n, "a whole number")
	}
	if dims < 1 || dims > MaxDims {
		return "", eserr.MapperParsing("The number of dimensions should be in the range [1, %d] but was [%d]", MaxDims, dims)
	}
	f.Dims = int(dims)
	return strconv.Itoa(f.Dims), nil
}

func readElementType(f *Field, n *jsonval.Node) (string, error) {
	switch n.Text {
	case "float", "byte":
		f.WholeDims = n.Text == "byte"
		return string(jsonval.AppendString(nil, n.Text)), nil
	case "bit", "bfloat16":
		e := eserr.Unsupported("[element_type] of [" + n.Text + "] on field [" + f.Path + "]")
		e.Reason += ": it must be [float] or [byte]"
		return "", e
	}
	return "", eserr.MapperParsing("Unknown value [%s] for field [element_type] - accepted values are [byte, float]", n.Text)
}

func readVectorSimilarity(f *Field, n *jsonval.Node) (string, error) {
	word := strings.ToLower(n.Text)
	if !n.IsScalar() || !slices.Contains(vectorSimilarities, word) {
		return "", eserr.MapperParsing("Unknown value [%s] for field [similarity] - accepted values are [%s]", n.Text, strings.Join(vectorSimilarities, ", "))
	}
	f.Similarity = word
	return string(jsonval.AppendString(nil, word)), nil
}

// readVectorIndex checks the options of a structure that is not there, and keeps them.
func readVectorIndex(f *Field, n *jsonval.Node) (string, error) {
	kind := n.Get("type")
	if n.Kind != jsonval.Object || kind == nil {
		return "", eserr.MapperParsing("[index_options] requires field [type] to be configured")
	}
	if !slices.Contains(vectorIndexes, kind.Text) {
		return "", eserr.MapperParsing("Unknown vector index options type [%s] for field [%s]", kind.Text, f.Path)
	}
	w := jsonval.Begin(nil)
	w.String("type", kind.Text)
	known := []string{"m", "ef_construction", "confidence_interval", "rescore_vector", "default_visit_percentage", "cluster_size", "on_disk_rescore"}
	for i, key := range n.Keys {
		if key != "type" && !slices.Contains(known, key) {
			return "", eserr.MapperParsing("Mapping definition for [%s] has unsupported parameters:  [%s : %s]", f.Path, key, n.Items[i].Raw)
		}
	}
	for _, key := range known {
		if item := n.Get(key); item != nil {
			w.Raw(key, item.Raw)
		}
	}
	return string(w.End()), nil
}

// checkVectorField completes a dense_vector.
func checkVectorField(f *Field) error {
	if !f.Index {
		for _, p := range f.params {
			if p.name == "similarity" || p.name == "index_options" {
				return eserr.MapperParsing("Field [%s] can only be specified for a field of type [dense_vector] when it is indexed", p.name)
			}
		}
		return nil
	}
	if f.Similarity == "" {
		f.Similarity = Cosine
	}
	return nil
}

// CheckVector says what is wrong with a vector of a document or a query: dimensions that the field's element type has not, or a
// length that its similarity cannot be reckoned with.
func (f *Field) CheckVector(v []float32) *eserr.Error {
	squares := 0.0
	for i, x := range v {
		switch whole := float64(x) == math.Trunc(float64(x)); {
		case f.WholeDims && (!whole || x < -128 || x > 127):
			return eserr.IllegalArgument("element_type [byte] vectors only support integers between [-128, 127] but found [%s] at dim [%d];%s", dimension(x), i, preview(v))
		case math.IsInf(float64(x), 0):
			return eserr.IllegalArgument("element_type [float] vectors do not support infinite values but found [Infinity] at dim [%d];%s", i, preview(v))
		}
		squares += float64(x) * float64(x)
	}
	switch {
	case f.Similarity == Cosine && squares == 0:
		return eserr.IllegalArgument("The [cosine] similarity does not support vectors with zero magnitude.%s", preview(v))
	case f.Similarity == DotProduct && !f.WholeDims && math.Abs(squares-1) > unitTolerance:
		return eserr.IllegalArgument("The [dot_product] similarity can only be used with unit-length vectors.%s", preview(v))
	}
	return nil
}

// unitTolerance is how far the square of a unit vector's length may be from 1.
const unitTolerance = 1e-3

// preview shows the first dimensions of a vector that is refused.
func preview(v []float32) string {
	const most = 5
	var b strings.Builder
	b.WriteString(" Preview of invalid vector: [")
	for i, x := range v[:min(len(v), most)] {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(dimension(x))
	}
	if len(v) > most {
		b.WriteString(", ...")
	}
	return b.String() + "]"
}

func dimension(x float32) string {
	if math.IsInf(float64(x), 0) {
		return "Infinity"
	}
	text := strconv.FormatFloat(float64(x), 'g', -1, 32)
	if !strings.ContainsAny(text, ".eIN") {
		text += ".0"
	}
	return text
}
