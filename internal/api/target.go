package api

import (
	"strings"
	"time"

	"elkhorn/internal/es"
	"elkhorn/internal/es/dates"
	"elkhorn/internal/es/eserr"
)

// Which indices wildcards mean when a request does not say. They differ by endpoint as in
// Elasticsearch: reading looks at open indices, describing also at closed ones.
var (
	openIndices   = es.Target{}
	openAndClosed = es.Target{Closed: true}
	everyIndex    = es.Target{Closed: true, Hidden: true}
)

// target reads which indices a request is about: the {index} of its path or its index parameter,
// and the parameters that say what wildcards and missing names mean.
func (c *call) target(otherwise es.Target) (es.Target, error) {
	names := c.path("index")
	if names == "" && c.accepts("index") {
		names = c.text("index")
	}
	return c.targetOf(splitList(names), otherwise)
}

// targetOf is target for names that stand elsewhere.
func (c *call) targetOf(names []string, otherwise es.Target) (es.Target, error) {
	t := otherwise
	var err error
	if t.Names, err = c.resolveNames(names); err != nil {
		return t, err
	}
	t.IgnoreUnavailable = c.flagOr("ignore_unavailable", t.IgnoreUnavailable)
	t.NoIndices = !c.flagOr("allow_no_indices", !t.NoIndices)
	if c.given("expand_wildcards") {
		if err = expandWildcards(&t, splitList(c.text("expand_wildcards"))); err != nil {
			return t, err
		}
	}
	return t, c.targetShards(&t)
}

// resolveNames resolves date math in index names.
func (c *call) resolveNames(names []string) ([]string, error) {
	for i, name := range names {
		resolved, err := resolveName(name, c.now())
		if err != nil {
			return nil, err
		}
		names[i] = resolved
	}
	return names, nil
}

// resolveName resolves date math in a name such as <logs-{now/d}>.
func resolveName(name string, now time.Time) (string, error) {
	return dates.ResolveName(name, dates.FromTime(now))
}

// oneIndex is the {index} of the path where it names a single index.
func (c *call) oneIndex() (string, error) { return resolveName(c.path("index"), c.now()) }

// expandWildcards sets what wildcards match.
func expandWildcards(t *es.Target, values []string) error {
	open := false
	t.Closed, t.Hidden, t.NoWildcards = false, false, false
	for _, value := range values {
		switch strings.ToLower(value) {
		case "open":
			open = true
		case "closed":
			t.Closed = true
		case "hidden":
			t.Hidden = true
		case "all":
			open, t.Closed, t.Hidden = true, true, true
		case "none":
			t.NoWildcards = true
		default:
			return eserr.IllegalArgument("No valid expand wildcard value [%s]", value)
		}
	}
	t.OpenExcluded = t.Closed && !open
	return nil
}
