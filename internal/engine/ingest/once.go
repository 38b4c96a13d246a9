package ingest

import (
	"encoding/base64"

	"elkhorn/internal/es/eserr"
)

// grows notes that the document asks the mapping for a field; it answers false when the mapping may not grow.
func (w *walker) grows() bool {
	w.unknown = w.unknown || !w.full
	return !w.full
}

// SetFull says whether the mapping may not grow any more. Fields it does not know are then left in the source,
// and named in _ignored.
func (b *Builder) SetFull(full bool) { b.full = full }

// parseConstant takes the one value that a constant_keyword has. The first one there is becomes it.
func parseConstant(f *field, w *walker, t *token, l *leaf) *eserr.Error {
	if f.constant == "" {
		w.unknown = true
	} else if string(t.text) != f.constant {
		return eserr.IllegalArgument("[constant_keyword] field [%s] only accepts values that are equal to the value defined in the mappings [%s], but got [%s]",
			f.name, f.constant, t.text)
	}
	return parseText(f, w, t, l)
}

// parseBinary takes base64.
func parseBinary(f *field, w *walker, t *token, l *leaf) *eserr.Error {
	if t.kind != tokenString {
		return eserr.IllegalArgument("field [%s] of type [binary] takes a text in base64", f.name)
	}
	if _, err := base64.StdEncoding.DecodeString(bytesText(t.text)); err != nil {
		return eserr.IllegalArgument("Illegal base64 in field [%s]: %s", f.name, err)
	}
	return parseText(f, w, t, l)
}
