package painless

import (
	"net/http"

	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// Spec is a script as requests have it: "…", or {"source": "…", "lang": "painless", "params": {…}}, or {"id": "…"} of a stored one.
type Spec struct {
	Source, Lang, ID string
	// Params are the parameters, which scripts cannot change; never nil.
	Params *Map
	// Raw is the script as written, to be printed onward.
	Raw []byte
}

// ParseSpec reads a script of a request.
func ParseSpec(n *jsonval.Node) (*Spec, error) {
	s := &Spec{Lang: Lang, Params: NewMap().ReadOnly(), Raw: append([]byte(nil), n.Raw...)}
	if n.Kind == jsonval.String {
		s.Source = n.Text
		return s, s.check()
	}
	if n.Kind != jsonval.Object {
		return nil, eserr.ParsingException(n.Line, n.Col, "unexpected value [%s] for a script; expected a string or an object with [source] or [id]", n.Raw)
	}
	lang := false
	for i, key := range n.Keys {
		v := &n.Items[i]
		switch {
		case (key == "source" || key == "inline") && v.Kind == jsonval.String:
			s.Source = v.Text
		case key == "id" && v.Kind == jsonval.String:
			s.ID = v.Text
		case key == "lang" && v.Kind == jsonval.String:
			s.Lang, lang = v.Text, true
		case key == "params" && (v.Kind == jsonval.Object || v.Kind == jsonval.Null):
			if v.Kind == jsonval.Object {
				// what was parsed may alias the request's bytes, which do not outlive it
				own, err := jsonval.Parse(append([]byte(nil), v.Raw...))
				if err != nil {
					return nil, err
				}
				s.Params = FromJSON(own).Map()
				s.Params.loadAll()
				s.Params.ReadOnly()
			}
		case key == "options" && v.Kind == jsonval.Object:
			if len(v.Keys) > 0 && !(len(v.Keys) == 1 && v.Keys[0] == "content_type") {
				return nil, eserr.IllegalArgument("illegal compiler options [%s] specified", v.Raw)
			}
		case key == "source" || key == "id" || key == "lang" || key == "params" || key == "options" || key == "inline":
			return nil, eserr.XContentParse("[%d:%d] [script] %s doesn't support values of type: %s", v.Line, v.Col, key, v.Kind)
		default:
			return nil, eserr.XContentParse("[%d:%d] [script] unknown field [%s]%s", v.Line, v.Col, key,
				jsonval.DidYouMean(key, []string{"source", "id", "lang", "params", "options"}))
		}
	}
	switch {
	case s.Source != "" && s.ID != "":
		return nil, eserr.IllegalArgument("must specify either [source] for an inline script or [id] for a stored script")
	case s.ID != "" && lang:
		return nil, eserr.IllegalArgument("illegally specified [lang] for a stored script")
	case s.Source == "" && s.ID == "":
		return nil, eserr.IllegalArgument("must specify either [source] for an inline script or [id] for a stored script")
	}
	return s, s.check()
}

func (s *Spec) check() error { return CheckLang(s.Lang) }

// CheckLang refuses the languages that are not built.
func CheckLang(lang string) error {
	switch lang {
	case Lang:
		return nil
	case "expression", "mustache":
		return eserr.Unsupported("script_lang [" + lang + "]")
	}
	return eserr.IllegalArgument("script_lang not supported [%s]", lang)
}

// NoStored says that a stored script does not exist.
func NoStored(id string) error {
	return eserr.New(http.StatusNotFound, "resource_not_found_exception", "unable to find script [%s]", id)
}

// Compile compiles the script for a context; stored finds the source of a stored one and may be nil.
func (s *Spec) Compile(ctx Context, stored func(id string) (source string, err error)) (*Script, error) {
	source := s.Source
	if s.ID != "" {
		if stored == nil {
			return nil, NoStored(s.ID)
		}
		var err error
		if source, err = stored(s.ID); err != nil {
			return nil, err
		}
	}
	return CompileCached(source, ctx)
}

// loadAll fills a map and those in it, so that several goroutines may read it.
func (m *Map) loadAll() {
	m.load()
	for _, v := range m.values {
		loadValue(v)
	}
}

func loadValue(v Value) {
	switch v.kind {
	case KindMap:
		v.ref.(*Map).loadAll()
	case KindList:
		for _, item := range v.ref.(*List).items {
			loadValue(item)
		}
	}
}

// Deny makes the map refuse to set or remove a key for which why gives a reason.
func (m *Map) Deny(why func(key string) string) *Map {
	m.deny = why
	return m
}

// AppendJSON writes the script as Elasticsearch prints it in mappings.
func (s *Spec) AppendJSON(dst []byte) []byte {
	w := jsonval.Begin(dst)
	if s.ID != "" {
		w.String("id", s.ID)
	} else {
		w.String("source", s.Source)
		w.String("lang", s.Lang)
	}
	if s.Params.Len() > 0 {
		w.Key("params")
		w.Value(func(dst []byte) []byte {
			out, err := AppendJSON(dst, MapOf(s.Params))
			if err != nil { // they came from JSON
				return append(dst, "{}"...)
			}
			return out
		})
	}
	return w.End()
}
