package saved

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/mapping"
)

// DataViewType is the type of the objects that data views are.
const DataViewType = "index-pattern"

// DataView is a pattern of indices with a time field and a name. Its JSON is that of Kibana's data views API; members that are
// texts of JSON in the object are JSON here.
type DataView struct {
	ID              string           `json:"id,omitempty"`
	Version         ObjectVersion    `json:"version,omitempty"`
	Title           string           `json:"title"` // the pattern
	Name            string           `json:"name,omitempty"`
	TimeFieldName   string           `json:"timeFieldName,omitempty"`
	SourceFilters   json.RawMessage  `json:"sourceFilters,omitempty"`
	Fields          map[string]Field `json:"fields,omitempty"`
	Type            string           `json:"type,omitempty"`
	TypeMeta        json.RawMessage  `json:"typeMeta,omitempty"`
	FieldFormats    json.RawMessage  `json:"fieldFormats,omitempty"`
	RuntimeFieldMap json.RawMessage  `json:"runtimeFieldMap,omitempty"`
	FieldAttrs      json.RawMessage  `json:"fieldAttrs,omitempty"`
	AllowNoIndex    bool             `json:"allowNoIndex,omitempty"`
	AllowHidden     bool             `json:"allowHidden,omitempty"`
	Namespaces      []string         `json:"namespaces,omitempty"`
}

// Field is a field of a data view, as the mappings of its indices have it.
type Field struct {
	Name            string          `json:"name"`
	Type            string          `json:"type"`
	ESTypes         []string        `json:"esTypes,omitempty"`
	Count           int             `json:"count"`
	Scripted        bool            `json:"scripted"`
	Searchable      bool            `json:"searchable"`
	Aggregatable    bool            `json:"aggregatable"`
	ReadFromDocVals bool            `json:"readFromDocValues"`
	ShortDotsEnable bool            `json:"shortDotsEnable"`
	IsMapped        bool            `json:"isMapped"`
	CustomLabel     string          `json:"customLabel,omitempty"`
	Format          json.RawMessage `json:"format,omitempty"`
	SubType         json.RawMessage `json:"subType,omitempty"`
}

// textMembers are the members of a data view that its object keeps as texts of JSON, by attribute.
func (v *DataView) textMembers() map[string]*json.RawMessage {
	return map[string]*json.RawMessage{
		"sourceFilters": &v.SourceFilters, "typeMeta": &v.TypeMeta, "fieldFormatMap": &v.FieldFormats, "runtimeFieldMap": &v.RuntimeFieldMap, "fieldAttrs": &v.FieldAttrs,
	}
}

// object is the data view as an object.
func (v *DataView) object() *Object {
	attributes := map[string]any{"title": v.Title}
	for name, value := range map[string]string{"name": v.Name, "timeFieldName": v.TimeFieldName, "type": v.Type} {
		if value != "" {
			attributes[name] = value
		}
	}
	if v.AllowNoIndex {
		attributes["allowNoIndex"] = true
	}
	if v.AllowHidden {
		attributes["allowHidden"] = true
	}
	for name, value := range v.textMembers() {
		if len(*value) > 0 {
			attributes[name] = string(*value)
		}
	}
	return &Object{Type: DataViewType, ID: v.ID, Attributes: printed(attributes)}
}

func dataViewOf(o *Object) *DataView {
	var attributes map[string]json.RawMessage
	if json.Unmarshal(o.Attributes, &attributes) != nil {
		attributes = nil
	}
	v := &DataView{
		ID: o.ID, Version: o.Version, Title: text(attributes["title"]), Name: text(attributes["name"]), TimeFieldName: text(attributes["timeFieldName"]),
		Type: text(attributes["type"]), AllowNoIndex: string(attributes["allowNoIndex"]) == "true", AllowHidden: string(attributes["allowHidden"]) == "true",
		Namespaces: o.Namespaces,
	}
	for name, into := range v.textMembers() {
		if inner := text(attributes[name]); json.Valid([]byte(inner)) {
			*into = json.RawMessage(inner)
		}
	}
	return v
}

// DataViews are all data views, by title.
func (s *Store) DataViews(ctx context.Context) ([]*DataView, error) {
	page, err := s.Find(ctx, Search{Types: []string{DataViewType}, SortField: "title", Page: 1, PerPage: MaxObjects})
	if err != nil {
		return nil, err
	}
	out := make([]*DataView, len(page.Objects))
	for i, o := range page.Objects {
		out[i] = dataViewOf(o)
	}
	return out, nil
}

// DataView is one data view with its fields.
func (s *Store) DataView(ctx context.Context, id string) (*DataView, error) {
	o, err := s.Get(ctx, Key{DataViewType, id})
	if err != nil {
		return nil, err
	}
	v := dataViewOf(o)
	v.Fields, err = s.fields(ctx, v.Title)
	return v, err
}

// CreateDataView makes a data view. One of the same pattern is a conflict unless override is set, which replaces it.
func (s *Store) CreateDataView(ctx context.Context, v *DataView, override bool) (*DataView, error) {
	if strings.TrimSpace(v.Title) == "" {
		return nil, bad("a data view needs a [title], the pattern of its indices")
	}
	all, err := s.DataViews(ctx)
	if err != nil {
		return nil, err
	}
	for _, other := range all {
		if cmp.Or(other.Name, other.Title) != cmp.Or(v.Name, v.Title) {
			continue
		}
		if !override {
			return nil, bad("Duplicate data view: %s", cmp.Or(v.Name, v.Title))
		}
		v.ID = cmp.Or(v.ID, other.ID)
	}
	created, err := s.Create(ctx, []*Object{v.object()}, override)
	if err != nil {
		return nil, err
	}
	if created[0].Err != nil {
		return nil, created[0].Err
	}
	made, err := s.DataView(ctx, created[0].Object.ID)
	if err != nil {
		return nil, err
	}
	if id, err := s.DefaultDataView(ctx); err == nil && id == "" {
		err = s.SetDefaultDataView(ctx, made.ID, false)
		return made, err
	}
	return made, nil
}

// UpdateDataView changes the members that are given, as the object's attributes.
func (s *Store) UpdateDataView(ctx context.Context, id string, members map[string]json.RawMessage) (*DataView, error) {
	attributes := map[string]any{}
	v := &DataView{}
	if err := json.Unmarshal(printed(members), v); err != nil {
		return nil, bad("data_view: %s", err)
	}
	asObject := map[string]json.RawMessage{}
	if err := json.Unmarshal(v.object().Attributes, &asObject); err != nil {
		return nil, bad("data_view: %s", err)
	}
	for name := range members {
		attribute := name
		if name == "fieldFormats" {
			attribute = "fieldFormatMap"
		}
		if value, ok := asObject[attribute]; ok {
			attributes[attribute] = value
		} else {
			attributes[attribute] = "" // given and empty
		}
	}
	if _, err := s.Update(ctx, Key{DataViewType, id}, Change{Attributes: printed(attributes)}); err != nil {
		return nil, err
	}
	return s.DataView(ctx, id)
}

// configKey names the settings of this version.
func (s *Store) configKey() Key { return Key{"config", s.version} }

// DefaultDataView is the id of the data view that pages open with, "" when none is chosen.
func (s *Store) DefaultDataView(ctx context.Context) (string, error) {
	o, err := s.Get(ctx, s.configKey())
	if StatusOf(err) == http.StatusNotFound {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	var settings map[string]json.RawMessage
	if json.Unmarshal(o.Attributes, &settings) != nil {
		return "", nil
	}
	return text(settings["defaultIndex"]), nil
}

// SetDefaultDataView chooses it; without force only when none is chosen. "" chooses none.
func (s *Store) SetDefaultDataView(ctx context.Context, id string, force bool) error {
	if !force {
		if chosen, err := s.DefaultDataView(ctx); err != nil || chosen != "" {
			return err
		}
	}
	attributes := printed(m{"defaultIndex": id})
	_, err := s.Update(ctx, s.configKey(), Change{Attributes: attributes, Upsert: attributes})
	return err
}

// fields are those of the indices that a pattern names; a pattern that names none has none.
func (s *Store) fields(ctx context.Context, pattern string) (map[string]Field, error) {
	infos, err := s.backend.Indices(ctx, es.Target{Names: strings.Split(pattern, ","), IgnoreUnavailable: true})
	var refused *eserr.Error
	if errors.As(err, &refused) && refused.Status < http.StatusInternalServerError {
		return map[string]Field{}, nil
	}
	if err != nil {
		return nil, err
	}
	out := map[string]Field{}
	for i := range infos {
		for _, leaf := range infos[i].Mapping.Fields() {
			addField(out, leaf)
		}
	}
	return out, nil
}

// addField adds what one index's mapping says of a field.
func addField(fields map[string]Field, leaf *mapping.Field) {
	esType := leaf.Type.String()
	f, known := fields[leaf.Path]
	if !known {
		f = Field{Name: leaf.Path, Type: fieldType(leaf.Type), ESTypes: []string{esType}, Searchable: leaf.Index, Aggregatable: leaf.DocValues || leaf.Fielddata,
			ReadFromDocVals: leaf.DocValues, IsMapped: true}
		if leaf.MultiOf != "" {
			f.SubType = printed(m{"multi": m{"parent": leaf.MultiOf}})
		}
		fields[leaf.Path] = f
		return
	}
	if f.Type != fieldType(leaf.Type) {
		f.Type = "conflict"
	}
	has := false
	for _, t := range f.ESTypes {
		has = has || t == esType
	}
	if !has {
		f.ESTypes = append(f.ESTypes, esType)
	}
	f.Searchable, f.Aggregatable = f.Searchable && leaf.Index, f.Aggregatable && (leaf.DocValues || leaf.Fielddata)
	fields[leaf.Path] = f
}

// fieldType is Kibana's name of what a type of fields holds.
func fieldType(t mapping.Type) string {
	switch t {
	case mapping.Keyword, mapping.ConstantKeyword, mapping.Wildcard, mapping.Text, mapping.MatchOnlyText, mapping.Version:
		return "string"
	case mapping.Long, mapping.Integer, mapping.Short, mapping.Byte, mapping.UnsignedLong, mapping.Double, mapping.Float, mapping.HalfFloat, mapping.ScaledFloat, mapping.TokenCount:
		return "number"
	case mapping.Date, mapping.DateNanos:
		return "date"
	case mapping.IntegerRange, mapping.LongRange, mapping.FloatRange, mapping.DoubleRange:
		return "number_range"
	case mapping.DateRange:
		return "date_range"
	case mapping.IPRange:
		return "ip_range"
	}
	return t.String()
}
