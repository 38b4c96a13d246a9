package reference

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"elkhorn/internal/pipeline/codec"
	"elkhorn/internal/pipeline/config"
	"elkhorn/internal/pipeline/input"
	"elkhorn/internal/pipeline/output"
	"elkhorn/internal/plugin"
)

const pipelinePages = "../../docs/pipelines"

// TestPipelinePages keeps the pages the same as the tables and the plugins' examples, which the plugins' tests run.
func TestPipelinePages(t *testing.T) {
	want, err := PipelinePages(Examples{Filters: os.DirFS("../pipeline/filter/testdata"), Codecs: os.DirFS("../pipeline/codec/testdata")})
	if err != nil {
		t.Fatal(err)
	}
	if *rewrite {
		for name, page := range want {
			if err := os.WriteFile(filepath.Join(pipelinePages, name), []byte(page), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	there, err := filepath.Glob(filepath.Join(pipelinePages, "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range there {
		if want[filepath.Base(path)] != "" {
			continue
		}
		if *rewrite {
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
		} else {
			t.Errorf("%s is about nothing that there is", path)
		}
	}
	for name, page := range want {
		if got, err := os.ReadFile(filepath.Join(pipelinePages, name)); err != nil || string(got) != page {
			t.Errorf("docs/pipelines/%s is not what the tables say; run this test with -rewrite (%v)", name, err)
		}
	}
}

// TestConfExamples loads the examples of the other plugins: their options are those that there are.
func TestConfExamples(t *testing.T) {
	files, err := fs.Glob(confExamples, "examples/*.conf")
	if err != nil || len(files) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	for _, file := range files {
		text, err := confExamples.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		cfg, err := config.Parse(file, string(text), config.Options{})
		if err != nil {
			t.Error(err)
			continue
		}
		var used []string
		check := func(kind string, check func(*plugin.BlockConfig) (*plugin.Settings, error)) func(*config.Plugin) {
			return func(p *config.Plugin) {
				used = append(used, kind+"-"+p.Name)
				s, err := check(p.Config())
				if err != nil {
					t.Error(err)
					return
				}
				if b := s.Codec("codec"); b != nil {
					used = append(used, "codec-"+b.Name)
					if _, err := codec.Table.Check(b); err != nil {
						t.Error(err)
					}
				}
			}
		}
		cfg.Plugins(config.Input, check("input", input.Table.Check))
		cfg.Plugins(config.Output, check("output", output.Table.Check))
		if name := strings.TrimSuffix(filepath.Base(file), ".conf"); !slices.Contains(used, name) {
			t.Errorf("%s shows %v", file, used)
		}
	}
}
