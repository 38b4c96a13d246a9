package server

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline/config"
	"elkhorn/internal/pipeline/settings"
)

// PipelineConfigs reads the arguments that name pipelines: every file is a pipeline of its own, a
// folder or glob is one whose files are joined, and a pipelines.yml lists its own. All begin with the node's settings.
func PipelineConfigs(paths []string, node *settings.Node, lookup config.Lookup) ([]PipelineConfig, error) {
	var all []PipelineConfig
	seen := map[string]bool{}
	for _, p := range paths {
		trial, err := shadowOf(node.Pipeline)
		if err != nil {
			return nil, err
		}
		found := []PipelineConfig{{ID: pipelineID(p), Paths: []string{p}, Settings: node.Pipeline, Shadow: trial}}
		if ext := filepath.Ext(p); ext == ".yml" || ext == ".yaml" {
			listed, err := node.ReadPipelines(p, lookup)
			if err != nil {
				return nil, err
			}
			if found, err = configsOf(listed); err != nil {
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

// NodePipelines are the pipelines that a settings folder asks for: those of path.config or config.string, or else of the folder's
// pipelines.yml.
func NodePipelines(node *settings.Node, folder string, lookup config.Lookup) ([]PipelineConfig, error) {
	if node.Pipeline.Path != "" || node.Pipeline.Text != "" {
		return configsOf([]settings.Pipeline{node.Pipeline})
	}
	if folder == "" {
		return nil, errors.New("there is no pipeline: name one with -f, or a folder with logstash.yml and pipelines.yml with --path.settings")
	}
	listed, err := node.ReadPipelines(filepath.Join(folder, "pipelines.yml"), lookup)
	if err != nil {
		return nil, err
	}
	return configsOf(listed)
}

// ReadSettings makes a node's settings of a folder's logstash.yml, which may be missing, and of the environment.
func ReadSettings(folder string, lookup config.Lookup) (*settings.Node, error) {
	node := settings.Defaults()
	if folder != "" {
		if info, err := os.Stat(folder); err != nil || !info.IsDir() {
			return nil, fmt.Errorf("path.settings: %s is no folder", folder)
		}
		err := node.ReadNode(filepath.Join(folder, "logstash.yml"), lookup)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return nil, err
		}
	}
	return node, node.ReadEnvironment(lookup)
}

func configsOf(listed []settings.Pipeline) ([]PipelineConfig, error) {
	out := make([]PipelineConfig, 0, len(listed))
	for _, p := range listed {
		trial, err := shadowOf(p)
		if err != nil {
			return nil, err
		}
		pc := PipelineConfig{ID: p.ID, Text: completed(p.Text, p.Escapes), Settings: p, Shadow: trial}
		if p.Path != "" {
			pc.Paths = []string{p.Path}
		}
		out = append(out, pc)
	}
	return out, nil
}

// shadowOf is a pipeline's configuration on trial, nil when its settings name none.
func shadowOf(p settings.Pipeline) (*Shadow, error) {
	if p.Shadow.Path == "" {
		if len(p.Shadow.Ignore) > 0 {
			return nil, fmt.Errorf("pipeline %s: shadow.ignore means nothing without shadow.config", p.ID)
		}
		return nil, nil
	}
	s := &Shadow{Paths: []string{p.Shadow.Path}}
	for _, name := range p.Shadow.Ignore {
		field, err := event.ParsePath(name)
		if err != nil {
			return nil, fmt.Errorf("pipeline %s: shadow.ignore: %w", p.ID, err)
		}
		s.Ignore = append(s.Ignore, field)
	}
	return s, nil
}

// completed gives a config.string without an input standard input, and one without an output standard output, as Logstash does. What is no
// configuration stays as it is.
func completed(text string, escapes bool) string {
	cfg, err := config.Parse("config.string", text, config.Options{Escapes: escapes})
	if text == "" || err != nil {
		return text
	}
	for _, d := range []struct {
		kind config.SectionKind
		text string
	}{{config.Input, "\ninput { stdin { type => stdin } }"}, {config.Output, "\noutput { stdout { codec => rubydebug } }"}} {
		if !slices.ContainsFunc(cfg.Sections, func(s *config.Section) bool { return s.Kind == d.kind }) {
			text += d.text
		}
	}
	return text
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
