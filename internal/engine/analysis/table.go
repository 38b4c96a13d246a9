package analysis

// table lists all analyzers. Versions are never used twice.
var table = []Analyzer{
	Keyword,
	Simple,
	Standard,
	Stop,
	Whitespace,
}

// The versions stand in files: add, never change.
const (
	versionKeyword    = 1
	versionSimple     = 2
	versionStandard   = 3
	versionStop       = 4
	versionWhitespace = 5
)
