package engine

import (
	"math"
	"sync/atomic"
	"time"

	"elkhorn/internal/es"
)

// Watermarks, in percent of the disk, as Elasticsearch's defaults; cluster settings override them. At the flood stage writes are
// refused with the named error while searches and deletes go on; writes are taken again below the
// high watermark. A small absolute reserve keeps the log and the manifests writable on tiny disks.
const (
	lowWatermarkPercent  = 85
	highWatermarkPercent = 90
	// minFreeBytes is the flood stage in absolute terms: room for one flush and one merge step.
	minFreeBytes = 64 << 20
)

// diskWatch knows how full the disk is.
type diskWatch struct {
	current atomic.Pointer[es.Disk]
	flood   atomic.Bool
	marks   atomic.Pointer[watermarks] // nil for the defaults
}

func (d *diskWatch) flooded() bool { return d.flood.Load() }

func (d *diskWatch) state() es.Disk {
	if c := d.current.Load(); c != nil {
		return *c
	}
	return es.Disk{}
}

// check looks at the disk.
func (d *diskWatch) check(e *Engine) {
	usage, err := e.fs.DiskUsage(e.dir)
	if err != nil {
		e.logger.Warn("disk usage is unknown", "dir", e.dir, "error", err)
		return
	}
	if usage.TotalBytes == 0 {
		return // a file system without an end
	}
	disk := es.Disk{TotalBytes: int64(usage.TotalBytes), FreeBytes: int64(usage.FreeBytes)}
	marks := d.marks.Load()
	if marks == nil {
		marks = &watermarks{low: watermark{percent: lowWatermarkPercent}, high: watermark{percent: highWatermarkPercent}, flood: watermark{percent: e.opts.FloodStagePercent}}
	}
	used := 100 * (1 - float64(usage.FreeBytes)/float64(usage.TotalBytes))
	switch {
	case usage.FreeBytes < minFreeBytes || !marks.off && marks.flood.passed(usage):
		disk.Stage = "flood_stage"
	case marks.off:
	case marks.high.passed(usage):
		disk.Stage = "high"
	case marks.low.passed(usage):
		disk.Stage = "low"
	}
	d.current.Store(&disk)
	flood := disk.Stage == "flood_stage" || disk.Stage == "high" && d.flood.Load()
	if d.flood.Swap(flood) != flood {
		about := []any{"dir", e.dir, "used_percent", math.Round(used*10) / 10, "free_bytes", usage.FreeBytes}
		if flood {
			if usage.FreeBytes < minFreeBytes {
				about = append(about, "needed_free_bytes", minFreeBytes)
			}
			e.logger.Error("disk flood stage: writes are refused until there is room", about...)
		} else {
			e.logger.Info("disk has room again: writes are taken", about...)
		}
	}
}

// diskLoop watches the disk until the engine closes.
func (e *Engine) diskLoop() {
	defer e.workers.Done()
	tick := time.NewTicker(e.opts.DiskInterval)
	defer tick.Stop()
	for {
		select {
		case <-e.ctx.Done():
			return
		case <-tick.C:
			e.disk.check(e)
		}
	}
}
