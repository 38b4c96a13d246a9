package query

import (
	"strconv"
	"strings"

	"elkhorn/internal/es/eserr"
)

// MinimumShouldMatch works out how many of total optional clauses must match.
// The forms are Elasticsearch's: "3", "-2" (all but two), "75%", "-25%" (all
// but a quarter, rounded down) and conditions "2<-25% 9<-3": up to two all of
// them, up to nine all but a quarter, above that all but three.
func MinimumShouldMatch(spec string, total int) (int, error) {
	spec = strings.TrimSpace(spec)
	if !strings.Contains(spec, "<") {
		return simpleMinimum(spec, total)
	}
	required := total
	for _, part := range strings.Fields(spec) {
		limit, rule, ok := strings.Cut(part, "<")
		bound, err := strconv.Atoi(limit)
		if !ok || err != nil {
			return 0, badMinimum(spec)
		}
		if total <= bound {
			return required, nil
		}
		if required, err = simpleMinimum(rule, total); err != nil {
			return 0, badMinimum(spec)
		}
	}
	return required, nil
}

func simpleMinimum(spec string, total int) (int, error) {
	number, isPercent := strings.CutSuffix(spec, "%")
	n, err := strconv.Atoi(strings.TrimSpace(number))
	if err != nil || isPercent && (n < -100 || n > 100) {
		return 0, badMinimum(spec)
	}
	if isPercent {
		n = total * n / 100
	}
	if n < 0 {
		n += total
	}
	return max(n, 0), nil
}

func badMinimum(spec string) error {
	return eserr.IllegalArgument("failed to parse [minimum_should_match] of [%s]", spec)
}
