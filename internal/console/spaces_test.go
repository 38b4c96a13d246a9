package console_test

import (
	"fmt"
	"log/slog"
	"testing"

	"elkhorn/internal/console/saved"
	"elkhorn/internal/engine"
	"elkhorn/internal/es"
)

// openStore is an empty engine.
func openStore(t *testing.T) es.Store {
	t.Helper()
	store, err := engine.Open(engine.Options{Dir: t.TempDir(), Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	return store
}

// TestSpacesComeLater begins with an index as it was before there were spaces: what is in it is the default space's, stays so, and
// other spaces can be made beside it.
func TestSpacesComeLater(t *testing.T) {
	ctx, store := t.Context(), openStore(t)
	if _, err := store.Apply(ctx, &es.CreateIndex{
		Name: saved.IndexName, Settings: []byte(`{"index":{"hidden":true}}`),
		Mappings: []byte(`{"dynamic":false,"properties":{"type":{"type":"keyword"},"label":{"type":"keyword"},"tag":{"dynamic":false,"properties":{"name":{"type":"text"}}}}}`),
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Bulk(ctx, &es.BulkRequest{Refresh: es.RefreshWait, Ops: []es.BulkOp{{
		Action: es.ActionIndex, Index: saved.IndexName, ID: "tag:old", Source: []byte(`{"type":"tag","tag":{"name":"old"},"references":[],"label":"old"}`),
	}}}); err != nil {
		t.Fatal(err)
	}
	objects := saved.New(store, "8.19.0", nil)
	if _, err := objects.CreateSpace(ctx, &saved.Space{ID: "ops", Name: "Ops"}); err != nil {
		t.Fatal(err)
	}
	if _, err := objects.In("ops").Create(ctx, []*saved.Object{{Type: "tag", ID: "new", Attributes: []byte(`{"name":"new"}`)}}, false); err != nil {
		t.Fatal(err)
	}
	if _, err := objects.Create(ctx, []*saved.Object{{Type: "tag", ID: "other", Attributes: []byte(`{"name":"other"}`)}}, false); err != nil {
		t.Fatal(err)
	}
	for space, want := range map[string]string{"default": "[old other]", "ops": "[new]"} {
		page, err := objects.In(space).Find(ctx, saved.Search{Types: []string{"tag"}, SortField: "title", Page: 1, PerPage: 10})
		if err != nil {
			t.Fatal(err)
		}
		var ids []string
		for _, o := range page.Objects {
			ids = append(ids, o.ID)
		}
		if got := fmt.Sprint(ids); got != want {
			t.Errorf("the tags of [%s] are %s, not %s", space, got, want)
		}
	}
	if err := objects.DeleteSpace(ctx, "ops"); err != nil {
		t.Fatal(err)
	}
	if _, err := objects.Get(ctx, saved.Key{Type: "tag", ID: "old"}); err != nil {
		t.Errorf("the old object is gone with another space: %v", err)
	}
}

// TestDeleteLargeSpace deletes more objects than are deleted at a time.
func TestDeleteLargeSpace(t *testing.T) {
	ctx, store := t.Context(), openStore(t)
	objects := saved.New(store, "8.19.0", nil)
	if _, err := objects.CreateSpace(ctx, &saved.Space{ID: "ops", Name: "Ops"}); err != nil {
		t.Fatal(err)
	}
	tags := make([]*saved.Object, 2500)
	for i := range tags {
		tags[i] = &saved.Object{Type: "tag", ID: fmt.Sprint(i), Attributes: []byte(`{"name":"t"}`)}
	}
	if _, err := objects.In("ops").Create(ctx, tags, false); err != nil {
		t.Fatal(err)
	}
	if err := objects.DeleteSpace(ctx, "ops"); err != nil {
		t.Fatal(err)
	}
	page, err := objects.Find(ctx, saved.Search{Types: []string{"tag"}, Spaces: []string{"*"}, Page: 1, PerPage: 1})
	if err != nil || page.Total != 0 {
		t.Errorf("%+v are left, %v", page, err)
	}
}
