package exec

import (
	"bytes"
	"testing"
)

func TestVersionOrder(t *testing.T) {
	ordered := []string{
		"0", "1", "1.0", "1.0.0-1", "1.0.0-2", "1.0.0-10", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.2", "1.0.0-alpha.10", "1.0.0-alpha.beta", "1.0.0-beta",
		"1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "1.0.0+build.1", "1.2.0", "1.2.3", "1.10.0", "2.0.0-SNAPSHOT", "2.0.0", "10.0.0", "100.20.3",
		"123456789012345678901234567890.0.0",
		"", "01.2", "1..2", "1.2.", "1.2.3-01", "latest", "v1.2.3",
	}
	for i, a := range ordered {
		for j, b := range ordered {
			got := bytes.Compare(versionOrder([]byte(a)), versionOrder([]byte(b)))
			if want := min(1, max(-1, i-j)); got != want {
				t.Errorf("%q and %q compare as %d, want %d", a, b, got, want)
			}
			if sorted := bytes.Compare(versionSort([]byte(a)), versionSort([]byte(b))); sorted != got {
				t.Errorf("%q and %q sort as %d, compare as %d", a, b, sorted, got)
			}
		}
		if back := string(versionOf(versionSort([]byte(a)))); back != a {
			t.Errorf("%q is printed as %q", a, back)
		}
	}
}

// FuzzVersionOrder checks that any text can be sorted and comes back.
func FuzzVersionOrder(f *testing.F) {
	for _, seed := range []string{"1.2.3-a.1+b", "", "1.", "\x00\x01", "9999999999.0"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if back := string(versionOf(versionSort([]byte(text)))); back != text {
			t.Errorf("%q is printed as %q", text, back)
		}
	})
}
