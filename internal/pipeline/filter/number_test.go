package filter

import (
	"strings"
	"testing"
)

func TestLeadingNumbers(t *testing.T) {
	for _, c := range []struct {
		text  string
		whole int64
		float float64
	}{
		{"12", 12, 12}, {"-7.9", -7, -7.9}, {" +3e2x", 3, 300}, {"12 ms", 12, 12}, {"abc", 0, 0}, {"", 0, 0}, {"1.", 1, 1}, {".5", 0, 0},
		{"1e", 1, 1}, {"99999999999999999999", 9223372036854775807, 1e20}, {"-99999999999999999999", -9223372036854775808, -1e20},
	} {
		if got := leadingInt(c.text); got != c.whole {
			t.Errorf("leadingInt(%q) is %d, want %d", c.text, got, c.whole)
		}
		if got := leadingFloat(c.text); got != c.float {
			t.Errorf("leadingFloat(%q) is %v, want %v", c.text, got, c.float)
		}
	}
}

func TestWholeNumbers(t *testing.T) {
	for text, want := range map[string]string{"1.5e3": "1500", "-2E2": "-200", "1e-300": "0", "9e15": "9000000000000000", "-12.9": "-12", ".5": "0", "+7": "7",
		"9007199254740993.0": "9007199254740993", "9223372036854775808": "9223372036854775808", "1e20": "100000000000000000000"} {
		if got, ok := decimalInteger(text); !ok || got.Text() != want {
			t.Errorf("decimalInteger(%q) is %s, %v; want %s", text, got.Text(), ok, want)
		}
	}
	for text, want := range map[string]int64{"0x1A": 26, "-0xff": -255, "+0X10": 16} {
		if got, ok := hexNumber(text); !ok || got != want {
			t.Errorf("hexNumber(%q) is %d, %v; want %d", text, got, ok, want)
		}
	}
	if f, ok := hexFloat("-0x1.8p+1"); !ok || f != -3 {
		t.Errorf("hexFloat is %v, %v", f, ok)
	}
	for _, text := range []string{"1e999999999", "1e-999999999", "e", "1e", "0x", "x1", "--0x1", "", "+", "-.", "1 2", "12 ms", "NaN", "Infinity", "1/2", strings.Repeat("9", 401)} {
		if v, ok := decimalInteger(text); ok {
			t.Errorf("decimalInteger(%q) is %s", text, v.Text())
		}
		if v, ok := decimalFloat(text); ok {
			t.Errorf("decimalFloat(%q) is %s", text, v.Text())
		}
		if n, ok := hexNumber(text); ok {
			t.Errorf("hexNumber(%q) is %d", text, n)
		}
		if f, ok := hexFloat(text); ok {
			t.Errorf("hexFloat(%q) is %v", text, f)
		}
	}
}

func FuzzNumbers(f *testing.F) {
	for _, text := range []string{"1,234.5", "0x1A", "1e-99999", "-", "+.5"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		leadingInt(text)
		leadingFloat(text)
		decimalInteger(text)
		decimalFloat(text)
		hexNumber(text)
		hexFloat(text)
	})
}
