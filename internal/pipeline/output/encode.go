package output

import (
	"context"

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

// bury keeps dead letters, retrying for as long as ctx lives: they are nowhere else.
func bury(ctx context.Context, env *pipeline.Env, letters []pipeline.DeadLetter) error {
	retry := newBackoff()
	for len(letters) > 0 {
		err := env.DeadLetters.Keep(ctx, letters)
		if err == nil {
			return nil
		}
		env.Logger.Error("cannot keep dead letters; trying again", "letters", len(letters), "error", err)
		if err := retry.wait(ctx); err != nil {
			return err
		}
	}
	return nil
}
