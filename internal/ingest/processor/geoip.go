package processor

import (
	"slices"
	"strings"

	"elkhorn/internal/cache"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/event"
	"elkhorn/internal/geoip"
)

// geoProcessor looks up where an address is.
type geoProcessor struct {
	field, target *path
	file          string
	properties    []string // nil: those of the database's kind
	ignoreMissing bool
	firstOnly     bool
	open          func(file string) (*geoip.Database, error)
	cache         *cache.Cache[value] // by address; null when the database does not know it
}

// geoProperty is a property by Elasticsearch's name and the field of package geoip that holds it.
type geoProperty struct{ name, member, field string }

// geoProperties are in the order in which they are written.
var geoProperties = []geoProperty{
	{"IP", "ip", "ip"},
	{"COUNTRY_ISO_CODE", "country_iso_code", "country_code2"},
	{"COUNTRY_NAME", "country_name", "country_name"},
	{"CONTINENT_CODE", "continent_code", "continent_code"},
	{"CONTINENT_NAME", "continent_name", "continent_name"},
	{"REGION_ISO_CODE", "region_iso_code", "region_iso_code"},
	{"REGION_NAME", "region_name", "region_name"},
	{"CITY_NAME", "city_name", "city_name"},
	{"TIMEZONE", "timezone", "timezone"},
	{"LOCATION", "location", "location"},
	{"POSTAL_CODE", "postal_code", "postal_code"},
	{"ASN", "asn", "asn"},
	{"ORGANIZATION_NAME", "organization_name", "as_org"},
}

// What is looked up when the definition does not say, by kind of database.
var (
	cityProperties    = []string{"CONTINENT_NAME", "COUNTRY_NAME", "COUNTRY_ISO_CODE", "REGION_ISO_CODE", "REGION_NAME", "CITY_NAME", "LOCATION"}
	countryProperties = []string{"CONTINENT_NAME", "COUNTRY_NAME", "COUNTRY_ISO_CODE"}
	asnProperties     = []string{"IP", "ASN", "ORGANIZATION_NAME"}
)

// defaultGeoDatabase is the file that is used when the definition names none.
const defaultGeoDatabase = "GeoLite2-City.mmdb"

// geoCacheSize is Elasticsearch's ingest.geoip.cache_size.
const geoCacheSize = 1000

func newGeoIP(c *config) (Processor, error) {
	target := "geoip"
	if c.kind == "ip_location" {
		target = "ip_location"
	}
	p := &geoProcessor{
		field: c.path("field"), target: c.pathOr("target_field", target), file: c.strOr("database_file", defaultGeoDatabase),
		ignoreMissing: c.flag("ignore_missing", false), firstOnly: c.flag("first_only", true), open: c.compile.env.GeoIP, cache: cache.New[value](geoCacheSize),
	}
	c.flag("download_database_on_pipeline_creation", true) // nothing is ever downloaded
	for _, name := range c.strsOr("properties", nil) {
		name = strings.ToUpper(name)
		if !slices.ContainsFunc(geoProperties, func(g geoProperty) bool { return g.name == name }) {
			c.fail("properties", "illegal property value [%s]. valid values are %s", name, geoPropertyNames())
		}
		p.properties = append(p.properties, name)
	}
	if strings.ContainsAny(p.file, `/\`) {
		c.fail("database_file", "property is the name of a file, without a folder, but was [%s]", p.file)
	}
	return p, c.err
}

func geoPropertyNames() []string {
	names := make([]string, len(geoProperties))
	for i, g := range geoProperties {
		names[i] = g.name
	}
	return names
}

// unavailableTags is where Elasticsearch notes that a database is missing.
var unavailableTags = mustPath("tags")

// Run sets what the database has of the address. Without a database the document is tagged and goes on.
func (p *geoProcessor) Run(d *Document) error {
	v, err := d.getMaybe(p.field, p.ignoreMissing)
	switch {
	case err != nil:
		return err
	case v.Kind() == event.Null && p.ignoreMissing:
		return nil
	case v.Kind() == event.Null:
		return eserr.IllegalArgument("field [%s] is null, cannot extract geoip information.", p.field.text)
	}
	db, err := p.open(p.file)
	if err != nil {
		return eserr.New(500, "illegal_state_exception", "database file [%s] cannot be read: %v", p.file, err)
	}
	if db == nil {
		return d.append(unavailableTags, event.StringOf("_geoip_database_unavailable_"+p.file), false)
	}
	if v.Kind() != event.Array {
		found, err := p.lookup(db, v)
		if err != nil || found.Kind() == event.Null {
			return err
		}
		return d.set(p.target, found.Clone())
	}
	list := event.ArrayOf()
	known := false
	for _, item := range v.Items() {
		found, err := p.lookup(db, item)
		if err != nil {
			return err
		}
		if found.Kind() != event.Null && p.firstOnly {
			return d.set(p.target, found.Clone())
		}
		known = known || found.Kind() != event.Null
		list.Append(found.Clone())
	}
	if !known || p.firstOnly {
		return nil
	}
	return d.set(p.target, list)
}

func (p *geoProcessor) lookup(db *geoip.Database, v value) (value, error) {
	if v.Kind() != event.String {
		return value{}, eserr.IllegalArgument("field [%s] should contain only string or array of strings", p.field.text)
	}
	if found, ok := p.cache.Get(v.Str()); ok {
		return found, nil
	}
	addr, err := parseAddress(v.Str())
	if err != nil {
		return value{}, err
	}
	found := event.NullValue
	if record, ok := db.Lookup(addr); ok {
		wanted := p.properties
		if wanted == nil {
			wanted = defaultProperties(db)
		}
		found = layOut(record, wanted, addr.String())
	}
	p.cache.Put(v.Str(), found)
	return found, nil
}

func defaultProperties(db *geoip.Database) []string {
	switch kind := db.Type(); {
	case strings.Contains(kind, "ASN"):
		return asnProperties
	case strings.Contains(kind, "Country"):
		return countryProperties
	}
	return cityProperties
}

// layOut is the object of the properties that a record has; null when it has none.
func layOut(record geoip.Record, wanted []string, addr string) value {
	object := event.NewObject()
	for _, g := range geoProperties {
		if !slices.Contains(wanted, g.name) {
			continue
		}
		if g.field == "ip" {
			object.SetMember(g.member, event.StringOf(addr))
			continue
		}
		for i := range geoip.Fields {
			if f := &geoip.Fields[i]; f.Name == g.field {
				if v := f.Value(record); v.Kind() != event.Null {
					object.SetMember(g.member, v)
				}
			}
		}
	}
	if object.Len() == 0 {
		return event.NullValue
	}
	return object
}
