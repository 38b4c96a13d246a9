package exec

// literalAnalyzers are those whose tokens are pieces of the text, at most in lower case. Only for them
// may a text be passed over because it lacks a token's bytes.
var literalAnalyzers = map[string]bool{"keyword": true, "simple": true, "standard": true, "stop": true, "whitespace": true}

// literal is bytes that a text must hold to match, in any case: the longest token that every match
// has. Looking for them costs a fifth of analyzing the text. It is nil when there are none.
func (w *textWant) literal(a Analyzer) []byte {
	named, ok := a.(interface{ Name() string })
	if !ok || !literalAnalyzers[named.Name()] || w.test != nil {
		return nil
	}
	clauses := 0
	for _, n := range w.counts {
		clauses += n
	}
	if w.phrase == nil && w.least < clauses {
		return nil
	}
	var longest []byte
	for _, t := range w.terms {
		if len(t) > len(longest) && isASCII(t) {
			longest = t
		}
	}
	return longest
}

func isASCII(text []byte) bool {
	for _, c := range text {
		if c >= 0x80 {
			return false
		}
	}
	return true
}

// asciiCase is the bit that tells upper from lower case letters. Setting it in other characters only
// makes more texts look alike, which analysis sorts out.
const asciiCase = 0x20

// mayHold says whether a text may hold a literal in any case. It always says yes to a text with
// characters beyond ASCII, some of which have lower-case forms within it.
func mayHold(text, literal []byte) bool {
	first, rest := literal[0]|asciiCase, literal[1:]
	for i, c := range text {
		if c >= 0x80 {
			return true
		}
		if c|asciiCase != first || len(text)-i < len(literal) {
			continue
		}
		same := 0
		for same < len(rest) && text[i+1+same]|asciiCase == rest[same]|asciiCase {
			same++
		}
		if same == len(rest) {
			return true
		}
	}
	return false
}
