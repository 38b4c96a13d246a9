package engine

import (
	"fmt"
	"net/http"
	"strings"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// checkTemplateRelations refuses an index template that names components which do not exist, or that
// could match the same new index as another of the same priority.
func (e *Engine) checkTemplateRelations(name string, n *jsonval.Node) error {
	if err := e.checkComponents(name, n); err != nil {
		return err
	}
	others, err := e.meta.objects(es.KindIndexTemplate, nil)
	if err != nil {
		return err
	}
	priority, _ := memberOf(n, "priority").Scalar().Int64()
	patterns := textsOf(n.Get("index_patterns"))
	for _, other := range others {
		if other.Name == name {
			continue
		}
		o, err := jsonval.Parse(other.JSON)
		if err != nil {
			return err
		}
		theirs := textsOf(o.Get("index_patterns"))
		if p, _ := memberOf(o, "priority").Scalar().Int64(); p == priority && anyOverlap(patterns, theirs) {
			return eserr.IllegalArgument("index template [%s] has index patterns [%s] matching patterns from existing templates [%s] with patterns (%s => [%s]) that have the same priority [%d], multiple index templates may not match during index creation, please use a different priority",
				name, strings.Join(patterns, ", "), other.Name, other.Name, strings.Join(theirs, ", "), priority)
		}
	}
	return nil
}

// checkComponents refuses a template whose composed_of names what there is not.
func (e *Engine) checkComponents(name string, n *jsonval.Node) error {
	mayMiss := textsOf(n.Get("ignore_missing_component_templates"))
	var missing []string
	for _, component := range textsOf(n.Get("composed_of")) {
		found, err := e.meta.objects(es.KindComponentTemplate, []string{component})
		if err != nil {
			return err
		}
		if len(found) == 0 && !contains(mayMiss, component) {
			missing = append(missing, component)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	cause := fmt.Sprintf("index template [%s] specifies component templates [%s] that do not exist", name, strings.Join(missing, ", "))
	return eserr.New(http.StatusBadRequest, "invalid_index_template_exception", "index_template [%s] invalid, cause [%s]", name, cause)
}

// textsOf returns the texts of a string or an array; nil has none.
func textsOf(n *jsonval.Node) []string {
	if n == nil {
		return nil
	}
	if n.IsScalar() {
		return []string{n.Text}
	}
	texts := make([]string, len(n.Items))
	for i := range n.Items {
		texts[i] = n.Items[i].Text
	}
	return texts
}

func contains(list []string, text string) bool {
	for _, have := range list {
		if have == text {
			return true
		}
	}
	return false
}

func anyOverlap(a, b []string) bool {
	for _, x := range a {
		for _, y := range b {
			if overlap(x, y) {
				return true
			}
		}
	}
	return false
}

// overlap reports whether some name matches both of two patterns with *. It follows both patterns at
// once; reached holds the places in b that are possible after the part of a read so far.
func overlap(a, b string) bool {
	reached := make([]bool, len(b)+1)
	reached[0] = true
	skipStars(reached, b)
	for i := range len(a) {
		next := make([]bool, len(b)+1)
		for j, here := range reached {
			switch {
			case !here:
			case a[i] == '*': // matches any run of b's characters, none included
				for k := j; k <= len(b); k++ {
					next[k] = true
				}
			case j < len(b) && b[j] == '*': // b's star matches this character and may go on
				next[j] = true
			case j < len(b) && a[i] == b[j]:
				next[j+1] = true
			}
		}
		skipStars(next, b)
		reached = next
	}
	return reached[len(b)]
}

// skipStars lets the stars of b match nothing.
func skipStars(reached []bool, b string) {
	for j := range len(b) {
		if reached[j] && b[j] == '*' {
			reached[j+1] = true
		}
	}
}
