package saved

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
)

// Export says what goes into a file: all objects of some types, or the ones named.
type Export struct {
	Types   []string // "*" is all
	Objects []Key
	// Text finds among Types, as Search does; References too.
	Text       string
	References []Key
	// Deep adds what the objects refer to, and so on.
	Deep bool
	// NoDetails leaves out the last line.
	NoDetails bool
}

// exportDetails are an export's last line.
type exportDetails struct {
	ExcludedObjects      []Key `json:"excludedObjects"`
	ExcludedObjectsCount int   `json:"excludedObjectsCount"`
	ExportedCount        int   `json:"exportedCount"`
	MissingRefCount      int   `json:"missingRefCount"`
	MissingReferences    []Key `json:"missingReferences"`
}

// Export returns the objects as NDJSON, what is referred to before what refers to it.
func (s *Store) Export(ctx context.Context, e Export) ([]byte, error) {
	objects, err := s.chosen(ctx, e)
	if err != nil {
		return nil, err
	}
	missing := []Key{}
	if e.Deep {
		if objects, missing, err = s.withReferences(ctx, objects); err != nil {
			return nil, err
		}
	}
	var out bytes.Buffer
	for _, o := range inOrder(objects) {
		o.Score, o.Namespaces = nil, nil
		out.Write(printed(o))
		out.WriteByte('\n')
	}
	if !e.NoDetails {
		out.Write(printed(exportDetails{ExcludedObjects: []Key{}, ExportedCount: len(objects), MissingRefCount: len(missing), MissingReferences: missing}))
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), nil
}

// chosen are the objects that are asked for by themselves.
func (s *Store) chosen(ctx context.Context, e Export) ([]*Object, error) {
	switch {
	case len(e.Types) == 0 && len(e.Objects) == 0:
		return nil, bad("Either `type` or `objects` are required.")
	case len(e.Types) > 0 && len(e.Objects) > 0:
		return nil, bad("Can't specify both \"types\" and \"objects\" properties when exporting")
	case len(e.Objects) > 0 && (e.Text != "" || len(e.References) > 0):
		return nil, bad("Can't specify \"search\" or \"hasReference\" with \"objects\" when exporting")
	}
	if len(e.Objects) == 0 {
		if slices.Contains(e.Types, "*") {
			e.Types = Types()
		}
		page, err := s.Find(ctx, Search{Types: e.Types, Text: e.Text, References: e.References, SortField: "type", Page: 1, PerPage: MaxObjects})
		if err != nil {
			return nil, err
		}
		if page.Total > MaxObjects {
			return nil, bad("Can't export more than %d objects", MaxObjects)
		}
		return page.Objects, nil
	}
	results, err := s.GetMany(ctx, e.Objects)
	if err != nil {
		return nil, err
	}
	var out []*Object
	var failed []Result
	for _, r := range results {
		if r.Err != nil {
			failed = append(failed, r)
		} else {
			out = append(out, r.Object)
		}
	}
	if len(failed) > 0 {
		return nil, &MissingError{failed}
	}
	return out, nil
}

// MissingError are objects of an export that are not there.
type MissingError struct{ Objects []Result }

// Error names the first of them.
func (e *MissingError) Error() string { return "Bad Request: " + e.Objects[0].Err.Error() }

// withReferences adds what objects refer to, however far; missing are those that are not there.
func (s *Store) withReferences(ctx context.Context, objects []*Object) (all []*Object, missing []Key, err error) {
	seen := map[Key]bool{}
	for _, o := range objects {
		seen[o.Key()] = true
	}
	missing = []Key{}
	for i := 0; i < len(objects); i++ {
		for _, r := range objects[i].References {
			k := Key{r.Type, r.ID}
			if seen[k] {
				continue
			}
			seen[k] = true
			if len(objects) == MaxObjects {
				return nil, nil, bad("Can't export more than %d objects", MaxObjects)
			}
			o, err := s.Get(ctx, k)
			var known *Error
			switch {
			case err == nil:
				objects = append(objects, o)
			case errors.As(err, &known) && (known.Status == http.StatusNotFound || known.Status == http.StatusBadRequest):
				missing = append(missing, k)
			default:
				return nil, nil, err
			}
		}
	}
	return objects, missing, nil
}

// inOrder puts objects behind those that they refer to; in a circle the first that is reached comes last.
func inOrder(objects []*Object) []*Object {
	byKey := make(map[Key]*Object, len(objects))
	for _, o := range objects {
		byKey[o.Key()] = o
	}
	out := make([]*Object, 0, len(objects))
	visited := map[Key]bool{}
	var visit func(o *Object)
	visit = func(o *Object) {
		if visited[o.Key()] {
			return
		}
		visited[o.Key()] = true
		for _, r := range o.References {
			if next := byKey[Key{r.Type, r.ID}]; next != nil {
				visit(next)
			}
		}
		out = append(out, o)
	}
	for _, o := range objects {
		visit(o)
	}
	return out
}

// WithReferences returns objects and everything that they refer to, however far; what is not there has its error.
func (s *Store) WithReferences(ctx context.Context, keys []Key) ([]Result, error) {
	results, err := s.GetMany(ctx, keys)
	if err != nil {
		return nil, err
	}
	var found []*Object
	var failed []Result
	for _, r := range results {
		if r.Err != nil {
			failed = append(failed, r)
		} else {
			found = append(found, r.Object)
		}
	}
	found, missing, err := s.withReferences(ctx, found)
	if err != nil {
		return nil, err
	}
	out := make([]Result, 0, len(found)+len(missing)+len(failed))
	for _, o := range found {
		out = append(out, Result{Key: o.Key(), Object: o})
	}
	for _, k := range missing {
		out = append(out, Result{Key: k, Err: notFound(k)})
	}
	return append(out, failed...), nil
}

// isDetails tells whether a line of a file is the last one of an export rather than an object.
func isDetails(line []byte) bool {
	var d struct {
		Type          *json.RawMessage `json:"type"`
		ExportedCount *json.RawMessage `json:"exportedCount"`
	}
	return json.Unmarshal(line, &d) == nil && d.Type == nil && d.ExportedCount != nil
}
