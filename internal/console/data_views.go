package console

import (
	"encoding/json"
	"net/http"

	"elkhorn/internal/console/saved"
)

// dataViewForm is one of the two names that data views have in paths and bodies: the present one and that of Kibana before 8.
type dataViewForm struct {
	path, member, idMember, has string
}

var dataViewForms = []dataViewForm{
	{"/api/data_views", "data_view", "data_view_id", "has_user_data_view"},
	{"/api/index_patterns", "index_pattern", "index_pattern_id", "has_user_index_pattern"},
}

func (p Parts) dataViewRoutes(mux *http.ServeMux, form dataViewForm) {
	one := form.path + "/" + form.member
	for pattern, handler := range map[string]func(http.ResponseWriter, *http.Request, dataViewForm){
		"GET " + form.path:                  p.listDataViews,
		"POST " + one:                       p.createDataView,
		"GET " + one + "/{id}":              p.getDataView,
		"POST " + one + "/{id}":             p.updateDataView,
		"DELETE " + one + "/{id}":           p.deleteDataView,
		"GET " + form.path + "/default":     p.getDefaultDataView,
		"POST " + form.path + "/default":    p.setDefaultDataView,
		"GET " + form.path + "/" + form.has: p.hasDataView,
	} {
		mux.Handle(pattern, p.writesNamed(p.inSpace(func(w http.ResponseWriter, r *http.Request) { handler(w, r, form) })))
	}
}

// listedDataView is an entry of the list, which has no fields.
type listedDataView struct {
	ID            string          `json:"id"`
	Namespaces    []string        `json:"namespaces"`
	Title         string          `json:"title"`
	Name          string          `json:"name,omitempty"`
	TimeFieldName string          `json:"timeFieldName,omitempty"` // our own addition
	TypeMeta      json.RawMessage `json:"typeMeta,omitempty"`
}

func (p Parts) listDataViews(w http.ResponseWriter, r *http.Request, form dataViewForm) {
	views, err := p.objects(r).DataViews(r.Context())
	if err != nil {
		p.fail(w, err)
		return
	}
	out := make([]listedDataView, len(views))
	for i, v := range views {
		out[i] = listedDataView{v.ID, v.Namespaces, v.Title, v.Name, v.TimeFieldName, v.TypeMeta}
	}
	p.answer(w, http.StatusOK, map[string]any{form.member: out})
}

func (p Parts) dataView(w http.ResponseWriter, v *saved.DataView, err error, form dataViewForm) {
	if err != nil {
		p.fail(w, err)
		return
	}
	p.answer(w, http.StatusOK, map[string]any{form.member: v})
}

func (p Parts) createDataView(w http.ResponseWriter, r *http.Request, form dataViewForm) {
	var sent map[string]json.RawMessage
	err := body(w, r, &sent)
	var view *saved.DataView
	override := string(sent["override"]) == "true"
	if err == nil {
		for name := range sent {
			if name != form.member && name != "override" && name != "refresh_fields" {
				err = badRequest("[request body.%s]: definition for this key is missing", name)
			}
		}
	}
	if err == nil {
		view, err = readDataView(sent[form.member], form)
	}
	if err != nil {
		p.fail(w, err)
		return
	}
	made, err := p.objects(r).CreateDataView(r.Context(), view, override)
	p.dataView(w, made, err, form)
}

func readDataView(raw json.RawMessage, form dataViewForm) (*saved.DataView, error) {
	view := &saved.DataView{}
	if len(raw) == 0 {
		return nil, badRequest("[request body.%s.title]: expected value of type [string] but got [undefined]", form.member)
	}
	if err := json.Unmarshal(raw, view); err != nil {
		return nil, badRequest("[request body.%s]: %s", form.member, err)
	}
	return view, nil
}

func (p Parts) getDataView(w http.ResponseWriter, r *http.Request, form dataViewForm) {
	v, err := p.objects(r).DataView(r.Context(), r.PathValue("id"))
	p.dataView(w, v, err, form)
}

func (p Parts) updateDataView(w http.ResponseWriter, r *http.Request, form dataViewForm) {
	var sent map[string]json.RawMessage
	err := body(w, r, &sent)
	var members map[string]json.RawMessage
	if err == nil && json.Unmarshal(sent[form.member], &members) != nil {
		err = badRequest("[request body.%s]: expected an object", form.member)
	}
	if err != nil {
		p.fail(w, err)
		return
	}
	v, err := p.objects(r).UpdateDataView(r.Context(), r.PathValue("id"), members)
	p.dataView(w, v, err, form)
}

func (p Parts) deleteDataView(w http.ResponseWriter, r *http.Request, _ dataViewForm) {
	results, err := p.objects(r).Delete(r.Context(), []saved.Key{{Type: saved.DataViewType, ID: r.PathValue("id")}})
	if err == nil {
		err = results[0].Err
	}
	if err != nil {
		p.fail(w, err)
		return
	}
	w.WriteHeader(http.StatusOK)
}

func (p Parts) getDefaultDataView(w http.ResponseWriter, r *http.Request, form dataViewForm) {
	id, err := p.objects(r).DefaultDataView(r.Context())
	if err != nil {
		p.fail(w, err)
		return
	}
	p.answer(w, http.StatusOK, map[string]string{form.idMember: id})
}

func (p Parts) setDefaultDataView(w http.ResponseWriter, r *http.Request, form dataViewForm) {
	var sent map[string]json.RawMessage
	err := body(w, r, &sent)
	var id *string
	if err == nil && (sent[form.idMember] == nil || json.Unmarshal(sent[form.idMember], &id) != nil) {
		err = badRequest("[request body.%s]: expected a string or null", form.idMember)
	}
	if err == nil {
		chosen := ""
		if id != nil {
			chosen = *id
		}
		err = p.objects(r).SetDefaultDataView(r.Context(), chosen, string(sent["force"]) == "true")
	}
	if err != nil {
		p.fail(w, err)
		return
	}
	p.answer(w, http.StatusOK, map[string]bool{"acknowledged": true})
}

func (p Parts) hasDataView(w http.ResponseWriter, r *http.Request, _ dataViewForm) {
	views, err := p.objects(r).DataViews(r.Context())
	if err != nil {
		p.fail(w, err)
		return
	}
	p.answer(w, http.StatusOK, map[string]bool{"result": len(views) > 0})
}
