package filter

import "testing"

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

func TestScientificAndHexadecimal(t *testing.T) {
	for text, want := range map[string]int64{"1.5e3": 1500, "-2E2": -200, "1e-999999999": 0, "9e15": 9_000_000_000_000_000} {
		if got, ok := scientificInt(text); !ok || got != want {
			t.Errorf("scientificInt(%q) is %d, %v; want %d", text, got, ok, want)
		}
	}
	for text, want := range map[string]int64{"0x1A": 26, "-0xff": -255, "+0X10": 16} {
		if got, ok := hexNumber(text); !ok || got != want {
			t.Errorf("hexNumber(%q) is %d, %v; want %d", text, got, ok, want)
		}
	}
	for _, text := range []string{"1e999999999", "e", "0x", "x1", "--0x1", ""} {
		if n, ok := scientificInt(text); ok && text != "" {
			t.Errorf("scientificInt(%q) is %d", text, n)
		}
		if n, ok := hexNumber(text); ok {
			t.Errorf("hexNumber(%q) is %d", text, n)
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
		scientificInt(text)
		hexNumber(text)
	})
}
