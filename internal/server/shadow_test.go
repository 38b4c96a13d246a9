package server

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"elkhorn/internal/event"
)

// TestShadowTellsWhatItDidNotSee: while one batch is compared, others pass it by, and the report counts them.
func TestShadowTellsWhatItDidNotSee(t *testing.T) {
	report := &lockedBuffer{}
	h := &shadow{set: &Shadow{Report: report}, pipeline: "live", server: newServer(Options{Logger: slog.New(slog.DiscardHandler)})}
	h.mu.Lock() // as while a batch is compared
	h.tap(make([]*event.Event, 3))
	h.mu.Unlock()
	h.end()
	if got := report.String(); !strings.Contains(got, "3 more events passed") {
		t.Errorf("the report is %q", got)
	}
}

// TestShadow runs a configuration beside a pipeline: what it would do differently is reported, and what the pipeline writes is its own.
func TestShadow(t *testing.T) {
	onTrial := filepath.Join(t.TempDir(), "new.conf")
	conf := `filter { mutate { add_field => { "by" => "new" "changing" => "%{message}" } } if [message] == "drop" { drop {} } } output { stdout {} file { path => "` + filepath.Join(t.TempDir(), "out") + `" } }`
	if err := os.WriteFile(onTrial, []byte(conf), 0o600); err != nil {
		t.Fatal(err)
	}
	report := &lockedBuffer{}
	pc := text("live", `input { stdin {} } filter { mutate { add_field => { "by" => "live" } } }`+printed)
	pc.Shadow = &Shadow{Paths: []string{onTrial}, Ignore: []*event.Path{event.MustPath("changing")}, Report: report}
	opts, out := printing(t, "keep\ndrop\n", pc)
	if err := RunPipelines(t.Context(), opts); err != nil {
		t.Fatal(err)
	}
	if got := out.String(); got != "live keep\nlive drop\n" {
		t.Errorf("the pipeline wrote %q", got)
	}
	got := report.String()
	for _, want := range []string{"come out differently", `- "live"`, `+ "new"`} {
		if !strings.Contains(got, want) {
			t.Errorf("the report lacks %q:\n%s", want, got)
		}
	}
	if strings.Contains(got, "changing") {
		t.Errorf("the report has what is to be ignored:\n%s", got)
	}
	if _, err := os.Stat(filepath.Join(filepath.Dir(onTrial), "out")); !os.IsNotExist(err) {
		t.Errorf("the configuration on trial wrote: %v", err)
	}
}

// TestShadowThatIsFaulty: a configuration on trial with a fault is named before anything runs.
func TestShadowThatIsFaulty(t *testing.T) {
	onTrial := filepath.Join(t.TempDir(), "new.conf")
	if err := os.WriteFile(onTrial, []byte(`filter { mutat {} }`), 0o600); err != nil {
		t.Fatal(err)
	}
	pc := text("live", `input { stdin {} }`+printed)
	pc.Shadow = &Shadow{Paths: []string{onTrial}}
	opts, out := printing(t, "keep\n", pc)
	err := RunPipelines(t.Context(), opts)
	if err == nil || !strings.Contains(err.Error(), "configuration on trial: ") || !strings.Contains(err.Error(), "mutat") {
		t.Errorf("got %v", err)
	}
	if out.String() != "" {
		t.Errorf("the pipeline wrote %q", out.String())
	}
}
