package main

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
)

// staged are documents in files of one object a line, for rivals that read files. Each file is a batch of
// the size that their documentation advises.
type staged struct {
	files    []string
	docs     int
	rawBytes int64 // of the documents, line ends left out
	seed     uint64
}

// stagedDocs is the number of documents in a file.
const stagedDocs = 100_000

// stageDocuments writes the generated documents below a folder.
func stageDocuments(dir string, seed uint64, docs int) (*staged, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	in, next := &staged{docs: docs, seed: seed}, generated(seed, docs)
	for done := 0; done < docs; done += stagedDocs {
		name := filepath.Join(dir, fmt.Sprintf("docs-%04d.ndjson", len(in.files)))
		written, err := stageFile(name, next, min(stagedDocs, docs-done))
		if err != nil {
			return nil, err
		}
		in.rawBytes += written
		in.files = append(in.files, name)
	}
	return in, nil
}

func stageFile(name string, next documents, docs int) (written int64, err error) {
	f, err := os.Create(name)
	if err != nil {
		return 0, err
	}
	defer func() {
		if closeErr := f.Close(); err == nil {
			err = closeErr
		}
	}()
	w, buf := bufio.NewWriterSize(f, 1<<20), []byte(nil)
	for range docs {
		buf, _ = next(buf[:0])
		written += int64(len(buf))
		if _, err := w.Write(append(buf, '\n')); err != nil {
			return 0, err
		}
	}
	return written, w.Flush()
}
