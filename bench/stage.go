package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"elkhorn/internal/demo"
)

// dataSet is a set of documents that rivals load too.
type dataSet struct {
	name      string // of the schema that rivals have for it
	mapping   string // the explicit mapping, the value of "mappings"
	documents func() documents
}

// benchSet are the benchmark's documents.
func benchSet(seed uint64, docs int) dataSet {
	return dataSet{"bench", string(demo.BenchMapping), func() documents { return generated(seed, docs) }}
}

// realMapping is what a user would write for lines of logs.
const realMapping = `{"properties":{"@timestamp":{"type":"date"},"message":{"type":"text"},"file":{"type":"keyword"}}}`

// realLogSet are lines of real logs.
func realLogSet(set *realSet) dataSet { return dataSet{"real", realMapping, set.documents} }

// staged are documents in files of one object a line, for rivals that read files. Each file is a batch of
// the size that their documentation advises.
type staged struct {
	set      dataSet
	files    []string
	docs     int
	rawBytes int64 // of the documents, line ends left out
}

// stagedDocs is the number of documents in a file.
const stagedDocs = 100_000

// stageDocuments writes a set below a folder.
func stageDocuments(dir string, set dataSet) (*staged, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	in, next, doc := &staged{set: set}, set.documents(), []byte(nil)
	for doc, more := next(doc[:0]); more; {
		name := filepath.Join(dir, fmt.Sprintf("docs-%04d.ndjson", len(in.files)))
		f, err := os.Create(name)
		if err != nil {
			return nil, err
		}
		w := bufio.NewWriterSize(f, 1<<20)
		for n := 0; n < stagedDocs && more; n++ {
			in.docs++
			in.rawBytes += int64(len(doc))
			if _, err := w.Write(append(doc, '\n')); err != nil {
				return nil, errors.Join(err, f.Close())
			}
			doc, more = next(doc[:0])
		}
		if err := errors.Join(w.Flush(), f.Close()); err != nil {
			return nil, err
		}
		in.files = append(in.files, name)
	}
	return in, nil
}
