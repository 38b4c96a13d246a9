package filter_test

import (
	"encoding/binary"
	"math"
	"net/netip"
	"slices"
)

// mmdb writes small databases in MaxMind's format (version 2.0, 24-bit records) for tests: a binary tree over address
// bits, 16 zero bytes, the records, and the metadata behind a marker.
type mmdb struct {
	networks []mmdbNetwork
}

type mmdbNetwork struct {
	prefix netip.Prefix
	record any
}

func (db *mmdb) add(prefix string, record any) *mmdb {
	db.networks = append(db.networks, mmdbNetwork{netip.MustParsePrefix(prefix), record})
	return db
}

// mmdbNode has two records: a positive one is a node's index plus one, a negative one a data offset's complement, zero
// nothing.
type mmdbNode [2]int

func (db *mmdb) bytes(databaseType string) []byte {
	nodes := []mmdbNode{{}}
	var data []byte
	for _, n := range db.networks {
		address, bits := n.prefix.Addr().As16(), n.prefix.Bits()
		if n.prefix.Addr().Is4() {
			address = [16]byte{}
			v4 := n.prefix.Addr().As4()
			copy(address[12:], v4[:])
			bits += 96
		}
		offset := len(data)
		data = append(data, encodeMMDB(n.record)...)
		at := 0
		for i := range bits {
			side := address[i/8] >> (7 - i%8) & 1
			switch {
			case i == bits-1:
				nodes[at][side] = ^offset
			case nodes[at][side] <= 0:
				nodes = append(nodes, mmdbNode{})
				nodes[at][side] = len(nodes)
				at = len(nodes) - 1
			default:
				at = nodes[at][side] - 1
			}
		}
	}
	var out []byte
	for _, n := range nodes {
		for _, record := range n {
			value := len(nodes) // nothing found
			switch {
			case record > 0:
				value = record - 1
			case record < 0:
				value = len(nodes) + 16 + ^record
			}
			out = append(out, byte(value>>16), byte(value>>8), byte(value))
		}
	}
	out = append(out, make([]byte, 16)...)
	out = append(out, data...)
	out = append(out, "\xab\xcd\xefMaxMind.com"...)
	return append(out, encodeMMDB(map[string]any{
		"node_count": uint32(len(nodes)), "record_size": uint16(24), "ip_version": uint16(6), "database_type": databaseType,
		"languages": []any{"en"}, "binary_format_major_version": uint16(2), "binary_format_minor_version": uint16(0),
		"build_epoch": uint64(1), "description": map[string]any{"en": "test"},
	})...)
}

func encodeMMDB(v any) []byte {
	switch v := v.(type) {
	case string:
		return append(mmdbHead(2, len(v)), v...)
	case float64:
		return binary.BigEndian.AppendUint64(mmdbHead(3, 8), math.Float64bits(v))
	case uint16:
		return binary.BigEndian.AppendUint16(mmdbHead(5, 2), v)
	case uint32:
		return binary.BigEndian.AppendUint32(mmdbHead(6, 4), v)
	case map[string]any:
		out := mmdbHead(7, len(v))
		names := make([]string, 0, len(v))
		for name := range v {
			names = append(names, name)
		}
		slices.Sort(names)
		for _, name := range names {
			out = append(append(out, encodeMMDB(name)...), encodeMMDB(v[name])...)
		}
		return out
	case uint64:
		return binary.BigEndian.AppendUint64(mmdbHead(9, 8), v)
	case []any:
		out := mmdbHead(11, len(v))
		for _, item := range v {
			out = append(out, encodeMMDB(item)...)
		}
		return out
	case float32:
		return binary.BigEndian.AppendUint32(mmdbHead(15, 4), math.Float32bits(v))
	}
	panic("mmdb: type not written")
}

// mmdbHead is a control byte, with the extended type and one size byte where they are needed.
func mmdbHead(kind, size int) []byte {
	first, rest := byte(size), []byte(nil)
	if size >= 29 {
		first, rest = 29, []byte{byte(size - 29)}
	}
	if kind <= 7 {
		return append([]byte{byte(kind)<<5 | first}, rest...)
	}
	return append([]byte{first, byte(kind - 7)}, rest...)
}

// testDatabases are the files that the examples name.
func testDatabases() map[string][]byte {
	names := func(en string) map[string]any { return map[string]any{"names": map[string]any{"en": en}} }
	with := func(m map[string]any, name string, v any) map[string]any { m[name] = v; return m }
	london := map[string]any{
		"city":         names("London"),
		"continent":    with(names("Europe"), "code", "EU"),
		"country":      with(names("United Kingdom"), "iso_code", "GB"),
		"subdivisions": []any{with(names("England"), "iso_code", "ENG")},
		"postal":       map[string]any{"code": "SW1"},
		"location":     map[string]any{"latitude": 51.5142, "longitude": -0.0931, "time_zone": "Europe/London"},
	}
	tokyo := map[string]any{
		"country":  with(names("Japan"), "iso_code", "JP"),
		"location": map[string]any{"latitude": 35.69, "longitude": 139.69, "time_zone": "Asia/Tokyo"},
	}
	flat := map[string]any{"country_code": "DE", "city": "Berlin", "state1": "Land Berlin", "latitude": float32(52.5244), "longitude": float32(13.4105), "postcode": "", "timezone": "+01:00"}
	return map[string][]byte{
		"city.mmdb":    (&mmdb{}).add("81.2.69.142/31", london).add("203.0.113.0/24", tokyo).add("2001:db8::/32", tokyo).bytes("GeoLite2-City"),
		"flat.mmdb":    (&mmdb{}).add("5.9.0.0/16", flat).bytes("DBIP-City-Lite"),
		"country.mmdb": (&mmdb{}).add("5.9.0.0/16", map[string]any{"country_code": "DE"}).bytes("geo-whois-asn-country"),
		"asn.mmdb":     (&mmdb{}).add("5.9.0.0/16", map[string]any{"autonomous_system_number": uint32(24940), "autonomous_system_organization": "Hetzner Online GmbH"}).bytes("GeoLite2-ASN"),
		"broken.mmdb":  []byte("not a database"),
	}
}
