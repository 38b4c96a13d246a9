package lifecycle

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"elkhorn/internal/es"
	"elkhorn/internal/es/jsonval"
)

// admin is a store of indices and policies that notes the changes asked for.
type admin struct {
	indices  []es.IndexInfo
	policies map[string]string
	changes  []string
	streams  []es.DataStream
	// states, settings and mode are other objects by name.
	states, settings, mode map[string]string
	fail                   error // of the deletion of "broken"
}

func (a *admin) Indices(context.Context, es.Target) ([]es.IndexInfo, error) { return a.indices, nil }

func (a *admin) Apply(_ context.Context, change es.Change) (any, error) {
	switch c := change.(type) {
	case *es.GetDataStreams:
		return a.streams, nil
	case *es.PutObject:
		if a.states == nil {
			a.states = map[string]string{}
		}
		a.states[c.Name] = string(c.JSON)
		return nil, nil
	case *es.DeleteObjects:
		for _, name := range c.Names {
			delete(a.states, name)
		}
		return len(c.Names), nil
	case *es.GetObjects:
		switch c.Kind {
		case es.KindLifecyclePolicy:
		case es.KindLifecycleState:
			return stored(a.states), nil
		case es.KindClusterSettings:
			return stored(a.settings), nil
		case es.KindLifecycleMode:
			return stored(a.mode), nil
		}
		var objects []es.Object
		for _, name := range slices.Sorted(maps.Keys(a.policies)) {
			objects = append(objects, es.Object{Name: name, JSON: []byte(a.policies[name]), Version: 1})
		}
		return objects, nil
	case *es.Rollover:
		a.note("rollover %s age=%s docs=%d shard=%d min_docs=%d", c.Alias, c.Conditions.MaxAge, c.Conditions.MaxDocs, c.Conditions.MaxPrimaryShardSizeBytes, c.Conditions.MinDocs)
		return &es.RolloverResult{}, nil
	case *es.DeleteIndices:
		if a.fail != nil && c.Target.Names[0] == "broken" {
			return nil, a.fail
		}
		a.note("delete %s", c.Target.Names[0])
	case *es.PutSettings:
		a.note("settings %s %s", c.Target.Names[0], c.Settings)
	case *es.ForceMerge:
		a.note("merge %s to %d", c.Target.Names[0], c.MaxSegments)
	default:
		return nil, fmt.Errorf("unexpected %T", change)
	}
	return nil, nil
}

func stored(objects map[string]string) []es.Object {
	var list []es.Object
	for _, name := range slices.Sorted(maps.Keys(objects)) {
		list = append(list, es.Object{Name: name, JSON: []byte(objects[name])})
	}
	return list
}

func (a *admin) note(format string, args ...any) {
	a.changes = append(a.changes, fmt.Sprintf(format, args...))
}

// keep is a policy with a rollover, withoutRollover one that counts from the making of the index.
const (
	keep = `{"phases":{
	"hot":{"min_age":"0ms","actions":{"rollover":{"max_primary_shard_size":"50GB","max_age":"1d"},"set_priority":{"priority":100}}},
	"warm":{"min_age":"3d","actions":{"freeze":{},"forcemerge":{"max_num_segments":1},"set_priority":{"priority":50}}},
	"cold":{"min_age":"10d","actions":{"readonly":{}}},
	"delete":{"min_age":"30d","actions":{"delete":{}}}}}`
	withoutRollover = `{"phases":{"delete":{"min_age":"7d","actions":{"delete":{}}}}}`
)

var now = time.Date(2026, 3, 31, 12, 0, 0, 0, time.UTC)

const day = 24 * time.Hour

// index is an index made so long before now, with settings that begin with index.lifecycle. left out.
func index(name string, age time.Duration, settings ...string) es.IndexInfo {
	info := es.IndexInfo{Name: name, UUID: "uuid of " + name, Created: now.Add(-age), Stats: es.IndexStats{Segments: 4},
		Settings: map[string]string{"index.lifecycle.name": "keep", "index.priority": "50", "index.blocks.write": "true"}}
	for i := 0; i+1 < len(settings); i += 2 {
		info.Settings["index.lifecycle."+settings[i]] = settings[i+1]
	}
	return info
}

// aliased is index behind the rollover alias "logs".
func aliased(name string, age time.Duration, write bool) es.IndexInfo {
	info := index(name, age, "rollover_alias", "logs")
	info.Aliases = []es.Alias{{Name: "logs", IsWriteIndex: &write}}
	return info
}

func with(info es.IndexInfo, change func(*es.IndexInfo)) es.IndexInfo {
	change(&info)
	return info
}

func runner(a *admin) (*Runner, *bytes.Buffer) {
	log := &bytes.Buffer{}
	return New(a, Options{Logger: slog.New(slog.NewTextHandler(log, nil)), Now: func() time.Time { return now }}), log
}

func TestRunOnce(t *testing.T) {
	const rollover = "rollover logs age=24h0m0s docs=0 shard=53687091200 min_docs=1"
	for _, tc := range []struct {
		name    string
		indices []es.IndexInfo
		want    []string
	}{
		{"the write index may roll over, however old", []es.IndexInfo{aliased("logs-2", 99*day, true)}, []string{`settings logs-2 {"index.priority":"100"}`, rollover}},
		{"age counts from rollover", []es.IndexInfo{aliased("logs-1", 60*day, false), aliased("logs-2", 2*day, true)},
			[]string{`settings logs-1 {"index.priority":"100"}`, `settings logs-2 {"index.priority":"100"}`, rollover}},
		{"past its age", []es.IndexInfo{aliased("logs-1", 60*day, false), aliased("logs-2", 31*day, true)},
			[]string{"merge logs-1 to 1", "delete logs-1", `settings logs-2 {"index.priority":"100"}`, rollover}},
		{"the next index counts, not the newest", []es.IndexInfo{aliased("logs-1", 60*day, false), aliased("logs-2", 31*day, false), aliased("logs-3", day, true)},
			[]string{"merge logs-1 to 1", "delete logs-1", `settings logs-2 {"index.priority":"100"}`, `settings logs-3 {"index.priority":"100"}`, rollover}},
		{"a dated index that nothing rolls over", []es.IndexInfo{index("app-2026.02.27", 33*day), index("app-2026.03.31", time.Hour)},
			[]string{"merge app-2026.02.27 to 1", "delete app-2026.02.27", `settings app-2026.03.31 {"index.priority":"100"}`}},
		{"a dated index whose alias nobody made", []es.IndexInfo{index("ml-2026.02.27", 33*day, "rollover_alias", "ml-write")},
			[]string{"merge ml-2026.02.27 to 1", "delete ml-2026.02.27"}},
		{"old logs brought in today stay as long as fresh ones", []es.IndexInfo{index("app-2019.01.01", day)}, []string{`settings app-2019.01.01 {"index.priority":"100"}`}},
		{"without a date, max_age stands for the day", []es.IndexInfo{index("app", 32*day), index("app2", 12*day)}, []string{"merge app to 1", "delete app", "merge app2 to 1"}},
		{"an origination date", []es.IndexInfo{index("old", day, "origination_date", fmt.Sprint(now.Add(-40*day).UnixMilli()))}, []string{"merge old to 1", "delete old"}},
		{"indexing complete", []es.IndexInfo{with(aliased("logs-1", 40*day, true), func(ix *es.IndexInfo) { ix.Settings["index.lifecycle.indexing_complete"] = "true" })},
			[]string{"merge logs-1 to 1", "delete logs-1"}},
		{"no policy", []es.IndexInfo{{Name: "free", Created: now.Add(-99 * day)}}, nil},
		{"merged already", []es.IndexInfo{with(index("app", 12*day), func(ix *es.IndexInfo) { ix.Stats.Segments = 1 })}, nil},
		{"a policy without rollover", []es.IndexInfo{index("a", 8*day, "name", "short"), index("b-2026.01.01", 6*day, "name", "short")}, []string{"delete a"}},
		{"read-only by setting", []es.IndexInfo{with(index("app", 12*day), func(ix *es.IndexInfo) {
			ix.Stats.Segments = 1
			delete(ix.Settings, "index.blocks.write")
		})}, []string{`settings app {"index.blocks.write":"true"}`}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			a := &admin{indices: tc.indices, policies: map[string]string{"keep": keep, "short": withoutRollover}}
			r, log := runner(a)
			if err := r.RunOnce(t.Context()); err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(a.changes, tc.want) {
				t.Errorf("got  %q\nwant %q\nlog:\n%s", a.changes, tc.want, log)
			}
		})
	}
}

func TestFailureOfOneIndexKeepsNoOther(t *testing.T) {
	a := &admin{indices: []es.IndexInfo{index("broken", 99*day, "name", "short"), index("fine", 99*day, "name", "short")},
		policies: map[string]string{"short": withoutRollover}, fail: errors.New("disk on fire")}
	r, log := runner(a)
	for range 2 {
		if err := r.RunOnce(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if !slices.Equal(a.changes, []string{"delete fine", "delete fine"}) {
		t.Errorf("changes %q", a.changes)
	}
	if strings.Count(log.String(), "disk on fire") != 1 {
		t.Errorf("the same failure is not told once:\n%s", log)
	}
}

func TestWarnsOnceByName(t *testing.T) {
	never := strings.ReplaceAll(keep, `,"max_age":"1d"`, "")
	a := &admin{
		indices: []es.IndexInfo{index("orphan", 99*day, "name", "gone"), index("undated", 99*day, "name", "never"), index("kept", 99*day, "name", "snapshot"),
			index("stuck", 99*day, "name", "bad")},
		policies: map[string]string{"keep": keep, "never": never, "bad": `{"phases":{"hot":{"actions":{"explode":{}}}}}`,
			"snapshot": `{"phases":{"delete":{"actions":{"wait_for_snapshot":{"policy":"nightly"},"delete":{}}}}}`},
	}
	r, log := runner(a)
	for range 3 {
		if err := r.RunOnce(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range []string{"policy=keep actions=warm.freeze", "policy [gone] does not exist", "unknown action [explode]", "waits for a snapshot", "is never deleted"} {
		if strings.Count(log.String(), want) != 1 {
			t.Errorf("%q not exactly once in\n%s", want, log)
		}
	}
	if slices.ContainsFunc(a.changes, func(c string) bool { return strings.HasPrefix(c, "delete") }) {
		t.Errorf("something was deleted: %q", a.changes)
	}
}

func TestMergesOnce(t *testing.T) {
	a := &admin{indices: []es.IndexInfo{with(index("app", 12*day), func(ix *es.IndexInfo) { ix.Stats.Segments = 3 })}, policies: map[string]string{"keep": keep}}
	r, _ := runner(a)
	for range 3 {
		if err := r.RunOnce(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	merges := slices.DeleteFunc(a.changes, func(c string) bool { return !strings.HasPrefix(c, "merge") })
	if len(merges) != 1 {
		t.Errorf("%q, want one merge: the store left more segments on purpose", merges)
	}
}

func TestChangedPolicyIsReadAgain(t *testing.T) {
	a := &versioned{admin: admin{indices: []es.IndexInfo{index("app", 99*day, "name", "p")}}, body: `{"phases":{}}`, version: 1}
	r := New(a, Options{Now: func() time.Time { return now }, Logger: slog.New(slog.DiscardHandler)})
	for _, step := range []struct {
		version int64
		want    int
	}{{1, 0}, {2, 1}} {
		a.version = step.version
		if step.version == 2 {
			a.body = withoutRollover
		}
		if err := r.RunOnce(t.Context()); err != nil {
			t.Fatal(err)
		}
		if len(a.changes) != step.want {
			t.Errorf("version %d: changes %q", step.version, a.changes)
		}
	}
}

// versioned is a store with one policy that changes.
type versioned struct {
	admin
	body    string
	version int64
}

func (v *versioned) Apply(ctx context.Context, change es.Change) (any, error) {
	if get, ok := change.(*es.GetObjects); ok && get.Kind == es.KindLifecyclePolicy {
		return []es.Object{{Name: "p", JSON: []byte(v.body), Version: v.version}}, nil
	}
	return v.admin.Apply(ctx, change)
}

func TestRunLooksAtIntervalsUntilTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &admin{indices: []es.IndexInfo{index("app", 99*day, "name", "short")}, policies: map[string]string{"short": withoutRollover}}
		r := New(a, Options{Logger: slog.New(slog.DiscardHandler), Now: func() time.Time { return now }, Interval: time.Minute})
		ctx, cancel := context.WithTimeout(t.Context(), 150*time.Second)
		defer cancel()
		if err := r.Run(ctx); err != nil {
			t.Error(err)
		}
		if want := []string{"delete app", "delete app", "delete app"}; !slices.Equal(a.changes, want) {
			t.Errorf("changes %q, want %q: at once and after each minute", a.changes, want)
		}
	})
}

func TestEndOfDate(t *testing.T) {
	f := func(name, want string) {
		t.Helper()
		end, ok := endOfDate(name)
		got := ""
		if ok {
			got = end.Format("2006-01-02T15")
		}
		if got != want {
			t.Errorf("%s ends at %q, want %q", name, got, want)
		}
	}
	f("app-2026.03.02", "2026-03-03T00")
	f("app-2026-03-31", "2026-04-01T00")
	f("app-2026.03.02-000007", "2026-03-03T00")
	f("app-2026.02", "2026-03-01T00")
	f("app-2026.03.02.23", "2026-03-03T00")
	f("2026.12.31", "2027-01-01T00")
	f("app-2026.02.30", "")
	f("app-2026.13", "")
	f("app-000012", "")
	f("app-v12026.03.02", "")
	f("app", "")
}

func TestParsePolicyRefusesByName(t *testing.T) {
	for body, want := range map[string]string{
		`[]`: "phases", `{}`: "phases", `{"phases":{"mild":{}}}`: "mild", `{"phases":{"hot":{"min_aeg":"1d"}}}`: "min_aeg",
		`{"phases":{"delete":{"min_age":"1 fortnight"}}}`:                           "min_age",
		`{"phases":{"hot":{"actions":{"rollover":{"max_dox":1}}}}}`:                 "max_dox",
		`{"phases":{"hot":{"actions":{"rollover":{"max_size":"big"}}}}}`:            "max_size",
		`{"phases":{"hot":{"actions":{"rollover":{"max_docs":-1}}}}}`:               "max_docs",
		`{"phases":{"hot":{"actions":{"rollover":{"min_docs":5}}}}}`:                "max_",
		`{"phases":{"warm":{"actions":{"forcemerge":{"max_num_segments":"few"}}}}}`: "max_num_segments",
		`{"phases":{"warm":{"actions":{"forcemerge":{}}}}}`:                         "max_num_segments",
		`{"phases":{"warm":{"actions":{"set_priority":{"priority":"high"}}}}}`:      "priority",
		`{"phases":{"delete":{"actions":{"delete":{"delete_everything":true}}}}}`:   "delete_everything",
		`{"phases":{"hot":{"actions":{"rollover":{"max_size":"1e300gb"}}}}}`:        "max_size",
		`{"policy":{"phases":{"delete":{"min_age":"1d","actions":{"delete":{}}}}}}`: "policy",
	} {
		if _, err := parsePolicy([]byte(body)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want one that names %s", body, err, want)
		}
	}
}

// TestPrintedPolicies: the policies of the documents are carried out, but for what is wrong in them and
// mended where they are stored.
func TestPrintedPolicies(t *testing.T) {
	root := os.Getenv("ELKHORN_TESTDATA")
	if root == "" {
		t.Skip("ELKHORN_TESTDATA is not set")
	}
	paths, err := filepath.Glob(filepath.Join(root, "seed-configs", "*", "ilm-policy.json"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no policies below %s: %v", root, err)
	}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		body, err := jsonval.Parse(bytes.ReplaceAll(data, []byte("max_primary_store_size"), []byte("max_primary_shard_size")))
		if err != nil {
			t.Fatal(err)
		}
		p, err := parsePolicy(body.Items[0].Raw)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		if p.rollover() == nil || p.phases[len(p.phases)-1].name != "delete" {
			t.Errorf("%s: no rollover or no delete phase", path)
		}
	}
}

func FuzzParsePolicy(f *testing.F) {
	f.Add([]byte(keep))
	f.Add([]byte(withoutRollover))
	f.Add([]byte(`{"phases":{"hot":{"actions":{"rollover":{"max_size":"1e30gb"}}}}}`))
	f.Add([]byte(`{"phases":{"warm":{"actions":{"set_priority":{"priority":null}}}}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		p, err := parsePolicy(body)
		if err != nil {
			return
		}
		for _, ph := range p.phases {
			if ph.minAge < 0 {
				t.Errorf("a negative age in %s", body)
			}
		}
	})
}

func FuzzEndOfDate(f *testing.F) {
	f.Add("app-2026.03.02-000007")
	f.Add("9999.12.31.23")
	f.Fuzz(func(t *testing.T, name string) {
		if end, ok := endOfDate(name); ok && end.Year() > 10_000 {
			t.Errorf("%q ends at %s", name, end)
		}
	})
}
