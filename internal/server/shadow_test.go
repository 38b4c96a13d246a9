package server

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline/settings"
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

// TestShadowOfPipelinesYML: a pipelines.yml names a configuration on trial for each pipeline, from its own folder.
func TestShadowOfPipelinesYML(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	write("live.conf", `input { stdin {} } filter { mutate { add_field => { "by" => "live" "n" => "1" } } }`+printed)
	write("new.conf", `filter { mutate { add_field => { "by" => "new" "n" => "2" } } }`)
	read := func(shadow string) ([]PipelineConfig, error) {
		return PipelineConfigs([]string{write("pipelines.yml", "- pipeline.id: live\n  path.config: live.conf\n"+shadow)}, settings.Defaults(), noEnv)
	}
	configs, err := read("  shadow: {config: new.conf, ignore: [n, \"[a][b]\"]}\n")
	if err != nil {
		t.Fatal(err)
	}
	opts, out := printing(t, "x\n", configs...)
	log := &lockedBuffer{}
	opts.Logger = slog.New(slog.NewTextHandler(log, nil))
	if err := RunPipelines(t.Context(), opts); err != nil {
		t.Fatal(err)
	}
	if got := log.String(); out.String() != "live x\n" || !strings.Contains(got, "different=1") || !strings.Contains(got, "by") || strings.Contains(got, "fields=[n") {
		t.Errorf("wrote %q, log %s", out.String(), got)
	}
	for shadow, want := range map[string]string{
		"  shadow.ignore: [a]\n":                         "without shadow.config",
		"  shadow: {config: new.conf, ignore: \"[a\"}\n": "shadow.ignore: ",
		"  shadow.cofnig: new.conf\n":                    `"shadow.config"`,
	} {
		if _, err := read(shadow); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", shadow, err)
		}
	}
}
