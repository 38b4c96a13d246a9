package processor

import (
	"time"

	"elkhorn/internal/es/dates"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/event"
	"elkhorn/internal/mustache"
)

// dateIndexName puts a document into an index of the time that a field names.
type dateIndexName struct {
	field                    *path
	parsers                  []dateParser
	zone                     *time.Location
	zoneName                 string
	prefix, rounding, format *mustache.Template
}

// indexField is where a document goes.
var indexField = mustPath("_index")

func newDateIndexName(c *config) (Processor, error) {
	p := &dateIndexName{field: c.path("field"), zoneName: c.strOr("timezone", "UTC")}
	locale := c.locale()
	p.prefix = c.templateOf("index_name_prefix", c.strOr("index_name_prefix", ""), mustache.JSON)
	p.rounding = c.templateOf("date_rounding", c.str("date_rounding"), mustache.JSON)
	p.format = c.templateOf("index_name_format", c.strOr("index_name_format", "yyyy-MM-dd"), mustache.JSON)
	formats := c.strsOr("date_formats", []string{"yyyy-MM-dd'T'HH:mm:ss.SSSXX"})
	if c.err != nil {
		return nil, c.err
	}
	var err error
	if p.zone, err = dates.Zone(p.zoneName); err != nil {
		return nil, err
	}
	for _, format := range formats {
		parse, err := newDateParser(format, locale, c.compile.env.Now)
		if err != nil {
			return nil, c.fault("date_formats", "%s", eserr.From(err).Reason)
		}
		p.parsers = append(p.parsers, parse)
	}
	return p, nil
}

// Run sets _index to a name with date math, which whoever writes the document works out.
func (p *dateIndexName) Run(d *Document) error {
	v, err := d.get(p.field)
	if err != nil {
		return err
	}
	t, err := parseDate(p.parsers, v, p.zone)
	if err != nil {
		return err
	}
	var parts [3]string
	for i, tmpl := range []*mustache.Template{p.prefix, p.rounding, p.format} {
		if parts[i], err = d.render(tmpl); err != nil {
			return err
		}
	}
	format, err := dates.Compile(parts[2])
	if err != nil {
		return err
	}
	name := "<" + parts[0] + "{" + string(format.Append(nil, dates.FromTime(t), p.zone)) + "||/" + parts[1] + "{" + parts[2] + "|" + p.zoneName + "}}>"
	return d.set(indexField, event.StringOf(name))
}
