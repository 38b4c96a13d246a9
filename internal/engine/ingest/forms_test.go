package ingest

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"elkhorn/internal/engine/column"
	"elkhorn/internal/engine/segment"
)

const formsMapping = `{"properties":{"g":{"type":"geo_point","ignore_malformed":true},"t":{"type":"date","ignore_malformed":true},
	"s":{"type":"date","format":"epoch_second"},"n":{"type":"date_nanos"},
	"x":{"type":"date","format":"yyyy-MM-dd HH:mm:ss,SSS||yyyy-MM-dd HH:mm:ss.SSSSSS||yyyy-MM-dd HH:mm:ssZ"}}}`

// TestFormsAreDerived holds how many bytes are kept beside the doc value so that it comes back as it was written.
func TestFormsAreDerived(t *testing.T) {
	for _, c := range []struct {
		doc      string
		literals int
	}{
		{`{"g":{"lat":40.7128,"lon":-74.006}}`, 0},
		{`{"g":{"lat": 40.7128, "lon": -74}}`, 0},
		{`{"g":{"lat":40.7130,"lon":-74.0060}}`, 0},
		{`{"g":{"lat": 40.710, "lon": 7.000}}`, 0},
		{`{"g":"40.7128,-74.006"}`, 0},
		{`{"g":"40.7128, -74.006"}`, 0},
		{`{"g":[-74.006,40.7128]}`, 0},
		{`{"g":[-74.006, 40.7128]}`, 0},
		{`{"g":{"lon":-74.006,"lat":40.7128}}`, 29},
		{`{"g":{"lat":40.70,"lon":-74.0060}}`, 28},
		{`{"g":{"lat" :1,"lon":2}}`, 18},
		{`{"g":{"lat":1e1,"lon":-0.0}}`, 22},
		{`{"g":"u4pruydqqvj"}`, 13},
		{`{"g":["1,2","3,4"]}`, 13},
		{`{"t":"2026-02-27T14:32:15Z"}`, 0},
		{`{"t":"2026-02-27T14:32:15.847+00:00"}`, 0},
		{`{"t":"2026-02-27T14:32:15.847123Z"}`, 4},
		{`{"t":"2026-02-27T14:32:15.847123+00:00"}`, 9},
		{`{"t":"2026-02-27T23:59:59+05:30"}`, 6},
		{`{"t":"2026-02-27T00:00:00.000-0800"}`, 5},
		{`{"t":"2026-02-27T14:32:15"}`, 0},
		{`{"t":"2026-02-27"}`, 12},
		{`{"t":"2026-02-27T14:32:15.1Z"}`, 3},
		{`{"t":1740648735847}`, 0},
		{`{"s":1740648735}`, 0},
		{`{"s":"1740648735"}`, 0},
		{`{"n":"2026-02-27T14:32:15.123456789Z"}`, 0},
		{`{"n":"2026-02-27T14:32:15.123456Z"}`, 0},
		{`{"n":"2026-02-27T14:32:15Z"}`, 0},
		{`{"n":"2026-02-27T14:32:15.5Z"}`, 24},
		{`{"x":"2026-02-27 14:32:15,123"}`, 4},
		{`{"x":"2026-02-27 14:32:15.123456"}`, 3},
		{`{"x":"2026-02-27 14:32:15+0200"}`, 5},
	} {
		b := newBatcher(t, formsMapping)
		if err := b.add(c.doc); err != nil {
			t.Errorf("%s: %v", c.doc, err)
			continue
		}
		b.check()
		if got := literalBytes(t, b.done[0]); got != c.literals {
			t.Errorf("%s: %d bytes are kept, want %d", c.doc, got, c.literals)
		}
	}
}

func literalBytes(t *testing.T, s segment.Segment) int {
	n := 0
	for _, name := range s.Fields() {
		if source := s.Source(name); source != nil {
			var forms column.SourceBlock
			if err := source.Read(0, &forms); err != nil {
				t.Fatal(err)
			}
			n += len(forms.Literals)
		}
	}
	return n
}

// TestAnyFormComesBack writes positions and dates in every manner one can think of.
func TestAnyFormComesBack(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		b := newBatcher(t, formsMapping)
		for range rapid.IntRange(1, 8).Draw(r, "documents") {
			doc := `{"g":` + drawPosition(r) + `}`
			if rapid.Bool().Draw(r, "date") {
				doc = `{"t":` + drawDate(r) + `}`
			}
			if err := b.add(doc); err != nil {
				t.Fatalf("%s: %v", doc, err)
			}
		}
		b.check()
	})
}

func drawPosition(r *rapid.T) string {
	lat, lon := drawDegrees(r, 95), drawDegrees(r, 185)
	form := rapid.SampledFrom([]string{`{"lat":%s,"lon":%s}`, `{"lat": %s, "lon": %s}`, `{"lon":%s,"lat":%s}`, `{"lat":%s, "lon":%s}`, `{ "lat":%s,"lon":%s }`,
		`"%s,%s"`, `"%s, %s"`, `[%s,%s]`, `[%s, %s]`, `[[%s,%s]]`, `"POINT (%s %s)"`, `{"lat":"%s","lon":%s}`}).Draw(r, "form")
	return fmt.Sprintf(form, lat, lon)
}

func drawDegrees(r *rapid.T, most float64) string {
	v := rapid.Float64Range(-most, most).Draw(r, "degrees")
	return fmt.Sprintf(rapid.SampledFrom([]string{"%.0f", "%.1f", "%.4f", "%.6f", "%.15f", "%.17f", "%g", "%e", "%.3f0"}).Draw(r, "digits"), v)
}

func drawDate(r *rapid.T) string {
	date := fmt.Sprintf("%04d-%02d-%02dT%02d:%02d:%02d", rapid.IntRange(0, 9999).Draw(r, "year"), rapid.IntRange(1, 12).Draw(r, "month"), rapid.IntRange(1, 31).Draw(r, "day"),
		rapid.IntRange(0, 23).Draw(r, "hour"), rapid.IntRange(0, 59).Draw(r, "minute"), rapid.IntRange(0, 59).Draw(r, "second"))
	fraction := rapid.StringMatching(`(\.[0-9]{1,9})?`).Draw(r, "fraction")
	return `"` + date + fraction + rapid.StringMatching(`(Z|[+-][01][0-9]:?[0-5][0-9]|[+-][01][0-9])?`).Draw(r, "zone") + `"`
}
