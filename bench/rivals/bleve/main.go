// Command bleve runs a bleve index over a folder: rival-bleve FOLDER SET. It answers one request a line, as
// ../adapter.py describes; queries.go holds the rows of the table.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"time"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/mapping"
)

// batchDocs is the number of documents in a batch, which is durable when it returns.
const batchDocs = 1000

type store struct {
	index bleve.Index
	docs  int // written, which gives each document its id
}

type request struct {
	Op     string
	Files  []string
	Row    string
	Params params
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	if len(os.Args) != 3 {
		return errors.New("usage: rival-bleve FOLDER SET")
	}
	index, err := open(filepath.Join(os.Args[1], "index"))
	if err != nil {
		return err
	}
	s := &store{index: index}
	out := json.NewEncoder(os.Stdout)
	if err := out.Encode(map[string]string{"version": version()}); err != nil {
		return err
	}
	in := json.NewDecoder(os.Stdin)
	for in.More() {
		var r request
		if err := in.Decode(&r); err != nil {
			return err
		}
		if err := out.Encode(s.perform(&r)); err != nil {
			return err
		}
	}
	return index.Close()
}

func version() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, m := range info.Deps {
			if m.Path == "github.com/blevesearch/bleve/v2" {
				return m.Version[1:]
			}
		}
	}
	return ""
}

func open(path string) (bleve.Index, error) {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return bleve.New(path, indexMapping())
	}
	return bleve.Open(path)
}

// indexMapping has a typed field for each member of either set, and no field of everything, which would
// double the text.
func indexMapping() *mapping.IndexMappingImpl {
	doc := bleve.NewDocumentStaticMapping()
	add := func(field *mapping.FieldMapping, names ...string) {
		field.IncludeInAll = false
		for _, name := range names {
			doc.AddFieldMappingsAt(name, field)
		}
	}
	add(bleve.NewDateTimeFieldMapping(), "@timestamp")
	add(bleve.NewKeywordFieldMapping(), "level", "service", "tool", "user_id", "request_id", "trace_id", "error", "model",
		"country", "environment", "region", "version", "host", "logger", "file")
	text := bleve.NewTextFieldMapping()
	text.DocValues = false // nothing sorts or counts by it
	add(text, "message", "stack_trace")
	add(bleve.NewNumericFieldMapping(), "latency_ms", "status", "prompt_tokens", "completion_tokens", "cost")
	add(bleve.NewIPFieldMapping(), "client_ip")
	add(bleve.NewGeoPointFieldMapping(), "location")
	m := bleve.NewIndexMapping()
	m.DefaultMapping = doc
	return m
}

func (s *store) perform(r *request) any {
	var err error
	switch r.Op {
	case "load":
		for _, file := range r.Files {
			if err = s.load(file); err != nil {
				break
			}
		}
	case "settle": // segments merge in the background
	case "run":
		wanted, cannot := plan(r.Row, &r.Params)
		if cannot != "" {
			return map[string]string{"cannot": cannot}
		}
		began := time.Now()
		found, runErr := s.index.Search(wanted)
		if took := time.Since(began); runErr == nil {
			return map[string]any{"took_ns": took.Nanoseconds(), "results": tables(r.Row, wanted, found)}
		}
		err = runErr
	default:
		err = fmt.Errorf("no operation %s", r.Op)
	}
	if err != nil {
		return map[string]string{"error": err.Error()}
	}
	return struct{}{}
}

func (s *store) load(file string) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	batch := s.index.NewBatch()
	for lines.Scan() {
		var doc map[string]any
		if err := json.Unmarshal(lines.Bytes(), &doc); err != nil {
			return err
		}
		s.docs++
		if err := batch.Index(strconv.Itoa(s.docs), doc); err != nil {
			return err
		}
		if batch.Size() == batchDocs {
			if err := s.index.Batch(batch); err != nil {
				return err
			}
			batch.Reset()
		}
	}
	if err := lines.Err(); err != nil {
		return err
	}
	return s.index.Batch(batch)
}
