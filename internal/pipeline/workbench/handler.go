package workbench

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"elkhorn/internal/pipeline/config"
	"elkhorn/internal/pipeline/runtime"
)

// maxBodyBytes bounds what a request may bring: configurations and a few events, written by people.
const maxBodyBytes = 16 << 20

type handler struct{ host Host }

// Handler serves the workbench.
func Handler(host Host) http.Handler {
	h := &handler{host}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /_source/{id}", h.source)
	mux.HandleFunc("PUT /_source/{id}", h.write)
	mux.HandleFunc("POST /_check", h.check)
	mux.HandleFunc("POST /_explain", h.explain)
	mux.HandleFunc("GET /_events/{id}", h.events)
	mux.HandleFunc("POST /_compare/{id}", h.compare)
	return mux
}

// file is one file of a configuration.
type file struct {
	Path string `json:"path"`
	Text string `json:"text"`
}

// inlineName stands for the file of a configuration that is in none, as in the places of findings.
const inlineName = "config.string"

// draft is a configuration that is worked on: that of a pipeline, with other texts where Files says so, or one of its own.
type draft struct {
	ID    string `json:"id"`
	Files []file `json:"files"`
}

// sourceOf is what a draft is read from.
func (h *handler) sourceOf(d draft) (runtime.Source, error) {
	source := runtime.Source{Lookup: h.host.Lookup}
	if d.ID != "" {
		p, ok := h.host.Pipeline(d.ID)
		if !ok {
			return source, fmt.Errorf("there is no pipeline %q", d.ID)
		}
		source = p.Source
	}
	if len(d.Files) == 0 {
		if d.ID == "" {
			return source, errors.New("the body names no pipeline [id] and has no [files]")
		}
		return source, nil
	}
	source.Inline = ""
	for _, f := range d.Files {
		name := f.Path
		if name == "" {
			name = inlineName
		}
		source.Files = append(source.Files, config.File{Name: name, Text: f.Text})
	}
	return source, nil
}

// sourceAnswer is a pipeline's configuration and its shape.
type sourceAnswer struct {
	ID       string `json:"id"`
	Files    []file `json:"files"`
	Writable bool   `json:"writable"`
	// Why says why it cannot be written.
	Why  string  `json:"why,omitempty"`
	Tree *tree   `json:"tree"` // nil when it cannot be read
	Runs []found `json:"findings"`
}

func (h *handler) source(w http.ResponseWriter, r *http.Request) {
	p, ok := h.host.Pipeline(r.PathValue("id"))
	if !ok {
		fail(w, http.StatusNotFound, fmt.Sprintf("there is no pipeline %q", r.PathValue("id")))
		return
	}
	files, err := filesOf(p)
	if err != nil {
		fail(w, http.StatusInternalServerError, err.Error())
		return
	}
	a := sourceAnswer{ID: p.ID, Files: files}
	why := h.host.Writable()
	if len(p.Source.Paths) == 0 {
		why = errOwn
	}
	if a.Writable = why == nil; why != nil {
		a.Why = why.Error()
	}
	a.Tree, a.Runs = h.look(p.Source)
	answer(w, a)
}

// filesOf reads a pipeline's configuration.
func filesOf(p Pipeline) ([]file, error) {
	if len(p.Source.Paths) == 0 {
		return []file{{inlineName, p.Source.Inline}}, nil
	}
	read, err := config.Read(p.Source.Paths)
	if err != nil {
		return nil, err
	}
	files := make([]file, len(read))
	for i, f := range read {
		files[i] = file{f.Name, f.Text}
	}
	return files, nil
}

// found is a finding of a check.
type found = runtime.Finding

// look checks a configuration and, where it can be read, tells its shape.
func (h *handler) look(source runtime.Source) (*tree, []found) {
	findings := runtime.Check(source, h.host.Tables(), h.host.Strict())
	if findings == nil {
		findings = []found{}
	}
	cfg, err := runtime.Load(source)
	if err != nil {
		return nil, findings
	}
	t := treeOf(cfg)
	return &t, findings
}

// checkAnswer is what a check came to.
type checkAnswer struct {
	Valid    bool    `json:"valid"`
	Findings []found `json:"findings"`
	Tree     *tree   `json:"tree"`
}

func (h *handler) check(w http.ResponseWriter, r *http.Request) {
	var d draft
	if !read(w, r, &d) {
		return
	}
	source, err := h.sourceOf(d)
	if err != nil {
		fail(w, http.StatusBadRequest, err.Error())
		return
	}
	t, findings := h.look(source)
	answer(w, checkAnswer{Valid: !runtime.HasErrors(findings), Findings: findings, Tree: t})
}

// read decodes a request's body; false says that it was answered.
func read(w http.ResponseWriter, r *http.Request, into any) bool {
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBodyBytes)).Decode(into); err != nil {
		fail(w, http.StatusBadRequest, "the body cannot be read: "+err.Error())
		return false
	}
	return true
}

func answer(w http.ResponseWriter, body any) { answerAs(w, http.StatusOK, body) }

func answerAs(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(body) // the reader has gone
}

// fail answers in the shape of the UI's port.
func fail(w http.ResponseWriter, status int, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{"statusCode": status, "error": http.StatusText(status), "message": message})
}

// named finds a file of a list by its path; nil when it is not in it.
func named(files []file, path string) *file {
	if i := slices.IndexFunc(files, func(f file) bool { return f.Path == path }); i >= 0 {
		return &files[i]
	}
	return nil
}
