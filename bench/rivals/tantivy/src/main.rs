//! tantivy over a folder: rival-tantivy FOLDER SET. It answers one request a line, as ../../adapter.py describes;
//! queries.rs holds the rows of the table.

mod queries;

use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::time::Instant;

use serde_json::{json, Value};
use tantivy::directory::MmapDirectory;
use tantivy::schema::{
    DateOptions, DateTimePrecision, IpAddrOptions, JsonObjectOptions, NumericOptions, Schema, FAST, INDEXED, STORED, STRING, TEXT,
};
use tantivy::{Index, IndexReader, IndexWriter, TantivyDocument};

type Fault = Box<dyn std::error::Error>;

/// The memory that may fill before a segment is written, over all threads: several times the least, as the
/// documentation advises for a large load.
const WRITER_BYTES: usize = 300_000_000;

const KEYWORDS: [&str; 13] = [
    "level", "service", "tool", "user_id", "request_id", "trace_id", "error", "model", "country", "environment", "region", "version", "host",
];

struct Store {
    index: Index,
    writer: Option<IndexWriter>,
    reader: IndexReader,
}

fn main() -> Result<(), Fault> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, set] = arguments.as_slice() else { return Err("usage: rival-tantivy FOLDER SET".into()) };
    let mut store = open(folder, if set == "real" { real_schema() } else { bench_schema() })?;
    let mut out = io::stdout().lock();
    writeln!(out, "{}", json!({"version": version()}))?;
    out.flush()?;
    for line in io::stdin().lock().lines() {
        let answer = perform(&mut store, &serde_json::from_str(&line?)?);
        writeln!(out, "{}", answer.unwrap_or_else(|fault| json!({"error": fault.to_string()})))?;
        out.flush()?;
    }
    Ok(())
}

/// The version alone: the string names the index format too.
fn version() -> String {
    let text = tantivy::version_string();
    text.split([' ', ',']).find_map(|word| word.strip_prefix('v')).unwrap_or(text).to_string()
}

/// A schema of typed fields: keywords and numbers as columns too, texts with positions, all stored.
fn bench_schema() -> Schema {
    let mut builder = Schema::builder();
    let time = DateOptions::default().set_indexed().set_fast().set_stored().set_precision(DateTimePrecision::Milliseconds);
    builder.add_date_field("@timestamp", time);
    for name in KEYWORDS {
        builder.add_text_field(name, STRING | FAST | STORED);
    }
    builder.add_text_field("logger", STRING | FAST | STORED);
    for name in ["message", "stack_trace"] {
        builder.add_text_field(name, TEXT | STORED);
    }
    for name in ["latency_ms", "status", "prompt_tokens", "completion_tokens"] {
        builder.add_i64_field(name, INDEXED | FAST | STORED);
    }
    builder.add_f64_field("cost", NumericOptions::default().set_indexed().set_fast().set_stored());
    builder.add_ip_addr_field("client_ip", IpAddrOptions::default().set_indexed().set_fast().set_stored());
    builder.add_json_field("location", JsonObjectOptions::default().set_stored());
    builder.build()
}

/// Lines of logs.
fn real_schema() -> Schema {
    let mut builder = Schema::builder();
    let time = DateOptions::default().set_indexed().set_fast().set_stored().set_precision(DateTimePrecision::Milliseconds);
    builder.add_date_field("@timestamp", time);
    builder.add_text_field("message", TEXT | STORED);
    builder.add_text_field("file", STRING | FAST | STORED);
    builder.build()
}

fn open(folder: &str, schema: Schema) -> Result<Store, Fault> {
    std::fs::create_dir_all(folder)?;
    let mut index = Index::open_or_create(MmapDirectory::open(folder)?, schema)?;
    index.set_default_multithread_executor()?;
    let reader = index.reader()?;
    Ok(Store { index, writer: None, reader })
}

fn perform(store: &mut Store, request: &Value) -> Result<Value, Fault> {
    match request["op"].as_str().unwrap_or_default() {
        "load" => {
            for file in request["files"].as_array().ok_or("no files")? {
                load(store, file.as_str().unwrap_or_default())?;
            }
            store.reader.reload()?;
            Ok(json!({}))
        }
        "settle" => {
            if let Some(writer) = store.writer.take() {
                writer.wait_merging_threads()?;
                // What was merged away goes when somebody asks for it.
                store.index.writer::<TantivyDocument>(WRITER_BYTES)?.garbage_collect_files().wait()?;
            }
            store.reader.reload()?;
            Ok(json!({}))
        }
        "run" => {
            let plan = queries::plan(&store.index.schema(), request["row"].as_str().unwrap_or_default(), &request["params"])?;
            let began = Instant::now();
            let found = plan.run(&store.reader.searcher())?;
            let took = began.elapsed().as_nanos() as u64;
            Ok(json!({"took_ns": took, "results": found.tables(&store.index.schema())}))
        }
        op => Err(format!("no operation {op}").into()),
    }
}

/// Adds a file's documents and commits them.
fn load(store: &mut Store, file: &str) -> Result<(), Fault> {
    if store.writer.is_none() {
        store.writer = Some(store.index.writer(WRITER_BYTES)?);
    }
    let writer = store.writer.as_mut().ok_or("no writer")?;
    let schema = store.index.schema();
    for line in BufReader::with_capacity(1 << 20, File::open(file)?).lines() {
        writer.add_document(TantivyDocument::parse_json(&schema, &line?)?)?;
    }
    writer.commit()?;
    Ok(())
}
