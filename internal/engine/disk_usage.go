package engine

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"elkhorn/internal/es"
)

// diskUsage answers es.DiskUsage. What is in memory only is not counted.
func (e *Engine) diskUsage(ctx context.Context, t es.Target) ([]es.IndexDiskUsage, error) {
	found, err := e.resolve(t)
	if err != nil {
		return nil, err
	}
	all := make([]es.IndexDiskUsage, 0, len(found))
	for _, f := range found {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		one, err := f.index.diskUsage()
		if err != nil {
			return nil, fmt.Errorf("disk usage of index %s: %w", f.index.name, err)
		}
		all = append(all, *one)
	}
	return all, nil
}

func (ix *index) diskUsage() (*es.IndexDiskUsage, error) {
	v := ix.views.acquire(true)
	defer v.release()
	one := &es.IndexDiskUsage{Index: ix.name}
	fields := map[string]es.FieldDiskUsage{}
	add := func(name string, docValues, stored, postings int64) {
		u := fields[name]
		u.Field = name
		u.DocValues, u.Stored, u.Postings = u.DocValues+docValues, u.Stored+stored, u.Postings+postings
		fields[name] = u
	}
	for _, p := range v.parts {
		if p.file == nil {
			continue
		}
		one.StoreBytes += p.seg.DiskBytes()
		usage, err := p.file.Usage()
		if err != nil {
			return nil, err
		}
		for i := range usage {
			u := &usage[i]
			if u.Field == "" { // of the segment as a whole
				add("_source", 0, u.Forms+u.Doc, 0)
				add("_id", 0, 0, u.Filters)
				continue
			}
			add(u.Field, u.Doc+u.Dict, u.Forms, u.Text+u.Filters)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		one.Fields = append(one.Fields, fields[name])
	}
	return one, nil
}
