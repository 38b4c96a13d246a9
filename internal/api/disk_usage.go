package api

import (
	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// diskUsage answers POST /{index}/_disk_usage. Doc values are the columns with their dictionaries, the inverted index is text indexes
// and filters, stored fields are what is kept of how values were written.
func (s *Server) diskUsage(c *call) (answer, error) {
	if !c.flag("run_expensive_tasks") {
		return answer{}, eserr.IllegalArgument("analyzing the disk usage of an index is expensive and resource-intensive, the parameter [run_expensive_tasks] must be set to [true] in order for the task to be performed.")
	}
	target, err := c.target(openIndices)
	if err != nil {
		return answer{}, err
	}
	if c.flagOr("flush", true) {
		if _, err := s.store.Apply(c.ctx(), &es.FlushIndices{Target: target}); err != nil {
			return answer{}, err
		}
	}
	all, err := apply[[]es.IndexDiskUsage](c, &es.DiskUsage{Target: target})
	if err != nil {
		return answer{}, err
	}
	return ok(object(func(w *jsonval.Writer) {
		writeShardCount(w, len(all))
		for i := range all {
			u := &all[i]
			w.Raw(u.Index, object(func(w *jsonval.Writer) {
				w.String("store_size", es.ByteSize(u.StoreBytes).String())
				w.Int("store_size_in_bytes", u.StoreBytes)
				var sum es.FieldDiskUsage
				for _, f := range u.Fields {
					sum.DocValues, sum.Stored, sum.Postings = sum.DocValues+f.DocValues, sum.Stored+f.Stored, sum.Postings+f.Postings
				}
				w.Raw("all_fields", fieldUsageJSON(&sum))
				w.Raw("fields", object(func(w *jsonval.Writer) {
					for j := range u.Fields {
						w.Raw(u.Fields[j].Field, fieldUsageJSON(&u.Fields[j]))
					}
				}))
			}))
		}
	}))
}

func fieldUsageJSON(f *es.FieldDiskUsage) []byte {
	size := func(w *jsonval.Writer, name string, bytes int64) {
		w.String(name, es.ByteSize(bytes).String())
		w.Int(name+"_in_bytes", bytes)
	}
	return object(func(w *jsonval.Writer) {
		size(w, "total", f.DocValues+f.Stored+f.Postings)
		w.Raw("inverted_index", object(func(w *jsonval.Writer) { size(w, "total", f.Postings) }))
		size(w, "stored_fields", f.Stored)
		size(w, "doc_values", f.DocValues)
		size(w, "points", 0)
		size(w, "norms", 0)
		size(w, "term_vectors", 0)
		size(w, "knn_vectors", 0)
	})
}
