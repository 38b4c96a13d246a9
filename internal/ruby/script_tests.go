package ruby

import "errors"

// test reads test "name" do … end.
func (p *parser) test() (t scriptTest, err error) {
	t.pos = p.tok.pos
	if err = p.advance(); err != nil {
		return t, err
	}
	if t.name, err = p.plainText(); err != nil {
		return t, err
	}
	if !p.isKeyword("do") {
		return t, p.unexpected("do")
	}
	if err = p.advance(); err != nil {
		return t, err
	}
	for {
		if err = p.skipNewlines(); err != nil {
			return t, err
		}
		if p.isKeyword("end") {
			return t, p.advance()
		}
		if err = p.testPart(&t); err != nil {
			return t, err
		}
	}
}

// testPart reads parameters { … }, in_event { … } or expect("text") { |events| … }.
func (p *parser) testPart(t *scriptTest) error {
	at, word := p.tok.pos, p.tok.text
	if p.tok.kind != tokIdent || word != "parameters" && word != "in_event" && word != "expect" {
		return p.unexpected("parameters, in_event, expect or end")
	}
	if err := p.advance(); err != nil {
		return err
	}
	text := ""
	if word == "expect" {
		var err error
		if text, err = p.plainText(); err != nil {
			return err
		}
	}
	if !p.isOp("{") && !p.isKeyword("do") {
		return p.unexpected("a block")
	}
	block, err := p.block()
	switch word {
	case "parameters":
		t.params = block
	case "in_event":
		t.event = block
	default:
		t.expects = append(t.expects, expectation{text, at, block})
	}
	return err
}

// plainText reads a text, in parentheses or not.
func (p *parser) plainText() (string, error) {
	enclosed, err := p.acceptOp("(")
	if err != nil {
		return "", err
	}
	at := p.tok.pos
	x, err := p.atom()
	if err != nil {
		return "", err
	}
	lit, _ := x.(*literalExpr)
	if lit == nil {
		return "", syntaxErrorf(at, "wants a plain text")
	}
	text, ok := lit.value.(string)
	if !ok {
		return "", syntaxErrorf(at, "wants a plain text")
	}
	if enclosed {
		return text, p.expectOp(")")
	}
	return text, nil
}

func (s *Script) compileTests(c *compiler) error {
	for i := range s.tests {
		t := &s.tests[i]
		if t.event == nil {
			return syntaxErrorf(t.pos, "the test has no in_event")
		}
		for j, block := range []*blockExpr{t.params, t.event} {
			if block == nil {
				continue
			}
			var err error
			if t.compiled[j], err = c.block(block); err != nil {
				return err
			}
		}
		for _, e := range t.expects {
			block, err := c.block(e.block)
			if err != nil {
				return err
			}
			t.compiledExpecting = append(t.compiledExpecting, block)
		}
	}
	return nil
}

// Test runs the tests of the file. The error is *TestError for the first that failed.
func (s *Script) Test() error {
	for i := range s.tests {
		if err := s.test(&s.tests[i]); err != nil {
			var failed *TestError
			if !errors.As(err, &failed) {
				err = &TestError{s.tests[i].pos, "the test " + s.tests[i].name + " failed: " + err.Error()}
			}
			return err
		}
	}
	return nil
}

func (s *Script) test(t *scriptTest) error {
	fr := s.newFrame(nil, map[string]Value{})
	params := NewHash()
	if t.compiled[0] != nil {
		v, err := (&closure{fr: fr, block: t.compiled[0]}).call()
		if err != nil {
			return err
		}
		var ok bool
		if params, ok = v.(*Hash); !ok {
			return typeErrorf("parameters is %s, not a hash", describeReceiver(v))
		}
	}
	for _, set := range s.setUp {
		if _, err := set(fr); err != nil {
			return err
		}
	}
	if s.register != nil {
		if _, err := s.register.call(fr, []Value{params}); err != nil {
			return err
		}
	}
	v, err := (&closure{fr: fr, block: t.compiled[1]}).call()
	if err != nil {
		return err
	}
	fields, ok := v.(*Hash)
	if !ok {
		return typeErrorf("in_event is %s, not a hash", describeReceiver(v))
	}
	if fr.event, err = s.host.NewEvent(fields); err != nil {
		return err
	}
	events, err := s.run(fr)
	if err != nil {
		return err
	}
	list := &Array{}
	for _, ev := range events {
		list.Items = append(list.Items, ev)
	}
	for i, e := range t.expects {
		met, err := (&closure{fr: fr, block: t.compiledExpecting[i]}).test(list)
		if err != nil {
			return err
		}
		if !met {
			return &TestError{e.pos, "the test " + t.name + " expects: " + e.text}
		}
	}
	return nil
}
