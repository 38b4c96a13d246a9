package output

import (
	"strings"

	"elkhorn/internal/event"
	"elkhorn/internal/plugin"
)

// dataStream is writing to data streams by Elastic's naming scheme, TYPE-DATASET-NAMESPACE.
type dataStream struct {
	streamName
	route, sync bool
}

type streamName struct{ kind, dataset, namespace string }

func (n streamName) name() string { return n.kind + "-" + n.dataset + "-" + n.namespace }

var (
	streamPath          = event.MustPath("data_stream")
	streamTypePath      = event.MustPath("[data_stream][type]")
	streamDatasetPath   = event.MustPath("[data_stream][dataset]")
	streamNamespacePath = event.MustPath("[data_stream][namespace]")
)

func newDataStream(s *plugin.Settings) (*dataStream, error) {
	if s.String("data_stream") != "true" {
		for _, option := range []string{"data_stream_type", "data_stream_dataset", "data_stream_namespace", "data_stream_auto_routing", "data_stream_sync_fields"} {
			if s.Has(option) {
				return nil, s.Errorf(option, "needs data_stream => true")
			}
		}
		return nil, nil
	}
	for _, option := range []string{"index", "ilm_rollover_alias", "template", "doc_as_upsert"} {
		if s.Has(option) {
			return nil, s.Errorf(option, "cannot stand beside data_stream => true")
		}
	}
	if s.Has("action") && s.String("action") != "create" {
		return nil, s.Errorf("action", "must be create with data_stream => true")
	}
	d := &dataStream{streamName: streamName{s.String("data_stream_type"), s.String("data_stream_dataset"), s.String("data_stream_namespace")},
		route: s.Bool("data_stream_auto_routing"), sync: s.Bool("data_stream_sync_fields")}
	for option, text := range map[string]string{"data_stream_dataset": d.dataset, "data_stream_namespace": d.namespace} {
		if cleaned := streamPart(text); cleaned != text || text == "" {
			return nil, s.Errorf(option, "%q is not a possible part of a data stream's name; %q is", text, cleaned)
		}
	}
	return d, nil
}

// streamPart makes a text a part of a data stream's name: lower case, without dashes and what names of indices cannot have, at most 100
// bytes.
func streamPart(text string) string {
	text = strings.Map(func(r rune) rune {
		if r == '-' || strings.ContainsRune("\\/*?\"<>|,#: \t\n\r\x00", r) {
			return '_'
		}
		return r
	}, strings.ToLower(text))
	const most = 100
	return strings.ToValidUTF8(text[:min(most, len(text))], "")
}

// of is the data stream of an event.
func (d *dataStream) of(ev *event.Event) streamName {
	n := d.streamName
	if !d.route {
		return n
	}
	for path, to := range map[*event.Path]*string{streamTypePath: &n.kind, streamDatasetPath: &n.dataset, streamNamespacePath: &n.namespace} {
		if v, ok := ev.Get(path); ok && v.Kind() == event.String && streamPart(v.Str()) != "" {
			*to = streamPart(v.Str())
		}
	}
	return n
}

// appendSource appends the event with its data stream's fields. The event itself is shared and stays as it is.
func (d *dataStream) appendSource(buf []byte, ev *event.Event) []byte {
	n := d.of(ev)
	if _, has := ev.Get(streamPath); !has {
		buf = ev.AppendJSON(buf)
		buf = append(buf[:len(buf)-1], `,"data_stream":{"type":`...)
		buf = event.AppendQuoted(buf, n.kind)
		buf = event.AppendQuoted(append(buf, `,"dataset":`...), n.dataset)
		buf = event.AppendQuoted(append(buf, `,"namespace":`...), n.namespace)
		return append(buf, "}}"...)
	}
	changed := event.FromObject(ev.Fields().Clone(), ev.Timestamp())
	changed.Set(streamTypePath, event.StringOf(n.kind))
	changed.Set(streamDatasetPath, event.StringOf(n.dataset))
	changed.Set(streamNamespacePath, event.StringOf(n.namespace))
	return changed.AppendJSON(buf)
}
