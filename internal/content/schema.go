package content

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/plugin"
)

// Schema checks records against a contract.
var Schema = Kind{
	Name:    "schema",
	Summary: "Checks events against a contract: required fields, types, allowed values, units, versions. What does not fit is tagged with the reasons and kept.",
	Options: []plugin.Option{
		{Name: "contract_path", Kind: plugin.Path, Help: "A contract as a JSON or YAML file: schema_version; fields with the lists required, optional and NAME_specific (required where event_type begins with NAME); types with, for each field, {type, min, max, values}, or in short a type, \"float 0-1\" or \"a|b|c\" (types are string, integer, float, number, boolean, object, array, timestamp with a zone, epoch_ms, epoch_s and any); closed: true, so that other fields at the root are reported; history with, for each version, the fields added, which are not required of events of earlier versions."},
		{Name: "contract", Kind: plugin.Hash, Help: "The contract itself, instead of a file."},
		{Name: "older_paths", Kind: plugin.Strings, Help: "Contracts of earlier versions, the newest first; an event of such a version is held to its own. A version that removes a required field of the one before it, or gives a field another type, is refused."},
		{Name: "version_field", Kind: plugin.Field, Default: "schema_version", EmptyForNone: true, Help: "Where an event says its version; without it the newest is meant."},
		{Name: "tag", Kind: plugin.String, Default: "invalid_schema", Help: "Tag for an event that does not fit."},
		{Name: "target", Kind: plugin.Field, Default: "schema_errors", EmptyForNone: true, Help: "Field for the reasons; empty for none."},
		{Name: "on_invalid", Kind: plugin.String, Default: "tag", Allowed: []string{"tag", "drop"}, Help: "drop drops what does not fit; tag keeps it, with the tag and the reasons."},
		{Name: "set_on_invalid", Kind: plugin.Hash, Help: "Fields to set on an event that does not fit, such as [@metadata][index] or, in an ingest pipeline, _index: that is its route."},
		{Name: "check_units", Kind: plugin.Boolean, Default: true, Help: "Report numbers that look like another unit than their name says: seconds in a field that ends in _ms, milliseconds in one that ends in _seconds, shares above 100 %."},
		{Name: "max_errors", Kind: plugin.Integer, Default: 10, Help: "Reasons that are kept of one event."},
	},
	New: newSchema,
}

type schemaCheck struct {
	contracts []*contract // the newest first
	version   *Field
	tag       string
	target    *Field
	drop      bool
	set       []fieldText
	units     bool
	maxErrors int
}

type fieldText struct {
	field Field
	value event.Value
}

func newSchema(env Env, s *plugin.Settings) (Worker, error) {
	c := &schemaCheck{tag: s.String("tag"), drop: s.String("on_invalid") == "drop", units: s.Bool("check_units"), maxErrors: int(s.Int("max_errors"))}
	var err error
	if c.version, err = fieldOption(s, "version_field"); err != nil {
		return nil, err
	}
	if c.target, err = fieldOption(s, "target"); err != nil {
		return nil, err
	}
	if c.maxErrors < 1 || c.maxErrors > 1000 {
		return nil, s.Errorf("max_errors", "must lie between 1 and 1000")
	}
	for _, pair := range s.Pairs("set_on_invalid") {
		f, err := ParseField(pair.Key)
		if err != nil {
			return nil, s.Errorf("set_on_invalid", "%v", err)
		}
		c.set = append(c.set, fieldText{f, event.StringOf(pair.Value.Str)})
	}
	return c, c.readContracts(env, s)
}

func (c *schemaCheck) readContracts(env Env, s *plugin.Settings) error {
	if s.Has("contract") == s.Has("contract_path") {
		return s.Errorf("contract", "or contract_path must be given, one of the two")
	}
	option := "contract"
	var tree event.Value
	if s.Has("contract") {
		v, _ := s.Value("contract")
		tree = settingValue(v)
	}
	read := func(path string) (*contract, error) {
		data, err := env.ReadFile(path)
		if err != nil {
			return nil, err
		}
		tree, err := parseTree(data)
		if err != nil {
			return nil, err
		}
		return newContract(tree)
	}
	var newest *contract
	var err error
	if s.Has("contract_path") {
		option = "contract_path"
		newest, err = read(s.String("contract_path"))
	} else {
		newest, err = newContract(tree)
	}
	if err != nil {
		return s.Errorf(option, "%v", err)
	}
	c.contracts = []*contract{newest}
	for _, path := range s.Strings("older_paths") {
		older, err := read(path)
		if err == nil {
			err = compatible(older, c.contracts[len(c.contracts)-1])
		}
		if err != nil {
			return s.Errorf("older_paths", "%s: %v", path, err)
		}
		c.contracts = append(c.contracts, older)
	}
	return nil
}

// Work checks the record.
func (c *schemaCheck) Work(rec *Record) Result {
	faults := faultList{max: c.maxErrors}
	using := c.contracts[0]
	version := using.version
	if c.version != nil {
		if v, ok := c.version.Get(rec.Root); ok && v.Kind() != event.Null {
			version = v.Text()
			at := slices.IndexFunc(c.contracts, func(k *contract) bool { return k.version == version })
			switch {
			case at >= 0:
				using = c.contracts[at]
			case !slices.ContainsFunc(using.history, func(h contractVersion) bool { return h.version == version }):
				faults.add("%s %q is not known", c.version.text, version)
			}
		}
	}
	using.check(rec, version, &faults)
	if c.units {
		checkUnits(rec.Root, "", &faults, 0)
	}
	if len(faults.list) == 0 {
		return Matched
	}
	if c.drop {
		return Dropped
	}
	rec.tag(c.tag)
	if c.target != nil {
		c.target.Set(rec.Root, event.ArrayOf(faults.list...))
	}
	for i := range c.set {
		rec.set(&c.set[i].field, c.set[i].value)
	}
	return Unmatched
}

// faultList gathers reasons up to a bound.
type faultList struct {
	list []event.Value
	max  int
}

func (l *faultList) add(format string, args ...any) {
	if len(l.list) < l.max {
		l.list = append(l.list, event.StringOf(fmt.Sprintf(format, args...)))
	}
}

// maxUnitDepth bounds how deep numbers are looked for.
const maxUnitDepth = 8

// checkUnits looks at the names and sizes of numbers.
func checkUnits(object event.Value, parent string, faults *faultList, depth int) {
	for i, v := range object.Items() {
		name := object.NameAt(i)
		switch {
		case v.Kind() == event.Object && depth < maxUnitDepth:
			checkUnits(v, parent+name+".", faults, depth+1)
		case v.IsNumber():
			if wrong := wrongUnit(name, v.Float()); wrong != "" {
				faults.add("%s%s: %s %s", parent, name, v.Text(), wrong)
			}
		}
	}
}

// wrongUnit tells what a number looks like that its name denies; "" for nothing.
func wrongUnit(name string, x float64) string {
	switch {
	case strings.HasSuffix(name, "_ms") || strings.HasSuffix(name, "_millis") || strings.HasSuffix(name, "Ms"):
		switch {
		case x >= 1e9 && x < 1e10: // milliseconds of a month, or seconds since 1970: 2001 to 2286
			return "looks like seconds since 1970, not milliseconds"
		case x >= 1e15:
			return "looks like microseconds or nanoseconds, not milliseconds"
		case x > 0 && x < 1 && x != math.Trunc(x) && !strings.Contains(name, "timestamp"):
			return "looks like seconds, not milliseconds"
		}
	case strings.HasSuffix(name, "_seconds") || strings.HasSuffix(name, "_secs") || strings.HasSuffix(name, "_sec"):
		if x >= 1e12 {
			return "looks like milliseconds since 1970, not seconds"
		}
	case strings.HasSuffix(name, "_percent") || strings.HasSuffix(name, "_pct"):
		if x < 0 || x > 100 {
			return "is no percentage"
		}
	}
	return ""
}

// settingValue makes a value of one in a configuration: numbers are numbers, texts are texts.
func settingValue(v plugin.Value) event.Value {
	switch v.Kind {
	case plugin.Number:
		if n, err := strconv.ParseInt(v.Str, 10, 64); err == nil {
			return event.IntOf(n)
		}
		f, _ := parseNumber(v.Str)
		return event.FloatOf(f)
	case plugin.List:
		list := event.ArrayOf()
		for _, item := range v.List {
			list.Append(settingValue(item))
		}
		return list
	case plugin.Map:
		object := event.NewObject()
		for _, p := range v.Pairs {
			object.SetMember(p.Key, settingValue(p.Value))
		}
		return object
	}
	return event.StringOf(v.Str)
}

// isTime tells whether a text is a time with a zone: one without is anybody's guess.
func isTime(text string) (ok, zoned bool) {
	if _, err := time.Parse(time.RFC3339Nano, text); err == nil {
		return true, true
	}
	for _, layout := range []string{"2006-01-02T15:04:05.999999999-0700", "2006-01-02 15:04:05.999999999Z07:00", "2006-01-02 15:04:05.999999999-0700"} {
		if _, err := time.Parse(layout, text); err == nil {
			return true, true
		}
	}
	for _, layout := range []string{"2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999", "2006-01-02 15:04:05,999", "2006-01-02"} {
		if _, err := time.Parse(layout, text); err == nil {
			return true, false
		}
	}
	return false, false
}
