package api

import (
	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// resizer answers PUT and POST /{index}/_shrink/{target}, _split and _clone.
func resizer(kind es.ResizeKind) handler {
	return func(s *Server, c *call) (answer, error) {
		source, err := c.oneIndex()
		if err != nil {
			return answer{}, err
		}
		target, err := resolveName(c.path("target"), c.now())
		if err != nil {
			return answer{}, err
		}
		body, err := c.bodyObject(false)
		if err != nil {
			return answer{}, err
		}
		change := &es.ResizeIndex{Kind: kind, Source: source, Target: target}
		if body != nil {
			if err := readResize(body, change); err != nil {
				return answer{}, err
			}
		}
		if _, err := s.store.Apply(c.ctx(), change); err != nil {
			return answer{}, err
		}
		return ok(object(func(w *jsonval.Writer) {
			w.Bool("acknowledged", true)
			w.Bool("shards_acknowledged", true)
			w.String("index", target)
		}))
	}
}

func readResize(body *jsonval.Node, change *es.ResizeIndex) error {
	return members(body, "resize index", []string{"settings", "aliases", "max_primary_shard_size"}, func(key string, n *jsonval.Node) (bool, error) {
		switch key {
		case "settings":
			change.Settings = n.Raw
		case "aliases":
			change.Aliases = n.Raw
		case "mappings":
			return true, eserr.XContentParse("[%d:%d] [resize_request] unknown field [mappings]", n.Line, n.Col)
		case "max_primary_shard_size":
			bytes, read := es.ParseByteSize(n.Text)
			if !read || bytes == 0 {
				return true, eserr.IllegalArgument("failed to parse setting [max_primary_shard_size] with value [%s] as a size in bytes", n.Text)
			}
			change.MaxShardBytes = bytes
			return change.Kind == es.Shrink, nil
		default:
			return false, nil
		}
		return true, nil
	})
}
