package console

import (
	"bytes"
	"math/rand/v2"
	"testing"
	"time"

	"elkhorn/internal/vfs"
)

func openMetrics(t *testing.T, fsys vfs.FS) *Metrics {
	t.Helper()
	m, err := OpenMetrics(fsys, "/data/metrics")
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestMetricsAreKept: what one process noted, the next one shows, with the time between them left out; its counters begin again.
func TestMetricsAreKept(t *testing.T) {
	fsys := vfs.NewMem()
	first := openMetrics(t, fsys)
	for i := range 7 {
		note(t, first, sampleAt(i))
	}
	// Nobody closes it: the process was killed.
	second := openMetrics(t, fsys)
	started := noon.Add(time.Hour)
	for i := range 7 {
		s := sampleAt(i)
		s.Run, s.At = started, started.Add(time.Duration(i)*MetricsInterval)
		note(t, second, s)
	}
	got := second.Points(noon, 100)
	if len(got) != 13 {
		t.Fatalf("%d points", len(got))
	}
	for i, p := range got {
		if p.Restarted != (i == 6) {
			t.Errorf("point %d: restarted %v", i, p.Restarted)
		}
		if i == 6 {
			if p.Seconds != 0 || p.IndexRate != 0 || p.AtMillis != started.UnixMilli() {
				t.Errorf("the first of the second process: %+v", p)
			}
			continue
		}
		if p.IndexRate != 100 || p.SearchRate != 2 || p.Seconds != 10 {
			t.Errorf("point %d: %+v", i, p)
		}
	}
	if all := second.Points(noon, 1); len(all) != 1 || all[0].Seconds != 120 || all[0].IndexRate != 100 || !all[0].Restarted {
		t.Errorf("in one: %+v", all)
	}
}

// TestMetricsCountFromTheStart: what a process did before its first sample counts too.
func TestMetricsCountFromTheStart(t *testing.T) {
	m := &Metrics{}
	note(t, m, sampleAt(0))
	note(t, m, Metric{At: noon.Add(time.Minute), Run: noon.Add(50 * time.Second), Indexed: 50})
	if got := m.Points(noon, 9); len(got) != 1 || got[0].Seconds != 10 || got[0].IndexRate != 5 {
		t.Errorf("%+v", got)
	}
	note(t, m, Metric{At: noon.Add(70 * time.Second), Run: noon.Add(-time.Hour), Indexed: 50}) // the clock was set
	if got := m.Points(noon, 9); len(got) != 2 || got[1].Seconds != 10 || got[1].IndexRate != 5 {
		t.Errorf("%+v", got)
	}
}

func TestMetricsOfAMonth(t *testing.T) {
	fsys := vfs.NewMem()
	m := openMetrics(t, fsys)
	const days = 35
	for i := range days * 24 * 60 { // one a minute
		note(t, m, sampleAt(6*i))
	}
	m = openMetrics(t, fsys)
	now := noon.Add(days * 24 * time.Hour)
	got := m.Points(now.Add(-30*24*time.Hour), maxMetricsOut)
	begin := got[0].AtMillis - int64(got[0].Seconds*1000)
	if age := now.Sub(time.UnixMilli(begin)); age < 30*24*time.Hour-10*time.Minute || age > 30*24*time.Hour+10*time.Minute {
		t.Errorf("the oldest is of %v ago", age)
	}
	if last := got[len(got)-1].AtMillis; last != now.Add(-time.Minute).UnixMilli() {
		t.Errorf("the newest is of %v", time.UnixMilli(last).UTC())
	}
	for _, p := range got {
		if p.IndexRate != 100 || p.Restarted {
			t.Fatalf("%+v", p)
		}
	}
	if day := m.Points(now.Add(-24*time.Hour), maxMetricsOut); len(day) < 1400 {
		t.Errorf("%d points of the last day", len(day))
	}
	for _, name := range []string{"day", "month"} {
		info, err := fsys.Stat("/data/metrics/" + name)
		if err != nil || info.Size > 1_500_000 {
			t.Errorf("%s has %d bytes, %v", name, info.Size, err)
		}
	}
}

// TestMetricsAfterAPowerCut: whatever of the writes reached the disk, what is read are samples that were noted.
func TestMetricsAfterAPowerCut(t *testing.T) {
	fsys := vfs.NewMem()
	m := openMetrics(t, fsys)
	for i := range 200 {
		note(t, m, sampleAt(i))
	}
	for seed := range uint64(50) {
		for _, s := range openMetrics(t, fsys.CrashClone(rand.New(rand.NewPCG(seed, 0)))).since(noon) {
			i := int(s.At.Sub(noon) / MetricsInterval)
			if want := sampleAt(i); i < 0 || i >= 200 || s.Indexed != want.Indexed || s.Docs != want.Docs || !s.At.Equal(want.At) {
				t.Fatalf("seed %d: %+v", seed, s)
			}
		}
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	if got := openMetrics(t, fsys.CrashClone(nil)).since(noon); len(got) != 200 {
		t.Errorf("%d samples after a close", len(got))
	}
}

// TestDamagedMetrics: what is no sample is left out, and a file of another kind is begun anew.
func TestDamagedMetrics(t *testing.T) {
	fsys := vfs.NewMem()
	m := openMetrics(t, fsys)
	for i := range 20 {
		note(t, m, sampleAt(i))
	}
	whole, err := vfs.ReadFile(fsys, "/data/metrics/day", 1<<21)
	if err != nil {
		t.Fatal(err)
	}
	slot := len(metricsMagic) + slotOf(sampleAt(10).At, fineEvery, fineSlots)*slotBytes
	damaged := func(change func(data []byte) []byte) int {
		if err := vfs.WriteFileAtomic(fsys, "/data/metrics/day", change(bytes.Clone(whole))); err != nil {
			t.Fatal(err)
		}
		m := openMetrics(t, fsys)
		n := len(m.since(noon))
		note(t, m, sampleAt(30))
		if again := len(openMetrics(t, fsys).since(noon)); again != n+1 {
			t.Errorf("%d samples before one was noted, then %d", n, again)
		}
		return n
	}
	for name, tc := range map[string]struct {
		change func(data []byte) []byte
		want   int
	}{
		"whole":            {func(d []byte) []byte { return d }, 20},
		"a flipped bit":    {func(d []byte) []byte { d[slot+100] ^= 4; return d }, 19},
		"cut in a slot":    {func(d []byte) []byte { return d[:slot+100] }, 10},
		"another header":   {func(d []byte) []byte { d[15]++; return d }, 0},
		"empty":            {func([]byte) []byte { return nil }, 0},
		"too long":         {func(d []byte) []byte { return append(d, make([]byte, 1<<21)...) }, 0},
		"in another place": {func(d []byte) []byte { copy(d[len(metricsMagic):], d[slot:slot+slotBytes]); return d }, 20},
		"before 1970": {func(d []byte) []byte {
			copy(d[slot:], appendSlot(nil, Metric{At: time.UnixMilli(-1)}))
			return d
		}, 19},
	} {
		if got := damaged(tc.change); got != tc.want {
			t.Errorf("%s: %d samples, want %d", name, got, tc.want)
		}
	}
}
