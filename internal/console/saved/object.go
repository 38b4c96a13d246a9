package saved

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
)

// Object is one saved object, as answers and lines of an export print it.
type Object struct {
	Attributes           json.RawMessage   `json:"attributes"` // a JSON object
	CoreMigrationVersion string            `json:"coreMigrationVersion,omitempty"`
	CreatedAt            string            `json:"created_at,omitempty"` // RFC 3339 with milliseconds, UTC
	ID                   string            `json:"id"`
	Managed              bool              `json:"managed"`
	MigrationVersion     map[string]string `json:"migrationVersion,omitempty"` // of Kibana 7: version by type
	Namespaces           []string          `json:"namespaces,omitempty"`
	References           []Reference       `json:"references"`
	Type                 string            `json:"type"`
	TypeMigrationVersion string            `json:"typeMigrationVersion,omitempty"`
	UpdatedAt            string            `json:"updated_at,omitempty"`
	Version              ObjectVersion     `json:"version,omitempty"`
	// Score is a hit's, of searches alone.
	Score *float64 `json:"score,omitempty"`
}

// ObjectVersion guards writes: base64 of [sequence number, primary term], as in Kibana. Files of Kibana 6 and of Beats have a
// count of writes in its place, which guards nothing and is read as "".
type ObjectVersion string

// UnmarshalJSON reads a version.
func (v *ObjectVersion) UnmarshalJSON(raw []byte) error {
	*v = ObjectVersion(text(raw))
	return nil
}

// Reference is a named link from an object to another.
type Reference struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Type string `json:"type"`
}

// Key names an object.
type Key struct {
	Type string `json:"type"`
	ID   string `json:"id"`
}

// Key is the object's type and id.
func (o *Object) Key() Key { return Key{o.Type, o.ID} }

// Title is what people call the object: the attribute that its type is named by, "" when it has none.
func (o *Object) Title() string {
	var named map[string]json.RawMessage
	if json.Unmarshal(o.Attributes, &named) != nil {
		return ""
	}
	return text(named[kindOf(o.Type).titleAttribute()])
}

// Error is a failure with the HTTP status that it is answered with.
type Error struct {
	Status  int
	Message string
}

// Error returns the message.
func (e *Error) Error() string { return e.Message }

func bad(format string, args ...any) *Error {
	return &Error{http.StatusBadRequest, fmt.Sprintf(format, args...)}
}

func notFound(k Key) *Error {
	return &Error{http.StatusNotFound, fmt.Sprintf("Saved object [%s/%s] not found", k.Type, k.ID)}
}

func conflict(k Key) *Error {
	return &Error{http.StatusConflict, fmt.Sprintf("Saved object [%s/%s] conflict", k.Type, k.ID)}
}

// document is the object as it stands in the index.
func (o *Object) document() ([]byte, error) {
	references := o.References
	if references == nil {
		references = []Reference{}
	}
	members := map[string]any{
		"type": o.Type, o.Type: o.Attributes, "references": references, "label": cut(strings.ToLower(o.Title()), maxLabelBytes),
		"created_at": o.CreatedAt, "updated_at": o.UpdatedAt, "managed": o.Managed,
		"coreMigrationVersion": o.CoreMigrationVersion, "typeMigrationVersion": o.TypeMigrationVersion,
	}
	if len(o.Namespaces) > 0 && o.Namespaces[0] != DefaultSpace {
		members["namespace"] = o.Namespaces[0]
	}
	return json.Marshal(members)
}

// fromDocument reads what document wrote.
func fromDocument(docID string, source []byte, seqNo, term int64) (*Object, error) {
	space, k, named := parseDocID(docID)
	var members map[string]json.RawMessage
	if err := json.Unmarshal(source, &members); err != nil || !named {
		return nil, &Error{http.StatusInternalServerError, fmt.Sprintf("the document [%s] of %s is no saved object", docID, IndexName)}
	}
	o := &Object{
		Type: k.Type, ID: k.ID, Attributes: members[k.Type], Namespaces: []string{space}, References: []Reference{}, Version: printVersion(seqNo, term),
		CreatedAt: text(members["created_at"]), UpdatedAt: text(members["updated_at"]),
		CoreMigrationVersion: text(members["coreMigrationVersion"]), TypeMigrationVersion: text(members["typeMigrationVersion"]),
		Managed: string(members["managed"]) == "true",
	}
	if len(o.Attributes) == 0 {
		o.Attributes = json.RawMessage("{}")
	}
	if raw := members["references"]; len(raw) > 0 {
		if err := json.Unmarshal(raw, &o.References); err != nil {
			return nil, &Error{http.StatusInternalServerError, fmt.Sprintf("the references of [%s] in %s cannot be read: %s", docID, IndexName, err)}
		}
	}
	return o, nil
}

// pick leaves only the named attributes; none leaves all.
func (o *Object) pick(fields []string) {
	if len(fields) == 0 {
		return
	}
	all, kept := map[string]json.RawMessage{}, map[string]json.RawMessage{}
	if json.Unmarshal(o.Attributes, &all) != nil {
		return
	}
	for _, field := range fields {
		if value, ok := all[field]; ok {
			kept[field] = value
		}
	}
	o.Attributes = printed(kept)
}

func printVersion(seqNo, term int64) ObjectVersion {
	return ObjectVersion(base64.StdEncoding.EncodeToString(fmt.Appendf(nil, "[%d,%d]", seqNo, term)))
}

func parseVersion(version ObjectVersion) (seqNo, term int64, err error) {
	decoded, err := base64.StdEncoding.DecodeString(string(version))
	var pair []int64
	if err != nil || json.Unmarshal(decoded, &pair) != nil || len(pair) != 2 || pair[0] < 0 || pair[1] < 1 {
		return 0, 0, bad("Invalid version [%s]", cut(string(version), 80))
	}
	return pair[0], pair[1], nil
}

// text is a JSON text's value, "" for anything else.
func text(raw json.RawMessage) string {
	var s string
	if len(raw) == 0 || json.Unmarshal(raw, &s) != nil {
		return ""
	}
	return s
}

// printed is a value as JSON. The values here are maps, lists and texts, which can always be printed.
func printed(v any) json.RawMessage {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("saved: %T cannot be printed: %v", v, err))
	}
	return raw
}

// cut shortens a text to at most so many bytes, between characters.
func cut(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	return strings.ToValidUTF8(s[:limit], "")
}
