package saved

import (
	"bytes"
	"testing"
)

// FuzzRead reads files of objects: what is read can be brought to the present form, which then stays as it is, and reads back the same.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		`{"id":"web-*","type":"index-pattern","attributes":{"title":"web-*"},"references":[]}` + "\n" + `{"exportedCount":1}`,
		`{"id":"v","type":"visualization","attributes":{"savedSearchId":"s","kibanaSavedObjectMeta":{"searchSourceJSON":"{\"index\":\"web-*\",\"filter\":[{\"meta\":{\"index\":\"web-*\"}},null,{}]}"}}}`,
		`{"id":"s","type":"search","attributes":{"sort":["@timestamp","desc"],"columns":["_source"]}}`,
		`{"id":"d","type":"dashboard","attributes":{"optionsJSON":"{\"useMargins\":true}","panelsJSON":"[{\"panelIndex\":1,\"id\":\"v\",\"type\":\"visualization\",\"row\":1,\"col\":1,\"size_x\":6,\"size_y\":3},null]"}}`,
		`{"id":"d","type":"dashboard","attributes":{"panelsJSON":"[{\"version\":\"6.2.4\",\"gridData\":{\"x\":0,\"y\":1,\"w\":6,\"h\":3,\"i\":\"1\"},\"id\":\"v\",\"type\":\"visualization\"}]"}}`,
		`{"id":"w","type":"who-knows","attributes":{}}`, "\xef\xbb\xbf\n\n{}", `{"id":`, `[]`, `null`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		objects, err := Read(file)
		if err != nil {
			return
		}
		for _, o := range objects {
			if kinds[o.Type] == nil {
				continue
			}
			migrate(o)
			once := printed(o)
			migrate(o)
			if twice := printed(o); !bytes.Equal(once, twice) {
				t.Errorf("migrated again it is another:\n%s\n%s", once, twice)
			}
			if len(o.Attributes) > maxObjectBytes || len(o.References) > maxReferences {
				continue // grew beyond what is taken
			}
			again, err := Read(once)
			if err != nil || len(again) != 1 || !bytes.Equal(printed(again[0]), once) {
				t.Errorf("%s\nreads back as %v, %v", once, again, err)
			}
		}
	})
}

// FuzzPrinted reads printed dashboards: what is read lies on the grid.
func FuzzPrinted(f *testing.F) {
	for _, seed := range []string{
		`{"title":"x","panels":[{"id":"a","type":"gauge","visState":{"type":"gauge","params":{"gauge":{"percentageMode":true}},"aggs":[{"type":"geohash_grid","params":{"field":"x"}}]},"gridData":{"x":0,"y":0,"w":12,"h":4}}]}`,
		`{"dataView":{"title":"llm-*","name":"LLM"},"visualizations":[{"id":"a","visState":"{\"aggs\":[]}"},{"title":"b","visState":{}}]}`,
		`{"panels":{}}`, `{"title":"x","panels":[null]}`, `{"title":"x","panels":[{"id":"a","visState":null},{"id":"b","visState":"null"}]}`, ``,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		d, err := readPrinted(body)
		if err != nil {
			return
		}
		below := 0
		for i := range d.Panels {
			p := &d.Panels[i]
			g := p.place(i, &below)
			if g.X < 0 || g.Y < 0 || g.W < 1 || g.H < 1 || g.X+g.W > gridColumns {
				t.Errorf("panel %d lies at %+v", i, g)
			}
			p.report("id", &DataView{})
			if err := check(p.visualization("id", "view")); err != nil && len(p.VisState) < maxObjectBytes/4 {
				t.Errorf("panel %d: %v", i, err)
			}
		}
	})
}
