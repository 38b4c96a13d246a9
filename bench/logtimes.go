package main

import (
	"encoding/json"
	"regexp"
	"strconv"
	"time"
)

// linePart is a stretch of a line: constant text, escaped for JSON, then a time.
type linePart struct {
	text   string
	layout string // of the time after it; "" for none, epoch for seconds since 1970
	at     time.Time
}

const epoch = "epoch"

// timeForms are the times in the sample logs, as they are found and as they are written. The earlier of
// two that match at one place counts.
var timeForms = []struct{ pattern, layout string }{
	{`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d`, "2006-01-02 15:04:05"},                                   // Hadoop, OpenStack, Windows, Zookeeper
	{`\d{4}-\d\d-\d\d-\d\d\.\d\d\.\d\d`, "2006-01-02-15.04.05"},                                 // BGL
	{`\d{4}-\d\d-\d\d_\d\d:\d\d:\d\d`, "2006-01-02_15:04:05"},                                   // names of OpenStack's files
	{`\d{4}\.\d\d\.\d\d`, "2006.01.02"},                                                         // BGL, Thunderbird
	{`[A-Z][a-z]{2} [A-Z][a-z]{2} \d\d \d\d:\d\d:\d\d \d{4}`, "Mon Jan 02 15:04:05 2006"},       // Apache's errors
	{`(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ \d]\d \d\d:\d\d:\d\d`, time.Stamp},  // syslog
	{`(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d \d\d:\d\d:\d\d`, "Jan 2 15:04:05"}, // Thunderbird
	{`\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d`, "02/Jan/2006:15:04:05"},                         // Apache's accesses
	{`\d\d/\d\d/\d\d \d\d:\d\d:\d\d`, "06/01/02 15:04:05"},                                      // Spark
	{`\d\d-\d\d \d\d:\d\d:\d\d`, "01-02 15:04:05"},                                              // Android
	{`\b\d{8}-\d{1,2}:\d{1,2}:\d{1,2}\b`, "20060102-15:4:5"},                                    // HealthApp, which writes the hour 0 with one digit, and we with two
	{`\b\d\d\.\d\d \d\d:\d\d:\d\d`, "01.02 15:04:05"},                                           // Proxifier
	{`^\d{6} \d{6}\b`, "060102 150405"},                                                         // HDFS
	{`\b1[01]\d{8}\b`, epoch},                                                                   // BGL, HPC, Thunderbird
}

// anyTime finds the next time of any form: one group for each.
var anyTime = func() *regexp.Regexp {
	pattern := ""
	for i, form := range timeForms {
		if i > 0 {
			pattern += "|"
		}
		pattern += "(" + form.pattern + ")"
	}
	return regexp.MustCompile(pattern)
}()

// partsOf cuts a line at its times. What looks like a time but is none (a month 13) stays text.
func partsOf(line string) ([]linePart, error) {
	var parts []linePart
	from := 0
	for _, m := range anyTime.FindAllStringSubmatchIndex(line, -1) {
		layout := ""
		for i := range timeForms {
			if m[2+2*i] >= 0 {
				layout = timeForms[i].layout
			}
		}
		at, err := parseTime(layout, line[m[0]:m[1]])
		if err != nil {
			continue
		}
		text, err := escaped(line[from:m[0]])
		if err != nil {
			return nil, err
		}
		parts = append(parts, linePart{text: text, layout: layout, at: at})
		from = m[1]
	}
	text, err := escaped(line[from:])
	return append(parts, linePart{text: text}), err
}

func parseTime(layout, text string) (time.Time, error) {
	if layout == epoch {
		seconds, err := strconv.ParseInt(text, 10, 64)
		return time.Unix(seconds, 0).UTC(), err
	}
	return time.Parse(layout, text)
}

// escaped is text as it stands between the quotes of JSON.
func escaped(text string) (string, error) {
	quoted, err := json.Marshal(text)
	if err != nil {
		return "", err
	}
	return string(quoted[1 : len(quoted)-1]), nil
}

// append writes the part with its time moved on.
func (p *linePart) append(dst []byte, shift time.Duration) []byte {
	dst = append(dst, p.text...)
	switch p.layout {
	case "":
		return dst
	case epoch:
		return strconv.AppendInt(dst, p.at.Add(shift).Unix(), 10)
	}
	return p.at.Add(shift).AppendFormat(dst, p.layout)
}
