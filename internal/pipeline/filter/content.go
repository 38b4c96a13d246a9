package filter

import (
	"time"

	"elkhorn/internal/content"
	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
	"elkhorn/internal/vfs"
)

// The filters over what applications write are those of package content; ingest pipelines have the same ones as processors.
var (
	cardinality   = contentSpec(&content.Cardinality)
	genAI         = contentSpec(&content.GenAI)
	normalizePath = contentSpec(&content.NormalizePath)
	redactFilter  = contentSpec(&content.Redact)
	sampleFilter  = contentSpec(&content.Sample)
	schemaFilter  = contentSpec(&content.Schema)
	summarize     = contentSpec(&content.Summarize)
)

func contentSpec(kind *content.Kind) pipeline.FilterSpec {
	return pipeline.FilterSpec{Name: kind.Name, Summary: kind.Summary, Options: kind.Options,
		New: func(env *pipeline.Env, s *plugin.Settings) (pipeline.Filter, error) {
			host := content.Env{Now: env.Now, Logger: env.Logger, ReadFile: func(path string) ([]byte, error) {
				return readConfigFile(env, path)
			}}
			if host.Now == nil {
				host.Now = time.Now
			}
			worker, err := kind.New(host, s)
			return contentFilter{worker}, err
		}}
}

type contentFilter struct{ worker content.Worker }

func (f contentFilter) Filter(ev *event.Event, _ func(*event.Event)) pipeline.Outcome {
	rec := content.Record{Root: ev.Fields(), Time: ev.Timestamp(), SetElsewhere: func(f *content.Field, v event.Value) bool {
		return f.Path().IsMetadata() && ev.Set(f.Path(), v)
	}}
	switch f.worker.Work(&rec) {
	case content.Matched:
		return pipeline.Matched
	case content.Dropped:
		ev.Cancel()
	}
	return pipeline.Unmatched
}

// maxConfigFileBytes bounds a file that a filter's option names: lists of names are the largest.
const maxConfigFileBytes = 64 << 20

// readConfigFile reads a file that an option names.
func readConfigFile(env *pipeline.Env, path string) ([]byte, error) {
	return vfs.ReadFile(env.FS, env.ResolvePath(path), maxConfigFileBytes)
}
