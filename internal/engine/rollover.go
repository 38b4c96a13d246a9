package engine

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"

	"elkhorn/internal/es"
	"elkhorn/internal/es/dates"
	"elkhorn/internal/es/eserr"
)

// rolloverName is a name that ends in a number, which the next index counts up.
var rolloverName = regexp.MustCompile(`^(.*)-(\d+)$`)

// rollover makes a new write index for an alias; see es.Rollover.
func (e *Engine) rollover(ctx context.Context, c *es.Rollover) (*es.RolloverResult, error) {
	target, err := e.writeTarget(c.Alias)
	if err != nil {
		return nil, err
	}
	old := target.index
	switch {
	case target.stream != nil && !target.alias:
		return e.rolloverStream(ctx, target.stream, c)
	case target.stream != nil:
		return nil, eserr.IllegalArgument("rollover target [%s] is an alias of data stream [%s]: roll over the stream itself", c.Alias, target.stream.name)
	case c.Lazy:
		return nil, eserr.IllegalArgument("lazy rollover can be applied only on a data stream")
	case old != nil && !target.alias:
		return nil, eserr.IllegalArgument("rollover target is a [concrete index] but one of [alias,data_stream] was expected")
	case old == nil:
		return nil, eserr.IllegalArgument("rollover target [%s] does not exist", c.Alias)
	}
	newName := c.NewIndex
	if newName == "" {
		if newName, err = e.nextRolloverName(old); err != nil {
			return nil, err
		}
	} else if newName, err = dates.ResolveName(newName, dates.FromTime(e.now())); err != nil {
		return nil, err
	}
	met, due := e.rolloverDue(old, &c.Conditions)
	res := &es.RolloverResult{OldIndex: old.name, NewIndex: newName, DryRun: c.DryRun, Conditions: met}
	if err := checkIndexName(newName); err != nil {
		return nil, err
	}
	if err := e.checkNameFree(newName); err != nil {
		return nil, err
	}
	if c.DryRun || !due {
		return res, nil
	}
	if err := e.createRolledOver(ctx, c, newName); err != nil {
		return nil, err
	}
	res.RolledOver = true
	if err := e.moveWriteAlias(c.Alias, old, newName); err != nil {
		return nil, err
	}
	return res, e.noteRollover(old)
}

// nextRolloverName counts up the number at the end; a name made by date math is made anew.
func (e *Engine) nextRolloverName(old *index) (string, error) {
	name := old.name
	if provided, ok := old.settings.Load().flat["index.provided_name"]; ok {
		name = provided
	}
	if len(name) > 2 && name[0] == '<' {
		inner := rolloverName.FindStringSubmatch(name[1 : len(name)-1])
		have := rolloverName.FindStringSubmatch(old.name)
		if inner != nil && have != nil {
			n, err := strconv.Atoi(have[2])
			if err != nil {
				return "", eserr.IllegalArgument("index name [%s] has too large a number", old.name)
			}
			return dates.ResolveName(fmt.Sprintf("<%s-%06d>", inner[1], n+1), dates.FromTime(e.now()))
		}
	}
	m := rolloverName.FindStringSubmatch(old.name)
	if m == nil {
		return "", eserr.IllegalArgument("index name [%s] does not match pattern '^.*-\\d+$'", old.name)
	}
	n, err := strconv.Atoi(m[2])
	if err != nil {
		return "", eserr.IllegalArgument("index name [%s] has too large a number", old.name)
	}
	return fmt.Sprintf("%s-%06d", m[1], n+1), nil
}

// rolloverDue says which conditions hold, and whether any of the upper limits does (or there are
// none) while all the lower ones do.
func (e *Engine) rolloverDue(ix *index, c *es.RolloverConditions) (map[string]bool, bool) {
	s := ix.statistics()
	age := e.now().Sub(ix.created)
	size := s.DiskBytes + s.MemoryBytes
	met := map[string]bool{}
	upper, anyUpper, lower := false, false, true
	check := func(name string, limit, value int64, isUpper bool) {
		if limit == 0 {
			return
		}
		ok := value >= limit
		for _, printed := range c.Printed {
			if len(printed) > len(name)+2 && printed[1:1+len(name)+1] == name+":" {
				met[printed] = ok
			}
		}
		if isUpper {
			upper, anyUpper = upper || ok, true
		} else {
			lower = lower && ok
		}
	}
	check("max_age", int64(c.MaxAge), int64(age), true)
	check("max_docs", c.MaxDocs, s.Docs, true)
	check("max_primary_shard_docs", c.MaxPrimaryShardDocs, s.Docs, true)
	check("max_size", c.MaxSizeBytes, size, true)
	check("max_primary_shard_size", c.MaxPrimaryShardSizeBytes, size, true)
	check("min_age", int64(c.MinAge), int64(age), false)
	check("min_docs", c.MinDocs, s.Docs, false)
	check("min_primary_shard_docs", c.MinPrimaryShardDocs, s.Docs, false)
	check("min_size", c.MinSizeBytes, size, false)
	check("min_primary_shard_size", c.MinPrimaryShardSizeBytes, size, false)
	return met, (upper || !anyUpper) && lower
}

// createRolledOver makes the new index. The alias it takes over may be in its template too; it is
// set by moveWriteAlias.
func (e *Engine) createRolledOver(ctx context.Context, c *es.Rollover, name string) error {
	if err := checkIndexName(name); err != nil {
		return err
	}
	e.adminMu.Lock()
	defer e.adminMu.Unlock()
	bp, err := e.resolveTemplates(name)
	if err != nil {
		return err
	}
	body, err := parseTemplateBody(c.Settings, c.Mappings, c.Aliases)
	if err == nil {
		err = bp.overlay(body)
	}
	if err != nil {
		return err
	}
	bp.aliases = slices.DeleteFunc(bp.aliases, func(a es.Alias) bool { return a.Name == c.Alias })
	return e.makeIndex(ctx, name, bp, nil)
}

// moveWriteAlias makes the new index the alias's write index. An alias that had an explicit write
// index keeps the old one for reading; any other moves.
func (e *Engine) moveWriteAlias(alias string, old *index, newName string) error {
	yes, no := true, false
	add := es.AliasAction{Target: es.Target{Names: []string{newName}, NoWildcards: true}, Names: []string{alias}}
	from := es.AliasAction{Target: es.Target{Names: []string{old.name}, NoWildcards: true}, Names: []string{alias}}
	from.Remove = true
	for _, a := range old.aliasList() {
		if a.Name == alias && a.IsWriteIndex != nil && *a.IsWriteIndex {
			add.Alias, from.Alias = a, a
			add.Alias.IsWriteIndex, from.Alias.IsWriteIndex = &yes, &no
			from.Remove = false
		}
	}
	return e.updateAliases(&es.UpdateAliases{Actions: []es.AliasAction{from, add}})
}
