package geoip

import (
	"strconv"
	"strings"

	"elkhorn/internal/event"
)

// Field is one field of a lookup's result and where databases keep it. Paths are tried in order; a step that is a
// number is an index, -1 being the last item.
type Field struct {
	Name  string
	ECS   []string // its place in the Elastic Common Schema; none has a field that is left out there
	alias string   // MaxMind's name for it, taken by the option fields
	paths []string
	make  func(record Record) event.Value // instead of paths
}

// Fields are in the order in which they are written into the event. Nested paths are GeoIP2's (city, country and ASN
// databases), plain ones those of flat databases such as DB-IP's.
var Fields = []Field{
	{Name: "ip", ECS: []string{"ip"}},
	{Name: "country_name", ECS: []string{"geo", "country_name"}, make: countryName},
	{Name: "country_code2", ECS: []string{"geo", "country_iso_code"}, paths: countryCodePaths},
	// GeoIP2 no longer has three-letter codes; Logstash repeats the two letters.
	{Name: "country_code3", paths: []string{"country_code3", "country.iso_code", "registered_country.iso_code", "country_code"}},
	{Name: "continent_code", ECS: []string{"geo", "continent_code"}, paths: []string{"continent.code", "continent_code"}},
	{Name: "continent_name", ECS: []string{"geo", "continent_name"}, paths: []string{"continent.names.en", "continent_name"}},
	{Name: "region_name", ECS: []string{"geo", "region_name"}, paths: []string{"subdivisions.-1.names.en", "state1", "state", "region_name", "region"}},
	{Name: "region_code", ECS: []string{"geo", "region_code"}, paths: []string{"subdivisions.-1.iso_code", "region_code", "state_code"}},
	{Name: "region_iso_code", ECS: []string{"geo", "region_iso_code"}, make: regionISOCode},
	{Name: "city_name", ECS: []string{"geo", "city_name"}, paths: []string{"city.names.en", "city_name", "city"}},
	{Name: "postal_code", ECS: []string{"geo", "postal_code"}, paths: []string{"postal.code", "postcode", "postal_code"}},
	{Name: "dma_code", ECS: []string{"mmdb", "dma_code"}, paths: []string{"location.metro_code", "dma_code", "metro_code"}},
	{Name: "timezone", ECS: []string{"geo", "timezone"}, paths: []string{"location.time_zone", "timezone", "time_zone"}},
	{Name: "latitude", paths: latitudePaths},
	{Name: "longitude", paths: longitudePaths},
	{Name: "location", ECS: []string{"geo", "location"}, make: geoPoint},
	{Name: "asn", ECS: []string{"as", "number"}, alias: "autonomous_system_number", paths: []string{"autonomous_system_number", "asn"}},
	{Name: "as_org", ECS: []string{"as", "organization", "name"}, alias: "autonomous_system_organization", paths: []string{"autonomous_system_organization", "as_name", "as_org"}},
}

var (
	countryCodePaths = []string{"country.iso_code", "registered_country.iso_code", "country_code"}

	latitudePaths  = []string{"location.latitude", "latitude", "lat"}
	longitudePaths = []string{"location.longitude", "longitude", "lon", "lng"}
)

// FieldNames lists the fields.
func FieldNames() []string {
	names := make([]string, len(Fields))
	for i, f := range Fields {
		names[i] = f.Name
	}
	return names
}

// Is compares with a name that a configuration has, in any case.
func (f *Field) Is(name string) bool {
	return strings.EqualFold(name, f.Name) || f.alias != "" && strings.EqualFold(name, f.alias)
}

// Value is what a record says of the field, null when it says nothing.
func (f *Field) Value(record Record) event.Value {
	if f.make != nil {
		return f.make(record)
	}
	for _, path := range f.paths {
		if v := geoScalar(follow(record, path)); v.Kind() != event.Null {
			return v
		}
	}
	return event.NullValue
}

// follow walks a dotted path; nil when it leads nowhere.
func follow(record Record, path string) any {
	var at any = map[string]any(record)
	for _, step := range strings.Split(path, ".") {
		switch have := at.(type) {
		case map[string]any:
			at = have[step]
		case []any:
			i, err := strconv.Atoi(step)
			if i < 0 {
				i += len(have)
			}
			if err != nil || i < 0 || i >= len(have) {
				return nil
			}
			at = have[i]
		default:
			return nil
		}
	}
	return at
}

// geoScalar makes a value of what a database decodes to; null for anything but texts and numbers, and for an empty text.
func geoScalar(v any) event.Value {
	switch v := v.(type) {
	case string:
		if v != "" {
			return event.StringOf(v)
		}
	case float64:
		return event.FloatOf(v)
	case float32: // by way of its shortest decimal form, so that 51.5 does not become 51.50000001
		f, err := strconv.ParseFloat(strconv.FormatFloat(float64(v), 'g', -1, 32), 64)
		if err == nil {
			return event.FloatOf(f)
		}
	case int:
		return event.IntOf(int64(v))
	case int32:
		return event.IntOf(int64(v))
	case uint16:
		return event.IntOf(int64(v))
	case uint32:
		return event.IntOf(int64(v))
	case uint64:
		return event.IntOf(int64(v))
	}
	return event.NullValue
}

func geoPoint(record Record) event.Value {
	lat := (&Field{paths: latitudePaths}).Value(record)
	lon := (&Field{paths: longitudePaths}).Value(record)
	if !lat.IsNumber() || !lon.IsNumber() {
		return event.NullValue
	}
	point := event.NewObject()
	point.SetMember("lat", lat)
	point.SetMember("lon", lon)
	return point
}

// regionISOCode is ISO 3166-2: country and region joined by a hyphen.
func regionISOCode(record Record) event.Value {
	country := geoScalar(follow(record, "country.iso_code"))
	region := geoScalar(follow(record, "subdivisions.-1.iso_code"))
	if country.Kind() != event.String || region.Kind() != event.String {
		return event.NullValue
	}
	return event.StringOf(country.Str() + "-" + region.Str())
}
