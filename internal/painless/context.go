package painless

import "slices"

// Result is what a context makes of a script's value.
type Result uint8

// The results.
const (
	ResultAny    Result = iota // whatever it is
	ResultNone                 // nothing: the script works by what it changes or emits
	ResultBool                 // a boolean
	ResultDouble               // a number, as a double
	ResultLong                 // a whole number
	ResultString               // a String
)

// Var is a variable that a context gives to scripts. Its value is at the same place of [Env.Vars].
type Var struct {
	Name string
	Type VarType
}

// VarType is how a variable is declared.
type VarType uint8

// The types of variables.
const (
	TypeDef VarType = iota
	TypeMap
	TypeList
	TypeDouble
	TypeString
	TypeLong
)

// Context says where a script runs: which variables exist and what becomes of its value.
type Context struct {
	// Name is Elasticsearch's name of the context.
	Name string
	Vars []Var
	// Result is what the value is turned into.
	Result Result
	// Doc says that there is a document to look at: doc, field, $ and params._source.
	Doc bool
	// Emit is the kind of values that a runtime field emits; KindNull when there is no emit.
	Emit Kind
	// MovingFunctions says that MovingFunctions.* are there.
	MovingFunctions bool
}

var paramsVar = Var{"params", TypeMap}

// The contexts. Scripts of all of them have params as their first variable.
var (
	// Filter is a script query.
	Filter = Context{Name: "filter", Vars: []Var{paramsVar}, Result: ResultBool, Doc: true}
	// Score is script_score: _score is the score of the query inside.
	Score = Context{Name: "score", Vars: []Var{paramsVar, {"_score", TypeDouble}}, Result: ResultDouble, Doc: true}
	// Field is a script field.
	Field = Context{Name: "field", Vars: []Var{paramsVar}, Result: ResultAny, Doc: true}
	// NumberSort and StringSort are _script sorts.
	NumberSort = Context{Name: "number_sort", Vars: []Var{paramsVar, {"_score", TypeDouble}}, Result: ResultDouble, Doc: true}
	StringSort = Context{Name: "string_sort", Vars: []Var{paramsVar, {"_score", TypeDouble}}, Result: ResultString, Doc: true}
	// TermsSet is minimum_should_match_script; params.num_terms is the number of terms.
	TermsSet = Context{Name: "terms_set", Vars: []Var{paramsVar}, Result: ResultLong, Doc: true}
	// Aggs are values of an aggregation; _value is the field's value when the aggregation has a field.
	Aggs = Context{Name: "aggs", Vars: []Var{paramsVar, {"_value", TypeDef}, {"_score", TypeDouble}}, Result: ResultAny, Doc: true}
	// The four scripts of scripted_metric. state is a Map, states a List of what combine returned.
	MetricInit    = Context{Name: "aggs_init", Vars: []Var{paramsVar, {"state", TypeMap}}, Result: ResultNone}
	MetricMap     = Context{Name: "aggs_map", Vars: []Var{paramsVar, {"state", TypeMap}, {"_score", TypeDouble}}, Result: ResultNone, Doc: true}
	MetricCombine = Context{Name: "aggs_combine", Vars: []Var{paramsVar, {"state", TypeMap}}, Result: ResultAny}
	MetricReduce  = Context{Name: "aggs_reduce", Vars: []Var{paramsVar, {"states", TypeList}}, Result: ResultAny}
	// BucketAggregation is bucket_script: params has the values of buckets_path as doubles.
	BucketAggregation = Context{Name: "bucket_aggregation", Vars: []Var{paramsVar}, Result: ResultAny}
	// BucketSelector is bucket_selector.
	BucketSelector = Context{Name: "bucket_aggregation_selector", Vars: []Var{paramsVar}, Result: ResultBool}
	// MovingFunction is moving_fn: values is the window.
	MovingFunction = Context{Name: "moving-function", Vars: []Var{paramsVar, {"values", TypeList}}, Result: ResultDouble, MovingFunctions: true}
	// SignificantScore is script_heuristic: params has how many documents have a value, and how many there are.
	SignificantScore = Context{Name: "script_heuristic", Vars: []Var{paramsVar}, Result: ResultDouble}
	// Update, UpdateByQuery and Reindex change ctx.
	Update        = Context{Name: "update", Vars: []Var{paramsVar, {"ctx", TypeMap}}, Result: ResultNone}
	UpdateByQuery = Context{Name: "update_by_query", Vars: []Var{paramsVar, {"ctx", TypeMap}}, Result: ResultNone}
	Reindex       = Context{Name: "reindex", Vars: []Var{paramsVar, {"ctx", TypeMap}}, Result: ResultNone}
	// Ingest is the script processor, IngestCondition the "if" of any processor.
	Ingest          = Context{Name: "ingest", Vars: []Var{paramsVar, {"ctx", TypeMap}}, Result: ResultNone}
	IngestCondition = Context{Name: "processor_conditional", Vars: []Var{paramsVar, {"ctx", TypeMap}}, Result: ResultBool}
	// WatcherCondition and WatcherTransform are alerting's: ctx.payload is what was found.
	WatcherCondition = Context{Name: "watcher_condition", Vars: []Var{paramsVar, {"ctx", TypeMap}}, Result: ResultBool}
	WatcherTransform = Context{Name: "watcher_transform", Vars: []Var{paramsVar, {"ctx", TypeMap}}, Result: ResultAny}
	// The contexts of runtime fields.
	KeywordField = Context{Name: "keyword_field", Vars: []Var{paramsVar}, Result: ResultNone, Doc: true, Emit: KindString}
	LongField    = Context{Name: "long_field", Vars: []Var{paramsVar}, Result: ResultNone, Doc: true, Emit: KindLong}
	DoubleField  = Context{Name: "double_field", Vars: []Var{paramsVar}, Result: ResultNone, Doc: true, Emit: KindDouble}
	DateField    = Context{Name: "date_field", Vars: []Var{paramsVar}, Result: ResultNone, Doc: true, Emit: KindLong}
	BooleanField = Context{Name: "boolean_field", Vars: []Var{paramsVar}, Result: ResultNone, Doc: true, Emit: KindBool}
	IPField      = Context{Name: "ip_field", Vars: []Var{paramsVar}, Result: ResultNone, Doc: true, Emit: KindString}
	// Test is what _scripts/painless/_execute runs in when it names no context.
	Test = Context{Name: "painless_test", Vars: []Var{paramsVar}, Result: ResultAny}
)

func (t VarType) typ() typ {
	switch t {
	case TypeMap:
		return classes["Map"].typ()
	case TypeList:
		return classes["List"].typ()
	case TypeDouble:
		return typDouble
	case TypeLong:
		return typLong
	case TypeString:
		return typString
	}
	return typDef
}

var contexts = []Context{
	Aggs, MetricCombine, MetricInit, MetricMap, MetricReduce, BooleanField, BucketAggregation, BucketSelector, DateField, DoubleField, Field, Filter, Ingest, IPField,
	KeywordField, LongField, MovingFunction, NumberSort, Test, IngestCondition, Reindex, Score, StringSort, TermsSet, Update, UpdateByQuery, WatcherCondition, WatcherTransform,
}

// ContextNamed finds a context by Elasticsearch's name.
func ContextNamed(name string) (Context, bool) {
	for _, c := range contexts {
		if c.Name == name {
			return c, true
		}
	}
	return Context{}, false
}

// ContextNames lists the contexts, sorted.
func ContextNames() []string {
	names := make([]string, len(contexts))
	for i, c := range contexts {
		names[i] = c.Name
	}
	slices.Sort(names)
	return names
}
