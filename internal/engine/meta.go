package engine

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"sort"
	"time"

	"go.etcd.io/bbolt"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/wildcard"
)

// metaStore is the one transactional store for everything that is not a document: indices with their
// settings and aliases, templates, policies and other named objects. It is never on the bulk path.
//
// Buckets: "store" (cluster uuid), "indices" (name → indexRecord), "data_streams" (name → streamRecord), "object:<kind>"
// (name → objectRecord). Values are JSON: they are few, read at start, and people may need to look at them.
type metaStore struct {
	db *bbolt.DB
}

// indexRecord is what is known of an index besides its documents and its mapping, which live in the
// index's own folder.
type indexRecord struct {
	UUID string `json:"uuid"`
	// IDs is the UUID that generated ids are derived from, "" for the index's own: an index made of another's
	// files keeps its documents' ids.
	IDs           string            `json:"ids,omitempty"`
	CreatedMillis int64             `json:"created"`
	Settings      map[string]string `json:"settings"`
	Aliases       []aliasRecord     `json:"aliases,omitempty"`
	Closed        bool              `json:"closed,omitempty"`
	// RolledOverMillis is when a rollover made the next index, 0 while none did.
	RolledOverMillis int64 `json:"rolled_over,omitempty"`
}

func (rec *indexRecord) idSource() string { return cmp.Or(rec.IDs, rec.UUID) }

type aliasRecord struct {
	Name          string          `json:"name"`
	Filter        json.RawMessage `json:"filter,omitempty"`
	IndexRouting  string          `json:"index_routing,omitempty"`
	SearchRouting string          `json:"search_routing,omitempty"`
	IsWriteIndex  *bool           `json:"is_write_index,omitempty"`
	IsHidden      bool            `json:"is_hidden,omitempty"`
}

type objectRecord struct {
	Version        int64           `json:"version"`
	ModifiedMillis int64           `json:"modified"`
	JSON           json.RawMessage `json:"json"`
}

var (
	bucketStore   = []byte("store")
	bucketIndices = []byte("indices")
	bucketStreams = []byte("data_streams")
	keyUUID       = []byte("cluster_uuid")
)

// openMeta opens or makes the metadata file. The engine's lock file keeps other processes out, so
// waiting for bbolt's own lock means a fault.
func openMeta(file string) (*metaStore, error) {
	db, err := bbolt.Open(file, 0o600, &bbolt.Options{Timeout: 2 * time.Second, FreelistType: bbolt.FreelistMapType})
	if err != nil {
		return nil, fmt.Errorf("open metadata %s: %w", file, err)
	}
	m := &metaStore{db: db}
	err = db.Update(func(tx *bbolt.Tx) error {
		if _, err := tx.CreateBucketIfNotExists(bucketIndices); err != nil {
			return err
		}
		b, err := tx.CreateBucketIfNotExists(bucketStore)
		if err != nil || b.Get(keyUUID) != nil {
			return err
		}
		return b.Put(keyUUID, []byte(newUUID()))
	})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("prepare metadata %s: %w", file, err), db.Close())
	}
	return m, nil
}

func (m *metaStore) close() error { return m.db.Close() }

func (m *metaStore) clusterUUID() string {
	var uuid string
	// A read-only transaction of an open database fails only when it is closed; then "" is as good.
	if err := m.db.View(func(tx *bbolt.Tx) error {
		uuid = string(tx.Bucket(bucketStore).Get(keyUUID))
		return nil
	}); err != nil {
		return ""
	}
	return uuid
}

// indices reads all index records.
func (m *metaStore) indices() (map[string]*indexRecord, error) {
	all := map[string]*indexRecord{}
	err := m.db.View(func(tx *bbolt.Tx) error {
		return tx.Bucket(bucketIndices).ForEach(func(k, v []byte) error {
			var rec indexRecord
			if err := json.Unmarshal(v, &rec); err != nil {
				return fmt.Errorf("read metadata of index %s: %w", k, err)
			}
			all[string(k)] = &rec
			return nil
		})
	})
	return all, err
}

// putIndices writes and deletes (nil) index records in one transaction.
func (m *metaStore) putIndices(changes map[string]*indexRecord) error { return m.put(changes, nil) }

// put writes and deletes (nil) records of indices and data streams in one transaction.
func (m *metaStore) put(indices map[string]*indexRecord, streams map[string]*streamRecord) error {
	return m.db.Update(func(tx *bbolt.Tx) error {
		if err := putRecords(tx.Bucket(bucketIndices), indices); err != nil || len(streams) == 0 {
			return err
		}
		b, err := tx.CreateBucketIfNotExists(bucketStreams)
		if err != nil {
			return err
		}
		return putRecords(b, streams)
	})
}

func putRecords[T any](b *bbolt.Bucket, changes map[string]*T) error {
	for name, rec := range changes {
		if rec == nil {
			if err := b.Delete([]byte(name)); err != nil {
				return err
			}
			continue
		}
		v, err := json.Marshal(rec)
		if err != nil {
			return err
		}
		if err := b.Put([]byte(name), v); err != nil {
			return err
		}
	}
	return nil
}

// streams reads all records of data streams.
func (m *metaStore) streams() (map[string]*streamRecord, error) {
	all := map[string]*streamRecord{}
	err := m.db.View(func(tx *bbolt.Tx) error {
		b := tx.Bucket(bucketStreams)
		if b == nil {
			return nil
		}
		return b.ForEach(func(k, v []byte) error {
			var rec streamRecord
			if err := json.Unmarshal(v, &rec); err != nil {
				return fmt.Errorf("read metadata of data stream %s: %w", k, err)
			}
			all[string(k)] = &rec
			return nil
		})
	})
	return all, err
}

func objectBucket(kind es.ObjectKind) []byte { return []byte("object:" + string(kind)) }

func (m *metaStore) putObject(change *es.PutObject, now time.Time) error {
	return m.db.Update(func(tx *bbolt.Tx) error {
		b, err := tx.CreateBucketIfNotExists(objectBucket(change.Kind))
		if err != nil {
			return err
		}
		rec := objectRecord{Version: 1, ModifiedMillis: now.UnixMilli(), JSON: change.JSON}
		if old := b.Get([]byte(change.Name)); old != nil {
			if change.Create {
				return eserr.IllegalArgument("%s [%s] already exists", kindTitle(change.Kind), change.Name)
			}
			var was objectRecord
			if err := json.Unmarshal(old, &was); err != nil {
				return err
			}
			rec.Version = was.Version + 1
		}
		v, err := json.Marshal(&rec)
		if err != nil {
			return err
		}
		return b.Put([]byte(change.Name), v)
	})
}

func kindTitle(kind es.ObjectKind) string {
	switch kind {
	case es.KindIndexTemplate:
		return "index template"
	case es.KindComponentTemplate:
		return "component template"
	case es.KindLegacyTemplate:
		return "index_template"
	case es.KindLifecyclePolicy:
		return "policy"
	}
	return string(kind)
}

// objects reads the objects of a kind whose names match any of the patterns (none means all).
func (m *metaStore) objects(kind es.ObjectKind, patterns []string) ([]es.Object, error) {
	var found []es.Object
	err := m.db.View(func(tx *bbolt.Tx) error {
		b := tx.Bucket(objectBucket(kind))
		if b == nil {
			return nil
		}
		return b.ForEach(func(k, v []byte) error {
			if !matchesAny(patterns, string(k)) {
				return nil
			}
			var rec objectRecord
			if err := json.Unmarshal(v, &rec); err != nil {
				return fmt.Errorf("read %s %s: %w", kind, k, err)
			}
			found = append(found, es.Object{Name: string(k), JSON: rec.JSON, Version: rec.Version, Modified: time.UnixMilli(rec.ModifiedMillis).UTC()})
			return nil
		})
	})
	sort.Slice(found, func(i, j int) bool { return found[i].Name < found[j].Name })
	return found, err
}

// deleteObjects deletes the objects whose names match and says how many there were.
func (m *metaStore) deleteObjects(kind es.ObjectKind, patterns []string) (int, error) {
	n := 0
	err := m.db.Update(func(tx *bbolt.Tx) error {
		b := tx.Bucket(objectBucket(kind))
		if b == nil {
			return nil
		}
		var names [][]byte
		if err := b.ForEach(func(k, _ []byte) error {
			if matchesAny(patterns, string(k)) {
				names = append(names, append([]byte(nil), k...))
			}
			return nil
		}); err != nil {
			return err
		}
		n = len(names)
		for _, k := range names {
			if err := b.Delete(k); err != nil {
				return err
			}
		}
		return nil
	})
	return n, err
}

// matchesAny says whether a name matches one of the patterns, in which * stands for any text; no
// patterns match everything.
func matchesAny(patterns []string, name string) bool {
	if len(patterns) == 0 {
		return true
	}
	for _, p := range patterns {
		if p == "_all" || wildcard.Match(p, name) {
			return true
		}
	}
	return false
}

// metaPath is where the metadata file lies in a data folder.
func metaPath(dir string) string { return path.Join(dir, "metadata.db") }
