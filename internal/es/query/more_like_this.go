package query

import (
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// MoreLikeThis matches documents that have many of the words that stand out in some texts.
type MoreLikeThis struct {
	Common
	Fields       []string // none: the index's default fields
	Like, Unlike []LikeItem
	// Include returns the documents that others are compared with too.
	Include                                bool
	MaxQueryTerms, MinTermFreq, MinDocFreq int
	MaxDocFreq                             int // 0: no limit
	MinWordLength, MaxWordLength           int // 0: no limit
	StopWords                              []string
	Analyzer, MinimumShouldMatch           string
	BoostTerms                             float64
	JSON                                   []byte // as written
}

// LikeItem is a text, or a document. Whoever has documents puts its JSON into Source.
type LikeItem struct {
	Text               string
	Index, ID, Routing string
	Source             []byte
}

// Kind returns "more_like_this".
func (*MoreLikeThis) Kind() string { return "more_like_this" }

func (q *MoreLikeThis) appendBody(dst []byte) []byte { return append(dst, q.JSON...) }

func parseMoreLikeThis(p *parser, n *jsonval.Node) (Query, error) {
	q := &MoreLikeThis{MaxQueryTerms: 25, MinTermFreq: 2, MinDocFreq: 5, MinimumShouldMatch: "30%", JSON: append([]byte(nil), n.Raw...)}
	var boost *float64
	err := p.options(n, "more_like_this", &q.Common, options{
		"fields": p.texts(&q.Fields), "like": p.likeItems(&q.Like), "unlike": p.likeItems(&q.Unlike), "include": p.boolean(&q.Include),
		"max_query_terms": p.count(&q.MaxQueryTerms), "min_term_freq": p.count(&q.MinTermFreq), "min_doc_freq": p.count(&q.MinDocFreq),
		"max_doc_freq": p.count(&q.MaxDocFreq), "min_word_length": p.count(&q.MinWordLength), "max_word_length": p.count(&q.MaxWordLength),
		"stop_words": p.texts(&q.StopWords), "analyzer": p.text(&q.Analyzer), "minimum_should_match": p.text(&q.MinimumShouldMatch),
		"boost_terms": p.float(&boost), "fail_on_unsupported_field": p.boolean(new(bool)),
	})
	switch {
	case err != nil:
		return nil, err
	case len(q.Like) == 0:
		return nil, p.fail(n, "more_like_this requires 'like' to be specified")
	case q.Fields != nil && len(q.Fields) == 0:
		return nil, eserr.IllegalArgument("requires 'fields' to be non-empty")
	}
	if boost != nil {
		q.BoostTerms = *boost
	}
	return q, nil
}

// likeItems reads texts and {"_index":…,"_id":…} or {"doc":{…}}.
func (p *parser) likeItems(target *[]LikeItem) option {
	return func(at place, n *jsonval.Node) error {
		*target = nil
		for _, item := range elements(n) {
			var one LikeItem
			switch item.Kind {
			case jsonval.String:
				one.Text = item.Text
			case jsonval.Object:
				for i, key := range item.Keys {
					v := &item.Items[i]
					switch key {
					case "_index":
						one.Index = v.Text
					case "_id":
						one.ID = v.Text
					case "routing", "_routing":
						one.Routing = v.Text
					case "doc":
						one.Source = append([]byte(nil), v.Raw...)
					default:
						return eserr.Unsupported("[" + key + "] of [" + at.option + "] in a [more_like_this] query")
					}
				}
				if one.ID == "" && one.Source == nil {
					return eserr.IllegalArgument("missing document id or artificial document")
				}
			default:
				return at.unknownToken(&item)
			}
			*target = append(*target, one)
		}
		return nil
	}
}
