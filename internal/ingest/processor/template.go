package processor

import "elkhorn/internal/mustache"

// render returns the text of a template for a document.
func (d *Document) render(t *mustache.Template) (string, error) { return t.Render(documentScope{d}) }

// documentScope is what the names of a template stand for in a document: its fields, its metadata, and what is known of its
// ingestion.
type documentScope struct{ *Document }

// Spend implements mustache.Scope.
func (d documentScope) Spend(bytes int) error { return d.spend(bytes) }

// Find implements mustache.Scope.
func (d documentScope) Find(names []mustache.Part) (value, bool) {
	switch first := names[0].Name; {
	case first == "_ingest":
		return mustache.Follow(d.ingest, names[1:])
	case first == "_source":
		names = names[1:]
		if len(names) == 0 {
			return d.source, true
		}
		if isMetadata(names[0].Name) {
			return mustache.Follow(d.meta, names)
		}
	case isMetadata(first):
		return mustache.Follow(d.meta, names)
	}
	return mustache.Follow(d.source, names)
}
