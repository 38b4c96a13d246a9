package engine

import (
	"elkhorn/internal/es"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/painless"
)

// storedScript finds the source of a stored script.
func (e *Engine) storedScript(id string) (string, error) {
	objects, err := e.meta.objects(es.KindStoredScript, []string{id})
	if err != nil {
		return "", err
	}
	for _, o := range objects {
		if o.Name != id { // a name is taken literally
			continue
		}
		n, err := jsonval.Parse(o.JSON)
		if err != nil {
			return "", err
		}
		if lang := n.Get("lang"); lang != nil {
			if err := painless.CheckLang(lang.Text); err != nil {
				return "", err
			}
		}
		if source := n.Get("source"); source != nil {
			return source.Text, nil
		}
	}
	return "", painless.NoStored(id)
}
