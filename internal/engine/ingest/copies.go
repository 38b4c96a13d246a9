package ingest

// linkCopies notes for each field which others get its values: the multi-fields that do not share its
// column, the targets of copy_to, and the multi-fields of those.
func (p *Plan) linkCopies(fields map[string]*field) error {
	for _, mf := range p.mapping.Fields() {
		for _, sub := range mf.Multi {
			f := fields[mf.Path]
			if mf.SharesValues(sub) {
				f.limitLength(sub)
				continue
			}
			own, err := newField(sub)
			if err != nil {
				return err
			}
			if f.space != rootSpace {
				p.place(own, f.space)
			}
			fields[sub.Path] = own
			f.multi = append(f.multi, own)
		}
	}
	for _, mf := range p.mapping.Fields() {
		f := fields[mf.Path]
		if f == nil || mf.MultiOf != "" {
			continue
		}
		f.copyTo = append(f.copyTo, f.multi...)
		for _, path := range mf.CopyTo {
			to := p.mapping.Lookup(path)
			if to == nil || fields[to.Path] == nil {
				f.copyUnmapped = f.copyUnmapped || to == nil && p.mapping.GrowsBy(path)
				continue
			}
			target := fields[to.Path]
			target.literal = target.space != rootSpace // copies stand among the values of a document's objects
			f.copyTo = append(append(f.copyTo, target), target.multi...)
		}
	}
	return nil
}

// copyTo gives a value to other fields too; their own source does not change.
func (w *walker) copyTo(f *field, t *token) error {
	if f.copyUnmapped {
		w.grows()
	}
	for _, to := range f.copyTo {
		l := leaf{field: to}
		if reason := to.parse(to, w, t, &l); reason != nil {
			if to.ignoreMalformed {
				w.ignored = append(w.ignored, to.name)
				continue
			}
			return w.misfit(to, t, reason)
		}
		w.keepCopy(&l)
	}
	return nil
}

// keepCopy keeps a value that is not written in its own field.
func (w *walker) keepCopy(l *leaf) {
	if l.value != noValue {
		l.format, l.raw = noFormat, nil
		w.leaves = append(w.leaves, *l)
	}
}

// copyNull gives a null to other fields, which may have a value for it.
func (w *walker) copyNull(f *field) error {
	for _, to := range f.copyTo {
		if to.nullValue == nil {
			continue
		}
		l := leaf{field: to}
		if reason := to.parse(to, w, to.nullValue, &l); reason != nil {
			return w.misfit(to, to.nullValue, reason)
		}
		w.keepCopy(&l)
	}
	return nil
}
