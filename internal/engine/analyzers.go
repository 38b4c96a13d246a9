package engine

import (
	"elkhorn/internal/engine/analysis"
	"elkhorn/internal/engine/exec"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/mapping"
)

// analyzers finds analyzers by name, for ingest and for execution.
type analyzers struct{}

// of returns the analyzer that a text field is indexed with. Unknown names are refused when the
// mapping is made (checkAnalyzers).
func (analyzers) of(f *mapping.Field) analysis.Analyzer {
	if a, err := analysis.Find(f.Analyzer); f.Analyzer != "" && err == nil {
		return a
	}
	return analysis.Default()
}

// Analyzer finds an analyzer for execution.
func (analyzers) Analyzer(name string) (exec.Analyzer, bool) {
	if name == "" || name == "default" {
		return execAnalyzer{analysis.Default()}, true
	}
	a, err := analysis.Find(name)
	return execAnalyzer{a}, err == nil
}

// execAnalyzer is an analyzer as execution knows it.
type execAnalyzer struct{ analysis.Analyzer }

// Tokens calls yield for each token of text.
func (a execAnalyzer) Tokens(text []byte, yield func(token []byte, position int) bool) {
	a.Analyzer.Tokens(text, func(t analysis.Token) bool { return yield(t.Bytes, t.Position) })
}

// checkAnalyzers refuses a mapping that names an analyzer the engine does not have.
func (ix *index) checkAnalyzers(m *mapping.Mapping) error {
	for _, f := range m.Fields() {
		for _, name := range []string{f.Analyzer, f.SearchAnalyzer} {
			if name == "" || name == "default" {
				continue
			}
			if _, err := analysis.Find(name); err != nil {
				return eserr.MapperParsing("Failed to parse mapping: analyzer [%s] has not been configured in mappings", name).
					Because(eserr.IllegalArgument("analyzer [%s] has not been configured in mappings", name))
			}
		}
	}
	return nil
}
