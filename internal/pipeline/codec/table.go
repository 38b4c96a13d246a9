package codec

import (
	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
)

// Table is every codec there is, in alphabetical order.
var Table = plugin.NewTable("codec", commonOptions,
	&cef,
	&csv,
	&dots,
	&esBulk,
	&gzipLines,
	&javaLine,
	&javaPlain,
	&jdots,
	&jsonCodec,
	&jsonLines,
	&line,
	&multiline,
	&plain,
	&rubydebug,
).Without(Foreign)

var commonOptions = []plugin.Option{
	{Name: "id", Kind: plugin.String, Ignored: "codecs are counted with the plugin that they belong to"},
	{Name: "enable_metric", Kind: plugin.Boolean, Ignored: "codecs are counted with the plugin that they belong to"},
	{Name: "ecs_compatibility", Kind: plugin.String, Default: "disabled", Allowed: []string{"disabled", "v1", "v8"},
		Help: "Layout of the result: the legacy one, or that of the Elastic Common Schema, in which the text is kept in [event][original] (v1 and v8 are the same here)."},
}

// ecsLayout tells whether the block asks for the Elastic Common Schema.
func ecsLayout(s *plugin.Settings) bool { return s.String("ecs_compatibility") != "disabled" }

var eventOriginalPath = event.MustPath("[event][original]")

// originalPath is where the text of an event is kept; nil when it is not.
func originalPath(s *plugin.Settings) *event.Path {
	if ecsLayout(s) {
		return eventOriginalPath
	}
	return nil
}

// noLayout is the option for codecs that it means nothing to.
var noLayout = plugin.Option{Name: "ecs_compatibility", Kind: plugin.String, Ignored: "this codec has the same layout in all versions"}

// New makes a codec from its block. Warnings of its options go to warn, which may be nil.
func New(env *pipeline.Env, block *plugin.BlockConfig, warn func(*plugin.Error)) (pipeline.NewCodec, error) {
	made, settings, err := Table.Build(env, block)
	if err != nil {
		return nil, err
	}
	if warn != nil {
		for _, w := range settings.Warnings {
			warn(w)
		}
	}
	return made, nil
}
