//! The rows of the table: what is collected, run, and turned into tables.

use std::ops::Bound;

use serde_json::{json, Value};
use tantivy::aggregation::agg_req::Aggregations;
use tantivy::aggregation::AggregationCollector;
use tantivy::collector::{Count, TopDocs};
use tantivy::query::{AllQuery, BooleanQuery, PhraseQuery, Query, RangeQuery, TermQuery};
use tantivy::schema::{Document, IndexRecordOption, Schema};
use tantivy::{DateTime, DocAddress, Order, Searcher, TantivyDocument, Term};

use crate::Fault;

/// Plan is a row: a query and what is wanted of its documents.
pub struct Plan {
    query: Box<dyn Query>,
    total: bool,
    newest: usize,
    order: Order,
    aggregations: Option<Value>,
    shape: Shape,
}

/// Shape says which tables an answer's aggregations become.
enum Shape {
    None,
    Histogram,
    Top,
    Values,
}

/// Found is what a run gave, before it is printed.
pub struct Found {
    total: Option<usize>,
    documents: Option<Vec<TantivyDocument>>,
    aggregations: Option<Value>,
    shape: Shape,
}

struct Builder<'a> {
    schema: &'a Schema,
}

impl Builder<'_> {
    fn term(&self, field: &str, text: &str) -> Result<Box<dyn Query>, Fault> {
        let term = Term::from_field_text(self.schema.get_field(field)?, text);
        Ok(Box::new(TermQuery::new(term, IndexRecordOption::Basic)))
    }

    fn phrase(&self, text: &str) -> Result<Box<dyn Query>, Fault> {
        let message = self.schema.get_field("message")?;
        Ok(Box::new(PhraseQuery::new(text.split(' ').map(|word| Term::from_field_text(message, word)).collect())))
    }

    /// times is a query for [from, to) in epoch milliseconds.
    fn times(&self, from: &Value, to: &Value) -> Result<Box<dyn Query>, Fault> {
        let field = self.schema.get_field("@timestamp")?;
        let term = |millis: &Value| Term::from_field_date(field, DateTime::from_timestamp_millis(millis.as_i64().unwrap_or_default()));
        Ok(Box::new(RangeQuery::new(Bound::Included(term(from)), Bound::Excluded(term(to)))))
    }

    fn slower_than(&self, millis: i64) -> Result<Box<dyn Query>, Fault> {
        let field = self.schema.get_field("latency_ms")?;
        Ok(Box::new(RangeQuery::new(Bound::Excluded(Term::from_field_i64(field, millis)), Bound::Unbounded)))
    }
}

fn count(query: Box<dyn Query>) -> Plan {
    Plan { query, total: true, newest: 0, order: Order::Desc, aggregations: None, shape: Shape::None }
}

fn newest(query: Box<dyn Query>, newest: usize) -> Plan {
    Plan { total: false, newest, ..count(query) }
}

fn aggregate(query: Box<dyn Query>, shape: Shape, aggregations: Value) -> Plan {
    Plan { total: false, aggregations: Some(aggregations), shape, ..count(query) }
}

fn histogram(interval: &str) -> Value {
    json!({"time": {"date_histogram": {"field": "@timestamp", "fixed_interval": interval}}})
}

/// plan is the row of that name.
pub fn plan(schema: &Schema, row: &str, params: &Value) -> Result<Plan, Fault> {
    let b = Builder { schema };
    let text = |name: &str| params[name].as_str().unwrap_or_default();
    let all = || Box::new(AllQuery) as Box<dyn Query>;
    let top = |field: &str, size: usize| json!({"top": {"terms": {"field": field, "size": size}}});
    Ok(match row {
        "a" => count(b.times(&params["FirstMillis"], &params["EndMillis"])?),
        "b" => {
            let day = b.times(&params["FirstMillis"], &params["EndMillis"])?;
            let errors = BooleanQuery::intersection(vec![b.term("level", "ERROR")?, day]);
            aggregate(Box::new(errors), Shape::Histogram, histogram("60s"))
        }
        "c" => aggregate(all(), Shape::Top, top("tool", 10)),
        "d" => {
            let mut services = top("service", 20);
            services["top"]["aggs"] = json!({"latency": {"percentiles": {"field": "latency_ms", "percents": [50, 95, 99]}}});
            aggregate(all(), Shape::Top, services)
        }
        "e" => {
            let word = text("RareWord");
            newest(Box::new(BooleanQuery::union(vec![b.term("message", word)?, b.term("stack_trace", word)?])), 50)
        }
        "f1" => newest(b.phrase(text("Phrase"))?, 50),
        "f2" => newest(b.phrase(text("CommonPhrase"))?, 50),
        "f3" => count(b.phrase(text("CommonPhrase"))?),
        "g" => newest(b.term("request_id", text("RequestID"))?, 10),
        "h" => Plan { total: true, order: Order::Asc, ..newest(b.term("trace_id", text("TraceID"))?, 100) },
        "i1" => {
            let hour = b.times(&params["LastHourMillis"], &params["EndMillis"])?;
            newest(Box::new(BooleanQuery::intersection(vec![b.term("level", "ERROR")?, hour])), 100)
        }
        "i2" => newest(all(), 100),
        "j" => aggregate(all(), Shape::Values, json!({"users": {"cardinality": {"field": "user_id"}}})),
        "k" => {
            let hours = b.times(&params["SlowFromMillis"], &params["EndMillis"])?;
            let slow = BooleanQuery::intersection(vec![b.term("level", "ERROR")?, b.slower_than(5000)?, hours]);
            aggregate(Box::new(slow), Shape::Top, top("service", 20))
        }
        "l" => aggregate(
            all(),
            Shape::Values,
            json!({"latency": {"avg": {"field": "latency_ms"}}, "tokens": {"avg": {"field": "prompt_tokens"}}, "cost": {"sum": {"field": "cost"}}}),
        ),
        "m" => aggregate(all(), Shape::Top, top("user_id", 10)),
        "n" => Plan { total: true, newest: 50, ..aggregate(b.term("message", text("CommonWord"))?, Shape::Histogram, histogram("1800s")) },
        _ => return Err(format!("no row {row}").into()),
    })
}

impl Plan {
    /// run executes the query once for all that is wanted, and fetches the documents.
    pub fn run(self, searcher: &Searcher) -> Result<Found, Fault> {
        let top = TopDocs::with_limit(self.newest.max(1)).order_by_fast_field::<DateTime>("@timestamp", self.order);
        let aggregate = |value: &Value| -> Result<AggregationCollector, Fault> {
            let request: Aggregations = serde_json::from_value(value.clone())?;
            Ok(AggregationCollector::from_aggs(request, Default::default()))
        };
        let mut found = Found { total: None, documents: None, aggregations: None, shape: self.shape };
        let query = self.query.as_ref();
        match (&self.aggregations, self.newest > 0, self.total) {
            (Some(wanted), true, _) => {
                let (hits, total, aggregations) = searcher.search(query, &(top, Count, aggregate(wanted)?))?;
                found.total = Some(total);
                found.documents = Some(fetch(searcher, hits)?);
                found.aggregations = Some(serde_json::to_value(aggregations)?);
            }
            (Some(wanted), false, _) => found.aggregations = Some(serde_json::to_value(searcher.search(query, &aggregate(wanted)?)?)?),
            (None, true, true) => {
                let (hits, total) = searcher.search(query, &(top, Count))?;
                found.total = Some(total);
                found.documents = Some(fetch(searcher, hits)?);
            }
            (None, true, false) => found.documents = Some(fetch(searcher, searcher.search(query, &top)?)?),
            (None, false, _) => found.total = Some(query.count(searcher)?),
        }
        Ok(found)
    }
}

fn fetch(searcher: &Searcher, hits: Vec<(Option<DateTime>, DocAddress)>) -> Result<Vec<TantivyDocument>, Fault> {
    hits.into_iter().map(|(_, address)| Ok(searcher.doc(address)?)).collect()
}

const COLUMNS: [&str; 6] = ["@timestamp", "level", "message", "stack_trace", "request_id", "trace_id"];

impl Found {
    /// tables prints the answer as the driver reads it.
    pub fn tables(&self, schema: &Schema) -> Vec<Value> {
        let mut tables = Vec::new();
        if let Some(total) = self.total {
            tables.push(json!({"columns": ["total"], "rows": [[total]]}));
        }
        if let Some(aggregations) = &self.aggregations {
            tables.push(self.shape.table(aggregations));
        }
        if let Some(documents) = &self.documents {
            let rows: Vec<Value> = documents.iter().map(|document| row_of(document, schema)).collect();
            tables.push(json!({"columns": COLUMNS, "rows": rows}));
        }
        tables
    }
}

impl Shape {
    fn table(&self, aggregations: &Value) -> Value {
        let buckets = |name: &str| aggregations[name]["buckets"].as_array().cloned().unwrap_or_default();
        match self {
            Shape::Histogram => {
                let rows: Vec<Value> = buckets("time").iter().map(|b| json!([b["key"], b["doc_count"]])).collect();
                json!({"columns": ["bucket", "count"], "rows": rows})
            }
            Shape::Top if buckets("top").iter().any(|b| b["latency"].is_object()) => {
                let percentile = |b: &Value, name: &str| b["latency"]["values"][name].clone();
                let rows: Vec<Value> = buckets("top")
                    .iter()
                    .map(|b| json!([b["key"], b["doc_count"], percentile(b, "50.0"), percentile(b, "95.0"), percentile(b, "99.0")]))
                    .collect();
                json!({"columns": ["key", "count", "p50", "p95", "p99"], "rows": rows})
            }
            Shape::Top => {
                let rows: Vec<Value> = buckets("top").iter().map(|b| json!([b["key"], b["doc_count"]])).collect();
                json!({"columns": ["key", "count"], "rows": rows})
            }
            _ => {
                let named = aggregations.as_object().cloned().unwrap_or_default();
                let values: Vec<Value> = named.values().map(|a| a["value"].clone()).collect();
                json!({"columns": named.keys().collect::<Vec<_>>(), "rows": [values]})
            }
        }
    }
}

/// row_of prints a document's columns; a field holds a list of values.
fn row_of(document: &TantivyDocument, schema: &Schema) -> Value {
    let fields: Value = serde_json::from_str(&document.to_json(schema)).unwrap_or_default();
    COLUMNS.iter().map(|name| fields[*name][0].clone()).collect()
}
