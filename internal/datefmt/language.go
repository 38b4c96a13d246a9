package datefmt

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// language holds the names of months and days: for each the full name and then the short forms that texts use, without
// the point that some of them write behind.
type language struct {
	months [12][]string
	days   [7][]string // Monday first
}

// languages by ISO 639-1 code. English has a table of its own in name.go, since nearly every log is in it.
var languages = map[string]*language{
	"de": newLanguage("Januar Jan Jän|Februar Feb|März Mär Mrz|April Apr|Mai|Juni Jun|Juli Jul|August Aug|September Sept Sep|Oktober Okt|November Nov|Dezember Dez",
		"Montag Mo|Dienstag Di|Mittwoch Mi|Donnerstag Do|Freitag Fr|Samstag Sa|Sonntag So"),
	"es": newLanguage("enero ene|febrero feb|marzo mar|abril abr|mayo may|junio jun|julio jul|agosto ago|septiembre sept sep|octubre oct|noviembre nov|diciembre dic",
		"lunes lun|martes mar|miércoles mié|jueves jue|viernes vie|sábado sáb|domingo dom"),
	"fr": newLanguage("janvier janv jan|février févr fév|mars mar|avril avr|mai|juin|juillet juil|août aoû|septembre sept sep|octobre oct|novembre nov|décembre déc",
		"lundi lun|mardi mar|mercredi mer|jeudi jeu|vendredi ven|samedi sam|dimanche dim"),
	"it": newLanguage("gennaio gen|febbraio feb|marzo mar|aprile apr|maggio mag|giugno giu|luglio lug|agosto ago|settembre set|ottobre ott|novembre nov|dicembre dic",
		"lunedì lun|martedì mar|mercoledì mer|giovedì gio|venerdì ven|sabato sab|domenica dom"),
	"nl": newLanguage("januari jan|februari feb|maart mrt maa|april apr|mei|juni jun|juli jul|augustus aug|september sep|oktober okt|november nov|december dec",
		"maandag ma|dinsdag di|woensdag wo|donderdag do|vrijdag vr|zaterdag za|zondag zo"),
	"pt": newLanguage("janeiro jan|fevereiro fev|março mar|abril abr|maio mai|junho jun|julho jul|agosto ago|setembro set|outubro out|novembro nov|dezembro dez",
		"segunda-feira seg|terça-feira ter|quarta-feira qua|quinta-feira qui|sexta-feira sex|sábado sáb|domingo dom"),
}

func newLanguage(months, days string) *language {
	l := &language{}
	for i, names := range strings.Split(months, "|") {
		l.months[i] = strings.Fields(names)
	}
	for i, names := range strings.Split(days, "|") {
		l.days[i] = strings.Fields(names)
	}
	return l
}

// CompileLocale is [Compile] for texts whose month and day names are in the language of a tag such as de, pt-BR or fr_CA.
// Both the full name and the usual short forms are read, with or without a point behind. The error names the languages
// there are.
func CompileLocale(pattern, tag string) (*Format, error) { return compileLocale(pattern, tag, Joda) }

// CompileJavaLocale is [CompileLocale] for a java.time pattern.
func CompileJavaLocale(pattern, tag string) (*Format, error) {
	return compileLocale(pattern, tag, Java)
}

// hasNames says whether a pattern reads something that differs from language to language.
func hasNames(ops []op) bool {
	return slices.ContainsFunc(ops, func(o op) bool {
		switch o.kind {
		case opMonthText, opWeekdayText, opHalfDay:
			return true
		case opOptional:
			return hasNames(o.section)
		}
		return false
	})
}

func compileLocale(pattern, tag string, dialect Dialect) (*Format, error) {
	f, err := compile(pattern, dialect)
	if err != nil {
		return nil, err
	}
	code, _, _ := strings.Cut(strings.ReplaceAll(strings.ToLower(tag), "_", "-"), "-")
	if code == "en" || !hasNames(f.ops) {
		return f, nil
	}
	if f.language = languages[code]; f.language == nil {
		known := append(slices.Collect(maps.Keys(languages)), "en")
		slices.Sort(known)
		return nil, fmt.Errorf("dates cannot be read in language %q; there are %s", tag, strings.Join(known, ", "))
	}
	return f, nil
}

// matchForeign finds the longest of all names that text begins with, and the point behind it.
func matchForeign(names [][]string, text string) (index, length int) {
	for i, forms := range names {
		for _, form := range forms {
			if len(form) > length && len(text) >= len(form) && strings.EqualFold(text[:len(form)], form) {
				index, length = i, len(form)
			}
		}
	}
	if length > 0 && length < len(text) && text[length] == '.' {
		length++
	}
	return index, length
}
