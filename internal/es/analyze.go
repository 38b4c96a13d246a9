package es

// Analyze splits texts into tokens as an analyzer, a field or a chain of components would. It changes nothing. Apply returns
// *Analysis.
type Analyze struct {
	Index string // whose analyzers are meant; "" for the built-in ones
	// One of Analyzer, Normalizer and Field, or a chain: names, or definitions as JSON objects. None is the index's default.
	Analyzer, Normalizer, Field string
	Tokenizer                   []byte
	CharFilters, Filters        [][]byte
	Texts                       []string
	// Explain asks for what each part of the chain makes.
	Explain bool
}

// Analysis is what became of texts.
type Analysis struct {
	Tokens []AnalyzedToken
	// Custom says that an explanation is by parts; else Name is the one analyzer.
	Custom      bool
	Name        string
	CharFilters []AnalysisStage
	Tokenizer   AnalysisStage
	Filters     []AnalysisStage
}

// AnalysisStage is what one part of a chain made.
type AnalysisStage struct {
	Name   string
	Texts  []string // of a character filter
	Tokens []AnalyzedToken
}

// AnalyzedToken is one token. Offsets count UTF-16 units, as Elasticsearch's do.
type AnalyzedToken struct {
	Text       string
	Type       string
	Start, End int
	Position   int
}

func (*Analyze) change() {}
