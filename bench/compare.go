package main

import (
	"fmt"
	"slices"
	"strings"
)

// column is a store whose cells are known by the names of the rows.
type column struct {
	title string
	cells map[string]string
}

// absent is a cell without a figure.
const absent = "–"

// compared is Elkhorn beside each rival: a row for each cost and each query. Behind a rival's figure
// stands how many times better Elkhorn is; below 1 the rival is better.
func (r *report) compared() (head []string, costs, queries [][]string) {
	head = []string{"", "goal", "Elkhorn", ""}
	for i := range r.rivals {
		head = append(head, r.rivals[i].title(r.docs))
	}
	for i := range quoted {
		head = append(head, quoted[i].title)
	}
	for _, row := range costRows() {
		costs = append(costs, r.comparedCost(row))
	}
	for i := range r.queries {
		queries = append(queries, r.comparedQuery(&r.queries[i]))
	}
	return head, costs, queries
}

// title names a rival with its version, and how many documents it had when not as many as Elkhorn.
func (out *outcome) title(docs int) string {
	title := out.rival.title
	if out.version != "" {
		title += " " + out.version
	}
	if out.docs != docs {
		title += ", on " + grouped(out.docs) + " documents"
	}
	return title
}

func (r *report) comparedCost(row costRow) []string {
	ours := row.value(&r.ours)
	cells := []string{row.what, "", number(ours) + unit(row.unit), ""}
	if row.goal > 0 {
		cells[1], cells[3] = number(row.goal)+unit(row.unit), verdict(factor(ours, row.goal, row.better))
	}
	for i := range r.rivals {
		out := &r.rivals[i]
		theirs := row.value(&out.costs)
		switch {
		case theirs == 0:
			cells = append(cells, absent)
		case row.perDocument || out.docs == r.docs:
			cells = append(cells, number(theirs)+unit(row.unit)+times(factor(theirs, ours, row.better)))
		default:
			cells = append(cells, number(theirs)+unit(row.unit))
		}
	}
	return append(cells, quotedCells(row.what)...)
}

func (r *report) comparedQuery(q *queryRow) []string {
	cells := []string{q.row + ": " + q.what, number(q.goal) + " ms", q.medianAndP95(), verdict(q.percentile(0.5) / q.goal)}
	if !q.right() {
		cells[3] = "WRONG"
	}
	for i := range r.rivals {
		cells = append(cells, r.rivalCell(&r.rivals[i], q, r.rivals[i].query(q.row)))
	}
	return append(cells, quotedCells(q.row)...)
}

// rivalCell is a rival's answer to a row beside ours.
func (r *report) rivalCell(out *outcome, ours, theirs *queryRow) string {
	switch {
	case theirs == nil:
		return absent
	case theirs.cannot != "":
		return "no such query"
	case !theirs.right():
		return "WRONG"
	case out.docs == r.docs && ours.right():
		return theirs.medianAndP95() + times(theirs.percentile(0.5)/ours.percentile(0.5))
	}
	return theirs.medianAndP95()
}

// againTable has the rows that were asked with kept answers.
func (r *report) againTable() (head []string, rows [][]string) {
	head = []string{"query", "Elkhorn"}
	for i := range r.rivals {
		head = append(head, r.rivals[i].title(r.docs))
	}
	for i := range r.again {
		q := &r.again[i]
		cells := []string{q.row + ": " + q.what, q.medianAndP95()}
		if !q.right() {
			cells[1] = "WRONG"
		}
		for j := range r.rivals {
			out := &r.rivals[j]
			at := slices.IndexFunc(out.again, func(other queryRow) bool { return other.row == q.row })
			if at < 0 {
				cells = append(cells, absent)
			} else {
				cells = append(cells, r.rivalCell(out, q, &out.again[at]))
			}
		}
		rows = append(rows, cells)
	}
	return head, rows
}

// query is the row of that name, nil when it was not measured.
func (out *outcome) query(row string) *queryRow {
	for i := range out.queries {
		if out.queries[i].row == row {
			return &out.queries[i]
		}
	}
	return nil
}

func quotedCells(row string) []string {
	var cells []string
	for i := range quoted {
		cell := quoted[i].cells[row]
		if cell == "" {
			cell = absent
		}
		cells = append(cells, cell)
	}
	return cells
}

func (q *queryRow) medianAndP95() string {
	return number(q.percentile(0.5)) + " / " + millis(q.percentile(0.95))
}

func times(factor float64) string {
	if factor >= 10 {
		return fmt.Sprintf(" (×%.0f)", factor)
	}
	if factor < 0.1 {
		return fmt.Sprintf(" (×%.2g)", factor)
	}
	return fmt.Sprintf(" (×%.1f)", factor)
}

// setUps says how each rival was set up.
func (r *report) setUps() string {
	var b strings.Builder
	b.WriteString("- (×2.0) behind a figure: Elkhorn is twice as good; below 1 the other is better.\n" +
		"- Quoted figures were not measured here: those stores cannot be installed as packages. They come from a machine of this size and documents of this shape.\n")
	for i := range r.rivals {
		fmt.Fprintf(&b, "- %s: %s.\n", r.rivals[i].title(r.docs), r.rivals[i].rival.how)
	}
	return b.String()
}

// faults lists what rivals did not do, and why: no rival and no answer is missing in silence.
func (r *report) faults() []string {
	var all []string
	for i := range r.rivals {
		out := &r.rivals[i]
		if out.fault != "" {
			all = append(all, fmt.Sprintf("%s: %s", out.rival.title, out.fault))
		}
		for _, q := range slices.Concat(out.queries, out.again) {
			switch {
			case q.cannot != "":
				all = append(all, fmt.Sprintf("%s has no query %s: %s", out.rival.title, q.row, q.cannot))
			case q.fault != "":
				all = append(all, fmt.Sprintf("%s answers %s wrongly: %s", out.rival.title, q.row, q.fault))
			}
		}
	}
	return all
}

// losses lists the rows where a rival with as many documents and a right answer beats Elkhorn.
func (r *report) losses() string {
	var b strings.Builder
	for i := range r.rivals {
		out := &r.rivals[i]
		for _, row := range costRows() {
			theirs, ours := row.value(&out.costs), row.value(&r.ours)
			if f := factor(theirs, ours, row.better); theirs > 0 && f < 1 && (row.perDocument || out.docs == r.docs) {
				fmt.Fprintf(&b, "- %s: %s is %s times as good\n", row.what, out.rival.title, number(1/f))
			}
		}
		for j := range r.queries {
			q := &r.queries[j]
			theirs := out.query(q.row)
			if theirs == nil || out.docs != r.docs || !theirs.right() || !q.right() {
				continue
			}
			if f := theirs.percentile(0.5) / q.percentile(0.5); f < 1 {
				fmt.Fprintf(&b, "- %s: %s is %s times as fast\n", q.row+": "+q.what, out.rival.title, number(1/f))
			}
		}
	}
	if b.Len() == 0 {
		return "Nowhere.\n"
	}
	return b.String()
}

// extraTable has a line for each other set of documents, rivals' real logs among them.
func (r *report) extraTable() (head []string, rows [][]string) {
	head = []string{"documents", "bytes each", "documents/s", "MB/s", "CPU seconds per million", "CPU seconds per GB", "peak memory", "raw bytes per disk byte", "disk bytes each"}
	all := slices.Clone(r.extra)
	for i := range r.rivals {
		if out := &r.rivals[i]; out.real.rate > 0 {
			all = append(all, extraSet{realLogsName + ", " + out.title(out.docs), out.real})
		}
	}
	for i := range all {
		c := &all[i].costs
		rows = append(rows, []string{all[i].name, number(c.rawBytes) + " B", number(c.rate) + "/s", number(c.rawRate) + " MB/s",
			number(c.cpuSettled) + " s", number(c.cpuSettled/c.rawBytes*1e3) + " s", number(c.peak) + " MB", number(c.ratio), number(c.diskBytes) + " B"})
	}
	return head, rows
}
