package console

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path"
	"slices"

	"elkhorn/internal/console/saved"
)

// maxPartBytes bounds what stands in an import's form beside the file.
const maxPartBytes = 1 << 20

// upload is the form of an import.
type upload struct {
	objects []*saved.Object
	retries []saved.Retry
}

// readUpload reads a multipart form with a "file" of NDJSON and, for retries, their list.
func readUpload(w http.ResponseWriter, r *http.Request) (*upload, error) {
	r.Body = http.MaxBytesReader(w, r.Body, saved.MaxPayloadBytes+2*maxPartBytes)
	form, err := r.MultipartReader()
	if err != nil {
		return nil, &saved.Error{Status: http.StatusUnsupportedMediaType, Message: "the body must be multipart/form-data with a part [file]: " + err.Error()}
	}
	up := &upload{}
	found := false
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, unreadable(err)
		}
		switch part.FormName() {
		case "file":
			if extension := path.Ext(part.FileName()); extension != ".ndjson" {
				return nil, badRequest("Invalid file extension %s", extension)
			}
			content, err := io.ReadAll(io.LimitReader(part, saved.MaxPayloadBytes+1))
			if err != nil {
				return nil, unreadable(err)
			}
			if up.objects, err = saved.Read(content); err != nil {
				return nil, err
			}
			found = true
		case "retries":
			content, err := io.ReadAll(io.LimitReader(part, maxPartBytes))
			if err != nil {
				return nil, unreadable(err)
			}
			if err := json.Unmarshal(content, &up.retries); err != nil {
				return nil, badRequest("[request body.retries]: %s", err)
			}
		default:
			return nil, badRequest("[request body.%s]: definition for this key is missing", part.FormName())
		}
	}
	if !found {
		return nil, badRequest("[request body.file]: expected value of type [Stream] but got [undefined]")
	}
	return up, nil
}

func unreadable(err error) error {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return &saved.Error{Status: http.StatusRequestEntityTooLarge, Message: fmt.Sprintf("Payload content length greater than maximum allowed: %d", large.Limit)}
	}
	return badRequest("the form cannot be read: %s", err)
}

func (p Parts) importObjects(w http.ResponseWriter, r *http.Request) {
	given, err := params(r, "overwrite", "createNewCopies", "compatibilityMode")
	var how saved.Import
	if err == nil {
		how.Overwrite, err = flag(given, "overwrite")
	}
	if err == nil {
		how.Copies, err = flag(given, "createNewCopies")
	}
	if err == nil && how.Copies && how.Overwrite {
		err = badRequest("[request query]: cannot use [overwrite] with [createNewCopies]")
	}
	p.takeIn(w, r, how, err)
}

func (p Parts) resolveImport(w http.ResponseWriter, r *http.Request) {
	given, err := params(r, "createNewCopies", "compatibilityMode")
	var how saved.Import
	if err == nil {
		how.Copies, err = flag(given, "createNewCopies")
	}
	how.Retries = []saved.Retry{}
	p.takeIn(w, r, how, err)
}

// takeIn imports the file of a request whose parameters have been read.
func (p Parts) takeIn(w http.ResponseWriter, r *http.Request, how saved.Import, err error) {
	var up *upload
	if err == nil {
		up, err = readUpload(w, r)
	}
	if err != nil {
		p.fail(w, err)
		return
	}
	if how.Retries != nil {
		how.Retries = append(how.Retries, up.retries...)
	}
	done, err := p.objects(r).Import(r.Context(), up.objects, how)
	if err != nil {
		p.fail(w, err)
		return
	}
	p.answer(w, http.StatusOK, done)
}

// exportBody is what _export is asked for.
type exportBody struct {
	Type                  json.RawMessage `json:"type"` // one or many
	Objects               []saved.Key     `json:"objects"`
	Search                string          `json:"search"`
	HasReference          json.RawMessage `json:"hasReference"` // one or many
	IncludeReferencesDeep bool            `json:"includeReferencesDeep"`
	ExcludeExportDetails  bool            `json:"excludeExportDetails"`
}

func (p Parts) exportObjects(w http.ResponseWriter, r *http.Request) {
	var asked exportBody
	if err := body(w, r, &asked); err != nil {
		p.fail(w, err)
		return
	}
	e := saved.Export{Objects: asked.Objects, Text: asked.Search, Deep: asked.IncludeReferencesDeep, NoDetails: asked.ExcludeExportDetails}
	if len(asked.Type) > 0 {
		if err := oneOrMany(asked.Type, &e.Types); err != nil {
			p.fail(w, badRequest("[request body.type]: %s", err))
			return
		}
	}
	if len(asked.HasReference) > 0 {
		if err := oneOrMany(asked.HasReference, &e.References); err != nil {
			p.fail(w, badRequest("[request body.hasReference]: %s", err))
			return
		}
	}
	file, err := p.objects(r).Export(r.Context(), e)
	if err != nil {
		p.fail(w, err)
		return
	}
	w.Header().Set("Content-Disposition", `attachment; filename="export.ndjson"`)
	w.Header().Set("Content-Type", "application/ndjson")
	if _, err := w.Write(file); err != nil {
		p.Logger.Debug("client went away", "error", err)
	}
}

// importDashboard takes {"objects": […]} as Kibana 7 did, and dashboards as articles print them.
func (p Parts) importDashboard(w http.ResponseWriter, r *http.Request) {
	given, err := params(r, "force", "exclude", "index")
	var force bool
	if err == nil {
		force, err = flag(given, "force")
	}
	if err != nil {
		p.fail(w, err)
		return
	}
	content, err := io.ReadAll(http.MaxBytesReader(w, r.Body, saved.MaxPayloadBytes))
	if err != nil {
		p.fail(w, unreadable(err))
		return
	}
	var sent struct {
		Version string          `json:"version"`
		Objects []*saved.Object `json:"objects"`
	}
	var report *saved.Report
	if saved.IsPrinted(content) {
		sent.Objects, report, err = p.objects(r).FromPrinted(r.Context(), content, r.URL.Query().Get("index"))
	} else if err = json.Unmarshal(content, &sent); err != nil {
		err = badRequest("[request body]: %s", err)
	} else if sent.Objects == nil {
		err = badRequest("the body has neither [objects], as exports of dashboards do, nor [panels], as printed dashboards do")
	}
	if err != nil {
		p.fail(w, err)
		return
	}
	objects := slices.DeleteFunc(sent.Objects, func(o *saved.Object) bool { return o == nil || slices.Contains(given["exclude"], o.Type) })
	results, err := p.objects(r).Create(r.Context(), objects, force)
	if err != nil {
		p.fail(w, err)
		return
	}
	p.answer(w, http.StatusOK, struct {
		Objects []saved.Result `json:"objects"`
		Report  *saved.Report  `json:"report,omitempty"`
	}{results, report})
}

// exportDashboard answers dashboards with everything that they refer to.
func (p Parts) exportDashboard(w http.ResponseWriter, r *http.Request) {
	given, err := params(r, "dashboard")
	if err == nil && len(given["dashboard"]) == 0 {
		err = badRequest("[request query.dashboard]: expected at least one defined value but got [undefined]")
	}
	if err != nil {
		p.fail(w, err)
		return
	}
	keys := make([]saved.Key, len(given["dashboard"]))
	for i, id := range given["dashboard"] {
		keys[i] = saved.Key{Type: "dashboard", ID: id}
	}
	objects, err := p.objects(r).WithReferences(r.Context(), keys)
	if err != nil {
		p.fail(w, err)
		return
	}
	w.Header().Set("Content-Disposition", `attachment; filename="kibana-dashboards.json"`)
	p.answer(w, http.StatusOK, struct {
		Version string         `json:"version"`
		Objects []saved.Result `json:"objects"`
	}{p.Version, objects})
}

// samples lists the dashboards that come with the program.
func (p Parts) samples(w http.ResponseWriter, _ *http.Request) {
	p.answer(w, http.StatusOK, map[string]any{"samples": saved.Samples()})
}

// addSample makes the objects of one of them.
func (p Parts) addSample(w http.ResponseWriter, r *http.Request) {
	given, err := params(r, "overwrite")
	var overwrite bool
	if err == nil {
		overwrite, err = flag(given, "overwrite")
	}
	if err != nil {
		p.fail(w, err)
		return
	}
	results, err := p.objects(r).AddSample(r.Context(), r.PathValue("name"), overwrite)
	p.many(w, results, err)
}
