package lifecycle

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"elkhorn/internal/es"
)

// act runs one look over an index of one policy, whose only phase has the given actions, and returns what was done.
func act(t *testing.T, actions string, ix es.IndexInfo) []string {
	t.Helper()
	ix.Settings["index.lifecycle.name"] = "p"
	a := &admin{indices: []es.IndexInfo{ix}, policies: map[string]string{"p": `{"phases":{"warm":{"actions":` + actions + `}}}`}}
	r, _ := runner(a)
	if err := r.RunOnce(t.Context()); err != nil {
		t.Fatal(err)
	}
	return a.changes
}

func TestActions(t *testing.T) {
	shards := func(n string, bytes int64) es.IndexInfo {
		ix := index("app", 9*day)
		delete(ix.Settings, "index.blocks.write")
		ix.Settings["index.number_of_shards"], ix.Stats.DiskBytes = n, bytes
		return ix
	}
	const toOne = `settings app {"index.number_of_shards":"1","index.blocks.write":"true"}`
	for _, tc := range []struct {
		actions string
		ix      es.IndexInfo
		want    []string
	}{
		{`{"shrink":{"number_of_shards":1}}`, shards("5", 1), []string{toOne, "merge app to 1"}},
		{`{"shrink":{"number_of_shards":1}}`, shards("1", 1), nil},
		{`{"shrink":{"number_of_shards":2}}`, shards("5", 1), nil}, // no divisor
		{`{"shrink":{"max_primary_shard_size":"10gb"}}`, shards("6", 25<<30), []string{`settings app {"index.number_of_shards":"3","index.blocks.write":"true"}`, "merge app to 3"}},
		{`{"shrink":{"number_of_shards":1,"allow_write_after_shrink":true}}`, shards("2", 1), []string{`settings app {"index.number_of_shards":"1"}`, "merge app to 1"}},
		{`{"allocate":{"number_of_replicas":0,"require":{"data":"cold"}}}`, shards("1", 1),
			[]string{`settings app {"index.number_of_replicas":"0","index.routing.allocation.require.data":"cold"}`}},
		{`{"searchable_snapshot":{"snapshot_repository":"s3"}}`, shards("1", 1), []string{`settings app {"index.blocks.write":"true"}`, "merge app to 1"}},
		{`{"migrate":{},"freeze":{},"unfollow":{}}`, shards("1", 1), nil},
	} {
		if got := act(t, tc.actions, tc.ix); !slices.Equal(got, tc.want) {
			t.Errorf("%s: %q, want %q", tc.actions, got, tc.want)
		}
	}
}

// state is what was kept of an index, by name.
func state(t *testing.T, a *admin, name string) *es.LifecycleState {
	t.Helper()
	text, ok := a.states["uuid of "+name]
	if !ok {
		return nil
	}
	st, err := es.ParseLifecycleState([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return st
}

func TestStates(t *testing.T) {
	a := &admin{indices: []es.IndexInfo{aliased("logs-1", 2*day, true), index("broken", 99*day, "name", "short"), index("app-2026.03.26", 5*day), index("lost", day, "name", "none")},
		policies: map[string]string{"keep": keep, "short": withoutRollover}, fail: errors.New("disk on fire")}
	r, _ := runner(a)
	for range 3 {
		if err := r.RunOnce(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	for name, want := range map[string]string{
		"logs-1":         "hot rollover check-rollover-ready",
		"app-2026.03.26": "warm complete complete",
		"broken":         "delete delete ERROR",
		"lost":           "new complete ERROR",
	} {
		st := state(t, a, name)
		if st == nil || strings.Join([]string{st.Phase, st.Action, st.Step}, " ") != want {
			t.Errorf("%s is at %+v, want %s", name, st, want)
		}
	}
	if st := state(t, a, "broken"); st.Retries != 2 || st.FailedStep != "delete" || !strings.Contains(st.Reason, "disk on fire") || st.ClockMillis != now.Add(-99*day).UnixMilli() {
		t.Errorf("the failed index: %+v", st)
	}
	a.indices = a.indices[:1]
	if err := r.RunOnce(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(a.states) != 1 {
		t.Errorf("states of indices that are gone stayed: %v", a.states)
	}
}

func TestForcedPhaseAndStop(t *testing.T) {
	a := &admin{indices: []es.IndexInfo{index("app-2026.03.31", time.Hour)}, policies: map[string]string{"keep": keep}, mode: map[string]string{"mode": `{"mode":"STOPPED"}`}}
	r, _ := runner(a)
	if err := r.RunOnce(t.Context()); err != nil || len(a.changes) > 0 {
		t.Fatalf("stopped, and did %q, %v", a.changes, err)
	}
	a.mode = nil
	a.states = map[string]string{"uuid of app-2026.03.31": `{"policy":"keep","forced":"warm"}`}
	if err := r.RunOnce(t.Context()); err != nil {
		t.Fatal(err)
	}
	if want := []string{"merge app-2026.03.31 to 1"}; !slices.Equal(a.changes, want) {
		t.Errorf("%q, want %q", a.changes, want)
	}
}

func TestStreamLifecycle(t *testing.T) {
	old := es.IndexInfo{Name: ".ds-s-1", UUID: "1", Created: now.Add(-30 * day), RolledOver: now.Add(-8 * day), DataStream: "s", Settings: map[string]string{}}
	young := es.IndexInfo{Name: ".ds-s-2", UUID: "2", Created: now.Add(-8 * day), RolledOver: now.Add(-6 * day), DataStream: "s", Settings: map[string]string{}}
	write := es.IndexInfo{Name: ".ds-s-3", UUID: "3", Created: now.Add(-6 * day), DataStream: "s", StreamWrite: true, Settings: map[string]string{}}
	for lifecycle, want := range map[string][]string{
		`{"data_retention":"7d"}`: {"delete .ds-s-1", "rollover s age=24h0m0s docs=0 shard=53687091200 min_docs=1"},
		`{}`:                      {"rollover s age=720h0m0s docs=0 shard=53687091200 min_docs=1"},
		`{"enabled":false,"data_retention":"7d"}`: nil,
	} {
		a := &admin{indices: []es.IndexInfo{old, young, write}, streams: []es.DataStream{{Name: "s", Lifecycle: []byte(lifecycle),
			Backing: []es.BackingIndex{{Name: ".ds-s-1"}, {Name: ".ds-s-2"}, {Name: ".ds-s-3"}}}}}
		r, _ := runner(a)
		if err := r.RunOnce(t.Context()); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(a.changes, want) {
			t.Errorf("%s: %q, want %q", lifecycle, a.changes, want)
		}
	}
}

func TestDefaultRetention(t *testing.T) {
	free := func(name string, age time.Duration) es.IndexInfo {
		return es.IndexInfo{Name: name, UUID: "uuid of " + name, Created: now.Add(-age), Settings: map[string]string{}}
	}
	yes := true
	written := free("written", 99*day)
	written.Aliases = []es.Alias{{Name: "w", IsWriteIndex: &yes}}
	fresh := free("fresh", 99*day)
	fresh.Stats.NewestTimestampMillis = now.Add(-day).UnixMilli()
	a := &admin{indices: []es.IndexInfo{free("old", 99*day), free(".kibana", 99*day), written, fresh, free("app-2026.03.30", 99*day), index("managed", 99*day, "name", "gone")}}
	r, _ := runner(a)
	if err := r.RunOnce(t.Context()); err != nil || len(a.changes) > 0 {
		t.Fatalf("without the setting: %q, %v", a.changes, err)
	}
	a.settings = map[string]string{"persistent": fmt.Sprintf(`{%q:"30d"}`, SettingDefaultRetention)}
	if err := r.RunOnce(t.Context()); err != nil {
		t.Fatal(err)
	}
	if want := []string{"delete old"}; !slices.Equal(a.changes, want) {
		t.Errorf("%q, want %q", a.changes, want)
	}
	if st := state(t, a, "fresh"); st == nil || st.DeleteMillis != now.Add(29*day).UnixMilli() {
		t.Errorf("what will be deleted is not told: %+v", st)
	}
}

func TestParsedOrigination(t *testing.T) {
	a := &admin{indices: []es.IndexInfo{index("app-2026.03.01-000001", day, "name", "short", "parse_origination_date", "true")}, policies: map[string]string{"short": withoutRollover}}
	r, _ := runner(a)
	if err := r.RunOnce(t.Context()); err != nil {
		t.Fatal(err)
	}
	if want := []string{"delete app-2026.03.01-000001"}; !slices.Equal(a.changes, want) {
		t.Errorf("%q, want %q", a.changes, want)
	}
}
