package proof

import (
	"fmt"
	"strings"
)

// mapping makes a mapping and notes the fields that documents may have.
func (r *random) mapping() string {
	r.fields = nil
	var props []string
	for i := range 3 + r.IntN(10) {
		f := r.newField(fmt.Sprintf("f%d", i))
		r.fields = append(r.fields, f)
		props = append(props, fmt.Sprintf("%q:%s", f.path, f.mapping))
	}
	if r.chance(80) {
		r.fields = append(r.fields, field{path: "@timestamp", typ: "date", format: "strict_date_optional_time||epoch_millis", mapping: `{"type":"date"}`})
		props = append(props, `"@timestamp":{"type":"date"}`)
	}
	if r.chance(60) {
		inner := r.newField("n")
		inner.path = "o." + inner.path
		dynamic := r.pick("", "", `"dynamic":false,`, `"dynamic":true,`, `"dynamic":"strict",`)
		deep := r.newField("d")
		deep.path = "o.p." + deep.path
		r.fields = append(r.fields, inner, deep)
		props = append(props, fmt.Sprintf(`"o":{%s"properties":{%q:%s,"p":{"properties":{%q:%s}}}}`, dynamic, inner.path[2:], inner.mapping, deep.path[4:], deep.mapping))
	}
	if r.chance(35) {
		props = append(props, r.nestedMapping())
	}
	if r.chance(20) {
		props = append(props, `"off":{"type":"object","enabled":false}`)
		r.fields = append(r.fields, field{path: "off", typ: "off"})
	}
	all := r.chance(30)
	if all {
		props = append(props, `"all":{"type":"text"}`)
	}
	r.dynamicFields()
	members := []string{fmt.Sprintf(`"properties":{%s}`, strings.Join(props, ","))}
	switch r.IntN(10) {
	case 0:
		members = append(members, `"dynamic":false`)
	case 1:
		members = append(members, `"dynamic":"strict"`)
	case 2:
		members = append(members, `"date_detection":false`)
	case 3:
		members = append(members, `"dynamic_templates":[{"s":{"match_mapping_type":"string","mapping":{"type":"keyword"}}}]`)
	case 4:
		members = append(members, `"dynamic_templates":[{"s":{"match":"dyn_*i","mapping":{"type":"double"}}}]`)
	}
	out := "{" + strings.Join(members, ",") + "}"
	if !all {
		out = strings.ReplaceAll(out, `,"copy_to":"all"`, "")
	}
	return out
}

// nestedMapping is a list of objects, at times with lists of objects in them.
func (r *random) nestedMapping() string {
	var props []string
	add := func(prefix string, n int) string {
		props = nil
		for i := range n {
			f := r.newField(fmt.Sprintf("x%d", i))
			name := f.path
			f.path = prefix + f.path
			r.fields = append(r.fields, f)
			props = append(props, fmt.Sprintf("%q:%s", name, f.mapping))
		}
		return strings.Join(props, ",")
	}
	inner := add("ns.", 1+r.IntN(4))
	if r.chance(40) {
		inner += fmt.Sprintf(`,"in":{"type":"nested","properties":{%s}}`, add("ns.in.", 1+r.IntN(3)))
	}
	return fmt.Sprintf(`"ns":{"type":"nested","properties":{%s}}`, inner)
}

// dynamicFields are fields that no mapping names.
func (r *random) dynamicFields() {
	for _, f := range []field{
		{path: "dyn_s", typ: "text"}, {path: "dyn_i", typ: "long"}, {path: "dyn_f", typ: "float"}, {path: "dyn_b", typ: "boolean"},
		{path: "dyn_d", typ: "date", format: "strict_date_optional_time"}, {path: "dyn_o.k", typ: "text"}, {path: "dyn_o.i.j", typ: "long"}, {path: "o.extra", typ: "text"},
	} {
		if r.chance(40) {
			r.fields = append(r.fields, f)
		}
	}
}

// newField makes a field of a random type.
func (r *random) newField(name string) field {
	f := field{path: name}
	var options []string
	option := func(percent int, text string) bool {
		ok := r.chance(percent)
		if ok {
			options = append(options, text)
		}
		return ok
	}
	switch f.typ = r.pick("keyword", "keyword", "keyword", "text", "text", "long", "long", "integer", "short", "byte", "double", "float", "half_float", "scaled_float",
		"boolean", "date", "date", "date_nanos", "ip", "geo_point", "wildcard", "match_only_text", "constant_keyword", "flattened"); f.typ {
	case "keyword":
		option(20, fmt.Sprintf(`"ignore_above":%d`, 1+r.IntN(8)))
		option(15, `"normalizer":"lowercase"`)
		option(20, `"copy_to":"all"`)
		if !option(20, `"fields":{"t":{"type":"text"}}`) && !option(15, `"fields":{"n":{"type":"integer","ignore_malformed":true},"w":{"type":"wildcard"}}`) { // which sees the null_value too
			option(15, fmt.Sprintf(`"null_value":%q`, r.pick("b", "none")))
		}
	case "text":
		option(30, fmt.Sprintf(`"analyzer":%q`, r.pick("whitespace", "simple", "stop", "keyword")))
		option(40, fmt.Sprintf(`"fields":{"keyword":{"type":"keyword","ignore_above":%d}}`, r.pick10(256, 12)))
		option(20, `"copy_to":"all"`)
	case "long", "integer", "short", "byte":
		if f.typ == "long" && r.chance(30) {
			f.path, f.big = name+"_big", true
		}
		option(15, `"coerce":false`)
		option(15, `"null_value":7`)
		option(15, `"fields":{"k":{"type":"keyword"},"f":{"type":"double"}}`)
		f.malformed = option(25, `"ignore_malformed":true`)
		option(10, `"copy_to":"all"`)
	case "double", "float", "half_float", "scaled_float":
		if f.typ == "scaled_float" {
			options = append(options, fmt.Sprintf(`"scaling_factor":%s`, r.pick("100", "10", "4")))
		}
		option(15, `"coerce":false`)
		option(15, `"null_value":2.5`)
		f.malformed = option(25, `"ignore_malformed":true`)
	case "boolean":
		option(15, `"null_value":true`)
		f.malformed = option(15, `"ignore_malformed":true`)
	case "date":
		f.format = r.pick("strict_date_optional_time||epoch_millis", "strict_date_optional_time||epoch_millis", "yyyy-MM-dd HH:mm:ss||epoch_second", "yyyy/MM/dd", "epoch_second", "strict_date_optional_time")
		options = append(options, fmt.Sprintf(`"format":%q`, f.format))
		f.malformed = option(25, `"ignore_malformed":true`)
	case "date_nanos":
		f.format = "strict_date_optional_time"
		options = append(options, fmt.Sprintf(`"format":%q`, f.format))
	case "flattened":
		option(20, fmt.Sprintf(`"ignore_above":%d`, 1+r.IntN(8)))
	case "ip":
		option(15, `"fields":{"k":{"type":"keyword"}}`)
		option(15, `"null_value":"10.0.0.9"`)
		f.malformed = option(25, `"ignore_malformed":true`)
	case "constant_keyword":
		options = append(options, `"value":"b"`)
	}
	if kinds := flavours[f.typ]; kinds != nil && !f.big && r.chance(map[bool]int{true: 70, false: 10}[r.big]) && (f.typ != "date" || strings.HasPrefix(f.format, "strict")) {
		f.flavour = r.pick(kinds...)
	}
	f.mapping = fmt.Sprintf(`{"type":%q%s}`, f.typ, prefixed(options))
	return f
}

func prefixed(options []string) string {
	if len(options) == 0 {
		return ""
	}
	return "," + strings.Join(options, ",")
}

func (r *random) pick10(list ...int) int { return list[r.IntN(len(list))] }
