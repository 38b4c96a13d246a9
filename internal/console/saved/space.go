package saved

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/query"
)

// DefaultSpace is the space that is always there. Its objects are those of installations that know no spaces.
const DefaultSpace = "default"

// Limits on spaces; the first two are Kibana's.
const (
	MaxSpaces        = 1_000
	maxInitials      = 2       // characters
	maxSpaceIDBytes  = 100     // it is a part of the _id of each of its objects
	maxSpaceBytes    = 1 << 20 // with its picture
	purgedAtATime    = 1_000
	spaceType        = "space"
	spacePrefix      = "s/" // begins no type's name, so that no object of a space has the _id of one of the default space
	defaultSpaceName = "Default"
)

// Space is a room of its own for objects, as Kibana's spaces API has it. Members that are nil are not set, and stay as they are
// in a change.
type Space struct {
	ID               string   `json:"id"`
	Name             string   `json:"name"`
	Description      *string  `json:"description,omitempty"`
	Color            *string  `json:"color,omitempty"` // "#rrggbb"
	Initials         *string  `json:"initials,omitempty"`
	ImageURL         *string  `json:"imageUrl,omitempty"` // a data: URL of an image
	DisabledFeatures []string `json:"disabledFeatures"`   // kept for Kibana; no page is hidden
	Solution         *string  `json:"solution,omitempty"` // kept for Kibana
	Reserved         bool     `json:"_reserved,omitempty"`
}

var solutions = []string{"classic", "es", "oblt", "security"}

// IsSpaceID tells whether a space can have this id.
func IsSpaceID(id string) bool {
	return id != "" && len(id) <= maxSpaceIDBytes && strings.Trim(id, "abcdefghijklmnopqrstuvwxyz0123456789_-") == ""
}

// check holds a space that comes from outside to Kibana's rules and the limits.
func (sp *Space) check() error {
	member := func(name, format string, args ...any) error {
		return bad("[request body.%s]: %s", name, fmt.Sprintf(format, args...))
	}
	switch {
	case !IsSpaceID(sp.ID):
		return member("id", "must be lower case, a-z, 0-9, '_', and '-' are allowed, and have at most %d characters", maxSpaceIDBytes)
	case strings.TrimSpace(sp.Name) == "":
		return member("name", "value has length [0] but it must have a minimum length of [1]")
	case sp.Initials != nil && len([]rune(*sp.Initials)) > maxInitials:
		return member("initials", "value has length [%d] but it must have a maximum length of [%d]", len([]rune(*sp.Initials)), maxInitials)
	case sp.Color != nil && *sp.Color != "" && !isColor(*sp.Color):
		return member("color", "must be a 6 digit hex color, starting with a #")
	case sp.ImageURL != nil && *sp.ImageURL != "" && !strings.HasPrefix(*sp.ImageURL, "data:image"):
		return member("imageUrl", "must start with 'data:image'")
	case sp.Solution != nil && !slices.Contains(solutions, *sp.Solution):
		return member("solution", "[%s] is none of %s", cut(*sp.Solution, 40), strings.Join(solutions, ", "))
	}
	if size := len(printed(sp)); size > maxSpaceBytes {
		return &Error{http.StatusRequestEntityTooLarge, fmt.Sprintf("the space [%s] has %d bytes; at most %d can be kept", sp.ID, size, maxSpaceBytes)}
	}
	return nil
}

func isColor(text string) bool {
	return len(text) == 7 && text[0] == '#' && strings.Trim(text[1:], "0123456789abcdefABCDEF") == ""
}

// object is the space as it is kept; spaces belong to no space.
func (sp *Space) object() *Object {
	attributes := *sp
	attributes.Reserved = false
	members := map[string]json.RawMessage{}
	if err := json.Unmarshal(printed(attributes), &members); err != nil {
		panic(fmt.Sprintf("saved: a space is not printed as an object: %v", err))
	}
	delete(members, "id")
	return &Object{Type: spaceType, ID: sp.ID, Attributes: printed(members)}
}

func spaceOf(o *Object) (*Space, error) {
	sp := &Space{}
	if err := json.Unmarshal(o.Attributes, sp); err != nil {
		return nil, &Error{http.StatusInternalServerError, fmt.Sprintf("the space [%s] in %s cannot be read: %s", o.ID, IndexName, err)}
	}
	sp.ID, sp.Reserved = o.ID, o.ID == DefaultSpace
	if sp.DisabledFeatures == nil {
		sp.DisabledFeatures = []string{}
	}
	return sp, nil
}

// builtIn is the default space as long as nobody has changed it.
func builtIn() *Space {
	description, color := "This is your default space!", "#00bfb3"
	return &Space{ID: DefaultSpace, Name: defaultSpaceName, Description: &description, Color: &color, DisabledFeatures: []string{}, Reserved: true}
}

// In is the store of another space's objects. The space need not be there: Space tells.
func (s *Store) In(space string) *Store {
	other := *s
	other.space = cmp.Or(space, DefaultSpace)
	return &other
}

// docID is the _id of an object of this space: type:id, and s/space:type:id in all but the default one.
func (s *Store) docID(k Key) string {
	if s.space == DefaultSpace {
		return k.Type + ":" + k.ID
	}
	return spacePrefix + s.space + ":" + k.Type + ":" + k.ID
}

// parseDocID reads what docID printed.
func parseDocID(docID string) (space string, k Key, ok bool) {
	space = DefaultSpace
	if rest, spaced := strings.CutPrefix(docID, spacePrefix); spaced {
		if space, docID, ok = strings.Cut(rest, ":"); !ok {
			return "", Key{}, false
		}
	}
	k.Type, k.ID, ok = strings.Cut(docID, ":")
	return space, k, ok
}

// inSpaces is the condition that objects belong to one of these spaces, nil where "*" is one of them.
func inSpaces(spaces []string) any {
	var each []any
	for _, space := range spaces {
		switch space {
		case "*":
			return nil
		case DefaultSpace:
			each = append(each, m{"bool": m{"must_not": []m{{"exists": m{"field": "namespace"}}}}})
		default:
			each = append(each, m{"term": m{"namespace": space}})
		}
	}
	return m{"bool": m{"should": each, "minimum_should_match": 1}}
}

// Space returns a space; an unknown one is an Error of status 404.
func (s *Store) Space(ctx context.Context, id string) (*Space, error) {
	sp, _, err := s.readSpace(ctx, id)
	return sp, err
}

// NoSpace is the error of status 404 that there is no such space.
func NoSpace(id string) *Error { return notFound(Key{spaceType, cut(id, maxSpaceIDBytes)}) }

// HasSpace tells whether there is a space, as an error: nil, or one of status 404.
func (s *Store) HasSpace(ctx context.Context, id string) error {
	if id == DefaultSpace {
		return nil
	}
	_, _, err := s.readSpace(ctx, id)
	return err
}

// readSpace reads a space and the document that it is in; that is nil for the default space that nobody has changed.
func (s *Store) readSpace(ctx context.Context, id string) (*Space, *es.GetResponse, error) {
	k := Key{spaceType, id}
	if !IsSpaceID(id) {
		return nil, nil, NoSpace(id)
	}
	got, err := s.backend.Get(ctx, &es.GetRequest{Index: IndexName, ID: s.In(DefaultSpace).docID(k)})
	switch {
	case eserr.Is(err, "index_not_found_exception") || err == nil && !got.Found:
		if id == DefaultSpace {
			return builtIn(), nil, nil
		}
		return nil, nil, notFound(k)
	case err != nil:
		return nil, nil, err
	}
	o, err := fromDocument(got.ID, got.Source, got.SeqNo, got.PrimaryTerm)
	if err != nil {
		return nil, nil, err
	}
	sp, err := spaceOf(o)
	return sp, got, err
}

// Spaces are all spaces, by name.
func (s *Store) Spaces(ctx context.Context) ([]*Space, error) {
	page, err := s.In(DefaultSpace).find(ctx, Search{Types: []string{spaceType}, SortField: "type", Page: 1, PerPage: MaxSpaces + 1})
	if err != nil {
		return nil, err
	}
	out := make([]*Space, 0, len(page.Objects)+1)
	for _, o := range page.Objects {
		sp, err := spaceOf(o)
		if err != nil {
			return nil, err
		}
		out = append(out, sp)
	}
	if !slices.ContainsFunc(out, func(sp *Space) bool { return sp.ID == DefaultSpace }) {
		out = append(out, builtIn())
	}
	slices.SortFunc(out, func(a, b *Space) int {
		return cmp.Or(cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)), cmp.Compare(a.ID, b.ID))
	})
	return out, nil
}

// CreateSpace makes a space. What an interrupted deletion has left of one of the same id goes first.
func (s *Store) CreateSpace(ctx context.Context, sp *Space) (*Space, error) {
	if err := sp.check(); err != nil {
		return nil, err
	}
	all, err := s.Spaces(ctx)
	if err != nil {
		return nil, err
	}
	taken := &Error{http.StatusConflict, fmt.Sprintf("A space with the identifier %s already exists.", sp.ID)}
	if slices.ContainsFunc(all, func(other *Space) bool { return other.ID == sp.ID }) {
		return nil, taken
	}
	if len(all) >= MaxSpaces {
		return nil, bad("Unable to create Space, this exceeds the maximum number of spaces [%d]", MaxSpaces)
	}
	if err := s.ensure(ctx); err != nil {
		return nil, err
	}
	if err := s.purge(ctx, sp.ID); err != nil {
		return nil, err
	}
	if err := s.writeSpace(ctx, sp, es.BulkOp{Action: es.ActionCreate}); err != nil {
		if StatusOf(err) == http.StatusConflict {
			return nil, taken
		}
		return nil, err
	}
	return s.Space(ctx, sp.ID)
}

// UpdateSpace changes a space; what change leaves nil stays.
func (s *Store) UpdateSpace(ctx context.Context, id string, change *Space) (*Space, error) {
	if err := change.check(); err != nil {
		return nil, err
	}
	if change.ID != id {
		return nil, bad("[request body.id]: [%s] is not the space of the path, [%s]: the id of a space cannot be changed", change.ID, cut(id, maxSpaceIDBytes))
	}
	for attempt := 0; ; attempt++ {
		before, at, err := s.readSpace(ctx, id)
		if err != nil {
			return nil, err
		}
		op := es.BulkOp{Action: es.ActionCreate}
		if at != nil {
			op.Action = es.ActionIndex
			op.Guard.HasSeqNo, op.Guard.SeqNo, op.Guard.PrimaryTerm = true, at.SeqNo, at.PrimaryTerm
		} else if err := s.ensure(ctx); err != nil {
			return nil, err
		}
		after := *change
		after.Description, after.Color, after.Initials = cmp.Or(after.Description, before.Description), cmp.Or(after.Color, before.Color), cmp.Or(after.Initials, before.Initials)
		after.ImageURL, after.Solution = cmp.Or(after.ImageURL, before.ImageURL), cmp.Or(after.Solution, before.Solution)
		err = s.writeSpace(ctx, &after, op)
		if StatusOf(err) == http.StatusConflict && attempt < updateAttempts {
			continue
		}
		if err != nil {
			return nil, err
		}
		return s.Space(ctx, id)
	}
}

func (s *Store) writeSpace(ctx context.Context, sp *Space, op es.BulkOp) error {
	o := sp.object()
	in := s.In(DefaultSpace)
	in.stamp(o)
	doc, err := o.document()
	if err != nil {
		return err
	}
	op.Index, op.ID, op.Source = IndexName, in.docID(o.Key()), doc
	items, err := s.bulk(ctx, []es.BulkOp{op})
	if err != nil {
		return err
	}
	if items[0].Err != nil {
		return itemFailure(o.Key(), items[0].Err)
	}
	return nil
}

// DeleteSpace deletes a space with all its objects.
func (s *Store) DeleteSpace(ctx context.Context, id string) error {
	if id == DefaultSpace {
		return bad("The %s space cannot be deleted because it is reserved.", id)
	}
	if err := s.HasSpace(ctx, id); err != nil {
		return err
	}
	if err := s.purge(ctx, id); err != nil {
		return err
	}
	k := Key{spaceType, id}
	items, err := s.bulk(ctx, []es.BulkOp{{Action: es.ActionDelete, Index: IndexName, ID: s.In(DefaultSpace).docID(k)}})
	if err != nil {
		return err
	}
	if items[0].Err != nil {
		return itemFailure(k, items[0].Err)
	}
	return nil
}

// purge deletes all objects of a space, a part at a time.
func (s *Store) purge(ctx context.Context, space string) error {
	q, err := query.Parse(printed(inSpaces([]string{space})))
	if err != nil {
		return err
	}
	for {
		found, err := s.backend.Search(ctx, &es.SearchRequest{
			Target: es.Target{Names: []string{IndexName}, IgnoreUnavailable: true}, Query: q, Source: es.SourceFilter{Disabled: true}, Size: purgedAtATime,
		})
		if err != nil || len(found.Hits.Hits) == 0 {
			return err
		}
		ops := make([]es.BulkOp, len(found.Hits.Hits))
		for i := range found.Hits.Hits {
			ops[i] = es.BulkOp{Action: es.ActionDelete, Index: IndexName, ID: found.Hits.Hits[i].ID}
		}
		items, err := s.bulk(ctx, ops)
		if err != nil {
			return err
		}
		for i := range items {
			if items[i].Err != nil {
				return items[i].Err
			}
		}
	}
}
