package exec

import (
	"math/rand"
	"strings"
	"testing"
)

// slowGeohash halves the ranges of longitude and latitude in turn.
func slowGeohash(lat, lon float64, precision int) string {
	lo, hi, at := [2]float64{-180, -90}, [2]float64{180, 90}, [2]float64{lon, lat}
	var out strings.Builder
	axis := 0
	for range precision {
		digit := 0
		for range 5 {
			middle := (lo[axis] + hi[axis]) / 2
			digit <<= 1
			if at[axis] >= middle {
				digit, lo[axis] = digit|1, middle
			} else {
				hi[axis] = middle
			}
			axis = 1 - axis
		}
		out.WriteByte(geohashDigits[digit])
	}
	return out.String()
}

func TestGeohash(t *testing.T) {
	random := rand.New(rand.NewSource(7))
	for range 20_000 {
		lat, lon := random.Float64()*180-90, random.Float64()*360-180
		g := geoCells{precision: 1 + random.Intn(12)}
		cell := g.cell(lat, lon)
		if got, want := g.name(cell), slowGeohash(lat, lon, g.precision); got != want {
			t.Fatalf("%v,%v at %d is %s, want %s", lat, lon, g.precision, got, want)
		}
		top, left, bottom, right := g.box(cell)
		if lat > top+1e-6 || lat < bottom-1e-6 || lon < left-1e-6 || lon > right+1e-6 {
			t.Fatalf("%v,%v is not in %v %v %v %v of %s", lat, lon, top, left, bottom, right, g.name(cell))
		}
	}
}

func TestGeotile(t *testing.T) {
	g := geoCells{tiles: true, precision: 8}
	for _, tt := range []struct {
		lat, lon float64
		want     string
	}{{52.374081, 4.912350, "8/131/84"}, {48.86, 2.327, "8/129/88"}, {90, 180, "8/255/0"}, {-90, -180, "8/0/255"}, {0, 0, "8/128/128"}} {
		cell := g.cell(tt.lat, tt.lon)
		if got := g.name(cell); got != tt.want {
			t.Errorf("%v,%v is in %s, want %s", tt.lat, tt.lon, got, tt.want)
		}
	}
	if top, left, bottom, right := g.box(g.cell(1, 1)); top < 1 || bottom > 1 || left > 1 || right < 1 {
		t.Errorf("box %v %v %v %v", top, left, bottom, right)
	}
}
