package ruby

// expr is a node of a program's tree. Everything in Ruby is an expression.
type expr interface{ at() Pos }

type node struct{ pos Pos }

func (n node) at() Pos { return n.pos }

type (
	// literalExpr is nil, true, false, a number, a symbol or a text without interpolation.
	literalExpr struct {
		node
		value Value
	}
	// stringExpr is a text with interpolation.
	stringExpr struct {
		node
		parts []expr
	}
	regexExpr struct {
		node
		source expr // a literalExpr or stringExpr
		flags  string
	}
	arrayExpr struct {
		node
		items []expr
	}
	hashExpr struct {
		node
		keys, values []expr
	}
	rangeExpr struct {
		node
		low, high expr // nil for an open end
		exclusive bool
	}
	localExpr struct {
		node
		slot int
	}
	ivarExpr struct {
		node
		name string
	}
	// matchExpr is $~ (group 0 with whole) or $1 to $9.
	matchExpr struct {
		node
		group int
		whole bool
	}
	constExpr struct {
		node
		name string
	}
	eventExpr struct{ node }
	callExpr  struct {
		node
		recv  expr // nil for a function such as Integer(x)
		name  string
		args  []expr
		block *blockExpr
		safe  bool // &.
	}
	blockExpr struct {
		node
		params []int // slots; -1 for a parameter that is not used
		locals []int // slots that begin each round with nil
		body   expr
		symbol string // &:name
		lambda expr   // &f
	}
	logicExpr struct {
		node
		or          bool
		left, right expr
	}
	notExpr struct {
		node
		x expr
	}
	// assignExpr gives target, a localExpr, ivarExpr or index callExpr, the value of x. op is "", "||",
	// "&&" or a method's name.
	assignExpr struct {
		node
		target expr
		op     string
		x      expr
	}
	multiAssignExpr struct {
		node
		targets []expr
		splat   int // index of the target that takes the rest, -1 for none
		values  []expr
	}
	ifExpr struct {
		node
		cond      expr
		then, alt expr // nil for nothing
	}
	caseExpr struct {
		node
		subject expr // nil for a case without one
		whens   []whenClause
		alt     expr
	}
	loopExpr struct {
		node
		cond  expr
		until bool
		// bodyFirst: begin … end while cond
		bodyFirst bool
		body      expr
	}
	bodyExpr struct {
		node
		list []expr
	}
	rescueExpr struct {
		node
		body    expr
		clauses []rescueClause
		alt     expr // else
		ensure  expr
		retries bool // there are clauses, in which retry may stand
	}
	// jumpExpr is return, next or break.
	jumpExpr struct {
		node
		kind  jumpKind
		value expr // nil for nil
	}
	definedExpr struct {
		node
		x expr
	}
	splatExpr struct {
		node
		x expr
	}
)

type whenClause struct {
	tests []expr
	body  expr
}

type rescueClause struct {
	classes []string
	slot    int // of => name, -1 for none
	body    expr
}

type jumpKind uint8

const (
	jumpReturn jumpKind = iota
	jumpNext
	jumpBreak
	jumpRetry
)
