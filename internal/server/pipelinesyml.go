package server

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"go.yaml.in/yaml/v3"
)

// PipelineConfigs reads the arguments that name pipelines: every file is a pipeline of its own, a
// folder or glob is one whose files are joined, and a pipelines.yml lists its own.
func PipelineConfigs(paths []string) ([]PipelineConfig, error) {
	var all []PipelineConfig
	seen := map[string]bool{}
	for _, p := range paths {
		found := []PipelineConfig{{ID: pipelineID(p), Paths: []string{p}}}
		if ext := filepath.Ext(p); ext == ".yml" || ext == ".yaml" {
			var err error
			if found, err = readPipelinesYML(p); err != nil {
				return nil, err
			}
		}
		for _, pc := range found {
			for base, n := pc.ID, 2; seen[pc.ID]; n++ {
				pc.ID = fmt.Sprintf("%s-%d", base, n)
			}
			seen[pc.ID] = true
			all = append(all, pc)
		}
	}
	return all, nil
}

// pipelineID names a pipeline by its file.
func pipelineID(path string) string {
	id := strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
	id = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\*?"<>|,# `, r) {
			return '_'
		}
		return r
	}, id)
	if id == "" || id == "." || id == ".." {
		return "main"
	}
	return id
}

// yamlPipeline is one entry of pipelines.yml.
type yamlPipeline struct {
	ID        string `yaml:"pipeline.id"`
	Config    string `yaml:"path.config"`
	Text      string `yaml:"config.string"`
	Workers   int    `yaml:"pipeline.workers"`
	BatchSize int    `yaml:"pipeline.batch.size"`
	Ordered   string `yaml:"pipeline.ordered"`
}

func readPipelinesYML(file string) ([]PipelineConfig, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read pipelines: %w", err)
	}
	var entries []yamlPipeline
	dec := yaml.NewDecoder(strings.NewReader(string(data)))
	dec.KnownFields(true)
	if err := dec.Decode(&entries); err != nil {
		return nil, fmt.Errorf("%s: %w (known are pipeline.id, path.config, config.string, pipeline.workers, pipeline.batch.size, pipeline.ordered)", file, err)
	}
	out := make([]PipelineConfig, 0, len(entries))
	for i, e := range entries {
		if e.ID == "" || (e.Config == "") == (e.Text == "") {
			return nil, fmt.Errorf("%s: entry %d needs pipeline.id and one of path.config and config.string", file, i+1)
		}
		pc := PipelineConfig{ID: e.ID, Text: e.Text, Workers: e.Workers, BatchSize: e.BatchSize, Ordered: e.Ordered == "true"}
		if e.Config != "" {
			if !filepath.IsAbs(e.Config) {
				e.Config = filepath.Join(filepath.Dir(file), e.Config)
			}
			pc.Paths = []string{e.Config}
		}
		out = append(out, pc)
	}
	return out, nil
}
