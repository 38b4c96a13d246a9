package segment

import "sync"

// TemplateMemory remembers what messages came into an index, so that each new segment knows them from the first one on. Without it a
// segment stores the first message of each kind as a literal, which every search has to look at. It is safe for concurrent use.
type TemplateMemory struct {
	mu struct {
		sync.Mutex
		fields map[string]map[uint64]struct{} // keys of templates; the sets are replaced, not changed
	}
}

// Bounds of what is remembered: about 32 bytes a template.
const (
	maxRememberedTemplates = 1 << 14
	maxRememberedFields    = 64
)

// known returns the keys of a field's templates; nobody changes the set.
func (m *TemplateMemory) known(field string) map[uint64]struct{} {
	if m == nil {
		return nil
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.mu.fields[field]
}

// learn takes in the templates of a segment that was written. A set that grows too large is begun anew with them.
func (m *TemplateMemory) learn(field string, byKey map[uint64]uint32) {
	if m == nil || len(byKey) == 0 || len(byKey) > maxRememberedTemplates {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	was := m.mu.fields[field]
	fresh := 0
	for key := range byKey {
		if _, ok := was[key]; !ok {
			fresh++
		}
	}
	if fresh == 0 || was == nil && len(m.mu.fields) == maxRememberedFields {
		return
	}
	now := make(map[uint64]struct{}, len(was)+fresh)
	if len(was)+fresh <= maxRememberedTemplates {
		for key := range was {
			now[key] = struct{}{}
		}
	}
	for key := range byKey {
		now[key] = struct{}{}
	}
	if m.mu.fields == nil {
		m.mu.fields = map[string]map[uint64]struct{}{}
	}
	m.mu.fields[field] = now
}
