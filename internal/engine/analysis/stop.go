package analysis

// Stop is Simple without the commonest English words.
var Stop Analyzer = stop{}

type stop struct{}

func (stop) Name() string    { return "stop" }
func (stop) Version() uint32 { return versionStop }

func (stop) Tokens(text []byte, yield func(Token) bool) {
	Simple.Tokens(text, func(t Token) bool {
		if englishStopWords[string(t.Bytes)] {
			return true
		}
		return yield(t)
	})
}

// englishStopWords are the words that Lucene's English analyzers leave out.
var englishStopWords = func() map[string]bool {
	words := map[string]bool{}
	for _, w := range [...]string{
		"a", "an", "and", "are", "as", "at", "be", "but", "by", "for", "if", "in", "into", "is", "it", "no", "not", "of", "on", "or",
		"such", "that", "the", "their", "then", "there", "these", "they", "this", "to", "was", "will", "with",
	} {
		words[w] = true
	}
	return words
}()
