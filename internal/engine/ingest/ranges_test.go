package ingest

import (
	"encoding/hex"
	"net/netip"
	"testing"

	"elkhorn/internal/engine/segment"
)

func TestNetworkEnds(t *testing.T) {
	for network, want := range map[string][2]string{
		"10.1.2.3/8":       {"10.0.0.0", "10.255.255.255"},
		"192.168.1.128/25": {"192.168.1.128", "192.168.1.255"},
		"1.2.3.4/32":       {"1.2.3.4", "1.2.3.4"},
		"0.0.0.0/0":        {"0.0.0.0", "255.255.255.255"},
		"2001:db8::/33":    {"2001:db8::", "2001:db8:7fff:ffff:ffff:ffff:ffff:ffff"},
	} {
		lo, hi := segment.NetworkEnds(netip.MustParsePrefix(network))
		for i, end := range [][]byte{lo, hi} {
			if got := netip.AddrFrom16([16]byte(end)).Unmap().String(); got != want[i] {
				t.Errorf("%s: end %d is %s, want %s", network, i, got, want[i])
			}
		}
	}
}

func TestRangeEndsAreOrdered(t *testing.T) {
	before := ""
	for _, v := range []float64{-1e308, -1.5, -1, -1e-300, 0, 1e-300, 1, 1.5, 1e308} {
		end := string(segment.FloatEnd(v))
		if before >= end {
			t.Errorf("%v: %s is not beyond %s", v, hex.EncodeToString([]byte(end)), hex.EncodeToString([]byte(before)))
		}
		before = end
	}
	if before = string(segment.RangeEnd(-5)); before >= string(segment.RangeEnd(-4)) || string(segment.RangeEnd(-1)) >= string(segment.RangeEnd(0)) {
		t.Error("whole numbers are out of order")
	}
}

// FuzzWhole checks that fields which take values of any form neither break nor lose what was written.
func FuzzWhole(f *testing.F) {
	for _, seed := range []string{
		`{"a":{"b":[1,"x",null,{"c":true}]}}`, `[{"a":1},{"a":2}]`, `{"gte":1,"lt":5}`, `[{"gt":"2026-01-01"},{"lte":7}]`, `"10.0.0.0/8"`,
		`{"lat":1,"lon":2}`, `{"\u0000":1}`, `null`, `[]`, `{"gte":{}}`, `18446744073709551615`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		for _, typ := range []string{"flattened", "integer_range", "long_range", "float_range", "double_range", "date_range", "ip_range", "geo_point", "unsigned_long"} {
			b := newBatcher(t, `{"properties":{"v":{"type":"`+typ+`"}}}`)
			if err := b.add(`{"v":` + value + `}`); err == nil {
				b.check()
			}
		}
	})
}
