package decimal

import (
	"math"
	"testing"
)

func TestAppend(t *testing.T) {
	for _, tt := range []struct {
		pattern string
		value   float64
		want    string
	}{
		{"0", 1.5, "2"}, {"0", 2.5, "2"}, {"0.00", 1, "1.00"}, {"0.0", 0.25, "0.2"}, {"#.##", 0.5, "0.5"}, {"#.00", 0.5, ".50"}, {"#.##", 0, "0"},
		{"#", 0, "0"}, {"#,##0.00", 1234567.891, "1,234,567.89"}, {"#,##0", -1234, "-1,234"}, {",###", 12, "12"}, {"000", 7, "007"},
		{"$0.00", 3, "$3.00"}, {"$#,###.00", -1, "-$1.00"}, {"0.0%", 0.125, "12.5%"}, {"0‰", 0.5, "500‰"}, {"Value is ##0.0", 100, "Value is 100.0"},
		{"0;(0)", -5, "(5)"}, {"'#'0", 5, "#5"}, {"0 o''clock", 3, "3 o'clock"}, {"0.###E0", 12345, "1.234E4"}, {"00.###E0", 0.00123, "12.3E-4"},
		{"##0.#####E0", 12345, "12.345E3"}, {"0E00", 0, "0E00"}, {"0.0", math.NaN(), "NaN"}, {"0.0", math.Inf(-1), "-∞"}, {"####.000", 0, ".000"},
	} {
		f, err := Compile(tt.pattern)
		if err != nil {
			t.Errorf("%s: %v", tt.pattern, err)
			continue
		}
		if got := string(f.Append(nil, tt.value)); got != tt.want {
			t.Errorf("%s of %v is %q, want %q", tt.pattern, tt.value, got, tt.want)
		}
	}
}

func TestCompileRefuses(t *testing.T) {
	for _, pattern := range []string{"0#0", "0.0.0", "0,", "0E", "0%%", "#0#0", "0.,0"} {
		if _, err := Compile(pattern); err == nil {
			t.Errorf("%s is taken", pattern)
		}
	}
}

// FuzzCompile checks that no pattern panics, nor printing with it.
func FuzzCompile(f *testing.F) {
	for _, pattern := range []string{"#,##0.00", "0.0%;'x'0", "##0.##E0", "''"} {
		f.Add(pattern, 12.5)
	}
	f.Fuzz(func(t *testing.T, pattern string, v float64) {
		if format, err := Compile(pattern); err == nil && len(pattern) < 100 {
			format.Append(nil, v)
		}
	})
}
