package pattern

import (
	"slices"
	"strconv"
)

// resolve gives back-references and conditionals their groups. A call becomes a copy of the group it calls; where the
// group calls another one, or itself, it stays a call.
func (p *parser) resolve() {
	for _, ref := range p.refs {
		if ref.kind == nodeCall && ref.text == "0" {
			ref.group = 0
			continue
		}
		ref.groups = p.groupsOf(ref)
		if ref.kind != nodeCall {
			continue
		}
		if len(ref.groups) > 1 {
			p.fail(ref.min, "several groups are named %q: which one is called?", ref.text)
		}
		ref.group = ref.groups[0]
		if target := p.nodes[ref.group]; !callsGroups(target) {
			budget := maxGroups
			ref.subs = []*node{p.copyGroup(target, &budget)}
			ref.kind = nodeConcat
		}
	}
	p.checkRecursion()
}

func callsGroups(n *node) bool { return n.kind == nodeCall || slices.ContainsFunc(n.subs, callsGroups) }

func (p *parser) groupsOf(ref *node) []int {
	var groups []int
	if n, err := strconv.Atoi(ref.text); err == nil {
		if ref.text[0] == '-' || ref.text[0] == '+' {
			n += ref.group
			if ref.text[0] == '-' {
				n++
			}
		}
		if n > 0 && n < len(p.names) {
			groups = append(groups, n)
		}
	} else {
		for i, name := range p.names {
			if i > 0 && name == ref.text {
				groups = append(groups, i)
			}
		}
	}
	if len(groups) == 0 {
		p.fail(ref.min, "there is no group %q", ref.text)
	}
	return groups
}

// copyGroup copies a called group; the copy captures into the same group.
func (p *parser) copyGroup(n *node, budget *int) *node {
	if *budget--; *budget < 0 {
		p.fail(0, "calls of groups expand to more than %d parts", maxGroups)
	}
	c := *n
	c.subs = make([]*node, len(n.subs))
	for i, sub := range n.subs {
		c.subs[i] = p.copyGroup(sub, budget)
	}
	return &c
}

// recursion finds groups that call themselves before they have taken a character: they would never end.
type recursion struct {
	p        *parser
	nullable map[int]bool // of groups that are done
	open     map[int]bool
}

func (p *parser) checkRecursion() {
	r := recursion{p: p, nullable: map[int]bool{}, open: map[int]bool{}}
	for _, ref := range p.refs {
		if ref.kind == nodeCall {
			r.group(ref)
		}
	}
	p.checkEnding()
}

// checkEnding refuses a group that cannot but call itself again.
func (p *parser) checkEnding() {
	ends := map[int]bool{} // groups of which it is known that they can end
	for grown := true; grown; {
		grown = false
		for g := range p.nodes {
			if !ends[g] && canEnd(p.nodes[g].subs[0], ends) {
				ends[g], grown = true, true
			}
		}
	}
	for _, ref := range p.refs {
		if ref.kind == nodeCall && !ends[ref.group] {
			p.fail(ref.min, "group %q always calls itself again, and would never end", ref.text)
		}
	}
}

func canEnd(n *node, ends map[int]bool) bool {
	switch n.kind {
	case nodeCall:
		return ends[n.group]
	case nodeChoice, nodeCondition:
		return slices.ContainsFunc(n.subs, func(sub *node) bool { return canEnd(sub, ends) })
	case nodeRepeat:
		return n.min == 0 || canEnd(n.subs[0], ends)
	}
	return !slices.ContainsFunc(n.subs, func(sub *node) bool { return !canEnd(sub, ends) })
}

// group tells whether the called group can match nothing.
func (r *recursion) group(call *node) bool {
	if nullable, done := r.nullable[call.group]; done {
		return nullable
	}
	if r.open[call.group] {
		r.p.fail(call.min, "group %q calls itself before it has taken a character, and would never end", call.text)
	}
	r.open[call.group] = true
	nullable := r.node(r.p.nodes[call.group].subs[0])
	r.open[call.group] = false
	r.nullable[call.group] = nullable
	return nullable
}

// node tells whether n can match nothing, and looks at the calls that can come first in it.
func (r *recursion) node(n *node) bool {
	switch n.kind {
	case nodeLiteral, nodeSet:
		return false
	case nodeCall:
		return r.group(n)
	case nodeConcat:
		for _, sub := range n.subs {
			if !r.node(sub) {
				return false
			}
		}
		return true
	case nodeChoice, nodeCondition:
		nullable := false
		for _, sub := range n.subs {
			nullable = r.node(sub) || nullable
		}
		return nullable
	case nodeRepeat:
		return n.max == 0 || r.node(n.subs[0]) || n.min == 0
	case nodeCapture, nodeAtomic:
		return r.node(n.subs[0])
	case nodeLook, nodeAbsent:
		r.node(n.subs[0])
	}
	return true
}
