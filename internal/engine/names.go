package engine

import (
	"strings"

	"elkhorn/internal/es/eserr"
)

// maxIndexNameBytes is Elasticsearch's limit.
const maxIndexNameBytes = 255

// checkIndexName refuses what Elasticsearch refuses as the name of an index or, with its own
// wording, of an alias.
func checkIndexName(name string) error {
	switch {
	case name == "":
		return eserr.InvalidIndexName(name, "must not be empty")
	case name == "." || name == "..":
		return eserr.InvalidIndexName(name, "must not be '.' or '..'")
	case strings.ContainsAny(name, "\\/*?\"<>| ,"):
		return eserr.InvalidIndexName(name, `must not contain the following characters ['\','/','*','?','"','<','>','|',' ',',']`)
	case strings.Contains(name, "#"):
		return eserr.InvalidIndexName(name, "must not contain '#'")
	case strings.Contains(name, ":"):
		return eserr.InvalidIndexName(name, "must not contain ':'")
	case strings.ContainsAny(name[:1], "_-+"):
		return eserr.InvalidIndexName(name, "must not start with '_', '-', or '+'")
	case len(name) > maxIndexNameBytes:
		return eserr.InvalidIndexName(name, "index name is too long")
	case strings.ToLower(name) != name:
		return eserr.InvalidIndexName(name, "must be lowercase")
	}
	return nil
}

func checkAliasName(name string) error {
	if strings.ToLower(name) != name {
		return checkIndexName(strings.ToLower(name)) // an alias may have capitals
	}
	if err := checkIndexName(name); err != nil {
		e := eserr.From(err)
		return eserr.New(e.Status, "invalid_alias_name_exception", "%s", strings.Replace(e.Reason, "index name", "alias name", 1))
	}
	return nil
}
