package output

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"elkhorn/internal/es"
	"elkhorn/internal/es/dates"
	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
	"elkhorn/internal/vfs"
)

// rollover is writing to an alias whose indices a lifecycle policy replaces.
type rollover struct {
	alias, pattern, policy string
}

func newRollover(s *plugin.Settings) (*rollover, error) {
	switch s.String("ilm_enabled") {
	case "false":
		return nil, nil
	case "auto":
		if !s.Has("ilm_rollover_alias") || s.Has("index") {
			return nil, nil
		}
	}
	r := &rollover{alias: s.String("ilm_rollover_alias"), pattern: s.String("ilm_pattern"), policy: s.String("ilm_policy")}
	if strings.Contains(r.alias, "%{") {
		return nil, s.Errorf("ilm_rollover_alias", "cannot hold references: one alias takes all events")
	}
	if safeIndexName(r.alias) != r.alias {
		return nil, s.Errorf("ilm_rollover_alias", "%q is not a possible name for an alias", r.alias)
	}
	if s.Has("index") {
		s.Warn("index", "is overruled by ilm_rollover_alias: events go to %q", r.alias)
	}
	return r, nil
}

// firstIndex is the name of the first index behind the alias.
func (r *rollover) firstIndex(env *pipeline.Env) (string, error) {
	name, err := dates.ResolveName("<"+r.alias+"-"+r.pattern+">", dates.FromTime(env.Now()))
	if err != nil {
		return "", fmt.Errorf("ilm_pattern: %w", err)
	}
	return name, nil
}

// indexTemplate is a template to install before the first write.
type indexTemplate struct {
	name      string
	body      []byte
	overwrite bool
}

// maxTemplateBytes bounds a template file.
const maxTemplateBytes = 8 << 20

func newIndexTemplate(env *pipeline.Env, s *plugin.Settings) (*indexTemplate, error) {
	if !s.Has("template") {
		if s.Bool("template_overwrite") {
			s.Warn("template_overwrite", "has no effect without template")
		}
		return nil, nil
	}
	if !s.Bool("manage_template") {
		return nil, nil
	}
	path := env.ResolvePath(s.String("template"))
	body, err := vfs.ReadFile(env.FS, path, maxTemplateBytes)
	if err != nil {
		return nil, s.Errorf("template", "%v", err)
	}
	if _, err := event.ParseJSON(body); err != nil {
		return nil, s.Errorf("template", "%s: %v", path, err)
	}
	return &indexTemplate{name: s.String("template_name"), body: body, overwrite: s.Bool("template_overwrite")}, nil
}

// prepare installs the template and makes the first index and alias. It runs before the first write and may
// run again after a failure.
func (o *elasticsearchWriter) prepare(ctx context.Context, store destination) error {
	if t := o.template; t != nil {
		missing, err := objectMissing(ctx, store, es.KindIndexTemplate, t.name)
		if err != nil {
			return fmt.Errorf("look for index template %s: %w", t.name, err)
		}
		if missing || t.overwrite {
			if _, err := store.Apply(ctx, &es.PutObject{Kind: es.KindIndexTemplate, Name: t.name, JSON: t.body}); err != nil {
				return fmt.Errorf("install index template %s: %w", t.name, err)
			}
		}
	}
	if o.ilm == nil {
		return nil
	}
	return o.prepareRollover(ctx, store)
}

func objectMissing(ctx context.Context, store destination, kind es.ObjectKind, name string) (bool, error) {
	found, err := store.Apply(ctx, &es.GetObjects{Kind: kind, Names: []string{name}})
	if isNotFound(err) {
		return true, nil
	}
	objects, _ := found.([]es.Object)
	return len(objects) == 0, err
}

func (o *elasticsearchWriter) prepareRollover(ctx context.Context, store destination) error {
	missing, err := objectMissing(ctx, store, es.KindLifecyclePolicy, o.ilm.policy)
	if err != nil {
		return fmt.Errorf("look for lifecycle policy %s: %w", o.ilm.policy, err)
	}
	if missing && o.once("policy") {
		o.env.Logger.Warn("lifecycle policy does not exist yet; indices grow until it is put", "policy", o.ilm.policy, "alias", o.ilm.alias)
	}
	existing, err := store.Indices(ctx, es.Target{Names: []string{o.ilm.alias}})
	if err != nil && !isNotFound(err) {
		return fmt.Errorf("look for alias %s: %w", o.ilm.alias, err)
	}
	if len(existing) > 0 {
		return nil
	}
	name, err := o.ilm.firstIndex(o.env)
	if err != nil {
		return err
	}
	change := &es.CreateIndex{Name: name}
	if change.Settings, err = json.Marshal(map[string]string{
		"index.lifecycle.name": o.ilm.policy, "index.lifecycle.rollover_alias": o.ilm.alias}); err != nil {
		return err
	}
	if change.Aliases, err = json.Marshal(map[string]map[string]bool{o.ilm.alias: {"is_write_index": true}}); err != nil {
		return err
	}
	if _, err := store.Apply(ctx, change); err != nil && !isExists(err) {
		return fmt.Errorf("create index %s for alias %s: %w", name, o.ilm.alias, err)
	}
	return nil
}
