package engine

import (
	"testing"

	"elkhorn/internal/vfs"
)

func TestWatermarks(t *testing.T) {
	usage := func(free uint64) vfs.DiskUsage { return vfs.DiskUsage{TotalBytes: 1000 << 20, FreeBytes: free << 20} }
	for _, tc := range []struct {
		settings         map[string]string
		freeMB           uint64
		low, high, flood bool
	}{
		{nil, 200, false, false, false},
		{nil, 140, true, false, false},
		{nil, 90, true, true, false},
		{nil, 40, true, true, true},
		{map[string]string{settingLowMark: "50%", settingHighMark: "0.6", settingFloodMark: "70%"}, 350, true, true, false},
		{map[string]string{settingLowMark: "500mb", settingHighMark: "300mb", settingFloodMark: "100mb"}, 250, true, true, false},
	} {
		m, err := parseWatermarks(tc.settings, 95)
		if err != nil {
			t.Fatal(err)
		}
		u := usage(tc.freeMB)
		if m.low.passed(u) != tc.low || m.high.passed(u) != tc.high || m.flood.passed(u) != tc.flood {
			t.Errorf("%v with %d MB free: %v %v %v", tc.settings, tc.freeMB, m.low.passed(u), m.high.passed(u), m.flood.passed(u))
		}
	}
	for _, bad := range []map[string]string{
		{settingLowMark: "95%"}, {settingFloodMark: "much"}, {settingLowMark: "1gb"}, {settingHighMark: "120%"},
		{settingLowMark: "1gb", settingHighMark: "2gb", settingFloodMark: "3gb"},
	} {
		if _, err := parseWatermarks(bad, 95); err == nil {
			t.Errorf("%v was taken", bad)
		}
	}
}
