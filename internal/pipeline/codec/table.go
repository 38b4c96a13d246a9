package codec

import (
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
)

// Table is every codec there is, in alphabetical order.
var Table = plugin.NewTable("codec", commonOptions,
	&jsonCodec,
	&jsonLines,
	&line,
	&plain,
	&rubydebug,
)

var commonOptions = []plugin.Option{
	{Name: "id", Kind: plugin.String, Ignored: "codecs are counted with the plugin that they belong to"},
	{Name: "enable_metric", Kind: plugin.Boolean, Ignored: "codecs are counted with the plugin that they belong to"},
	{Name: "ecs_compatibility", Kind: plugin.String, Allowed: []string{"disabled"}, Help: "Layout of the result; only the legacy one is offered."},
}

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
