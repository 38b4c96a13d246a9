package api

import (
	"slices"
	"strings"
	"time"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// streams reads the data streams that the {name} of a path names, all when it names none.
func (c *call) streams() ([]es.DataStream, error) {
	target, err := c.targetOf(c.pathList("name"), es.Target{})
	if err != nil {
		return nil, err
	}
	return apply[[]es.DataStream](c, &es.GetDataStreams{Target: target})
}

// streamsOf reads the data streams that a target names. Plain names of what is no stream are left out.
func (c *call) streamsOf(target es.Target) ([]es.DataStream, error) {
	target.IgnoreUnavailable = true
	return apply[[]es.DataStream](c, &es.GetDataStreams{Target: target})
}

// createDataStream answers PUT /_data_stream/{name}.
func (s *Server) createDataStream(c *call) (answer, error) {
	name, err := resolveName(c.path("name"), c.now())
	if err != nil {
		return answer{}, err
	}
	if _, err := s.store.Apply(c.ctx(), &es.CreateDataStream{Name: name}); err != nil {
		return answer{}, err
	}
	return acknowledged()
}

// deleteDataStreams answers DELETE /_data_stream/{name}.
func (s *Server) deleteDataStreams(c *call) (answer, error) {
	target, err := c.targetOf(c.pathList("name"), es.Target{})
	if err != nil {
		return answer{}, err
	}
	if _, err := s.store.Apply(c.ctx(), &es.DeleteDataStreams{Target: target}); err != nil {
		return answer{}, err
	}
	return acknowledged()
}

// dataStreams answers GET /_data_stream[/{name}].
func (s *Server) dataStreams(c *call) (answer, error) {
	streams, err := c.streams()
	if err != nil {
		return answer{}, err
	}
	return ok(object(func(w *jsonval.Writer) {
		w.Raw("data_streams", list(len(streams), func(dst []byte, i int) []byte {
			item := jsonval.Begin(dst)
			c.writeStream(&item, &streams[i])
			return item.End()
		}))
	}))
}

func (c *call) writeStream(w *jsonval.Writer, d *es.DataStream) {
	w.String("name", d.Name)
	w.Raw("timestamp_field", []byte(`{"name":"@timestamp"}`))
	w.Raw("indices", list(len(d.Backing), func(dst []byte, i int) []byte {
		b := &d.Backing[i]
		item := jsonval.Begin(dst)
		item.String("index_name", b.Name)
		item.String("index_uuid", b.UUID)
		item.Bool("prefer_ilm", true)
		item.StringIf("ilm_policy", b.Policy)
		item.String("managed_by", managedBy(b.Policy, d.Lifecycle))
		return item.End()
	}))
	w.Int("generation", int64(d.Generation))
	if d.Meta != nil {
		w.Raw("_meta", d.Meta)
	}
	w.String("status", strings.ToUpper(streamHealth(d)))
	w.StringIf("template", d.Template)
	if d.Lifecycle != nil {
		w.Raw("lifecycle", streamLifecycleJSON(d.Lifecycle, false))
	}
	w.StringIf("ilm_policy", d.Policy)
	w.String("next_generation_managed_by", managedBy(d.Policy, d.Lifecycle))
	w.Bool("prefer_ilm", true)
	w.Bool("hidden", d.Hidden)
	w.Bool("system", false)
	w.Bool("allow_custom_routing", d.CustomRouting)
	w.Bool("replicated", false)
	w.Bool("rollover_on_write", d.RolloverOnWrite)
	w.Raw("settings", []byte("{}")) // of the stream alone, which cannot be given here: templates have them
	w.String("index_mode", "standard")
	if c.flag("verbose") {
		w.Int("maximum_timestamp", newestOf(d))
	}
}

// managedBy names what looks after an index of a stream: its policy before the stream's own lifecycle.
func managedBy(policy string, lifecycle []byte) string {
	switch {
	case policy != "":
		return "Index Lifecycle Management"
	case lifecycle != nil:
		return "Data stream lifecycle"
	}
	return "Unmanaged"
}

// streamHealth is the worst of a stream's indices.
func streamHealth(d *es.DataStream) string {
	worst := "green"
	for i := range d.Backing {
		if status := d.Backing[i].Health.Status; severity[status] > severity[worst] {
			worst = status
		}
	}
	return worst
}

func newestOf(d *es.DataStream) int64 {
	newest := int64(0)
	for i := range d.Backing {
		newest = max(newest, d.Backing[i].NewestTimestampMillis)
	}
	return newest
}

// dataStreamStats answers GET /_data_stream/_stats and /_data_stream/{name}/_stats.
func (s *Server) dataStreamStats(c *call) (answer, error) {
	streams, err := c.streams()
	if err != nil {
		return answer{}, err
	}
	indices, total := 0, int64(0)
	sizes := make([]int64, len(streams))
	for i := range streams {
		indices += len(streams[i].Backing)
		for j := range streams[i].Backing {
			sizes[i] += streams[i].Backing[j].DiskBytes
		}
		total += sizes[i]
	}
	return ok(object(func(w *jsonval.Writer) {
		writeShardCount(w, indices)
		w.Int("data_stream_count", int64(len(streams)))
		w.Int("backing_indices", int64(indices))
		c.writeBytes(w, "total_store_size", "total_store_size_bytes", total)
		w.Raw("data_streams", list(len(streams), func(dst []byte, i int) []byte {
			item := jsonval.Begin(dst)
			item.String("data_stream", streams[i].Name)
			item.Int("backing_indices", int64(len(streams[i].Backing)))
			c.writeBytes(&item, "store_size", "store_size_bytes", sizes[i])
			item.Int("maximum_timestamp", newestOf(&streams[i]))
			return item.End()
		}))
	}))
}

// writeBytes prints a size, and before it a form for people where the request asks for one.
func (c *call) writeBytes(w *jsonval.Writer, people, exact string, bytes int64) {
	if c.flag("human") {
		w.String(people, es.ByteSize(bytes).String())
	}
	w.Int(exact, bytes)
}

// migrateDataStream answers POST /_data_stream/_migrate/{name}.
func (s *Server) migrateDataStream(c *call) (answer, error) {
	if _, err := s.store.Apply(c.ctx(), &es.MigrateToDataStream{Alias: c.path("name")}); err != nil {
		return answer{}, err
	}
	return acknowledged()
}

// promoteDataStream answers POST /_data_stream/_promote/{name}: no stream follows another cluster's.
func (s *Server) promoteDataStream(c *call) (answer, error) {
	if _, err := c.streams(); err != nil {
		return answer{}, err
	}
	return answer{}, eserr.IllegalArgument("data stream [%s] is not replicated from another cluster: there is nothing to promote", c.path("name"))
}

// modifyDataStreams answers POST /_data_stream/_modify.
func (s *Server) modifyDataStreams(c *call) (answer, error) {
	body, err := c.bodyObject(true)
	if err != nil {
		return answer{}, err
	}
	actions := body.Get("actions")
	if actions == nil || actions.Kind != jsonval.Array || len(body.Keys) != 1 {
		return answer{}, eserr.IllegalArgument("[data_stream_actions] takes one member, the array [actions]")
	}
	change := &es.ModifyDataStreams{}
	for i := range actions.Items {
		item := &actions.Items[i]
		if item.Kind != jsonval.Object || len(item.Keys) != 1 || !slices.Contains([]string{"add_backing_index", "remove_backing_index"}, item.Keys[0]) {
			return answer{}, eserr.XContentParse("[%d:%d] [data_stream_action] needs one of [add_backing_index, remove_backing_index]", item.Line, item.Col)
		}
		a := es.BackingAction{Remove: item.Keys[0] == "remove_backing_index"}
		err := members(&item.Items[0], "data stream action", []string{"data_stream", "index"}, func(key string, v *jsonval.Node) (bool, error) {
			switch key {
			case "data_stream":
				a.Stream = v.Text
			case "index":
				a.Index = v.Text
			default:
				return false, nil
			}
			return true, nil
		})
		if err != nil {
			return answer{}, err
		}
		change.Actions = append(change.Actions, a)
	}
	if _, err := s.store.Apply(c.ctx(), change); err != nil {
		return answer{}, err
	}
	return acknowledged()
}

// getStreamLifecycle answers GET /_data_stream/{name}/_lifecycle.
func (s *Server) getStreamLifecycle(c *call) (answer, error) {
	streams, err := c.streams()
	if err != nil {
		return answer{}, err
	}
	return ok(object(func(w *jsonval.Writer) {
		w.Raw("data_streams", list(len(streams), func(dst []byte, i int) []byte {
			item := jsonval.Begin(dst)
			item.String("name", streams[i].Name)
			if streams[i].Lifecycle != nil {
				item.Raw("lifecycle", streamLifecycleJSON(streams[i].Lifecycle, true))
			}
			return item.End()
		}))
		w.Raw("global_retention", []byte("{}"))
	}))
}

// streamLifecycleJSON prints a stream's lifecycle, with what follows from it when all is wanted.
func streamLifecycleJSON(data []byte, all bool) []byte {
	lc, err := es.ParseStreamLifecycle(data)
	if err != nil {
		return data // a newer version's
	}
	return object(func(w *jsonval.Writer) {
		w.Bool("enabled", lc.Enabled)
		w.StringIf("data_retention", lc.Text)
		if all && lc.Text != "" {
			w.String("effective_retention", lc.Text)
			w.String("retention_determined_by", "data_stream_configuration")
		}
	})
}

// putStreamLifecycle answers PUT /_data_stream/{name}/_lifecycle.
func (s *Server) putStreamLifecycle(c *call) (answer, error) {
	body, err := c.bodyObject(false)
	if err != nil {
		return answer{}, err
	}
	lifecycle := []byte("{}")
	if body != nil {
		lifecycle = body.Raw
	}
	if _, err := es.ParseStreamLifecycle(lifecycle); err != nil {
		return answer{}, err
	}
	return s.setStreamLifecycle(c, lifecycle)
}

// deleteStreamLifecycle answers DELETE /_data_stream/{name}/_lifecycle.
func (s *Server) deleteStreamLifecycle(c *call) (answer, error) { return s.setStreamLifecycle(c, nil) }

func (s *Server) setStreamLifecycle(c *call, lifecycle []byte) (answer, error) {
	target, err := c.targetOf(c.pathList("name"), es.Target{})
	if err != nil {
		return answer{}, err
	}
	if _, err := s.store.Apply(c.ctx(), &es.PutStreamLifecycle{Target: target, Lifecycle: lifecycle}); err != nil {
		return answer{}, err
	}
	return acknowledged()
}

// explainStreamLifecycle answers GET /{index}/_lifecycle/explain.
func (s *Server) explainStreamLifecycle(c *call) (answer, error) {
	indices, err := c.indices(everyIndex)
	if err != nil {
		return answer{}, err
	}
	streams, err := c.streamsOf(es.Target{Hidden: true})
	if err != nil {
		return answer{}, err
	}
	lifecycles := map[string][]byte{}
	for i := range streams {
		lifecycles[streams[i].Name] = streams[i].Lifecycle
	}
	now := s.now()
	return ok(object(func(w *jsonval.Writer) {
		w.Raw("indices", object(func(w *jsonval.Writer) {
			for i := range indices {
				info := &indices[i]
				lifecycle := lifecycles[info.DataStream]
				managed := info.DataStream != "" && lifecycle != nil && info.Settings["index.lifecycle.name"] == ""
				w.Raw(info.Name, object(func(w *jsonval.Writer) {
					w.String("index", info.Name)
					w.Bool("managed_by_lifecycle", managed)
					if managed {
						writeStreamAge(w, info, now)
						w.Raw("lifecycle", streamLifecycleJSON(lifecycle, true))
					}
				}))
			}
		}))
	}))
}

func writeStreamAge(w *jsonval.Writer, info *es.IndexInfo, now time.Time) {
	w.Int("index_creation_date_millis", info.Created.UnixMilli())
	w.String("time_since_index_creation", ageText(now.Sub(info.Created)))
	if info.RolledOver.IsZero() {
		return
	}
	w.Int("rollover_date_millis", info.RolledOver.UnixMilli())
	w.String("time_since_rollover", ageText(now.Sub(info.RolledOver)))
	w.String("generation_time", ageText(now.Sub(info.RolledOver)))
}
