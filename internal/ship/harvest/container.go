package harvest

import (
	"bytes"
	"fmt"
	"regexp"
	"time"

	"elkhorn/internal/event"
)

// containerOptions say how the log files of container runtimes are read.
type containerOptions struct {
	stream string // all, stdout or stderr
	format string // auto, docker or cri
}

// containerDecoder unwraps the records of one file and joins the parts of a line that the runtime split.
type containerDecoder struct {
	opts     *containerOptions
	maxBytes int
	partial  *message // parts so far
}

// record is one line of a container's log.
type record struct {
	text    []byte
	stream  string
	time    time.Time
	partial bool // more of the line follows
}

// add takes a line of the file. complete is false while parts of the container's line are missing.
func (d *containerDecoder) add(m message) (_ message, complete bool) {
	rec, err := d.parse(m.text)
	if err != nil {
		// A line must not be lost to a format we do not know: it goes on as it is, and says why.
		m.badRecord = err.Error()
		return d.finish(m), true
	}
	if d.opts.stream != "all" && rec.stream != d.opts.stream {
		m.skip = true
		if d.partial != nil {
			d.partial.bytes += m.bytes
			return message{}, false
		}
		return m, true
	}
	m.text, m.stream, m.time = rec.text, rec.stream, rec.time
	if rec.partial {
		d.hold(m)
		return message{}, false
	}
	return d.finish(m), true
}

func (d *containerDecoder) hold(m message) {
	if d.partial == nil {
		m.text = bytes.Clone(m.text)
		d.partial = &m
		return
	}
	joined := d.join(m)
	d.partial = &joined
}

// finish joins the last part to those before it.
func (d *containerDecoder) finish(m message) message {
	if d.partial == nil {
		return m
	}
	m = d.join(m)
	d.partial = nil
	return m
}

func (d *containerDecoder) join(m message) message {
	p := *d.partial
	p.text = append(p.text, m.text...)
	p.bytes += m.bytes
	p.badRecord = m.badRecord
	p.truncated = p.truncated || m.truncated
	if len(p.text) > d.maxBytes {
		p.text, p.truncated = p.text[:d.maxBytes], true
	}
	return p
}

func (d *containerDecoder) parse(text []byte) (record, error) {
	docker := d.opts.format == "docker" || d.opts.format == "auto" && len(text) > 0 && text[0] == '{'
	if docker {
		return parseDocker(text)
	}
	return parseCRI(text)
}

// parseDocker reads a record of Docker's json-file driver. The log member ends with a newline unless the line goes on.
func parseDocker(text []byte) (record, error) {
	object, err := event.ParseJSON(text)
	if err != nil {
		return record{}, fmt.Errorf("not a record of Docker's json-file driver: %w", err)
	}
	log, ok := object.Member("log")
	if !ok || log.Kind() != event.String {
		return record{}, fmt.Errorf("record of Docker's json-file driver without log")
	}
	stream, _ := object.Member("stream")
	at, _ := object.Member("time")
	rec := record{text: []byte(log.Str()), stream: stream.Str()}
	if rec.time, err = time.Parse(time.RFC3339Nano, at.Str()); err != nil {
		return record{}, fmt.Errorf("record of Docker's json-file driver with time %q", at.Str())
	}
	cut, whole := bytes.CutSuffix(rec.text, []byte{'\n'})
	rec.text, rec.partial = bytes.TrimSuffix(cut, []byte{'\r'}), !whole
	if rec.partial {
		rec.text = cut
	}
	return rec, nil
}

// parseCRI reads a record of the Kubernetes Container Runtime Interface: time, stream, tags, text. The tag P marks a part.
func parseCRI(text []byte) (record, error) {
	parts := bytes.SplitN(text, []byte{' '}, 4)
	if len(parts) < 3 {
		return record{}, fmt.Errorf("not a record of a container runtime: fewer than three parts")
	}
	at, err := time.Parse(time.RFC3339Nano, string(parts[0]))
	if err != nil {
		return record{}, fmt.Errorf("not a record of a container runtime: it begins with %q, not a time", parts[0])
	}
	stream := string(parts[1])
	if stream != "stdout" && stream != "stderr" {
		return record{}, fmt.Errorf("not a record of a container runtime: stream %q", stream)
	}
	rec := record{stream: stream, time: at}
	if len(parts) < 4 { // without tags, as older runtimes wrote
		rec.text = parts[2]
		return rec, nil
	}
	tags, _, _ := bytes.Cut(parts[2], []byte{':'})
	rec.text, rec.partial = parts[3], len(tags) == 1 && tags[0] == 'P'
	return rec, nil
}

// containerIDPattern is the id of a container in the path of its log, as Docker and the CRI runtimes lay it out.
var containerIDPattern = regexp.MustCompile(`(?:^|[/\\-])([0-9a-f]{64})(?:[/\\.-]|$)`)

// containerID finds the container's id in the path of its log file; empty when there is none.
func containerID(path string) string {
	if m := containerIDPattern.FindStringSubmatch(path); m != nil {
		return m[1]
	}
	return ""
}
