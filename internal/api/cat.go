package api

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"elkhorn/internal/es"
	"elkhorn/internal/es/dates"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/wildcard"
)

// catColumn describes one column of a _cat table.
type catColumn struct {
	name    string
	aliases string // separated by commas
	help    string
	// extra columns are printed only when h names them.
	extra bool
	right bool // aligned to the right, as numbers are
}

// catCell is one value: its text, and for numbers and sizes the number to sort by.
type catCell struct {
	text   string
	number float64
	// isSize and isSpan say that number is in bytes or milliseconds, to be printed in the unit that
	// bytes or time asks for.
	isSize, isSpan bool
	null           bool
}

func cell(text string) catCell { return catCell{text: text} }

func cellInt(n int64) catCell {
	return catCell{text: strconv.FormatInt(n, 10), number: float64(n)}
}

func cellSize(bytes int64) catCell { return catCell{number: float64(bytes), isSize: true} }

// cellNull is a value that there is none of.
func cellNull() catCell { return catCell{null: true} }

// catTable is the content of one _cat endpoint; every row has a cell per column.
type catTable struct {
	columns []catColumn
	rows    [][]catCell
}

// cat prints a table in the form that the parameters ask for.
func (c *call) cat(t *catTable) (answer, error) {
	if c.flag("help") {
		return answer{text: true, body: t.help()}, nil
	}
	if err := t.sort(c.text("s")); err != nil {
		return answer{}, err
	}
	shown, err := t.choose(c.text("h"))
	if err != nil {
		return answer{}, err
	}
	texts := make([][]string, len(t.rows))
	for r, row := range t.rows {
		texts[r] = make([]string, len(shown))
		for i, col := range shown {
			if texts[r][i], err = c.cellText(row[col.index]); err != nil {
				return answer{}, err
			}
		}
	}
	if c.wantsJSON() {
		return ok(t.json(shown, texts))
	}
	return answer{text: true, body: t.text(shown, texts, c.flag("v"))}, nil
}

// wantsJSON reports whether a table is to be printed as JSON: by format, else by the Accept header.
func (c *call) wantsJSON() bool {
	if format := c.text("format"); format != "" {
		return format != "text"
	}
	accept := c.req.Header.Get("Accept")
	return (c.yaml || strings.Contains(accept, "json")) && !strings.Contains(accept, "text/plain")
}

func (t *catTable) help() []byte {
	width := [2]int{}
	for _, col := range t.columns {
		width[0], width[1] = max(width[0], len(col.name)), max(width[1], len(col.aliases))
	}
	var b strings.Builder
	for _, col := range t.columns {
		fmt.Fprintf(&b, "%-*s | %-*s | %s\n", width[0], col.name, width[1], col.aliases, col.help)
	}
	return []byte(b.String())
}

// column finds a column by name or alias, -1 when there is none.
func (t *catTable) column(name string) int {
	return slices.IndexFunc(t.columns, func(c catColumn) bool {
		return c.name == name || slices.Contains(strings.Split(c.aliases, ","), name)
	})
}

// shownColumn is a column to print, under the name that the request gave it.
type shownColumn struct {
	index int
	name  string
}

// choose returns the columns to print: those of h, which may have wildcards, or the usual ones.
func (t *catTable) choose(h string) ([]shownColumn, error) {
	var shown []shownColumn
	addMatching := func(wanted func(i int) bool) {
		for i := range t.columns {
			if wanted(i) {
				shown = append(shown, shownColumn{i, t.columns[i].name})
			}
		}
	}
	if h == "" {
		addMatching(func(i int) bool { return !t.columns[i].extra })
		return shown, nil
	}
	for _, name := range splitList(h) {
		if strings.Contains(name, "*") {
			addMatching(func(i int) bool {
				has := slices.ContainsFunc(shown, func(s shownColumn) bool { return s.index == i })
				return wildcard.Match(name, t.columns[i].name) && !has
			})
			continue
		}
		i := t.column(name)
		if i < 0 {
			return nil, t.noColumn(name)
		}
		shown = append(shown, shownColumn{i, name})
	}
	return shown, nil
}

func (t *catTable) noColumn(name string) error {
	names := make([]string, len(t.columns))
	for i := range t.columns {
		names[i] = t.columns[i].name
	}
	return eserr.IllegalArgument("column [%s] is not supported%s; there are %v", name, similar(name, names), names)
}

// sort orders the rows by the columns of s, each optionally with :asc or :desc.
func (t *catTable) sort(s string) error {
	type key struct {
		column int
		desc   bool
	}
	var keys []key
	for _, part := range splitList(s) {
		name, order, _ := strings.Cut(part, ":")
		i := t.column(name)
		if i < 0 {
			return eserr.IllegalArgument("Unable to sort by unknown sort key `%s`", name)
		}
		keys = append(keys, key{i, order == "desc"})
	}
	slices.SortStableFunc(t.rows, func(a, b []catCell) int {
		for _, k := range keys {
			order := cmp.Compare(a[k.column].number, b[k.column].number)
			if order == 0 {
				order = strings.Compare(a[k.column].text, b[k.column].text)
			}
			if k.desc {
				order = -order
			}
			if order != 0 {
				return order
			}
		}
		return 0
	})
	return nil
}

func (t *catTable) json(shown []shownColumn, texts [][]string) []byte {
	return list(len(texts), func(dst []byte, r int) []byte {
		w := jsonval.Begin(dst)
		for i, col := range shown {
			if t.rows[r][col.index].null {
				w.Raw(col.name, []byte("null"))
				continue
			}
			w.String(col.name, texts[r][i])
		}
		return w.End()
	})
}

// text prints aligned columns separated by blanks.
func (t *catTable) text(shown []shownColumn, texts [][]string, headings bool) []byte {
	if headings {
		row := make([]string, len(shown))
		for i, col := range shown {
			row[i] = col.name
		}
		texts = append([][]string{row}, texts...)
	}
	width := make([]int, len(shown))
	for _, row := range texts {
		for i, text := range row {
			width[i] = max(width[i], utf8.RuneCountInString(text))
		}
	}
	var b strings.Builder
	for _, row := range texts {
		for i, text := range row {
			pad := strings.Repeat(" ", width[i]-utf8.RuneCountInString(text))
			last := i == len(row)-1
			switch {
			case t.columns[shown[i].index].right:
				b.WriteString(pad + text)
			case last:
				b.WriteString(text)
			default:
				b.WriteString(text + pad)
			}
			if !last {
				b.WriteByte(' ')
			}
		}
		b.WriteByte('\n')
	}
	return []byte(b.String())
}

// cellText prints a cell; sizes and times in the unit asked for.
func (c *call) cellText(v catCell) (string, error) {
	switch {
	case v.isSize:
		return sizeText(int64(v.number), c.text("bytes"))
	case v.isSpan:
		return spanText(int64(v.number), c.text("time"))
	default:
		return v.text, nil
	}
}

// sizeText prints a size in a unit (rounded down), or in the largest fitting one when unit is "".
func sizeText(bytes int64, unit string) (string, error) {
	if unit == "" {
		return es.ByteSize(bytes).String(), nil
	}
	for _, u := range es.ByteUnits {
		if unit == u.Suffix || unit == strings.TrimSuffix(u.Suffix, "b") {
			return strconv.FormatInt(bytes/u.Bytes, 10), nil
		}
	}
	return "", eserr.IllegalArgument("unit [%s] of [bytes] is not one of [b, kb, mb, gb, tb, pb]", unit)
}

// spanText prints milliseconds in a unit, or in the largest fitting one when unit is "".
func spanText(millis int64, unit string) (string, error) {
	d := time.Duration(millis) * time.Millisecond
	if unit == "" {
		return ageText(d), nil
	}
	if one, ok := dates.TimeUnit(unit); ok {
		return strconv.FormatInt(int64(d/one), 10), nil
	}
	return "", eserr.IllegalArgument("unit [%s] of [time] is not one of [d, h, m, s, ms, micros, nanos]", unit)
}
