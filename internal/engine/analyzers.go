package engine

import (
	"errors"
	"strings"

	"elkhorn/internal/engine/analysis"
	"elkhorn/internal/engine/exec"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/mapping"
)

// analyzers finds an index's analyzers by name, for ingest and for execution.
type analyzers struct {
	registry *analysis.Registry
	limits   analysis.Limits // within which they are, and what _analyze adds
}

// analysisPrefix begins the settings that define analyzers.
const analysisPrefix = "index.analysis."

// newAnalyzers builds what settings define, within limits. Those that an index has already, and that was made before there were
// limits, may be beyond them.
func newAnalyzers(flat map[string]string, limits analysis.Limits, kept bool) (analyzers, error) {
	defined := map[string]string{}
	for name, value := range flat {
		if rest, ok := strings.CutPrefix(name, analysisPrefix); ok {
			defined[rest] = value
		}
	}
	registry, err := analysis.NewRegistry(defined, limits)
	if beyond := (*analysis.LimitError)(nil); kept && errors.As(err, &beyond) {
		limits = analysis.NoLimits
		registry, err = analysis.NewRegistry(defined, limits)
	}
	if err != nil {
		return analyzers{}, eserr.IllegalArgument("%s", err)
	}
	return analyzers{registry, limits}, nil
}

// of returns the analyzer that a text field is indexed with. Unknown names are refused when the
// mapping is made (checkAnalyzers).
func (a analyzers) of(f *mapping.Field) analysis.Analyzer {
	if found, ok := a.registry.Analyzer(f.Analyzer); ok {
		return found
	}
	return analysis.Default()
}

// Analyzer finds an analyzer for execution.
func (a analyzers) Analyzer(name string) (exec.Analyzer, bool) {
	if name == "default_search" {
		return execAnalyzer{a.registry.SearchDefault()}, true
	}
	found, ok := a.registry.Analyzer(name)
	return execAnalyzer{found}, ok
}

// count says how many tokens an analyzer makes of a text.
func (a analyzers) count(name string, text []byte) int {
	n := 0
	if found, ok := a.registry.Analyzer(name); ok {
		found.Tokens(text, func(analysis.Token) bool {
			n++
			return true
		})
	}
	return n
}

// Normalizer finds a normalizer for execution.
func (a analyzers) Normalizer(name string) func([]byte) []byte { return a.registry.Normalizer(name) }

// execAnalyzer is an analyzer as execution knows it.
type execAnalyzer struct{ analysis.Analyzer }

// Tokens calls yield for each token of text.
func (a execAnalyzer) Tokens(text []byte, yield func(token []byte, position int) bool) {
	a.Analyzer.Tokens(text, func(t analysis.Token) bool { return yield(t.Bytes, t.Position) })
}

// Located calls yield for each token of text with its place, in bytes.
func (a execAnalyzer) Located(text []byte, yield func(token []byte, position, start, end int) bool) {
	a.Analyzer.Tokens(text, func(t analysis.Token) bool { return yield(t.Bytes, t.Position, t.Start, t.End) })
}

// WordByWord says whether each word of a text makes one token or none, whatever is around it. The key stands for the analyzer.
func (a execAnalyzer) WordByWord() (key any, ok bool) {
	return a.Version(), analysis.IsWordByWord(a.Analyzer)
}

// checkAnalyzers refuses a mapping that names an analyzer or a normalizer the index does not have.
func (ix *index) checkAnalyzers(m *mapping.Mapping) error {
	registry := ix.settings.Load().analyzers.registry
	for _, f := range m.Fields() {
		for _, name := range []string{f.Analyzer, f.SearchAnalyzer} {
			if _, ok := registry.Analyzer(name); !ok {
				return unknownAnalysis(eserr.IllegalArgument, "analyzer [%s] has not been configured in mappings", name)
			}
		}
		if f.Normalizer != "" && registry.Normalizer(f.Normalizer) == nil {
			return unknownAnalysis(eserr.MapperParsing, "normalizer ["+f.Normalizer+"] not found for field [%s]", f.Name)
		}
	}
	return nil
}

// unknownAnalysis is the error of a mapping with a name that nothing has; cause makes the inner one.
func unknownAnalysis(cause func(format string, args ...any) *eserr.Error, format, name string) error {
	return eserr.MapperParsing("Failed to parse mapping: "+format, name).Because(cause(format, name))
}

// checkAnalysisChange refuses changes of definitions: the tokens of documents are made by them.
func (ix *index) checkAnalysisChange(name, value string) error {
	if !strings.HasPrefix(name, analysisPrefix) {
		return nil
	}
	if !ix.closed.Load() {
		return eserr.IllegalArgument("Can't update non dynamic settings [[%s]] for open indices [[%s/%s]]", name, ix.name, ix.uuid)
	}
	if was, ok := ix.settings.Load().flat[name]; ok && was != value {
		return eserr.IllegalArgument("[%s] is not supported to change once an index exists: documents were analyzed by it", name)
	}
	return nil
}
