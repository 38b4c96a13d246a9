package ingest

import (
	"context"
	"sync"

	"elkhorn/internal/es"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/painless"
)

// scripts finds stored scripts, and remembers them until one changes: processors ask for each document.
type scripts struct {
	store es.Store
	mu    struct {
		sync.Mutex
		sources map[string]string
	}
}

// find returns the source of a stored script. It asks the store under the lock, so that what it remembers is not older
// than the change after which forget is called.
func (s *scripts) find(id string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if source, ok := s.mu.sources[id]; ok {
		return source, nil
	}
	found, err := s.store.Apply(context.Background(), &es.GetObjects{Kind: es.KindStoredScript, Names: []string{id}})
	if err != nil {
		return "", err
	}
	objects, _ := found.([]es.Object)
	for _, o := range objects {
		if o.Name != id { // a name is taken literally
			continue
		}
		n, err := jsonval.Parse(o.JSON)
		if err != nil {
			return "", err
		}
		if lang := n.Get("lang"); lang != nil {
			if err := painless.CheckLang(lang.Text); err != nil {
				return "", err
			}
		}
		if source := n.Get("source"); source != nil {
			if s.mu.sources == nil {
				s.mu.sources = map[string]string{}
			}
			s.mu.sources[id] = source.Text
			return source.Text, nil
		}
	}
	return "", painless.NoStored(id)
}

func (s *scripts) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mu.sources = nil
}
