package agg

import (
	"strings"

	"elkhorn/internal/es/eserr"
)

// Step is one element of a path to a number in results: an aggregation and, in brackets or behind a point, a bucket's
// key or one of its numbers.
type Step struct{ Name, Key string }

// ParsePath reads a path such as "days>latency.avg", "shops['north']>sales" or "latency[99.9]".
func ParsePath(path string) ([]Step, error) {
	parts := strings.Split(path, ">")
	steps := make([]Step, 0, len(parts))
	for i, part := range parts {
		at, end := strings.LastIndexByte(part, '['), 0
		switch {
		case at >= 0:
			if at == 0 || at > len(part)-3 || part[len(part)-1] != ']' {
				return nil, badStep(part, path)
			}
			end = len(part) - 1
		case i == len(parts)-1 && strings.Contains(part, "."):
			at, end = strings.LastIndexByte(part, '.'), len(part)
			if at == 0 || at > len(part)-2 {
				return nil, badStep(part, path)
			}
		case part == "":
			return nil, badStep(part, path)
		default:
			steps = append(steps, Step{Name: part})
			continue
		}
		steps = append(steps, Step{Name: part[:at], Key: part[at+1 : end]})
	}
	return steps, nil
}

func badStep(part, path string) error {
	return eserr.New(500, "aggregation_execution_exception", "Invalid path element [%s] in path [%s]", part, path)
}

// IsBucketKey says whether the step picks one bucket: shops['north'].
func (s Step) IsBucketKey() bool { return isQuoted(s.Key) }

func isQuoted(key string) bool {
	return len(key) > 1 && key[0] == '\'' && key[len(key)-1] == '\''
}

// Flatten lists names and keys one after the other, as numbers are looked up.
func Flatten(steps []Step) []string {
	var list []string
	for _, s := range steps {
		list = append(list, s.Name)
		if s.Key != "" {
			list = append(list, s.Key)
		}
	}
	return list
}
