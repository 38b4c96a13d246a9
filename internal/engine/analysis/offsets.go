package analysis

import "sort"

// offsetMap leads from positions in a text that a character filter made back to those in the text before. What the two texts have in common is found
// character by character from both ends and, between, where they agree again; so it serves all filters alike.
type offsetMap struct {
	// at[i] are positions in the new text from which on was[i] - at[i] is the shift.
	at, was []int
}

// maxRealign is how far ahead two texts are searched for where they agree again.
const maxRealign = 256

// agree is how many bytes have to be the same for two texts to agree again.
const agree = 3

// changesOf compares a text before and after a filter; nil when positions are the same.
func changesOf(before, after []byte) *offsetMap {
	m := &offsetMap{at: []int{0}, was: []int{0}}
	i, j := 0, 0
	for i < len(before) && j < len(after) {
		if before[i] == after[j] {
			i++
			j++
			continue
		}
		skipBefore, skipAfter, ok := realign(before[i:], after[j:])
		if !ok {
			break
		}
		i, j = i+skipBefore, j+skipAfter
		m.note(j, i)
	}
	if len(m.at) == 1 && len(before) == len(after) {
		return nil
	}
	m.note(len(after), len(before))
	return m
}

func (m *offsetMap) note(at, was int) {
	if last := len(m.at) - 1; m.at[last] == at {
		m.was[last] = was
		return
	}
	m.at, m.was = append(m.at, at), append(m.was, was)
}

// realign finds the least to skip in two texts so that they agree.
func realign(before, after []byte) (skipBefore, skipAfter int, ok bool) {
	for total := 1; total <= maxRealign; total++ {
		for b := total; b >= 0; b-- {
			a := total - b
			if b > len(before) || a > len(after) {
				continue
			}
			n := min(agree, len(before)-b, len(after)-a)
			if n > 0 && string(before[b:b+n]) == string(after[a:a+n]) || b == len(before) && a == len(after) {
				return b, a, true
			}
		}
	}
	return 0, 0, false
}

// before is the position in the text before the filter.
func (m *offsetMap) before(at int) int {
	i := sort.SearchInts(m.at, at+1) - 1
	was := m.was[i] + at - m.at[i]
	if i+1 < len(m.was) {
		was = min(was, m.was[i+1])
	}
	return was
}
