package saved

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// Import says how a file is taken in.
type Import struct {
	Overwrite bool
	// Copies gives every object a new id.
	Copies bool
	// Retries, when not nil, take in only the objects that they name, each in its own way.
	Retries []Retry
}

// Retry says what becomes of one object that could not be taken in at first.
type Retry struct {
	Key
	Overwrite bool `json:"overwrite"`
	// DestinationID is the id that the object gets; "" keeps its own.
	DestinationID           string    `json:"destinationId"`
	ReplaceReferences       []Replace `json:"replaceReferences"`
	CreateNewCopy           bool      `json:"createNewCopy"`
	IgnoreMissingReferences bool      `json:"ignoreMissingReferences"`
}

// Replace puts another object in the place of one that is referred to.
type Replace struct {
	Type string `json:"type"`
	From string `json:"from"`
	To   string `json:"to"`
}

// Imported is what became of a file.
type Imported struct {
	Errors       []ImportError   `json:"errors,omitempty"`
	Success      bool            `json:"success"`
	SuccessCount int             `json:"successCount"`
	Successes    []ImportSuccess `json:"successResults,omitempty"`
	Warnings     []struct{}      `json:"warnings"` // always empty: no type asks for an action afterwards
}

// ImportMeta is how lists show an object.
type ImportMeta struct {
	Icon  string `json:"icon,omitempty"`
	Title string `json:"title,omitempty"`
}

// ImportSuccess is an object that was taken in. As in Kibana, while any object has an error that a retry can mend, nothing is
// written, and the others stand here as what will be.
type ImportSuccess struct {
	Key
	DestinationID string     `json:"destinationId,omitempty"`
	Managed       bool       `json:"managed"`
	Meta          ImportMeta `json:"meta"`
	Overwrite     bool       `json:"overwrite,omitempty"`
}

// ImportError is an object that was not taken in.
type ImportError struct {
	Error     ImportReason `json:"error"`
	ID        string       `json:"id"`
	Meta      ImportMeta   `json:"meta"`
	Overwrite bool         `json:"overwrite,omitempty"`
	Title     string       `json:"title,omitempty"`
	Type      string       `json:"type"`
}

// ImportReason is why: "conflict", "missing_references", "unsupported_type" or "unknown".
type ImportReason struct {
	Type       string `json:"type"`
	References []Key  `json:"references,omitempty"` // that are missing
	Message    string `json:"message,omitempty"`
	StatusCode int    `json:"statusCode,omitempty"`
}

// neededTypes are those without which an object that refers to them is of no use.
var neededTypes = []string{"index-pattern", "search"}

// Read reads NDJSON: one object a line, blank lines and an export's last line left out. Errors name the line.
func Read(file []byte) ([]*Object, error) {
	if len(file) > MaxPayloadBytes {
		return nil, &Error{http.StatusRequestEntityTooLarge, "the file is larger than 25 MB"}
	}
	file = bytes.TrimPrefix(file, []byte("\xef\xbb\xbf"))
	var objects []*Object
	lines := map[Key]int{}
	number := 0
	for line := range bytes.Lines(file) {
		number++
		line = bytes.TrimSpace(line)
		if len(line) == 0 || isDetails(line) {
			continue
		}
		o := &Object{}
		if err := readLine(line, o); err != nil {
			if len(objects) == 0 && len(line) < len(bytes.TrimSpace(file)) && json.Valid(file) {
				return nil, oneDocument(file)
			}
			return nil, bad("line %d: %s", number, err)
		}
		if first, twice := lines[o.Key()]; twice {
			return nil, bad("Non-unique import objects detected: [%s:%s] is on line %d and on line %d", o.Type, cut(o.ID, 80), first, number)
		}
		lines[o.Key()] = number
		if objects = append(objects, o); len(objects) > MaxObjects {
			return nil, bad("Can't import more than %d objects", MaxObjects)
		}
	}
	return objects, nil
}

// oneDocument says what a file is that holds one JSON document over several lines, where an object on each was asked for.
func oneDocument(file []byte) error {
	const wanted = "an export of saved objects has one object a line"
	var fields map[string]json.RawMessage
	if json.Unmarshal(file, &fields) != nil {
		return bad("the file is one JSON document over several lines and no object: %s", wanted)
	}
	if fields["type"] != nil && fields["id"] != nil && fields["attributes"] != nil {
		return bad("the file is one saved object over several lines: %s, so write it on one line", wanted)
	}
	names := slices.Sorted(maps.Keys(fields))
	if len(names) > maxNamed {
		names = append(names[:maxNamed], "…")
	}
	for i := range names {
		names[i] = cut(names[i], 40)
	}
	return bad("the file is one JSON object over several lines, with the fields [%s]: %s, and a dashboard as JSON has [panels], [objects] or [visualizations]",
		strings.Join(names, ", "), wanted)
}

// maxNamed is how many fields of a file a message names.
const maxNamed = 8

func readLine(line []byte, o *Object) error {
	if err := json.Unmarshal(line, o); err != nil {
		var at *json.SyntaxError
		var kind *json.UnmarshalTypeError
		switch {
		case errors.As(err, &at):
			return bad("no JSON at byte %d: %s", at.Offset, err)
		case errors.As(err, &kind):
			return bad("[%s] is a JSON %s where a %s belongs", kind.Field, kind.Value, kind.Type)
		}
		return err
	}
	switch {
	case o.Type == "":
		return bad("the object has no [type]")
	case o.ID == "":
		return bad("the object has no [id]")
	case kinds[o.Type] == nil:
		return nil // reported with the others
	}
	return check(o)
}

// Import takes objects in.
func (s *Store) Import(ctx context.Context, objects []*Object, how Import) (*Imported, error) {
	job := &importJob{store: s, how: how, destination: map[Key]string{}, overwrite: map[Key]bool{}, unwritable: map[Key]bool{}, ignored: map[Key]bool{}}
	for _, o := range objects {
		migrate(o) // makes references of what older forms name inside
	}
	objects = job.retried(objects)
	objects = slices.DeleteFunc(objects, job.unsupported)
	if err := job.missingReferences(ctx, objects); err != nil {
		return nil, err
	}
	if err := job.conflicts(ctx, objects); err != nil {
		return nil, err
	}
	if err := job.write(ctx, objects); err != nil {
		return nil, err
	}
	job.out.Success, job.out.SuccessCount, job.out.Warnings = len(job.out.Errors) == 0, len(job.out.Successes), []struct{}{}
	return &job.out, nil
}

// importJob is one import under way.
type importJob struct {
	store *Store
	how   Import
	out   Imported
	// destination are new ids by what objects are called in the file.
	destination map[Key]string
	overwrite   map[Key]bool
	unwritable  map[Key]bool // have an error
	mendable    bool         // an error that a retry can mend: nothing is written
	ignored     map[Key]bool // may refer to what is missing
}

// retried leaves the objects that retries name, changed as they say; without retries, all.
func (j *importJob) retried(objects []*Object) []*Object {
	if j.how.Copies {
		for _, o := range objects {
			j.destination[o.Key()] = NewID()
		}
	}
	if j.how.Retries == nil {
		for _, o := range objects {
			j.overwrite[o.Key()] = j.how.Overwrite
		}
		return objects
	}
	retries := map[Key]*Retry{}
	for i := range j.how.Retries {
		retries[j.how.Retries[i].Key] = &j.how.Retries[i]
	}
	return slices.DeleteFunc(objects, func(o *Object) bool {
		retry, wanted := retries[o.Key()]
		if !wanted {
			return true
		}
		j.overwrite[o.Key()], j.ignored[o.Key()] = retry.Overwrite, retry.IgnoreMissingReferences
		if retry.CreateNewCopy && retry.DestinationID == "" {
			retry.DestinationID = NewID()
		}
		if retry.DestinationID != "" {
			j.destination[o.Key()] = retry.DestinationID
		}
		for i := range o.References {
			r := &o.References[i]
			for _, replace := range retry.ReplaceReferences {
				if replace.Type == r.Type && replace.From == r.ID {
					r.ID = replace.To
					break
				}
			}
		}
		return false
	})
}

func (j *importJob) fail(o *Object, reason ImportReason) {
	j.unwritable[o.Key()] = true
	j.mendable = j.mendable || reason.Type == "conflict" || reason.Type == "missing_references"
	j.out.Errors = append(j.out.Errors, ImportError{Error: reason, ID: o.ID, Meta: metaOf(o), Overwrite: j.overwrite[o.Key()], Title: o.Title(), Type: o.Type})
}

func metaOf(o *Object) ImportMeta { return ImportMeta{Icon: Icon(o.Type), Title: o.Title()} }

func (j *importJob) unsupported(o *Object) bool {
	if kinds[o.Type] != nil {
		return false
	}
	j.fail(o, ImportReason{Type: "unsupported_type"})
	return true
}

// missingReferences finds objects that need what is neither in the file nor in the store.
func (j *importJob) missingReferences(ctx context.Context, objects []*Object) error {
	here := map[Key]bool{}
	for _, o := range objects {
		here[o.Key()] = true
	}
	for _, o := range objects {
		var missing []Key
		for _, r := range o.References {
			k := Key{r.Type, r.ID}
			if !slices.Contains(neededTypes, r.Type) || slices.Contains(missing, k) || j.ignored[o.Key()] {
				continue
			}
			present, known := here[k]
			if !known {
				_, err := j.store.Get(ctx, k)
				if err != nil && StatusOf(err) != http.StatusNotFound {
					return err
				}
				present = err == nil
				here[k] = present
			}
			if !present {
				missing = append(missing, k)
			}
		}
		if len(missing) > 0 {
			j.fail(o, ImportReason{Type: "missing_references", References: missing})
		}
	}
	return nil
}

// conflicts finds objects that are there already and may not be replaced.
func (j *importJob) conflicts(ctx context.Context, objects []*Object) error {
	for _, o := range objects {
		if j.unwritable[o.Key()] || j.overwrite[o.Key()] || j.destination[o.Key()] != "" {
			continue
		}
		_, err := j.store.Get(ctx, o.Key())
		if err == nil {
			j.fail(o, ImportReason{Type: "conflict"})
		} else if StatusOf(err) != http.StatusNotFound {
			return err
		}
	}
	return nil
}

// write writes what has no error and lists it, or only lists it when an error can still be mended.
func (j *importJob) write(ctx context.Context, objects []*Object) error {
	objects = slices.DeleteFunc(objects, func(o *Object) bool { return j.unwritable[o.Key()] })
	names := make([]Key, len(objects))
	for i, o := range objects {
		names[i] = o.Key()
	}
	if !j.mendable && len(objects) > 0 {
		if err := j.create(ctx, objects, names); err != nil {
			return err
		}
	}
	for i, o := range objects {
		if j.unwritable[names[i]] {
			continue
		}
		success := ImportSuccess{Key: names[i], DestinationID: j.destination[names[i]], Managed: o.Managed, Meta: metaOf(o), Overwrite: j.overwrite[names[i]]}
		j.out.Successes = append(j.out.Successes, success)
	}
	return nil
}

// create writes objects under their new ids; two lists, because those that overwrite are written otherwise.
func (j *importJob) create(ctx context.Context, objects []*Object, names []Key) error {
	var replacing, adding []*Object
	byObject := map[*Object]Key{}
	for i, o := range objects {
		byObject[o] = names[i]
		for n := range o.References {
			if to, moved := j.destination[Key{o.References[n].Type, o.References[n].ID}]; moved {
				o.References[n].ID = to
			}
		}
		if id := j.destination[names[i]]; id != "" {
			o.ID = id
		}
		o.Version = ""
		if j.overwrite[names[i]] {
			replacing = append(replacing, o)
		} else {
			adding = append(adding, o)
		}
	}
	for overwrite, list := range map[bool][]*Object{true: replacing, false: adding} {
		results, err := j.store.Create(ctx, list, overwrite)
		if err != nil {
			return err
		}
		for i, r := range results {
			if r.Err == nil {
				continue
			}
			name := byObject[list[i]]
			reason := ImportReason{Type: "unknown", Message: r.Err.Error(), StatusCode: StatusOf(r.Err)}
			if reason.StatusCode == http.StatusConflict {
				reason = ImportReason{Type: "conflict"}
			}
			list[i].ID = name.ID
			j.fail(list[i], reason)
		}
	}
	return nil
}
