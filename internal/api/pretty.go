package api

// prettyJSON prints JSON as Elasticsearch does with ?pretty: two blanks of indentation, a blank on
// both sides of the colon, "{ }" and "[ ]" for what is empty, and a newline at the end. The input
// must be well-formed.
func prettyJSON(src []byte) []byte {
	p := prettyPrinter{dst: make([]byte, 0, 2*len(src))}
	for i := 0; i < len(src); {
		i = p.token(src, i)
	}
	return append(p.dst, '\n')
}

type prettyPrinter struct {
	dst   []byte
	depth int
	// opened says that a bracket has just been written and nothing stands in it yet.
	opened bool
}

// token writes the token at src[i] and returns the index after it.
func (p *prettyPrinter) token(src []byte, i int) int {
	switch b := src[i]; b {
	case ' ', '\t', '\n', '\r':
		return i + 1
	case '{', '[':
		p.beforeValue()
		p.dst = append(p.dst, b)
		p.depth++
		p.opened = true
		return i + 1
	case '}', ']':
		p.depth--
		if p.opened {
			p.dst = append(p.dst, ' ')
		} else {
			p.newline()
		}
		p.opened = false
		p.dst = append(p.dst, b)
		return i + 1
	case ',':
		p.dst = append(p.dst, ',')
		p.newline()
		return i + 1
	case ':':
		p.dst = append(p.dst, " : "...)
		return i + 1
	}
	p.beforeValue()
	end := skipValue(src, i)
	p.dst = append(p.dst, src[i:end]...)
	return end
}

// beforeValue starts the line of the first value in a bracket.
func (p *prettyPrinter) beforeValue() {
	if p.opened {
		p.opened = false
		p.newline()
	}
}

func (p *prettyPrinter) newline() {
	p.dst = append(p.dst, '\n')
	for range p.depth {
		p.dst = append(p.dst, ' ', ' ')
	}
}
