package lifecycle

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"elkhorn/internal/es"
)

// admin is a store of indices and policies that notes the changes asked for.
type admin struct {
	indices  []es.IndexInfo
	policies map[string]string
	changes  []string
	fail     error
}

func (a *admin) Indices(context.Context, es.Target) ([]es.IndexInfo, error) { return a.indices, nil }

func (a *admin) Apply(_ context.Context, change es.Change) (any, error) {
	switch c := change.(type) {
	case *es.GetObjects:
		var objects []es.Object
		for name, body := range a.policies {
			objects = append(objects, es.Object{Name: name, JSON: []byte(body)})
		}
		return objects, nil
	case *es.Rollover:
		a.changes = append(a.changes, fmt.Sprintf("rollover %s age=%s docs=%d size=%d min_docs=%d", c.Alias, c.Conditions.MaxAge, c.Conditions.MaxDocs, c.Conditions.MaxPrimaryShardSizeBytes, c.Conditions.MinDocs))
		return &es.RolloverResult{}, nil
	case *es.DeleteIndices:
		if a.fail != nil && c.Target.Names[0] == "broken" {
			return nil, a.fail
		}
		a.changes = append(a.changes, "delete "+strings.Join(c.Target.Names, ","))
	case *es.PutSettings:
		a.changes = append(a.changes, "settings "+strings.Join(c.Target.Names, ",")+" "+string(c.Settings))
	case *es.ForceMerge:
		a.changes = append(a.changes, fmt.Sprintf("merge %s to %d", strings.Join(c.Target.Names, ","), c.MaxSegments))
	}
	return nil, nil
}

const keep = `{"phases":{
	"hot":{"min_age":"0ms","actions":{"rollover":{"max_primary_shard_size":"50GB","max_age":"1d"},"set_priority":{"priority":100}}},
	"warm":{"min_age":"3d","actions":{"shrink":{"number_of_shards":1},"forcemerge":{"max_num_segments":1},"set_priority":{"priority":50}}},
	"cold":{"min_age":"10d","actions":{"readonly":{}}},
	"delete":{"min_age":"30d","actions":{"delete":{}}}}}`

var now = time.Date(2026, 3, 31, 12, 0, 0, 0, time.UTC)

// index is an index made so long before now that follows the policy "keep".
func index(name string, age time.Duration, settings ...string) es.IndexInfo {
	info := es.IndexInfo{Name: name, Created: now.Add(-age), Settings: map[string]string{"index.lifecycle.name": "keep"}, Stats: es.IndexStats{Segments: 4}}
	for i := 0; i+1 < len(settings); i += 2 {
		info.Settings[settings[i]] = settings[i+1]
	}
	return info
}

// aliased is index behind the rollover alias "logs".
func aliased(name string, age time.Duration, write bool) es.IndexInfo {
	info := index(name, age, "index.lifecycle.rollover_alias", "logs")
	info.Aliases = []es.Alias{{Name: "logs", IsWriteIndex: &write}}
	return info
}

func runner(a *admin) (*Runner, *bytes.Buffer) {
	log := &bytes.Buffer{}
	return New(a, Options{Logger: slog.New(slog.NewTextHandler(log, nil)), Now: func() time.Time { return now }}), log
}

const day = 24 * time.Hour

func TestPass(t *testing.T) {
	for _, tc := range []struct {
		name    string
		indices []es.IndexInfo
		want    []string
	}{
		{"the write index may roll over, however old", []es.IndexInfo{aliased("logs-2", 99*day, true)},
			[]string{"rollover logs age=24h0m0s docs=0 size=53687091200 min_docs=1"}},
		{"age counts from rollover", []es.IndexInfo{aliased("logs-1", 60*day, false), aliased("logs-2", 29*day, true)},
			[]string{`settings logs-1 {"index.priority":"50","index.blocks.write":"true"}`, "rollover logs"}},
		{"past its age", []es.IndexInfo{aliased("logs-1", 60*day, false), aliased("logs-2", 31*day, true)},
			[]string{"delete logs-1", "rollover logs"}},
		{"warm", []es.IndexInfo{aliased("logs-1", 8*day, false), aliased("logs-2", 4*day, true)},
			[]string{`settings logs-1 {"index.priority":"50"}`, "merge logs-1 to 1", "rollover logs"}},
		{"a dated index that nothing rolls over", []es.IndexInfo{index("app-2026.02.27", 32*day), index("app-2026.03.02", 29*day), index("app-2026.03.31", time.Hour)},
			[]string{"delete app-2026.02.27", `settings app-2026.03.02`}},
		{"without a date, max_age stands for the day", []es.IndexInfo{index("app", 32*day), index("app2", 30*day)},
			[]string{"delete app", "settings app2"}},
		{"an origination date", []es.IndexInfo{index("old", day, "index.lifecycle.origination_date", fmt.Sprint(now.Add(-40*day).UnixMilli()))},
			[]string{"delete old"}},
		{"no policy", []es.IndexInfo{{Name: "free", Created: now.Add(-99 * day)}}, nil},
		{"nothing left to do", []es.IndexInfo{func() es.IndexInfo {
			info := index("app", 6*day, "index.priority", "50")
			info.Stats.Segments = 1
			return info
		}()}, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			a := &admin{indices: tc.indices, policies: map[string]string{"keep": strings.ReplaceAll(keep, `"readonly":{}`, `"readonly":{},"set_priority":{"priority":50}`)}}
			r, _ := runner(a)
			if err := r.Pass(t.Context()); err != nil {
				t.Fatal(err)
			}
			if !slices.EqualFunc(a.changes, tc.want, strings.HasPrefix) {
				t.Errorf("got  %q\nwant %q", a.changes, tc.want)
			}
		})
	}
}

func TestPassGoesOnAfterAFailure(t *testing.T) {
	a := &admin{
		indices:  []es.IndexInfo{index("broken", 99*day), index("fine", 99*day)},
		policies: map[string]string{"keep": keep}, fail: errors.New("blocked"),
	}
	r, _ := runner(a)
	if err := r.Pass(t.Context()); err == nil || !strings.Contains(err.Error(), "blocked") {
		t.Errorf("error %v", err)
	}
	if !slices.Equal(a.changes, []string{"delete fine"}) {
		t.Errorf("changes %q", a.changes)
	}
}

func TestWarnsOnceByName(t *testing.T) {
	a := &admin{indices: []es.IndexInfo{index("a", day, "index.lifecycle.name", "gone")}, policies: map[string]string{"keep": keep, "bad": `{"phases":{"hot":{"min_age":"soon"}}}`}}
	r, log := runner(a)
	for range 3 {
		if err := r.Pass(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range []string{"shrink of warm", "policy=gone", "policy=bad"} {
		if strings.Count(log.String(), want) != 1 {
			t.Errorf("%q not exactly once in\n%s", want, log)
		}
	}
}

func TestParsePolicyRefuses(t *testing.T) {
	for _, body := range []string{
		`[]`, `{}`, `{"phases":{"hot":{"actions":{"rollover":{"max_dox":1}}}}}`, `{"phases":{"hot":{"actions":{"rollover":{"max_size":"big"}}}}}`,
		`{"phases":{"delete":{"min_age":"1 fortnight"}}}`, `{"phases":{"warm":{"actions":{"forcemerge":{"max_num_segments":"few"}}}}}`,
	} {
		if _, err := parsePolicy([]byte(body)); err == nil {
			t.Errorf("%s was taken", body)
		}
	}
	p, err := parsePolicy([]byte(`{"phases":{"delete":{"actions":{"delete":{},"wait_for_snapshot":{"policy":"x"}}}}}`))
	if err != nil || p.hasDelete {
		t.Errorf("a policy that wants a snapshot first deletes without one: %+v %v", p, err)
	}
}

func TestRunPassesAtIntervals(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &admin{indices: []es.IndexInfo{index("app", 99*day)}, policies: map[string]string{"keep": keep}}
		r := New(a, Options{Logger: slog.New(slog.DiscardHandler), Now: func() time.Time { return now }, Interval: time.Minute})
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- r.Run(ctx) }()
		time.Sleep(150 * time.Second) // of the bubble's clock
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
		if len(a.changes) != 2 {
			t.Errorf("changes %q", a.changes)
		}
	})
}

func FuzzParsePolicy(f *testing.F) {
	f.Add([]byte(keep))
	f.Add([]byte(`{"phases":{"hot":{"actions":{"rollover":{"max_size":"1e30gb"}}}}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		if _, err := parsePolicy(body); err != nil {
			return
		}
	})
}
