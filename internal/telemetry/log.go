package telemetry

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Format is how log lines look.
type Format string

// The formats. Auto is Text with colours on a terminal and without elsewhere.
const (
	Auto Format = "auto"
	Text Format = "text"
	JSON Format = "json"
)

// NewLogger makes a logger that writes to w. A *slog.LevelVar as level can be changed later.
func NewLogger(w io.Writer, format Format, level slog.Leveler) *slog.Logger {
	if format == JSON {
		return slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{Level: level}))
	}
	return slog.New(&handler{out: &lockedWriter{w: w}, level: level, color: format == Auto && IsTerminal(w)})
}

// IsTerminal says whether w is a terminal that shows colours.
func IsTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok || os.Getenv("NO_COLOR") != "" || os.Getenv("TERM") == "dumb" {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// Redact hides the password in a URL; other text is returned as it is.
func Redact(text string) string {
	u, err := url.Parse(text)
	if err != nil || u.User == nil {
		return text
	}
	return u.Redacted()
}

type lockedWriter struct {
	mu sync.Mutex
	w  io.Writer
}

// handler writes "15:04:05 INFO  message  key=value …".
type handler struct {
	out    *lockedWriter
	level  slog.Leveler
	color  bool
	prefix string // group names, with dots
	attrs  []byte // of With, ready to print
}

func (h *handler) Enabled(_ context.Context, l slog.Level) bool { return l >= h.level.Level() }

func (h *handler) Handle(_ context.Context, r slog.Record) error {
	line := make([]byte, 0, 160)
	line = h.paint(line, dim, r.Time.Format(time.TimeOnly))
	line = append(line, ' ')
	line = h.paint(line, levelColor(r.Level), fmt.Sprintf("%-5s", r.Level.String()))
	line = append(append(line, ' '), r.Message...)
	line = append(line, h.attrs...)
	r.Attrs(func(a slog.Attr) bool {
		line = h.appendAttr(line, h.prefix, a)
		return true
	})
	line = append(line, '\n')
	h.out.mu.Lock()
	defer h.out.mu.Unlock()
	_, err := h.out.w.Write(line)
	return err
}

func (h *handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	next := *h
	next.attrs = append([]byte(nil), h.attrs...)
	for _, a := range attrs {
		next.attrs = h.appendAttr(next.attrs, h.prefix, a)
	}
	return &next
}

func (h *handler) WithGroup(name string) slog.Handler {
	next := *h
	next.prefix += name + "."
	return &next
}

func (h *handler) appendAttr(line []byte, prefix string, a slog.Attr) []byte {
	v := a.Value.Resolve()
	if a.Equal(slog.Attr{}) {
		return line
	}
	if v.Kind() == slog.KindGroup {
		for _, inner := range v.Group() {
			line = h.appendAttr(line, prefix+a.Key+".", inner)
		}
		return line
	}
	line = append(line, "  "...)
	line = h.paint(line, dim, prefix+a.Key+"=")
	text := v.String()
	if text == "" || strings.ContainsAny(text, " \t\n\r\"=") {
		return strconv.AppendQuote(line, text)
	}
	return append(line, text...)
}

const (
	dim    = "\x1b[2m"
	reset  = "\x1b[0m"
	blue   = "\x1b[34m"
	yellow = "\x1b[33m"
	red    = "\x1b[31m"
)

func levelColor(l slog.Level) string {
	switch {
	case l >= slog.LevelError:
		return red
	case l >= slog.LevelWarn:
		return yellow
	case l >= slog.LevelInfo:
		return blue
	}
	return dim
}

func (h *handler) paint(line []byte, color, text string) []byte {
	if !h.color {
		return append(line, text...)
	}
	return append(append(append(line, color...), text...), reset...)
}
