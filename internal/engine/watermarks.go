package engine

import (
	"strconv"
	"strings"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/vfs"
)

// The cluster settings of the disk's watermarks.
const (
	settingLowMark   = "cluster.routing.allocation.disk.watermark.low"
	settingHighMark  = "cluster.routing.allocation.disk.watermark.high"
	settingFloodMark = "cluster.routing.allocation.disk.watermark.flood_stage"
	settingDiskMarks = "cluster.routing.allocation.disk.threshold_enabled"
)

// watermark is how full the disk may be: in percent of it, or with so many bytes free where freeBytes is not 0.
type watermark struct {
	percent   float64
	freeBytes uint64
}

// String is the mark as settings write it.
func (w watermark) String() string {
	if w.freeBytes > 0 {
		return es.ByteSize(w.freeBytes).String()
	}
	return strconv.FormatFloat(w.percent, 'f', -1, 64) + "%"
}

func (w watermark) passed(u vfs.DiskUsage) bool {
	if w.freeBytes > 0 {
		return u.FreeBytes < w.freeBytes
	}
	return 100*(1-float64(u.FreeBytes)/float64(u.TotalBytes)) >= w.percent
}

// watermarks are the three marks; off: none counts, but for the reserve that the store needs itself.
type watermarks struct {
	low, high, flood watermark
	off              bool
}

// parseWatermarks reads the marks from cluster settings; those that are not set are the defaults.
func parseWatermarks(settings map[string]string, floodPercent float64) (*watermarks, error) {
	m := &watermarks{low: watermark{percent: lowWatermarkPercent}, high: watermark{percent: highWatermarkPercent}, flood: watermark{percent: floodPercent}}
	for _, s := range []struct {
		name string
		mark *watermark
	}{{settingLowMark, &m.low}, {settingHighMark, &m.high}, {settingFloodMark, &m.flood}} {
		text := settings[s.name]
		if text == "" {
			continue
		}
		parsed, ok := parseWatermark(text)
		if !ok {
			return nil, eserr.IllegalArgument("failed to parse setting [%s] with value [%s]: it is neither a percentage such as 85%% nor a size such as 500mb", s.name, text)
		}
		*s.mark = parsed
	}
	for _, pair := range [][2]watermark{{m.low, m.high}, {m.high, m.flood}} {
		if (pair[0].freeBytes > 0) != (pair[1].freeBytes > 0) {
			return nil, eserr.IllegalArgument("unable to consistently parse [%s=%s], [%s=%s], and [%s=%s] as percentage or bytes",
				settingLowMark, m.low, settingHighMark, m.high, settingFloodMark, m.flood)
		}
		if pair[0].percent > pair[1].percent || pair[0].freeBytes < pair[1].freeBytes {
			return nil, eserr.IllegalArgument("low disk watermark must be below the high one, and that below the flood stage")
		}
	}
	m.off = settings[settingDiskMarks] == "false"
	return m, nil
}

// parseWatermark reads 85%, 0.85 or a size that is to stay free.
func parseWatermark(text string) (watermark, bool) {
	number, isPercent := strings.CutSuffix(strings.TrimSpace(text), "%")
	if v, err := strconv.ParseFloat(number, 64); err == nil {
		if !isPercent {
			v *= 100
		}
		return watermark{percent: v}, v > 0 && v <= 100
	}
	size, ok := es.ParseByteSize(text)
	return watermark{freeBytes: uint64(size)}, ok && size > 0
}
