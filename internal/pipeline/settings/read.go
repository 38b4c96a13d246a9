package settings

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"elkhorn/internal/pipeline/config"
	"elkhorn/internal/plugin"
)

// maxFileBytes bounds a settings file; real ones have some kilobytes, with config.string some hundred.
const maxFileBytes = 16 << 20

// ReadNode puts the settings of a logstash.yml into n. All faults are reported.
func (n *Node) ReadNode(file string, lookup config.Lookup) error {
	root, err := readYAML(file)
	if err != nil || root == nil {
		return err
	}
	if root.Kind != yaml.MappingNode {
		return &plugin.Error{Pos: at(file, root), Reason: "wants settings, one a line: name: value"}
	}
	if err := n.applyAll(file, root, &n.Pipeline, lookup, false); err != nil {
		return err
	}
	first := plugin.Pos{File: file, Line: 1, Column: 1}
	return errors.Join(n.Pipeline.check(first), n.Monitoring.check(first))
}

// ReadEnvironment puts settings of the environment into n: PIPELINE_BATCH_SIZE is pipeline.batch.size. Other variables are none of its business.
func (n *Node) ReadEnvironment(lookup config.Lookup) error {
	var errs []error
	for _, k := range Keys {
		if k.set == nil || strings.HasPrefix(k.Name, "http.") { // HTTP_PORT and the like mean something else to many
			continue
		}
		name := strings.ToUpper(strings.ReplaceAll(k.Name, ".", "_"))
		if value, ok := lookup(name); ok {
			errs = append(errs, apply(n, &n.Pipeline, k.Name, value, plugin.Pos{File: "environment variable " + name}, false))
		}
	}
	environment := plugin.Pos{File: "environment"}
	errs = append(errs, n.Pipeline.check(environment), n.Monitoring.check(environment))
	return errors.Join(errs...)
}

// Set puts one setting into n, as the command line names it.
func (n *Node) Set(name, value string) error {
	return apply(n, &n.Pipeline, name, value, plugin.Pos{File: "command line"}, false)
}

// ReadPipelines reads a pipelines.yml. Each entry begins with the node's settings; relative paths are taken from the file's folder.
func (n *Node) ReadPipelines(file string, lookup config.Lookup) ([]Pipeline, error) {
	root, err := readYAML(file)
	if err != nil {
		return nil, err
	}
	if root == nil || root.Kind != yaml.SequenceNode || len(root.Content) == 0 {
		return nil, &plugin.Error{Pos: plugin.Pos{File: file, Line: 1, Column: 1}, Reason: "wants a list of pipelines, each beginning with - pipeline.id: NAME"}
	}
	var all []Pipeline
	var errs []error
	for _, entry := range root.Content {
		p, err := n.readPipeline(file, entry, lookup)
		if err == nil && slices.ContainsFunc(all, func(q Pipeline) bool { return q.ID == p.ID }) {
			err = &plugin.Error{Pos: at(file, entry), Option: "pipeline.id", Reason: fmt.Sprintf("%q is the name of another pipeline already", p.ID)}
		}
		errs = append(errs, err)
		all = append(all, p)
	}
	return all, errors.Join(errs...)
}

func (n *Node) readPipeline(file string, entry *yaml.Node, lookup config.Lookup) (Pipeline, error) {
	p := n.Pipeline
	p.ID, p.Path, p.Text = "", "", ""
	if entry.Kind != yaml.MappingNode {
		return p, &plugin.Error{Pos: at(file, entry), Reason: "wants settings of a pipeline, beginning with pipeline.id"}
	}
	if err := n.applyAll(file, entry, &p, lookup, true); err != nil {
		return p, err
	}
	if p.ID == "" {
		return p, &plugin.Error{Pos: at(file, entry), Option: "pipeline.id", Reason: "is missing"}
	}
	if p.Path == "" && p.Text == "" {
		return p, &plugin.Error{Pos: at(file, entry), Option: "path.config", Reason: fmt.Sprintf("pipeline %q has neither path.config nor config.string", p.ID)}
	}
	for _, path := range []*string{&p.Path, &p.Shadow.Path} {
		if *path != "" && !filepath.IsAbs(*path) {
			*path = filepath.Join(filepath.Dir(file), *path)
		}
	}
	return p, p.check(at(file, entry))
}

// applyAll applies every setting of a mapping and reports all faults.
func (n *Node) applyAll(file string, mapping *yaml.Node, p *Pipeline, lookup config.Lookup, inPipeline bool) error {
	var errs []error
	seen := map[string]bool{}
	for _, e := range flatten(nil, file, "", mapping) {
		value, err := config.Expand(e.value, lookup)
		switch {
		case e.reason != "":
			err = &plugin.Error{Pos: e.at, Option: e.name, Reason: e.reason}
		case seen[e.name]:
			err = &plugin.Error{Pos: e.at, Option: e.name, Reason: "it is set twice"}
		case err != nil:
			err = &plugin.Error{Pos: e.at, Option: e.name, Reason: err.Error()}
		default:
			err = apply(n, p, e.name, value, e.at, inPipeline)
		}
		seen[e.name] = true
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// entry is one setting as it was written.
type entry struct {
	name, value string
	at          plugin.Pos
	reason      string // of a fault
}

// flatten lists a mapping's settings: queue: {type: persisted} is queue.type: persisted. A setting without a value is left out, as it is
// in the original.
func flatten(dst []entry, file, prefix string, mapping *yaml.Node) []entry {
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		key, value := mapping.Content[i], mapping.Content[i+1]
		e := entry{name: prefix + key.Value, at: at(file, key)}
		switch {
		case value.Kind == yaml.MappingNode:
			dst = flatten(dst, file, e.name+".", value)
			continue
		case value.Kind == yaml.SequenceNode:
			var items []string
			for _, item := range value.Content {
				items = append(items, item.Value)
			}
			e.value = strings.Join(items, ",")
		case value.Kind != yaml.ScalarNode:
			e.reason = "wants a plain value"
		case value.Tag == "!!null":
			continue
		default:
			e.value = value.Value
		}
		dst = append(dst, e)
	}
	return dst
}

func at(file string, n *yaml.Node) plugin.Pos {
	return plugin.Pos{File: file, Line: n.Line, Column: n.Column}
}

// readYAML returns the first document's root; nil for an empty file.
func readYAML(file string) (*yaml.Node, error) {
	info, err := os.Stat(file)
	if err != nil {
		return nil, fmt.Errorf("read settings: %w", err)
	}
	if info.Size() > maxFileBytes {
		return nil, fmt.Errorf("read settings: %s has %d bytes, more than the %d that settings may have", file, info.Size(), maxFileBytes)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read settings: %w", err)
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if doc.Kind != yaml.DocumentNode || len(doc.Content) == 0 || doc.Content[0].Tag == "!!null" {
		return nil, nil
	}
	return doc.Content[0], nil
}
