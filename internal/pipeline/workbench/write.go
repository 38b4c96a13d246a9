package workbench

import (
	"errors"
	"fmt"
	"net/http"

	"elkhorn/internal/pipeline/runtime"
	"elkhorn/internal/vfs"
)

// writeAnswer is what came of new configuration files.
type writeAnswer struct {
	Written []string `json:"written"`
	// Reload is the report of the reload that follows, nil when there was nothing to write.
	Reload   any     `json:"reload,omitempty"`
	Findings []found `json:"findings"`
}

// write checks a pipeline's new configuration, writes what changed, and reloads. A faulty one is refused before anything is written.
func (h *handler) write(w http.ResponseWriter, r *http.Request) {
	p, ok := h.host.Pipeline(r.PathValue("id"))
	if !ok {
		fail(w, http.StatusNotFound, fmt.Sprintf("there is no pipeline %q", r.PathValue("id")))
		return
	}
	why := h.host.Writable()
	if len(p.Source.Paths) == 0 {
		why = errOwn
	}
	if why != nil {
		fail(w, http.StatusForbidden, why.Error())
		return
	}
	var body draft
	if !read(w, r, &body) {
		return
	}
	before, err := filesOf(p)
	if err != nil {
		fail(w, http.StatusInternalServerError, err.Error())
		return
	}
	after, err := merged(before, body.Files)
	if err != nil {
		fail(w, http.StatusBadRequest, err.Error())
		return
	}
	source, err := h.sourceOf(draft{ID: p.ID, Files: after})
	if err != nil {
		fail(w, http.StatusBadRequest, err.Error())
		return
	}
	a := writeAnswer{Written: []string{}}
	if _, a.Findings = h.look(source); runtime.HasErrors(a.Findings) {
		answerAs(w, http.StatusUnprocessableEntity, a)
		return
	}
	for _, f := range after {
		if named(before, f.Path).Text == f.Text {
			continue
		}
		if err := vfs.WriteFileAtomic(vfs.Default, f.Path, []byte(f.Text)); err != nil {
			fail(w, http.StatusInternalServerError, err.Error())
			return
		}
		a.Written = append(a.Written, f.Path)
	}
	if len(a.Written) > 0 {
		if a.Reload, err = h.host.Reload(r.Context()); err != nil {
			fail(w, http.StatusConflict, "the files are written; "+err.Error())
			return
		}
	}
	answer(w, a)
}

// merged is a pipeline's files with new texts. Other files than the pipeline's own are refused: nothing else may be written.
func merged(before, changed []file) ([]file, error) {
	if len(changed) == 0 {
		return nil, errors.New("the body has no [files]")
	}
	for _, c := range changed {
		if named(before, c.Path) == nil {
			return nil, fmt.Errorf("%q is no file of the pipeline", c.Path)
		}
	}
	after := make([]file, len(before))
	for i, f := range before {
		after[i] = f
		if c := named(changed, f.Path); c != nil {
			after[i].Text = c.Text
		}
	}
	return after, nil
}
