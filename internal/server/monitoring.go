package server

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"time"

	"elkhorn/internal/es"
	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/pipeline/monitor"
	"elkhorn/internal/pipeline/output"
	"elkhorn/internal/pipeline/settings"
	"elkhorn/internal/plugin"
	"elkhorn/internal/vfs"
)

const (
	monitoringID       = ".monitoring-logstash"
	monitoringIndex    = ".monitoring-logstash-7-%{+yyyy.MM.dd}"
	monitoringTemplate = `{"index_patterns":[".monitoring-logstash-7-*"],"priority":0,"template":{"mappings":{
"dynamic_templates":[{"text":{"match_mapping_type":"string","mapping":{"type":"keyword","ignore_above":1024}}}],
"properties":{"timestamp":{"type":"date"}}}}}`
)

// startMonitoring writes the process's own statistics into a store, when the settings ask for it.
func (s *Server) startMonitoring(ctx context.Context, source monitor.Source) error {
	set := s.opts.Node.Monitoring
	if !set.Enabled() {
		return nil
	}
	uuid, out, err := s.monitoringOutput(ctx, set)
	if err != nil {
		return fmt.Errorf("monitoring: %w", err)
	}
	documents := &monitor.Documents{Source: source, ClusterUUID: uuid, Interval: set.Interval, Vertices: set.Vertices, Graphs: set.Graphs}
	s.goPart(&s.senders, "monitoring", func(ctx context.Context) error {
		ticker := time.NewTicker(set.Interval)
		defer ticker.Stop()
		for {
			events, err := eventsOf(documents.Make(), s.opts.Now())
			if err != nil {
				return err
			}
			if err := out.Write(ctx, events); err != nil { // ctx has ended: a store that is down is waited for
				return out.Close()
			}
			select {
			case <-ticker.C:
			case <-ctx.Done():
				return out.Close()
			}
		}
	})
	return nil
}

// monitoringOutput is the elasticsearch output with the login that the settings name, and the identity of the store's cluster.
func (s *Server) monitoringOutput(ctx context.Context, set settings.Monitoring) (clusterUUID string, _ pipeline.Output, _ error) {
	env := s.pipelineEnv(PipelineConfig{ID: monitoringID}, "", monitoringLetters{s})
	env.ResolvePath = func(path string) string { return path }
	env.Shared = pipeline.NewShared()
	hosts := set.Hosts
	if len(hosts) == 0 && s.store != nil {
		env.Dialer, hosts = ownDialer{s.store}, []string{"elasticsearch"}
	} else if len(hosts) == 0 {
		hosts = []string{"http://localhost:9200"}
	}
	text := func(name, value string) plugin.Pair {
		return plugin.Pair{Key: name, Value: plugin.Value{Kind: plugin.Text, Str: value}}
	}
	block := &plugin.BlockConfig{Name: "elasticsearch", Options: []plugin.Pair{text("index", monitoringIndex), text("ilm_enabled", "false")}}
	var list []plugin.Value
	for _, host := range hosts {
		list = append(list, plugin.Value{Kind: plugin.Text, Str: host})
	}
	block.Options = append(block.Options, plugin.Pair{Key: "hosts", Value: plugin.Value{Kind: plugin.List, List: list}})
	user := set.User
	if user == "" && set.Password != "" {
		user = "logstash_system"
	}
	for _, o := range []struct{ name, value string }{{"user", user}, {"password", set.Password}, {"api_key", set.APIKey}, {"cacert", set.Authority}} {
		if o.value != "" {
			block.Options = append(block.Options, text(o.name, o.value))
		}
	}
	if set.NoVerify {
		block.Options = append(block.Options, text("ssl_verification_mode", "none"))
	}
	clusterUUID = set.ClusterUUID
	own, err := ownStore(ctx, env.Dialer, hosts)
	if err != nil {
		return "", nil, err
	}
	if own != nil {
		info, err := own.Info(ctx)
		if err != nil {
			return "", nil, err
		}
		if clusterUUID == "" {
			clusterUUID = info.ClusterUUID
		}
		path := filepath.Join(s.opts.DataDir, "monitoring-template.json")
		if err := vfs.WriteFileAtomic(vfs.Default, path, []byte(monitoringTemplate)); err != nil {
			return "", nil, err
		}
		block.Options = append(block.Options, text("template", path), text("template_name", monitoringID))
	}
	out, _, err := output.Table.Build(&env, block)
	return clusterUUID, out, err
}

// ownStore is the process's own store when the hosts mean it; another one has its own template for these documents.
func ownStore(ctx context.Context, dialer es.Dialer, hosts []string) (es.Store, error) {
	if dialer == nil {
		return nil, nil
	}
	return dialer.Dial(ctx, es.DialTarget{Hosts: hosts})
}

// ownDialer reaches the process's own store, whatever the hosts.
type ownDialer struct{ store es.Store }

// Dial returns the store.
func (d ownDialer) Dial(context.Context, es.DialTarget) (es.Store, error) {
	return sharedStore{d.store}, nil
}

// monitoringLetters says which statistics a store refused; the next ones are on their way already.
type monitoringLetters struct{ server *Server }

// Keep logs the first refusal.
func (l monitoringLetters) Keep(_ context.Context, letters []pipeline.DeadLetter) error {
	if len(letters) > 0 {
		l.server.logger.Warn("the store refuses the process's own statistics", "documents", len(letters), "first_reason", letters[0].Reason)
	}
	return nil
}

// eventsOf makes events of documents.
func eventsOf(documents []map[string]any, now time.Time) ([]*event.Event, error) {
	events := make([]*event.Event, len(documents))
	for i, document := range documents {
		events[i] = event.New(now)
		for name, field := range document {
			text, err := json.Marshal(field)
			if err != nil {
				return nil, fmt.Errorf("statistics: %w", err)
			}
			value, err := event.ParseJSON(text)
			if err != nil {
				return nil, fmt.Errorf("statistics: %w", err)
			}
			events[i].Set(event.MustPath(name), value)
		}
	}
	return events, nil
}
