package pipeagg

// kind is how one kind of pipeline aggregation is computed. One of the two is nil.
type kind struct {
	parent  parentReducer
	sibling siblingReducer
}

// table has all that are modelled.
var table = map[string]kind{
	"avg_bucket":             {sibling: avgBucket},
	"bucket_script":          {parent: bucketScript},
	"bucket_selector":        {parent: bucketSelector},
	"bucket_sort":            {parent: bucketSort},
	"cumulative_cardinality": {parent: cumulativeCardinality},
	"cumulative_sum":         {parent: cumulativeSum},
	"derivative":             {parent: derivative},
	"extended_stats_bucket":  {sibling: extendedStatsBucket},
	"max_bucket":             {sibling: maxBucket},
	"min_bucket":             {sibling: minBucket},
	"moving_fn":              {parent: movingFn},
	"moving_percentiles":     {parent: movingPercentiles},
	"normalize":              {parent: normalize},
	"percentiles_bucket":     {sibling: percentilesBucket},
	"serial_diff":            {parent: serialDiff},
	"stats_bucket":           {sibling: statsBucket},
	"sum_bucket":             {sibling: sumBucket},
}
