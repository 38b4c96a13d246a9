package repository

import (
	"encoding/json"
	"iter"
)

// Snapshot is the state of some indices at one time, each at a moment of its own between Start and End.
type Snapshot struct {
	Format      int    `json:"format"`
	Name        string `json:"name"`
	UUID        string `json:"uuid"`
	Version     string `json:"version"` // of Elasticsearch, as the store speaks it
	StartMillis int64  `json:"start"`
	EndMillis   int64  `json:"end"`
	// GlobalState says that Objects are there: templates, policies, pipelines.
	GlobalState bool            `json:"include_global_state"`
	Objects     []Object        `json:"objects,omitempty"`
	Metadata    json.RawMessage `json:"metadata,omitempty"` // what the client said of it
	Indices     []Index         `json:"indices"`
	DataStreams []DataStream    `json:"data_streams,omitempty"`
	// CopiedFiles and CopiedBytes are of what no snapshot before it had.
	CopiedFiles int   `json:"copied_files"`
	CopiedBytes int64 `json:"copied_bytes"`
}

// DataStream is a data stream as the store's metadata has it.
type DataStream struct {
	Name   string          `json:"name"`
	Record json.RawMessage `json:"record"`
}

// Object is a named piece of metadata.
type Object struct {
	Kind string          `json:"kind"`
	Name string          `json:"name"`
	JSON json.RawMessage `json:"json"`
}

// Index is one index of a snapshot.
type Index struct {
	Name string `json:"name"`
	UUID string `json:"uuid"`
	// Record is the index as the store's metadata has it, Mapping its mapping.
	Record       json.RawMessage `json:"record"`
	Mapping      json.RawMessage `json:"mapping"`
	NextSequence int64           `json:"next_sequence"`
	Docs         int64           `json:"docs"`
	Segments     []Segment       `json:"segments"`
}

// Segment is a segment file and which of its rows are deleted.
type Segment struct {
	Source  string `json:"source"` // the file's name in the index; "" for rows that were not in a file
	File    File   `json:"file"`
	Deletes *File  `json:"deletes,omitempty"`
}

// File is a blob with what is known of its content.
type File struct {
	Blob   string `json:"blob"` // path below blobs
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
	Copied bool   `json:"copied,omitempty"` // by this snapshot, not by one before it
}

// Files are all blobs of a snapshot.
func (s *Snapshot) Files() iter.Seq[File] {
	return func(yield func(File) bool) {
		for i := range s.Indices {
			for f := range s.Indices[i].Files() {
				if !yield(f) {
					return
				}
			}
		}
	}
}

// CopiedNothing notes that all its files were there before it.
func (s *Snapshot) CopiedNothing() {
	s.CopiedFiles, s.CopiedBytes = 0, 0
	for i := range s.Indices {
		for j := range s.Indices[i].Segments {
			seg := &s.Indices[i].Segments[j]
			seg.File.Copied = false
			if seg.Deletes != nil {
				seg.Deletes.Copied = false
			}
		}
	}
}

// Files are the blobs of an index.
func (ix *Index) Files() iter.Seq[File] {
	return func(yield func(File) bool) {
		for _, seg := range ix.Segments {
			if !yield(seg.File) || seg.Deletes != nil && !yield(*seg.Deletes) {
				return
			}
		}
	}
}
