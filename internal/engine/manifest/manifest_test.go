package manifest

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"elkhorn/internal/vfs"
	"elkhorn/internal/vfs/errorfs"
)

var quiet = slog.New(slog.DiscardHandler)

const dir = "/index"

func mustCreate(t testing.TB, fsys vfs.FS, edits ...Edit) *Manifest {
	t.Helper()
	m, err := Create(fsys, dir, quiet, edits...)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func mustOpen(t testing.TB, fsys vfs.FS) *Manifest {
	t.Helper()
	m, err := Open(fsys, dir, quiet)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func mustApply(t testing.TB, m *Manifest, edits ...Edit) {
	t.Helper()
	if err := m.Apply(edits...); err != nil {
		t.Fatal(err)
	}
}

func mustClose(t testing.TB, m *Manifest) {
	t.Helper()
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
}

// describe prints a state; nil and empty print the same.
func describe(s State) string {
	var b strings.Builder
	for _, seg := range s.Segments {
		fmt.Fprintf(&b, "segment %d %s deletes %d\n", seg.ID, seg.Meta, seg.DeleteGeneration)
	}
	fmt.Fprintf(&b, "next %d mapping %d %s checkpoint %+v\n", s.NextSegmentID, s.MappingVersion, s.Mapping, s.Checkpoint)
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		fmt.Fprintf(&b, "%s=%s\n", name, s.Properties[name])
	}
	return b.String()
}

func diff(want, got State) string {
	w, g := describe(want), describe(got)
	if w == g {
		return ""
	}
	return fmt.Sprintf("want %.2000s got %.2000s", w, g)
}

func TestStateSurvivesReopening(t *testing.T) {
	mem := vfs.NewMem()
	m := mustCreate(t, mem, SetProperty{"settings", []byte(`{"a":1}`)}, SetMapping{1, []byte(`{}`)})
	mustApply(t, m, AddSegment{1, []byte("one")}, AddSegment{2, []byte("two")}, Checkpoint{Position: 7, NextSequence: 100})
	mustApply(t, m, SetDeletes{1, 3}, SetMapping{2, []byte(`{"properties":{}}`)})
	mustApply(t, m, AddSegment{5, nil}, RemoveSegment{2}, SetProperty{"note", []byte("x")}, SetProperty{"settings", nil})
	mustApply(t, m) // nothing to do
	want := State{
		Segments:       []Segment{{ID: 1, Meta: []byte("one"), DeleteGeneration: 3}, {ID: 5}},
		NextSegmentID:  6,
		MappingVersion: 2,
		Mapping:        []byte(`{"properties":{}}`),
		Checkpoint:     Checkpoint{Position: 7, NextSequence: 100},
		Properties:     map[string][]byte{"note": []byte("x")},
	}
	if d := diff(want, m.State()); d != "" {
		t.Fatal(d)
	}
	mustApply(t, m, RemoveSegment{5})
	want.Segments = want.Segments[:1]
	mustClose(t, m)
	m = mustOpen(t, mem)
	defer mustClose(t, m)
	if d := diff(want, m.State()); d != "" {
		t.Fatalf("after reopening: %s", d)
	}
}

func TestApplyRefusesWhatDoesNotFit(t *testing.T) {
	m := mustCreate(t, vfs.NewMem(), AddSegment{4, nil}, SetMapping{2, nil}, Checkpoint{5, 5}, SetDeletes{4, 2})
	defer mustClose(t, m)
	before := m.State()
	for _, test := range []struct {
		edit Edit
		want string
	}{
		{AddSegment{4, nil}, "ids below 5 are used up"},
		{AddSegment{1, nil}, "ids below 5 are used up"},
		{RemoveSegment{9}, "segment 9 is not there"},
		{SetDeletes{9, 1}, "segment 9 is not there"},
		{SetDeletes{4, 1}, "generation 1 after 2"},
		{SetMapping{2, nil}, "version 2 after 2"},
		{Checkpoint{4, 9}, "checkpoint 4"},
		{Checkpoint{9, 4}, "sequence 4"},
	} {
		// The good edit before the bad one must not stay.
		err := m.Apply(SetProperty{"half", []byte("done")}, test.edit)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%#v: %v", test.edit, err)
		}
	}
	if d := diff(before, m.State()); d != "" {
		t.Fatal(d)
	}
	mustApply(t, m, AddSegment{5, nil}) // a refusal is no failure
}

func TestCreateAndOpenTellWhatIsThere(t *testing.T) {
	mem := vfs.NewMem()
	if _, err := Open(mem, dir, quiet); !errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("open of nothing: %v", err)
	}
	m := mustCreate(t, mem)
	mustClose(t, m)
	if err := m.Apply(AddSegment{1, nil}); !errors.Is(err, ErrClosed) {
		t.Fatalf("apply after close: %v", err)
	}
	if _, err := Create(mem, dir, quiet); !errors.Is(err, fs.ErrExist) {
		t.Fatalf("create over: %v", err)
	}
}

// merge is one step of an index's life: a segment is added, and later merged away with its neighbour.
func merge(step int) []Edit {
	id := uint64(step + 1)
	edits := []Edit{AddSegment{id, fmt.Appendf(nil, "segment %d%s", id, strings.Repeat(".", step%50))}, Checkpoint{id, 10 * id}}
	if step > 0 {
		edits = append(edits, RemoveSegment{id - 1}, SetProperty{"last", fmt.Append(nil, id-1)})
	}
	return edits
}

func TestCompactionKeepsTheFileSmall(t *testing.T) {
	mem := vfs.NewMem()
	m := mustCreate(t, mem)
	const steps = 4000
	largest := int64(0)
	for step := range steps {
		mustApply(t, m, merge(step)...)
		info, err := mem.Stat(dir + "/" + FileName)
		if err != nil {
			t.Fatal(err)
		}
		largest = max(largest, info.Size)
	}
	if largest > minCompactBytes+1000 {
		t.Fatalf("the file grew to %d bytes", largest)
	}
	want := m.State()
	if len(want.Segments) != 1 || want.NextSegmentID != steps+1 {
		t.Fatalf("state %+v", want)
	}
	after := mustOpen(t, mem.CrashClone(nil))
	if d := diff(want, after.State()); d != "" {
		t.Fatal(d)
	}
	mustClose(t, after)
	mustClose(t, m)
	names, err := mem.List(dir)
	if err != nil || len(names) != 1 {
		t.Fatalf("folder holds %q, %v", names, err)
	}
}

// ballast makes a state so large that the next steps compact it.
func ballast() Edit { return SetProperty{"ballast", bytes.Repeat([]byte("b"), minCompactBytes/2)} }

// states returns what the manifest holds after each step of the history of the crash and fault tests.
func states(t *testing.T) []State {
	m := mustCreate(t, vfs.NewMem())
	defer mustClose(t, m)
	all := []State{m.State()}
	for step := range historySteps {
		mustApply(t, m, history(step)...)
		all = append(all, m.State())
	}
	return all
}

const historySteps = 12

func history(step int) []Edit {
	if step%3 == 1 {
		return append(merge(step), ballast()) // compacts from time to time
	}
	return merge(step)
}

func TestPowerCut(t *testing.T) {
	all := states(t)
	for seed := range uint64(100) {
		rng := rand.New(rand.NewPCG(seed, 0))
		mem := vfs.NewMem()
		m := mustCreate(t, mem)
		steps := rng.IntN(historySteps + 1)
		for step := range steps {
			mustApply(t, m, history(step)...)
		}
		after := mustOpen(t, mem.CrashClone(rng))
		if d := diff(all[steps], after.State()); d != "" {
			t.Fatalf("seed %d: %s", seed, d)
		}
		mustClose(t, after)
		mustClose(t, m)
	}
}

func TestFaultSweep(t *testing.T) {
	all := states(t)
	for _, short := range []bool{false, true} {
		for n := 0; ; n++ {
			mem := vfs.NewMem()
			nth := errorfs.Nth(n)
			injector := errorfs.Injector(nth)
			if short {
				injector = errorfs.ShortWrite(nth)
			}
			created, applied, err := historyUntilFailure(errorfs.Wrap(mem, injector))
			if !nth.Fired() {
				if err != nil || applied != historySteps {
					t.Fatalf("no fault, and yet: %v after %d steps", err, applied)
				}
				break
			}
			if !created {
				continue
			}
			for name, fsys := range map[string]vfs.FS{
				"restart":   mem,
				"power cut": mem.CrashClone(rand.New(rand.NewPCG(uint64(n), 0))),
			} {
				m := mustOpen(t, fsys)
				got := m.State()
				mustClose(t, m)
				if diff(all[applied], got) == "" {
					continue
				}
				// The step that failed may have become durable as a whole.
				if applied < historySteps && diff(all[applied+1], got) == "" {
					continue
				}
				t.Fatalf("fault %d, %s: neither the state after %d steps nor the next: %s", n, name, applied, diff(all[applied], got))
			}
		}
	}
}

func historyUntilFailure(fsys vfs.FS) (created bool, applied int, _ error) {
	m, err := Create(fsys, dir, quiet)
	if err != nil {
		return false, 0, err
	}
	for step := range historySteps {
		if err = m.Apply(history(step)...); err != nil {
			break
		}
		applied++
	}
	return true, applied, errors.Join(err, m.Close())
}

func TestFailureIsSticky(t *testing.T) {
	mem := vfs.NewMem()
	mustClose(t, mustCreate(t, mem))
	gate := errorfs.NewSwitch(errorfs.OnKinds(errorfs.Nth(0), errorfs.FileSync))
	m := mustOpen(t, errorfs.Wrap(mem, gate))
	gate.Set(true)
	for range 2 {
		if err := m.Apply(AddSegment{1, nil}); !errors.Is(err, errorfs.ErrInjected) {
			t.Fatalf("apply: %v", err)
		}
	}
	if len(m.State().Segments) != 0 {
		t.Fatal("an edit that failed is visible")
	}
	mustClose(t, m)
}

func TestFullDiskDuringCompactionIsSurvived(t *testing.T) {
	mem := vfs.NewMem()
	gate := errorfs.NewSwitch(errorfs.OnPath(errorfs.NoSpaceAfter(10), ".tmp"))
	m := mustCreate(t, errorfs.Wrap(mem, gate))
	gate.Set(true)
	for step := range 2000 {
		mustApply(t, m, merge(step)...)
	}
	want := m.State()
	mustClose(t, m)
	after := mustOpen(t, mem)
	defer mustClose(t, after)
	if d := diff(want, after.State()); d != "" {
		t.Fatal(d)
	}
}

// sampleFile returns a manifest file of the current version with several records.
func sampleFile(t testing.TB) []byte {
	t.Helper()
	mem := vfs.NewMem()
	m := mustCreate(t, mem, SetProperty{"settings", []byte(`{"number_of_shards":"1"}`)}, SetMapping{1, []byte(`{"properties":{}}`)})
	for step := range 6 {
		mustApply(t, m, merge(step)...)
	}
	mustApply(t, m, SetDeletes{6, 2})
	mustClose(t, m)
	data, err := vfs.ReadFile(mem, dir+"/"+FileName, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func openBytes(t testing.TB, data []byte) (State, error) {
	t.Helper()
	mem := vfs.NewMem()
	if err := mem.MkdirAll(dir); err != nil {
		t.Fatal(err)
	}
	if err := vfs.WriteFileAtomic(mem, dir+"/"+FileName, data); err != nil {
		t.Fatal(err)
	}
	m, err := Open(mem, dir, quiet)
	if err != nil {
		return State{}, err
	}
	defer mustClose(t, m)
	return m.State(), nil
}

func TestTornTailIsCutOff(t *testing.T) {
	data := sampleFile(t)
	whole, err := openBytes(t, data)
	if err != nil {
		t.Fatal(err)
	}
	state, err := openBytes(t, data[:len(data)-2])
	if err != nil {
		t.Fatal(err)
	}
	if whole.Segments[0].DeleteGeneration != 2 || state.Segments[0].DeleteGeneration != 0 {
		t.Fatalf("whole %+v, torn %+v", whole, state)
	}
}

// TestDamagedLastRecordIsNotForgotten: a flipped bit in the last record is corruption, as in any other. Were it cut off as torn,
// the engine would remove the files of the segments it had added.
func TestDamagedLastRecordIsNotForgotten(t *testing.T) {
	mem := vfs.NewMem()
	m, err := Create(mem, dir, quiet)
	if err != nil {
		t.Fatal(err)
	}
	before, err := vfs.ReadFile(mem, dir+"/"+FileName, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Apply(AddSegment{ID: 1, Meta: bytes.Repeat([]byte("meta"), 500)}); err != nil {
		t.Fatal(err)
	}
	mustClose(t, m)
	long, err := vfs.ReadFile(mem, dir+"/"+FileName, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	for i := len(before); i < len(long); i++ {
		damaged := bytes.Clone(long)
		damaged[i] ^= 0x10
		if state, err := openBytes(t, damaged); !vfs.IsCorruption(err) {
			t.Fatalf("byte %d of %d: %v, state %+v", i, len(long), err, state)
		}
	}
	// What a crash leaves is cut off still: a part of the bytes, or the length without some of the sectors.
	for _, left := range [][]byte{long[:len(long)-1], long[:len(before)+5], zeroed(long, len(before), len(long)), zeroed(long, 512, 1024), zeroed(long, 1536, len(long))} {
		state, err := openBytes(t, left)
		if err != nil || len(state.Segments) != 0 {
			t.Fatalf("torn: %v, %+v", err, state)
		}
	}
}

// zeroed returns data with bytes [from, to) as zeros.
func zeroed(data []byte, from, to int) []byte {
	data = bytes.Clone(data)
	clear(data[from:to])
	return data
}

func TestBitFlipsAreNeverBelieved(t *testing.T) {
	data := sampleFile(t)
	whole, err := openBytes(t, data)
	if err != nil {
		t.Fatal(err)
	}
	for i := range data {
		damaged := bytes.Clone(data)
		damaged[i] ^= 1
		state, err := openBytes(t, damaged)
		var damage *vfs.CorruptionError
		if err != nil && !errors.As(err, &damage) {
			t.Fatalf("byte %d: %v", i, err)
		}
		if err == nil && (diff(whole, state) == "" || len(state.Segments) != 1 || state.Segments[0].ID != 6) {
			t.Fatalf("byte %d: the flip was believed: %+v", i, state)
		}
	}
}

var rewrite = flag.Bool("rewrite", false, "write the sample of the current format version anew")

// TestSamples opens a manifest of every format version there was.
func TestSamples(t *testing.T) {
	if *rewrite {
		if err := os.WriteFile(fmt.Sprintf("testdata/v%d.manifest", formatVersion), sampleFile(t), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := openBytes(t, sampleFile(t))
	if err != nil {
		t.Fatal(err)
	}
	for version := 1; version <= formatVersion; version++ {
		data, err := os.ReadFile(fmt.Sprintf("testdata/v%d.manifest", version))
		if err != nil {
			t.Fatal(err)
		}
		got, err := openBytes(t, data)
		if err != nil {
			t.Fatal(err)
		}
		if d := diff(want, got); d != "" {
			t.Fatalf("version %d: %s", version, d)
		}
	}
}

// FuzzOpen feeds hostile files: no panic, and what opens once opens again with the same state.
func FuzzOpen(f *testing.F) {
	data := sampleFile(f)
	f.Add(data)
	f.Add(data[:len(data)-3])
	f.Add(data[:fileHeaderBytes])
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		first, err := openBytes(t, data)
		if err != nil {
			return
		}
		second, err := openBytes(t, data)
		if err != nil || diff(first, second) != "" {
			t.Fatalf("%v %s", err, diff(first, second))
		}
	})
}

// FuzzDecodeEdits goes behind the checksums: decoding never panics, and what decodes is written the same way again.
func FuzzDecodeEdits(f *testing.F) {
	f.Add(encodeEdits(append(merge(3), SetDeletes{1, 2}, SetMapping{4, []byte("{}")}, nextSegment{9})))
	f.Add([]byte{1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff})
	f.Add([]byte{99})
	f.Fuzz(func(t *testing.T, body []byte) {
		edits, err := decodeEdits(body)
		if err != nil {
			return
		}
		again, err := decodeEdits(encodeEdits(edits))
		if err != nil || !bytes.Equal(encodeEdits(again), encodeEdits(edits)) {
			t.Fatalf("%v: %#v became %#v", err, edits, again)
		}
	})
}
