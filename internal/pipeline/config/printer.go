package config

import "strings"

// Print writes the tree as text with one option per line. Comments are not kept, environment
// references are (they are printed as written). Parsing the text gives an equal tree but for places.
func Print(cfg *Config) string {
	pr := &printer{}
	for i, s := range cfg.Sections {
		if i > 0 {
			pr.b.WriteByte('\n')
		}
		pr.line(string(s.Kind) + " {")
		pr.body(s.Body)
		pr.line("}")
	}
	return pr.b.String()
}

// PrintExpr writes a condition on one line.
func PrintExpr(x Expr) string {
	pr := &printer{}
	pr.expr(x)
	return pr.b.String()
}

type printer struct {
	b      strings.Builder
	indent int
}

func (pr *printer) line(text string) {
	pr.margin()
	pr.b.WriteString(text)
	pr.b.WriteByte('\n')
}

func (pr *printer) margin() { pr.b.WriteString(strings.Repeat("  ", pr.indent)) }

func (pr *printer) body(body []Statement) {
	pr.indent++
	defer func() { pr.indent-- }()
	for _, st := range body {
		pr.margin()
		switch st := st.(type) {
		case *Plugin:
			pr.plugin(st)
		case *Branch:
			pr.branch(st)
		}
		pr.b.WriteByte('\n')
	}
}

func (pr *printer) branch(b *Branch) {
	for i, arm := range b.Arms {
		switch {
		case i > 0 && arm.Cond != nil:
			pr.b.WriteString(" else if ")
		case i > 0:
			pr.b.WriteString(" else")
		default:
			pr.b.WriteString("if ")
		}
		if arm.Cond != nil {
			pr.expr(arm.Cond)
		}
		pr.b.WriteString(" {\n")
		pr.body(arm.Body)
		pr.margin()
		pr.b.WriteByte('}')
	}
}

func (pr *printer) plugin(p *Plugin) {
	pr.name(p.Name)
	if len(p.Options) == 0 {
		pr.b.WriteString(" {}")
		return
	}
	pr.b.WriteString(" {\n")
	pr.indent++
	for _, o := range p.Options {
		pr.margin()
		pr.name(o.Name)
		pr.b.WriteString(" => ")
		pr.value(o.Value)
		pr.b.WriteByte('\n')
	}
	pr.indent--
	pr.margin()
	pr.b.WriteByte('}')
}

// name prints a plugin's or option's name, in the quotes that it needs.
func (pr *printer) name(name string) {
	bare := name != "" && name != "if" && name != "else"
	for _, c := range []byte(name) {
		bare = bare && isNameByte(c)
	}
	if bare {
		pr.b.WriteString(name)
		return
	}
	quote := byte('"')
	if unescapedQuote(name, '"') {
		quote = '\''
	}
	pr.b.WriteByte(quote)
	pr.b.WriteString(name)
	pr.b.WriteByte(quote)
}

// unescapedQuote says whether a text between such quotes would end before its end.
func unescapedQuote(s string, quote byte) bool {
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) && s[i+1] == quote {
			i++
		} else if s[i] == quote {
			return true
		}
	}
	return false
}

func (pr *printer) value(v Value) {
	switch v.Kind {
	case Bareword, Number:
		pr.b.WriteString(v.Raw)
	case String:
		pr.b.WriteByte(v.Quote)
		pr.b.WriteString(v.Raw)
		pr.b.WriteByte(v.Quote)
	case List:
		pr.b.WriteByte('[')
		for i, item := range v.Items {
			if i > 0 {
				pr.b.WriteString(", ")
			}
			pr.value(item)
		}
		pr.b.WriteByte(']')
	case Hash:
		pr.hash(v)
	case Block:
		pr.plugin(v.Block)
	}
}

func (pr *printer) hash(v Value) {
	if len(v.Pairs) == 0 {
		pr.b.WriteString("{}")
		return
	}
	pr.b.WriteString("{\n")
	pr.indent++
	for _, pair := range v.Pairs {
		pr.margin()
		pr.value(pair.Key)
		pr.b.WriteString(" => ")
		pr.value(pair.Value)
		pr.b.WriteByte('\n')
	}
	pr.indent--
	pr.margin()
	pr.b.WriteByte('}')
}

func (pr *printer) expr(x Expr) {
	switch x := x.(type) {
	case *Logic:
		left, right := precedence(x), precedence(x)+1
		if unranked(x.Op) {
			left, right = precedenceAlone, precedenceAlone
		}
		pr.group(x.Left, left)
		pr.b.WriteString(" " + x.Op + " ")
		pr.group(x.Right, right)
	case *Not:
		pr.b.WriteByte('!')
		if t, ok := x.X.(*Truth); ok && t.Operand.Kind == FieldRef {
			pr.operand(t.Operand)
			return
		}
		pr.b.WriteByte('(')
		pr.expr(x.X)
		pr.b.WriteByte(')')
	case *Compare:
		pr.binary(x.Left, x.Op, x.Right)
	case *Match:
		pr.binary(x.Left, map[bool]string{false: "=~", true: "!~"}[x.Negate], x.Right)
	case *In:
		pr.binary(x.Left, map[bool]string{false: "in", true: "not in"}[x.Negate], x.Right)
	case *Truth:
		pr.operand(x.Operand)
	}
}

// group prints one side of a Logic, in parentheses only when it binds less tightly than least: so the
// printed form is never nested deeper than the tree was written.
func (pr *printer) group(x Expr, least int) {
	if precedence(x) >= least {
		pr.expr(x)
		return
	}
	pr.b.WriteByte('(')
	pr.expr(x)
	pr.b.WriteByte(')')
}

// How tightly a condition binds: nand and xor stand beside other operators only in parentheses.
const (
	precedenceUnranked = iota
	precedenceOr
	precedenceAnd
	precedenceAlone
)

func precedence(x Expr) int {
	l, ok := x.(*Logic)
	switch {
	case !ok:
		return precedenceAlone
	case unranked(l.Op):
		return precedenceUnranked
	case l.Op == "and":
		return precedenceAnd
	}
	return precedenceOr
}

func (pr *printer) binary(left Operand, op string, right Operand) {
	pr.operand(left)
	pr.b.WriteString(" " + op + " ")
	pr.operand(right)
}

func (pr *printer) operand(o Operand) {
	switch o.Kind {
	case FieldRef:
		pr.b.WriteString(o.Text)
	case Regex:
		pr.b.WriteString("/" + o.Text + "/")
	case Literal:
		pr.value(o.Value)
	}
}
