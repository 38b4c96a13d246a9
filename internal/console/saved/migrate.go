package saved

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// form is an object while it is brought to the present form: its attributes, opened.
type form struct {
	*Object
	attributes map[string]json.RawMessage
	changed    bool
}

// migrate brings an object of an older Kibana to the form of Kibana 8: what it names inside its attributes becomes a reference,
// panels get the 48-column grid. What cannot be read is left as it is, for the interface to say so beside it.
func migrate(o *Object) {
	k := kindOf(o.Type)
	if k.migrate == nil {
		return
	}
	f := &form{Object: o}
	if json.Unmarshal(o.Attributes, &f.attributes) != nil || f.attributes == nil {
		return
	}
	f.asTexts()
	k.migrate(f)
	if f.changed {
		o.Attributes = printed(f.attributes)
	}
}

// asTexts makes texts of the JSON that attributes hold as texts: the files that Beats come with have it as it is.
func (f *form) asTexts() {
	for _, name := range []string{"visState", "uiStateJSON", "panelsJSON", "optionsJSON"} {
		if raw := f.attributes[name]; len(raw) > 0 && (raw[0] == '{' || raw[0] == '[') {
			f.set(name, string(raw))
		}
	}
	var meta map[string]json.RawMessage
	if json.Unmarshal(f.attributes["kibanaSavedObjectMeta"], &meta) != nil {
		return
	}
	if raw := meta["searchSourceJSON"]; len(raw) > 0 && raw[0] == '{' {
		meta["searchSourceJSON"] = printed(string(raw))
		f.set("kibanaSavedObjectMeta", meta)
	}
}

// set puts an attribute.
func (f *form) set(name string, value any) {
	f.attributes[name], f.changed = printed(value), true
}

func (f *form) remove(name string) {
	delete(f.attributes, name)
	f.changed = true
}

// refer adds a reference unless there is one of that name.
func (f *form) refer(name, typ, id string) {
	for _, r := range f.References {
		if r.Name == name {
			return
		}
	}
	f.References = append(f.References, Reference{ID: id, Name: name, Type: typ})
	f.changed = true
}

// searchSourceName is the prefix of the references that a search source holds.
const searchSourceName = "kibanaSavedObjectMeta.searchSourceJSON"

// migrateSearchSource takes the data views that kibanaSavedObjectMeta.searchSourceJSON names, itself and in its filters, to references.
func migrateSearchSource(f *form) {
	var meta map[string]json.RawMessage
	if json.Unmarshal(f.attributes["kibanaSavedObjectMeta"], &meta) != nil || meta == nil {
		return
	}
	var source map[string]json.RawMessage
	if json.Unmarshal([]byte(text(meta["searchSourceJSON"])), &source) != nil || source == nil {
		return
	}
	moved := false
	if id := text(source["index"]); id != "" {
		f.refer(searchSourceName+".index", "index-pattern", id)
		delete(source, "index")
		source["indexRefName"] = printed(searchSourceName + ".index")
		moved = true
	}
	var filters []map[string]json.RawMessage
	if json.Unmarshal(source["filter"], &filters) == nil {
		for i, filter := range filters {
			var of map[string]json.RawMessage
			if json.Unmarshal(filter["meta"], &of) != nil || text(of["index"]) == "" {
				continue
			}
			name := fmt.Sprintf("%s.filter[%d].meta.index", searchSourceName, i)
			f.refer(name, "index-pattern", text(of["index"]))
			delete(of, "index")
			of["indexRefName"] = printed(name)
			filter["meta"] = printed(of)
			source["filter"], moved = printed(filters), true
		}
	}
	if moved {
		meta["searchSourceJSON"] = printed(string(printed(source)))
		f.set("kibanaSavedObjectMeta", meta)
	}
}

// migrateVisualization also takes the saved search that a chart is made of to a reference.
func migrateVisualization(f *form) {
	migrateSearchSource(f)
	if id := text(f.attributes["savedSearchId"]); id != "" {
		f.refer("search_0", "search", id)
		f.remove("savedSearchId")
		f.set("savedSearchRefName", "search_0")
	}
}

// migrateSearch also makes a list of keys of the one key that Kibana 6 sorted by.
func migrateSearch(f *form) {
	migrateSearchSource(f)
	var key []string
	if json.Unmarshal(f.attributes["sort"], &key) == nil && len(key) == 2 && (key[1] == "asc" || key[1] == "desc") {
		f.set("sort", [][]string{key})
	}
}

// panel is one entry of a dashboard's panelsJSON. Its other members are kept.
type panel map[string]json.RawMessage

// migrateDashboard takes the objects that panels show to references and panels to the grid of 48 columns.
func migrateDashboard(f *form) {
	migrateSearchSource(f)
	var panels []panel
	if json.Unmarshal([]byte(text(f.attributes["panelsJSON"])), &panels) != nil {
		return
	}
	margins := f.hasMargins()
	moved := false
	for i, p := range panels {
		if p == nil {
			continue
		}
		grid := p.toGrid(margins)
		link := f.link(p, i)
		moved = moved || grid || link
	}
	if moved {
		f.set("panelsJSON", string(printed(panels)))
	}
}

// link makes a reference of the object that a panel names by its id.
func (f *form) link(p panel, i int) bool {
	id, typ := text(p["id"]), text(p["type"])
	if id == "" || typ == "" || text(p["panelRefName"]) != "" {
		return false
	}
	name := fmt.Sprintf("panel_%d", i)
	f.refer(name, typ, id)
	delete(p, "id")
	p["panelRefName"] = printed(name)
	if text(p["panelIndex"]) == "" {
		index := strings.Trim(string(p["panelIndex"]), `" `) // a number once
		if index == "" || index == "null" {
			index = strconv.Itoa(i + 1)
		}
		p["panelIndex"] = printed(index)
	}
	return true
}

func (f *form) hasMargins() bool {
	var options struct {
		UseMargins *bool `json:"useMargins"`
	}
	return json.Unmarshal([]byte(text(f.attributes["optionsJSON"])), &options) == nil && options.UseMargins != nil && *options.UseMargins
}

// gridData is a panel's place on the grid, in cells.
type gridData struct {
	X int    `json:"x"`
	Y int    `json:"y"`
	W int    `json:"w"`
	H int    `json:"h"`
	I string `json:"i"`
}

// Cells of the grid of 48 columns to one of the grid of 12 that Kibana had until 6.2.
const (
	columnsPerOld       = 4
	rowsPerOld          = 5
	rowsPerOldInMargins = 4
	maxGridCell         = 100_000
)

// toGrid gives a panel of Kibana 5 (row, col, size_x, size_y) or 6.0 to 6.2 (a grid of 12 columns) its place among 48 columns.
func (p panel) toGrid(margins bool) bool {
	rows := rowsPerOld
	if margins {
		rows = rowsPerOldInMargins
	}
	index := text(p["panelIndex"])
	if index == "" {
		index = strings.Trim(string(p["panelIndex"]), `" `)
	}
	if _, placed := p["gridData"]; !placed {
		var row, col, wide, high int
		if !number(p["row"], &row) || !number(p["col"], &col) || !number(p["size_x"], &wide) || !number(p["size_y"], &high) {
			return false
		}
		for _, name := range []string{"row", "col", "size_x", "size_y"} {
			delete(p, name)
		}
		p["gridData"] = printed(gridData{X: (col - 1) * columnsPerOld, Y: (row - 1) * rows, W: wide * columnsPerOld, H: high * rows, I: index})
		return true
	}
	if !before63(text(p["version"])) {
		return false
	}
	var g gridData
	if json.Unmarshal(p["gridData"], &g) != nil || max(g.X, g.Y, g.W, g.H) > maxGridCell || min(g.X, g.Y, g.W, g.H) < 0 {
		return false
	}
	g.X, g.W, g.Y, g.H = g.X*columnsPerOld, g.W*columnsPerOld, g.Y*rows, g.H*rows
	p["gridData"], p["version"] = printed(g), printed("7.3.0")
	return true
}

func number(raw json.RawMessage, into *int) bool {
	return json.Unmarshal(raw, into) == nil && len(raw) > 0 && *into >= 0 && *into <= maxGridCell
}

// before63 tells whether a version is one of 6.0 to 6.2.
func before63(version string) bool {
	return strings.HasPrefix(version, "6.0.") || strings.HasPrefix(version, "6.1.") || strings.HasPrefix(version, "6.2.")
}
