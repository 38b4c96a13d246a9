package analysis

import (
	"embed"
	"strings"
	"sync"
)

// Stop words by language, a file each. English is in stop.go.
//
//go:embed stopwords/*.txt
var stopWordFiles embed.FS

var stopWordLists sync.Map // language → map[string]bool

// stopWordsOf returns the words that texts in a language are left without; false when there are none of the language.
func stopWordsOf(language string) (map[string]bool, bool) {
	if language == "english" {
		return englishStopWords, true
	}
	if known, ok := stopWordLists.Load(language); ok {
		return known.(map[string]bool), true
	}
	text, err := stopWordFiles.ReadFile("stopwords/" + language + ".txt")
	if err != nil {
		return nil, false
	}
	words := map[string]bool{}
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		for _, w := range strings.Fields(line) {
			words[w] = true
		}
	}
	stopWordLists.Store(language, words)
	return words, true
}
