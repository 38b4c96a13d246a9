package main

import (
	"strings"
	"testing"
)

// TestFlagsWithoutSenseAreRefused: a number that leaves the store without memory, room or events is a mistake, and is named with
// its flag before anything starts.
func TestFlagsWithoutSenseAreRefused(t *testing.T) {
	good := func() upCmd { return upCmd{storeFlags: storeFlags{Data: t.TempDir(), FloodStage: 95}, Rate: 4} }
	for _, tt := range []struct {
		name   string
		change func(*upCmd)
		want   string
	}{
		{"memory without a unit", func(c *upCmd) { c.Memory = "2" }, "--memory: "},
		{"memory below what searches need", func(c *upCmd) { c.Memory = "15mb" }, "at least 16mb"},
		{"memory with an unknown unit", func(c *upCmd) { c.Memory = "12q" }, "--memory: "},
		{"flood stage above the disk", func(c *upCmd) { c.FloodStage = 500 }, "--flood-stage: 500 "},
		{"flood stage of nothing", func(c *upCmd) { c.FloodStage = 0 }, "--flood-stage: 0 "},
		{"no data folder", func(c *upCmd) { c.Data = "" }, "--data is empty"},
		{"a demo without events", func(c *upCmd) { c.Demo, c.Rate = true, 0 }, "--rate: 0 "},
		{"a demo that takes back", func(c *upCmd) { c.Demo, c.Rate = true, -1 }, "--rate: -1 "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := good()
			tt.change(&c)
			err := c.Run(&app{})
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want one with %q", err, tt.want)
			}
		})
	}
	c := good()
	c.Memory = "16mb"
	if _, err := c.options(&app{}); err != nil {
		t.Errorf("the least memory: %v", err)
	}
}
