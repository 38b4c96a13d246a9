package output

import (
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
)

// encoder makes the codec of the option codec. One that only decodes is refused.
func encoder(env *pipeline.Env, s *plugin.Settings) (pipeline.Codec, error) {
	newCodec, err := env.Codec(s.Codec("codec"))
	if err != nil {
		return nil, err
	}
	codec := newCodec()
	if _, ok := codec.(pipeline.DecodeOnly); ok {
		return nil, s.Errorf("codec", "%s reads events and cannot write them; json_lines or line can", s.Codec("codec").Name)
	}
	return codec, nil
}
