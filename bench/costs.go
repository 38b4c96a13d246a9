package main

import (
	"context"
	"time"
)

// costs is what loading a set of documents into a store took. Megabytes are millions of bytes.
type costs struct {
	startEmpty  float64 // milliseconds until an empty store is ready
	idleFresh   float64 // MB resident, before anything is loaded
	rate        float64 // documents a second, until all are durable and can be searched
	rawRate     float64 // MB a second
	cpuAnswered float64 // CPU seconds per million documents, until the load was answered
	cpuSettled  float64 // the same, when what was put off is done too
	peak        float64 // MB resident at most
	disk        float64 // MB
	ratio       float64 // raw bytes per disk byte
	rawBytes    float64 // per document
	diskBytes   float64 // per document
	idleLoaded  float64 // MB resident, after the load
	refused     int     // bulks refused with 429 and sent again
	startLoaded float64 // milliseconds until a query over everything answers, after a restart
}

// measureLoad loads, flushes, waits until the process is quiet, and notes what that cost.
func (c *costs) measureLoad(ctx context.Context, p *process, load func() (loadResult, error), flush func(context.Context) error) error {
	before, err := p.cpuSeconds()
	if err != nil {
		return err
	}
	res, err := load()
	if err != nil {
		return err
	}
	answered, err := p.cpuSeconds()
	if err != nil {
		return err
	}
	if err := flush(ctx); err != nil {
		return err
	}
	disk, err := settle(ctx, p)
	if err != nil {
		return err
	}
	settled, err := p.cpuSeconds()
	if err != nil {
		return err
	}
	_, peak, err := p.memory()
	if err != nil {
		return err
	}
	docs := float64(res.docs)
	c.refused = res.refused
	c.rate, c.rawRate = docs/res.took.Seconds(), float64(res.rawBytes)/1e6/res.took.Seconds()
	c.cpuAnswered, c.cpuSettled = (answered-before)/docs*1e6, (settled-before)/docs*1e6
	c.peak, c.disk = float64(peak)/1e6, float64(disk)/1e6
	c.ratio = float64(res.rawBytes) / float64(disk)
	c.rawBytes, c.diskBytes = float64(res.rawBytes)/docs, float64(disk)/docs
	return nil
}

// rest notes the resident memory of a process that has had nothing to do for a while.
func rest(ctx context.Context, p *process, resident *float64) error {
	pause(ctx, idlePause)
	bytes, _, err := p.memory()
	*resident = float64(bytes) / 1e6
	return err
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// The names of the rows that the table shares with quoted figures.
const (
	rowRate       = "documents/s, durable and acknowledged"
	rowCPU        = "CPU seconds per million documents, flushed and merged"
	rowPeak       = "peak resident memory"
	rowIdleFresh  = "resident memory idle, fresh"
	rowIdleLoaded = "resident memory idle, after the load"
	rowRatio      = "raw bytes per disk byte"
)

// costRow is one of the costs as a row of the table.
type costRow struct {
	what   string
	value  func(*costs) float64
	unit   string
	better direction
	goal   float64 // of the design, 0 for none
	// perDocument figures can be compared between runs of different numbers of documents.
	perDocument bool
}

// costRows are the costs in the order of the table, with the goals of the explicit mapping.
func costRows() []costRow {
	return []costRow{
		{"start, empty folder", func(c *costs) float64 { return c.startEmpty }, "ms", lessIsBetter, 1000, true},
		{rowIdleFresh, func(c *costs) float64 { return c.idleFresh }, "MB", lessIsBetter, 40, true},
		{rowRate, func(c *costs) float64 { return c.rate }, "/s", moreIsBetter, 150_000, true},
		{"MB/s of documents", func(c *costs) float64 { return c.rawRate }, "MB/s", moreIsBetter, 0, true},
		{"CPU seconds per million documents, until acknowledged", func(c *costs) float64 { return c.cpuAnswered }, "s", lessIsBetter, 0, true},
		{rowCPU, func(c *costs) float64 { return c.cpuSettled }, "s", lessIsBetter, 8, true},
		{rowPeak, func(c *costs) float64 { return c.peak }, "MB", lessIsBetter, 300, false},
		{"disk, flushed and merged", func(c *costs) float64 { return c.disk }, "MB", lessIsBetter, 0, false},
		{rowRatio, func(c *costs) float64 { return c.ratio }, "", moreIsBetter, 10, true},
		{"bytes per document: disk", func(c *costs) float64 { return c.diskBytes }, "B", lessIsBetter, 0, true},
		{rowIdleLoaded, func(c *costs) float64 { return c.idleLoaded }, "MB", lessIsBetter, 200, false},
		{"start with all documents, to the first answered search", func(c *costs) float64 { return c.startLoaded }, "ms", lessIsBetter, 2000, false},
	}
}
