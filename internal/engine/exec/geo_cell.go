package exec

import (
	"math"
	"strconv"
)

// geoCells numbers the cells of a grid over the earth.
type geoCells struct {
	tiles     bool // of maps; otherwise geohashes
	precision int
}

// cell is the number of the cell that a position lies in. Numbers are in the order of the cells' names for geohashes,
// and by column and row for tiles.
func (g geoCells) cell(lat, lon float64) int64 {
	if g.tiles {
		return g.tile(lat, lon)
	}
	bits := 5 * g.precision
	x := spread(fixed32((lon + 180) / 360))
	y := spread(fixed32((lat + 90) / 180))
	return int64((x<<1 | y) >> (64 - bits))
}

// fixed32 is a share of a whole as a number of 32 bits.
func fixed32(share float64) uint32 {
	return uint32(min(max(int64(math.Floor(share*(1<<32))), 0), 1<<32-1))
}

// spread puts a zero before each bit.
func spread(v uint32) uint64 {
	x := uint64(v)
	x = (x | x<<16) & 0x0000ffff0000ffff
	x = (x | x<<8) & 0x00ff00ff00ff00ff
	x = (x | x<<4) & 0x0f0f0f0f0f0f0f0f
	x = (x | x<<2) & 0x3333333333333333
	return (x | x<<1) & 0x5555555555555555
}

// gather32 takes every other bit, beginning with the lowest.
func gather32(x uint64) uint32 {
	x &= 0x5555555555555555
	x = (x | x>>1) & 0x3333333333333333
	x = (x | x>>2) & 0x0f0f0f0f0f0f0f0f
	x = (x | x>>4) & 0x00ff00ff00ff00ff
	x = (x | x>>8) & 0x0000ffff0000ffff
	return uint32(x | x>>16)
}

// tileBits is how many bits column and row have in the number of a tile.
const tileBits = 29

// tile is the tile of the usual maps (Mercator's projection, cut off beyond 85 degrees).
func (g geoCells) tile(lat, lon float64) int64 {
	n := int64(1) << g.precision
	x := int64(math.Floor((lon + 180) / 360 * float64(n)))
	sine := math.Sin(lat * math.Pi / 180)
	y := int64(math.Floor((0.5 - math.Log((1+sine)/(1-sine))/(4*math.Pi)) * float64(n)))
	if lat >= 90 {
		y = 0
	} else if lat <= -90 {
		y = n - 1
	}
	return min(max(x, 0), n-1)<<tileBits | min(max(y, 0), n-1)
}

const geohashDigits = "0123456789bcdefghjkmnpqrstuvwxyz"

// name is the key of a cell.
func (g geoCells) name(cell int64) string {
	if g.tiles {
		return strconv.Itoa(g.precision) + "/" + strconv.FormatInt(cell>>tileBits, 10) + "/" + strconv.FormatInt(cell&(1<<tileBits-1), 10)
	}
	name := make([]byte, g.precision)
	for i := range name {
		name[len(name)-1-i] = geohashDigits[cell>>(5*i)&31]
	}
	return string(name)
}

// box are the bounds of a cell.
func (g geoCells) box(cell int64) (top, left, bottom, right float64) {
	if g.tiles {
		n := math.Exp2(float64(g.precision))
		x, y := float64(cell>>tileBits), float64(cell&(1<<tileBits-1))
		return tileLat(y / n), x/n*360 - 180, tileLat((y + 1) / n), (x+1)/n*360 - 180
	}
	bits := 5 * g.precision
	all := uint64(cell) << (64 - bits)
	wide := 360 / math.Exp2(float64((bits+1)/2))
	high := 180 / math.Exp2(float64(bits/2))
	left = float64(gather32(all>>1))/(1<<32)*360 - 180
	bottom = float64(gather32(all))/(1<<32)*180 - 90
	return bottom + high, left, bottom, left + wide
}

// tileLat is the latitude at a share of the map's height, from above.
func tileLat(share float64) float64 {
	return math.Atan(math.Sinh(math.Pi-2*math.Pi*share)) * 180 / math.Pi
}

// storedLat and storedLon are coordinates as Lucene's doc values keep them, in 32 bits: what Elasticsearch computes
// with.
func storedLat(lat float64) float64 {
	const unit = 180.0 / (1 << 32)
	if lat == 90 {
		lat = math.Nextafter(lat, 0)
	}
	return math.Floor(lat/unit) * unit
}

func storedLon(lon float64) float64 {
	const unit = 360.0 / (1 << 32)
	if lon == 180 {
		lon = math.Nextafter(lon, 0)
	}
	return math.Floor(lon/unit) * unit
}
