package geoip

import "testing"

func TestCountryNames(t *testing.T) {
	names := countryNames()
	if len(names) != 250 { // ISO 3166-1 has 249, and Kosovo uses XK
		t.Errorf("%d countries, want 250", len(names))
	}
	for code, name := range names {
		if len(code) != 2 || len(name) < 4 {
			t.Errorf("%q is %q", code, name)
		}
	}
}
