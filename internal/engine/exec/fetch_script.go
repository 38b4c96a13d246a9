package exec

import (
	"elkhorn/internal/es/result"
	"elkhorn/internal/painless"
)

// fetchedScript computes one of a hit's script fields.
type fetchedScript struct {
	field ScriptField
	leaf  *leaf
	run   *scriptRun
}

func newFetchedScripts(p *plan, l *leaf, list []ScriptField) ([]*fetchedScript, error) {
	var out []*fetchedScript
	for _, one := range list {
		script, err := one.Script.Compile(painless.Field, p.req.StoredScript)
		if err != nil {
			return nil, err
		}
		out = append(out, &fetchedScript{one, l, newScriptRun(script, one.Script.Params, 1, p.fields, l)})
	}
	return out, nil
}

// fetch adds the script's value for a row to the hit: the elements of a list, or the one value.
func (s *fetchedScript) fetch(row int, h *result.Hit) error {
	block := s.leaf.blockOf(row)
	s.run.at(block, row-s.leaf.blocks[block].FirstRow)
	v, err := s.run.run()
	if err != nil {
		if s.field.IgnoreFailure && s.run.doc.err == nil {
			return nil
		}
		return err
	}
	wrapped := v.List() == nil && v.Kind() != painless.KindValues && v.Kind() != painless.KindSet
	if wrapped {
		v = painless.ListOf(v)
	}
	json, err := painless.AppendJSON(nil, v)
	if err != nil {
		return err
	}
	h.Fields = append(h.Fields, result.Field{Name: s.field.Name, Values: json})
	return nil
}
