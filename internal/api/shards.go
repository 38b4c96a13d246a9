package api

import (
	"strconv"
	"strings"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// targetShards reads which shards a search is restricted to.
func (c *call) targetShards(t *es.Target) error {
	if c.given("routing") {
		t.Routing = splitList(c.text("routing"))
	}
	preference := c.text("preference")
	if !strings.HasPrefix(preference, "_") {
		return nil
	}
	name, rest, _ := strings.Cut(preference, ":")
	switch name {
	case "_local", "_only_local", "_prefer_nodes", "_only_nodes", "_primary", "_replica":
		return nil // there is one node, and one copy
	case "_shards":
	default:
		return eserr.IllegalArgument("no Preference for [%s]", preference)
	}
	rest, _, _ = strings.Cut(rest, "|")
	t.Shards = []int{}
	for _, text := range splitList(rest) {
		n, err := strconv.Atoi(text)
		if err != nil {
			return eserr.IllegalArgument("%s", eserr.NumberFormat(text).Reason).Because(eserr.NumberFormat(text))
		}
		t.Shards = append(t.Shards, n)
	}
	return nil
}

// readSlice reads {"id":…,"max":…,"field":…}: one of several parts into which the hits of a scroll or a point in time are cut.
func readSlice(req *es.SearchRequest, n *jsonval.Node) error {
	if n.Kind != jsonval.Object {
		return unexpectedKind(n, "slice")
	}
	slice := es.Slice{ID: -1, Max: -1}
	err := members(n, "[slice]", []string{"id", "max", "field"}, func(key string, v *jsonval.Node) (bool, error) {
		switch key {
		case "field":
			slice.Field = v.Text
			return true, nil
		case "id", "max":
			number, ok := v.Scalar().Int64()
			if !ok {
				return true, eserr.XContentParse("[%d:%d] [slice] failed to parse field [%s]", v.Line, v.Col, key).Because(eserr.NumberFormat(v.Text))
			}
			number = max(min(number, 1<<31-1), -1<<31)
			if key == "id" {
				if number < 0 {
					return true, eserr.IllegalArgument("id must be greater than or equal to 0")
				}
				slice.ID = int(number)
			} else {
				if number <= 1 {
					return true, eserr.IllegalArgument("max must be greater than 1")
				}
				slice.Max = int(number)
			}
			return true, nil
		}
		return false, nil
	})
	switch {
	case err != nil:
		return err
	case slice.ID < 0:
		return eserr.XContentParse("Required [id]")
	case slice.Max < 0:
		return eserr.XContentParse("Required [max]")
	case slice.ID >= slice.Max:
		return eserr.XContentParse("[%d:%d] [slice] failed to parse field [max]", n.Line, n.Col).Because(eserr.IllegalArgument("max must be greater than id"))
	}
	req.Slice = &slice
	return nil
}
