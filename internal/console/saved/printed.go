package saved

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"elkhorn/internal/es"
)

// Articles print dashboards as one JSON object with the panels' charts inside it, which no version of Kibana takes:
//
//	{"title", "description", "panels": [{"id", "type", "title", "gridData", "visState"}], "timeFrom", "timeTo", "refreshInterval"}
//
// or, for charts without an arrangement, {"dataView": {…}, "visualizations": [{"id", "type", "title", "visState"}]}. The grid has 24 columns.

// printedDashboard is such a file.
type printedDashboard struct {
	ID              string          `json:"id"`
	Title           string          `json:"title"`
	Description     string          `json:"description"`
	DataView        *DataView       `json:"dataView"`
	Panels          []printedPanel  `json:"panels"`
	Visualizations  []printedPanel  `json:"visualizations"`
	TimeRestore     *bool           `json:"timeRestore"`
	TimeFrom        string          `json:"timeFrom"`
	TimeTo          string          `json:"timeTo"`
	RefreshInterval json.RawMessage `json:"refreshInterval"`
}

type printedPanel struct {
	ID          string          `json:"id"`
	Type        string          `json:"type"`
	Title       string          `json:"title"`
	Description string          `json:"description"`
	GridData    *gridData       `json:"gridData"`
	VisState    json.RawMessage `json:"visState"`
	Alternative []string        `json:"alternativeTypes"`
	chart       printedChart
	members     map[string]json.RawMessage // the whole chart, which goes into the object
}

// printedChart is the part of a chart that is looked into here.
type printedChart struct {
	Type   string          `json:"type"`
	Params json.RawMessage `json:"params"`
	Aggs   []struct {
		Type   string `json:"type"`
		Schema string `json:"schema"`
		Params struct {
			Field     string `json:"field"`
			SortField string `json:"sortField"`
			Filters   []struct {
				Input struct {
					Query json.RawMessage `json:"query"`
				} `json:"input"`
			} `json:"filters"`
		} `json:"params"`
	} `json:"aggs"`
}

// Limits on such a file.
const (
	maxPanels          = 200
	printedColumns     = 24
	gridColumns        = 48
	rowsPerPrinted     = 3 // a printed row is as high as three of Kibana's: 4 rows are 12, about 240 pixels
	defaultRows        = 4
	defaultAcross      = 3
	maxCandidates      = 500
	everythingDataView = "*"
)

// Report says what was understood of a printed dashboard.
type Report struct {
	Form     string        `json:"form"` // "panels"
	DataView ReportedView  `json:"dataView"`
	Panels   []PanelReport `json:"panels"`
	Notes    []string      `json:"notes,omitempty"`
}

// ReportedView is the data view that the panels were given, and why.
type ReportedView struct {
	ID     string `json:"id"`
	Title  string `json:"title"`
	Time   string `json:"timeFieldName,omitempty"`
	Reason string `json:"reason"`
}

// PanelReport is what became of one panel.
type PanelReport struct {
	ID     string   `json:"id"` // of the visualization
	Title  string   `json:"title"`
	Type   string   `json:"type"`
	Fields []string `json:"fields,omitempty"`
	// MissingFields are not in any index of the data view at present.
	MissingFields []string `json:"missingFields,omitempty"`
	Notes         []string `json:"notes,omitempty"`
}

// IsPrinted tells whether the body of a dashboard import is a printed one rather than objects.
func IsPrinted(body []byte) bool {
	var form struct {
		Panels         *json.RawMessage `json:"panels"`
		Visualizations *json.RawMessage `json:"visualizations"`
		Objects        *json.RawMessage `json:"objects"`
	}
	return json.Unmarshal(body, &form) == nil && form.Objects == nil && (form.Panels != nil || form.Visualizations != nil)
}

// FromPrinted makes objects of a printed dashboard: visualizations, the dashboard, and a data view when none fits. index is the
// pattern of the indices to look at, "" to find one by the fields that the panels use.
func (s *Store) FromPrinted(ctx context.Context, body []byte, index string) ([]*Object, *Report, error) {
	d, err := readPrinted(body)
	if err != nil {
		return nil, nil, err
	}
	report := &Report{Form: "panels", Panels: []PanelReport{}}
	view, isNew, err := s.viewFor(ctx, d, index, report)
	if err != nil {
		return nil, nil, err
	}
	var objects []*Object
	if isNew {
		objects = append(objects, view.object())
	}
	dashboard := slug(cmp.Or(d.ID, d.Title))
	var panels []panel
	var references []Reference
	below := 0
	for i := range d.Panels {
		p := &d.Panels[i]
		id := dashboard + "-" + slug(cmp.Or(p.ID, p.Title, fmt.Sprint(i+1)))
		objects = append(objects, p.visualization(id, view.ID))
		name := fmt.Sprintf("panel_%d", i)
		references = append(references, Reference{ID: id, Name: fmt.Sprintf("%d:%s", i+1, name), Type: "visualization"})
		g := p.place(i, &below)
		g.I = fmt.Sprint(i + 1)
		panels = append(panels, panel{
			"type": printed("visualization"), "panelIndex": printed(g.I), "gridData": printed(g), "embeddableConfig": printed(m{}),
			"panelRefName": printed(name),
		})
		report.Panels = append(report.Panels, p.report(id, view))
	}
	objects = append(objects, d.dashboard(dashboard, panels, references))
	return objects, report, nil
}

// readPrinted reads and checks such a file.
func readPrinted(body []byte) (*printedDashboard, error) {
	d := &printedDashboard{}
	if err := json.Unmarshal(body, d); err != nil {
		return nil, bad("the dashboard cannot be read: %s", err)
	}
	d.Panels = append(d.Panels, d.Visualizations...)
	if d.Title == "" && d.DataView != nil {
		d.Title = cmp.Or(d.DataView.Name, d.DataView.Title)
	}
	switch {
	case d.Title == "":
		return nil, bad("the dashboard has no [title]")
	case len(d.Panels) == 0:
		return nil, bad("the dashboard has no panels")
	case len(d.Panels) > maxPanels:
		return nil, bad("the dashboard has %d panels; at most %d can be shown", len(d.Panels), maxPanels)
	}
	ids := map[string]int{}
	for i := range d.Panels {
		p := &d.Panels[i]
		name := slug(cmp.Or(p.ID, p.Title, fmt.Sprint(i+1)))
		if first, twice := ids[name]; twice {
			return nil, bad("panels[%d] has the same id as panels[%d]: %s", i, first, cut(cmp.Or(p.ID, p.Title), 80))
		}
		ids[name] = i
		if len(p.VisState) == 0 {
			return nil, bad("panels[%d] (%s) has no [visState]", i, cut(cmp.Or(p.Title, p.ID), 80))
		}
		if inner := text(p.VisState); inner != "" { // the chart as a text, as saved objects have it
			p.VisState = json.RawMessage(inner)
		}
		if err := json.Unmarshal(p.VisState, &p.chart); err != nil {
			return nil, bad("panels[%d].visState: %s", i, err)
		}
		if err := json.Unmarshal(p.VisState, &p.members); err != nil || p.members == nil {
			return nil, bad("panels[%d].visState is no object", i)
		}
		if g := p.GridData; g != nil && (min(g.X, g.Y) < 0 || min(g.W, g.H) < 1 || g.X+g.W > printedColumns || max(g.Y, g.H) > maxGridCell) {
			return nil, bad("panels[%d].gridData does not lie on the grid of %d columns: x %d, y %d, w %d, h %d", i, printedColumns, g.X, g.Y, g.W, g.H)
		}
	}
	return d, nil
}

// place is the panel's place among 48 columns; panels without one stand three to a row below the others.
func (p *printedPanel) place(i int, below *int) gridData {
	const scale = gridColumns / printedColumns
	g := p.GridData
	if g == nil {
		width := printedColumns / defaultAcross
		g = &gridData{X: i % defaultAcross * width, Y: max(*below, i/defaultAcross*defaultRows), W: width, H: defaultRows}
	} else {
		*below = max(*below, g.Y+g.H)
	}
	return gridData{X: g.X * scale, Y: g.Y * rowsPerPrinted, W: g.W * scale, H: g.H * rowsPerPrinted}
}

// visualization is the panel's chart as an object.
func (p *printedPanel) visualization(id, view string) *Object {
	chart := maps.Clone(p.members)
	title := cmp.Or(p.Title, p.ID)
	chart["title"] = printed(title)
	if text(chart["type"]) == "" {
		chart["type"] = printed(p.Type)
	}
	return &Object{
		Type: "visualization", ID: id, References: []Reference{{ID: view, Name: searchSourceName + ".index", Type: DataViewType}},
		Attributes: printed(m{
			"title": title, "description": p.Description, "uiStateJSON": "{}", "version": 1, "visState": string(printed(chart)),
			"kibanaSavedObjectMeta": m{"searchSourceJSON": string(printed(m{
				"query": m{"query": "", "language": "kuery"}, "filter": []any{}, "indexRefName": searchSourceName + ".index"}))},
		}),
	}
}

// dashboard is the dashboard itself.
func (d *printedDashboard) dashboard(id string, panels []panel, references []Reference) *Object {
	attributes := m{
		"title": d.Title, "description": d.Description, "panelsJSON": string(printed(panels)), "version": 1,
		"optionsJSON":           string(printed(m{"useMargins": true, "syncColors": true, "syncCursor": true, "syncTooltips": true, "hidePanelTitles": false})),
		"kibanaSavedObjectMeta": m{"searchSourceJSON": string(printed(m{"query": m{"query": "", "language": "kuery"}, "filter": []any{}}))},
		"timeRestore":           d.TimeFrom != "" && (d.TimeRestore == nil || *d.TimeRestore),
	}
	if d.TimeFrom != "" {
		attributes["timeFrom"], attributes["timeTo"] = d.TimeFrom, cmp.Or(d.TimeTo, "now")
	}
	if len(d.RefreshInterval) > 0 {
		attributes["refreshInterval"] = d.RefreshInterval
	}
	return &Object{Type: "dashboard", ID: id, Attributes: printed(attributes), References: references}
}

// fields are those that the panel's aggregations name.
func (p *printedPanel) fields() []string {
	var out []string
	for i := range p.chart.Aggs {
		for _, field := range []string{p.chart.Aggs[i].Params.Field, p.chart.Aggs[i].Params.SortField} {
			if field != "" && field != "_source" && !slices.Contains(out, field) {
				out = append(out, field)
			}
		}
	}
	return out
}

// report says what the panel is and which old forms it uses.
func (p *printedPanel) report(id string, view *DataView) PanelReport {
	r := PanelReport{ID: id, Title: cmp.Or(p.Title, p.ID), Type: cmp.Or(p.chart.Type, p.Type), Fields: p.fields()}
	for _, field := range r.Fields {
		if _, ok := view.Fields[field]; ok {
			continue
		}
		base, isSub := strings.CutSuffix(field, ".keyword")
		if f, ok := view.Fields[base]; isSub && ok && slices.Contains(f.ESTypes, "keyword") {
			r.Notes = append(r.Notes, field+" is not mapped; "+base+" is a keyword and is used in its place")
			continue
		}
		r.MissingFields = append(r.MissingFields, field)
	}
	for i := range p.chart.Aggs {
		switch a := &p.chart.Aggs[i]; a.Type {
		case "geohash_grid":
			r.Notes = append(r.Notes, "coordinate map by geohash_grid, an old form that is drawn without map tiles")
		case "top_hits":
			r.Notes = append(r.Notes, "top_hits of "+cmp.Or(a.Params.Field, "_source")+" is a table of the documents themselves")
		}
	}
	if r.Type == "gauge" || p.Type == "gauge" {
		r.Notes = append(r.Notes, p.gaugeNote()...)
	}
	return r
}

// gaugeNote tells how a gauge in percent without ranges is read.
func (p *printedPanel) gaugeNote() []string {
	var params struct {
		Gauge struct {
			PercentageMode bool              `json:"percentageMode"`
			ColorsRange    []json.RawMessage `json:"colorsRange"`
		} `json:"gauge"`
	}
	if json.Unmarshal(p.chart.Params, &params) != nil || !params.Gauge.PercentageMode || len(params.Gauge.ColorsRange) > 0 {
		return nil
	}
	return []string{"percentageMode without ranges: the share of all documents in the time range; green below 1 %, yellow to 5 %, red above"}
}

// viewFor finds or makes the data view of a printed dashboard.
func (s *Store) viewFor(ctx context.Context, d *printedDashboard, index string, report *Report) (view *DataView, isNew bool, err error) {
	known, err := s.DataViews(ctx)
	if err != nil {
		return nil, false, err
	}
	wanted, reason := &DataView{Title: index}, "named by the request"
	if index == "" && d.DataView != nil && d.DataView.Title != "" {
		wanted, reason = d.DataView, "named by the file"
	}
	if wanted.Title == "" {
		if wanted, reason, err = s.guessView(ctx, d, known); err != nil {
			return nil, false, err
		}
	}
	isNew = true
	view = &DataView{ID: slug(wanted.Title), Title: wanted.Title, Name: wanted.Name, TimeFieldName: wanted.TimeFieldName}
	if at := slices.IndexFunc(known, func(v *DataView) bool { return v.Title == wanted.Title }); at >= 0 {
		view, isNew = known[at], false
	}
	if view.Fields, err = s.fields(ctx, view.Title); err != nil {
		return nil, false, err
	}
	if view.TimeFieldName == "" {
		view.TimeFieldName = timeField(d, view.Fields)
	}
	report.DataView = ReportedView{view.ID, view.Title, view.TimeFieldName, reason}
	return view, isNew, nil
}

// timeField is the field of the panels' date histograms, else the usual one.
func timeField(d *printedDashboard, fields map[string]Field) string {
	for i := range d.Panels {
		for j := range d.Panels[i].chart.Aggs {
			if a := &d.Panels[i].chart.Aggs[j]; a.Type == "date_histogram" && a.Params.Field != "" {
				return a.Params.Field
			}
		}
	}
	if _, ok := fields["@timestamp"]; !ok && fields["timestamp"].Type == "date" {
		return "timestamp"
	}
	return "@timestamp"
}

// datedName is a name that ends in a date or a number, as indices that begin anew do.
var datedName = regexp.MustCompile(`^(.+?)[-_.]\d[\d.\-_]*$`)

// guessView looks for the indices that have most of the fields which the panels use. Data views come before bare indices, and the
// default before the others.
func (s *Store) guessView(ctx context.Context, d *printedDashboard, known []*DataView) (view *DataView, reason string, err error) {
	var used []string
	for i := range d.Panels {
		used = append(used, d.Panels[i].fields()...)
	}
	slices.Sort(used)
	used = slices.Compact(used)
	standard, err := s.DefaultDataView(ctx)
	if err != nil {
		return nil, "", err
	}
	slices.SortStableFunc(known, func(a, b *DataView) int {
		return cmp.Compare(boolRank(b.ID == standard), boolRank(a.ID == standard))
	})
	candidates := slices.Clone(known)
	infos, err := s.backend.Indices(ctx, es.Target{IgnoreUnavailable: true})
	if err != nil {
		return nil, "", err
	}
	for i := range infos {
		title := cmp.Or(infos[i].DataStream, infos[i].Name)
		if parts := datedName.FindStringSubmatch(title); parts != nil && infos[i].DataStream == "" {
			title = parts[1] + "-*"
			if !strings.HasPrefix(infos[i].Name, parts[1]+"-") {
				title = parts[1] + "*"
			}
		}
		if len(candidates) < maxCandidates && !slices.ContainsFunc(candidates, func(v *DataView) bool { return v.Title == title }) {
			candidates = append(candidates, &DataView{Title: title})
		}
	}
	best, most := (*DataView)(nil), 0
	for _, v := range candidates {
		fields, err := s.fields(ctx, v.Title)
		if err != nil {
			return nil, "", err
		}
		if n := countKnown(used, fields); n > most {
			best, most = v, n
		}
	}
	if best == nil {
		return &DataView{Title: everythingDataView, Name: "All indices"}, "no index has the fields that the panels use yet, so all indices are looked at", nil
	}
	return best, fmt.Sprintf("has %d of the %d fields that the panels use", most, len(used)), nil
}

func boolRank(b bool) int {
	if b {
		return 1
	}
	return 0
}

// countKnown counts the names that are fields, x.keyword being x where that is a keyword.
func countKnown(names []string, fields map[string]Field) int {
	n := 0
	for _, name := range names {
		f, ok := fields[name]
		if !ok {
			f, ok = fields[strings.TrimSuffix(name, ".keyword")]
			ok = ok && slices.Contains(f.ESTypes, "keyword")
		}
		if ok {
			n++
		}
	}
	return n
}

var notInSlug = regexp.MustCompile(`[^a-z0-9*]+`)

// slug makes an id of a name: the same name has the same id, so that a file can be imported again.
func slug(name string) string {
	s := strings.Trim(notInSlug.ReplaceAllString(strings.ToLower(name), "-"), "-")
	return cut(cmp.Or(strings.ReplaceAll(s, "*", "all"), "unnamed"), 100)
}
