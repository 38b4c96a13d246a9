package mapping

// SharesValues reports whether a multi-field of f reads f's own values, so that they are stored once: a
// text and its .keyword, a date twice with one format. Any other multi-field keeps values of its own,
// because what is written reads differently by its type ("5.70" as a number and as a keyword).
func (f *Field) SharesValues(sub *Field) bool {
	if !sameNull(f, sub) {
		return false
	}
	if f.Type.holdsText() && sub.Type.holdsText() {
		return true
	}
	return f.Type == sub.Type && f.ScalingFactor == sub.ScalingFactor && formatName(f) == formatName(sub)
}

// holdsText reports whether the values are kept as the text of the document.
func (t Type) holdsText() bool { return t.IsText() || t == Keyword || t == Wildcard || t == Version }

// sameNull reports whether both put the same value in place of null.
func sameNull(a, b *Field) bool {
	if a.NullValue == nil || b.NullValue == nil {
		return a.NullValue == b.NullValue
	}
	return a.NullValue.Text == b.NullValue.Text
}

func formatName(f *Field) string {
	if f.Format == nil {
		return ""
	}
	return f.Format.String()
}

// Column returns the path of the field that holds a field's values: its own, or for a multi-field that
// shares them that of the field around it.
func (m *Mapping) Column(f *Field) string {
	if f.MultiOf != "" {
		if parent := m.At(f.MultiOf); parent != nil && parent.SharesValues(f) {
			return parent.Path
		}
	}
	return f.Path
}
