package exec

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
)

// categorizer puts messages into categories by the words they share. It is the method of Elasticsearch's machine
// learning: a category is kept by its first message and by the words that all of its messages have. Words are
// weighed: one that looks like a word of a language counts more than others, the more so among several.
type categorizer struct {
	lower, upper float64 // similarity that is enough where none is better, and that is enough at once
	ids          map[string]uint32
	texts        []string
	list         []*category // the fullest first
}

// weighedWord is a word of a message.
type weighedWord struct {
	id     uint32
	weight int
}

type category struct {
	count      int64
	base       []weighedWord // words of the first message
	baseWeight int
	unique     int           // weight of its distinct words
	common     []weighedWord // distinct words of all messages, by id
	key        []uint32      // those that all have in the same order
	longest    int           // message
	subs       partials
}

func newCategorizer(threshold float64) *categorizer {
	return &categorizer{lower: threshold, upper: (1 + threshold) / 2, ids: map[string]uint32{}}
}

// weigh reads the words of a message.
func (c *categorizer) weigh(words []string) []weighedWord {
	out := make([]weighedWord, 0, len(words))
	row := 0
	for _, w := range words {
		id, ok := c.ids[w]
		if !ok {
			id = uint32(len(c.texts))
			c.ids[w] = id
			c.texts = append(c.texts, w)
		}
		weight := 1
		if looksLikeWord(w) {
			weight = 3
			if row++; row >= 3 {
				weight *= 6
			}
		} else {
			row = 0
		}
		out = append(out, weighedWord{id, weight})
	}
	return out
}

func looksLikeWord(w string) bool {
	for i, r := range w {
		if !unicode.IsLetter(r) || i > 0 && unicode.IsUpper(r) && !unicode.IsUpper(rune(w[0])) {
			return false
		}
	}
	return len(w) >= 2
}

// distinctWords adds up the weights of equal words.
func distinctWords(list []weighedWord) []weighedWord {
	out := slices.Clone(list)
	slices.SortStableFunc(out, func(a, b weighedWord) int { return cmp.Compare(a.id, b.id) })
	n := 0
	for _, w := range out {
		if n > 0 && out[n-1].id == w.id {
			out[n-1].weight += w.weight
			continue
		}
		out[n] = w
		n++
	}
	return out[:n]
}

func weightOf(list []weighedWord) int {
	n := 0
	for _, w := range list {
		n += w.weight
	}
	return n
}

// add finds the category of some messages with the same words, or makes one, and returns it.
func (c *categorizer) add(words []string, longest int, count int64) *category {
	work := c.weigh(words)
	unique := distinctWords(work)
	weight := weightOf(work)
	best, enough := (*category)(nil), c.lower
	for _, one := range c.list {
		known := one.takes(unique, work, longest)
		if !known && (float64(one.baseWeight) < enough*float64(weight) || float64(one.baseWeight)*enough > float64(weight) || !one.keeps(unique, c.lower)) {
			continue
		}
		similar := similarity(work, weight, one.base, one.baseWeight)
		if known || similar > c.upper {
			best = one
			break
		}
		if similar > enough {
			best, enough = one, similar
		}
	}
	if best == nil {
		best = &category{base: work, baseWeight: weight, unique: weight, common: unique, longest: longest}
		for _, w := range work {
			best.key = append(best.key, w.id)
		}
		c.list = append(c.list, best)
	} else {
		best.narrow(unique, work)
	}
	best.count += count
	best.longest = max(best.longest, longest)
	c.lift(best)
	return best
}

// lift moves a category forward to where its count belongs.
func (c *categorizer) lift(one *category) {
	at := slices.Index(c.list, one)
	to := at
	for to > 0 && c.list[to-1].count < one.count {
		to--
	}
	copy(c.list[to+1:at+1], c.list[to:at])
	c.list[to] = one
}

// reach is the length of messages up to which the category takes them: a tenth more than the longest.
func (one *category) reach() int { return one.longest * 11 / 10 }

// takes says whether a message has all words of the category, in order, and is not much longer than its messages.
func (one *category) takes(unique, work []weighedWord, length int) bool {
	if len(one.key) == 0 || length > one.reach() || missing(one.common, unique) > 0 {
		return false
	}
	at := 0
	for _, w := range work {
		if at < len(one.key) && w.id == one.key[at] {
			at++
		}
	}
	return at == len(one.key)
}

// keeps says whether the category still has enough words in common with a message in it.
func (one *category) keeps(unique []weighedWord, least float64) bool {
	left := weightOf(one.common) - missing(one.common, unique)
	return float64(left) >= least*float64(one.unique)
}

// missing is the weight of the words of a that are not in b, both by id. A word that is there another number of times
// is another one.
func missing(a, b []weighedWord) int {
	n := 0
	for _, w := range a {
		for len(b) > 0 && b[0].id < w.id {
			b = b[1:]
		}
		if len(b) == 0 || b[0] != w {
			n += w.weight
		}
	}
	return n
}

// narrow leaves the words that a message has, too.
func (one *category) narrow(unique, work []weighedWord) {
	if missing(one.common, unique) > 0 {
		kept := one.common[:0:0]
		for _, w := range one.common {
			if i, ok := slices.BinarySearchFunc(unique, w.id, func(u weighedWord, id uint32) int { return cmp.Compare(u.id, id) }); ok && unique[i] == w {
				kept = append(kept, w)
			}
		}
		one.common = kept
	}
	one.key = commonOrder(one.key, work)
}

// commonOrder is the longest list of words that both have in the same order.
func commonOrder(key []uint32, work []weighedWord) []uint32 {
	width := len(work) + 1
	long := make([]uint8, (len(key)+1)*width) // messages have at most 100 words
	for i := len(key) - 1; i >= 0; i-- {
		for j := len(work) - 1; j >= 0; j-- {
			if key[i] == work[j].id {
				long[i*width+j] = long[(i+1)*width+j+1] + 1
			} else {
				long[i*width+j] = max(long[(i+1)*width+j], long[i*width+j+1])
			}
		}
	}
	var out []uint32
	for i, j := 0, 0; i < len(key) && j < len(work); {
		switch {
		case key[i] == work[j].id:
			out = append(out, key[i])
			i++
			j++
		case long[(i+1)*width+j] >= long[i*width+j+1]:
			i++
		default:
			j++
		}
	}
	return out
}

// similarity is 1 for the same words, less by the weight of what has to be changed to make one of the other.
func similarity(a []weighedWord, aWeight int, b []weighedWord, bWeight int) float64 {
	most := max(aWeight, bWeight)
	if most == 0 {
		return 1
	}
	row := make([]int, len(b)+1)
	for j, w := range b {
		row[j+1] = row[j] + w.weight
	}
	for _, v := range a {
		diagonal := row[0]
		row[0] += v.weight
		for j, w := range b {
			cost := diagonal
			if v.id != w.id {
				cost += max(v.weight, w.weight)
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+w.weight, row[j+1]+v.weight)
		}
	}
	return 1 - float64(row[len(b)])/float64(most)
}

// name is the category's key: the words that all of its messages have.
func (c *categorizer) name(one *category) string {
	words := make([]string, len(one.key))
	for i, id := range one.key {
		words[i] = c.texts[id]
	}
	return strings.Join(words, " ")
}

// regex finds the category's messages.
func (c *categorizer) regex(one *category) string {
	var out strings.Builder
	for i, id := range one.key {
		if i == 0 {
			out.WriteString(".*?")
		} else {
			out.WriteString(".+?")
		}
		for _, r := range c.texts[id] {
			if strings.ContainsRune(`\.-@+*?()[]{}|^$&#<>~"`, r) {
				out.WriteByte('\\')
			}
			out.WriteRune(r)
		}
	}
	return out.String() + ".*?"
}
