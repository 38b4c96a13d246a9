package exec

import (
	"slices"

	"elkhorn/internal/engine/column"
)

// wordKeyer hands out keys for the words of texts: each word of a text once.
type wordKeyer struct {
	stringKeyer
	words Analyzer
	found []uint32
}

func newWordKeyer(view stringView, words Analyzer, accept func([]byte) bool, acct *account) *wordKeyer {
	return &wordKeyer{stringKeyer: *newStringKeyer(view, accept, acct), words: words}
}

func (k *wordKeyer) bind(l *leaf) error {
	k.col = l.column(k.view.column)
	return nil
}

func (k *wordKeyer) keys(d *docs) (keyed, error) {
	if k.col == nil {
		return keyed{}, nil
	}
	b, err := k.col.rows(d.block, d.rows)
	if err != nil {
		return keyed{}, err
	}
	return k.several(d, k.acct, func(row int) ([]uint32, error) {
		err := k.wordsOf(b, row)
		return k.found, err
	})
}

// wordsOf lists the keys of the words of a row.
func (k *wordKeyer) wordsOf(b *column.Block, row int) error {
	k.found = k.found[:0]
	var failed error
	for lo, hi := b.Range(row); lo < hi; lo++ {
		k.words.Tokens(k.col.text(b, lo), func(token []byte, _ int) bool {
			key, err := k.intern(token)
			if err != nil {
				failed = err
				return false
			}
			if key != noKey {
				k.found = append(k.found, key)
			}
			return true
		})
	}
	slices.Sort(k.found)
	k.found = slices.Compact(k.found)
	return failed
}
