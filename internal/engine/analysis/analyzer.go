package analysis

import (
	"fmt"
	"slices"
	"strings"
)

// Analyzer splits text into tokens. It is immutable and safe for concurrent use.
type Analyzer interface {
	// Name is what mappings call it.
	Name() string
	// Version is unique among all analyzers and all their versions.
	Version() uint32
	// Tokens calls yield for each token of text, in order, until yield returns false. Bytes that are not
	// UTF-8 separate tokens.
	Tokens(text []byte, yield func(Token) bool)
}

// Token is one token of a text.
type Token struct {
	// Bytes is the normalized token. It is valid until yield returns.
	Bytes []byte
	// Position counts tokens from 0; a token that was left out (a stop word) leaves a gap.
	Position int
	// Start and End are the byte offsets of the token in the text.
	Start, End int
	// Type is what an analyzer of an index's settings says of the token, "" for a plain word; Keyword keeps it from being stemmed.
	Type    string
	Keyword bool
	filler  bool // stands for tokens that were left out
}

// Lookup returns the analyzer with a name.
func Lookup(name string) (Analyzer, bool) {
	for _, a := range table {
		if a.Name() == name {
			return a, true
		}
	}
	return languageAnalyzer(name)
}

// Find is Lookup with an error that names what there is.
func Find(name string) (Analyzer, error) {
	if a, ok := Lookup(name); ok {
		return a, nil
	}
	return nil, fmt.Errorf("analyzer [%s] is not known: this version has %s", name, strings.Join(Names(), ", "))
}

// Current says whether a version is that of an analyzer as it is now. A text index of any other
// version holds tokens that no analyzer makes any more.
func Current(version uint32) bool {
	if version&customVersion != 0 { // of an index's own settings, which do not change
		return true
	}
	return slices.ContainsFunc(table, func(a Analyzer) bool { return a.Version() == version })
}

// Names lists the analyzers, sorted.
func Names() []string {
	var names []string
	for _, a := range table {
		names = append(names, a.Name())
	}
	slices.Sort(names)
	return names
}

// Default is the analyzer of a text field whose mapping names none.
func Default() Analyzer { return Standard }
