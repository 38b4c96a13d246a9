package eserr

import "net/http"

// ParsingException is a query, aggregation or body whose shape is wrong (400).
// Line and col are 1-based positions in the request body; line 0 leaves both
// out.
func ParsingException(line, col int, format string, args ...any) *Error {
	return New(http.StatusBadRequest, "parsing_exception", format, args...).at(line, col)
}

// ParseException is a value, usually a date or a date expression, that cannot
// be read (400).
func ParseException(format string, args ...any) *Error {
	return New(http.StatusBadRequest, "parse_exception", format, args...)
}

// XContentParse is malformed JSON or an unknown member of a strictly read
// object (400). The caller puts the position in the reason.
func XContentParse(format string, args ...any) *Error {
	return New(http.StatusBadRequest, "x_content_parse_exception", format, args...)
}

// IllegalArgument is a well-formed request whose values make no sense (400).
func IllegalArgument(format string, args ...any) *Error {
	return New(http.StatusBadRequest, "illegal_argument_exception", format, args...)
}

// Validation is a request that misses something or combines what excludes each
// other (400), such as "Validation Failed: 1: index is missing;".
func Validation(format string, args ...any) *Error {
	return New(http.StatusBadRequest, "action_request_validation_exception", format, args...)
}

// QueryShard is a query that is right by itself and wrong for the index it
// meets (400): a field that is not indexed, a mapping that is missing.
func QueryShard(format string, args ...any) *Error {
	return New(http.StatusBadRequest, "query_shard_exception", format, args...)
}

// MapperParsing is a mapping that cannot be read (400).
func MapperParsing(format string, args ...any) *Error {
	return New(http.StatusBadRequest, "mapper_parsing_exception", format, args...)
}

// DocumentParsing is a document that does not fit its mapping (400).
func DocumentParsing(format string, args ...any) *Error {
	return New(http.StatusBadRequest, "document_parsing_exception", format, args...)
}

// StrictDynamicMapping is a document that would add a field to an object whose
// mapping is strict (400).
func StrictDynamicMapping(format string, args ...any) *Error {
	return New(http.StatusBadRequest, "strict_dynamic_mapping_exception", format, args...)
}

// NumberFormat is text that is no number (400).
func NumberFormat(text string) *Error {
	return New(http.StatusBadRequest, "number_format_exception", "For input string: %q", text)
}

// IndexNotFound names an index, alias or data stream that does not exist (404).
func IndexNotFound(index string) *Error {
	return New(http.StatusNotFound, "index_not_found_exception", "no such index [%s]", index).
		With("resource.type", "index_or_alias").With("resource.id", index).
		With("index_uuid", "_na_").With("index", index)
}

// IndexClosed names an index that is closed (400).
func IndexClosed(index, uuid string) *Error {
	return New(http.StatusBadRequest, "index_closed_exception", "closed").
		With("index_uuid", uuid).With("index", index)
}

// ResourceExists names an index that cannot be created twice (400).
func ResourceExists(index, uuid string) *Error {
	return New(http.StatusBadRequest, "resource_already_exists_exception", "index [%s/%s] already exists", index, uuid).
		With("index_uuid", uuid).With("index", index)
}

// ResourceNotFound names a template, policy or pipeline that does not exist
// (404).
func ResourceNotFound(format string, args ...any) *Error {
	return New(http.StatusNotFound, "resource_not_found_exception", format, args...)
}

// AliasesNotFound names an alias that does not exist (404).
func AliasesNotFound(alias string) *Error {
	return New(http.StatusNotFound, "aliases_not_found_exception", "aliases [%s] missing", alias).
		With("resource.type", "aliases").With("resource.id", alias)
}

// InvalidIndexName is a name that no index may have (400).
func InvalidIndexName(index, why string) *Error {
	return New(http.StatusBadRequest, "invalid_index_name_exception", "Invalid index name [%s], %s", index, why).
		With("index_uuid", "_na_").With("index", index)
}

// VersionConflict is a create of an id that exists, or a compare-and-set that
// lost (409).
func VersionConflict(index, id, format string, args ...any) *Error {
	e := New(http.StatusConflict, versionConflictType, format, args...)
	e.Reason = "[" + id + "]: version conflict, " + e.Reason
	return e.With("index", index)
}

const versionConflictType = "version_conflict_engine_exception"

// IsVersionConflict tells whether the error is a VersionConflict. e may be nil.
func (e *Error) IsVersionConflict() bool { return e != nil && e.Type == versionConflictType }

// DocumentMissing is an update of a document that does not exist (404).
func DocumentMissing(index, uuid, id string) *Error {
	return New(http.StatusNotFound, "document_missing_exception", "[%s]: document missing", id).
		With("index_uuid", uuid).With("shard", "0").With("index", index)
}

// ClusterBlock is a write or read refused by a block on the index, for example
// at the disk's flood stage (429 there, else 403).
func ClusterBlock(status int, format string, args ...any) *Error {
	return New(status, "cluster_block_exception", format, args...)
}

// CircuitBreaking is a request that would need more memory than its budget
// (429). Both figures are bytes.
func CircuitBreaking(wantedBytes, limitBytes int64, format string, args ...any) *Error {
	return New(http.StatusTooManyRequests, "circuit_breaking_exception", format, args...).
		With("bytes_wanted", wantedBytes).With("bytes_limit", limitBytes).With("durability", "TRANSIENT")
}

// Rejected is a write or search refused because a queue is full (429).
func Rejected(format string, args ...any) *Error {
	return New(http.StatusTooManyRequests, "es_rejected_execution_exception", format, args...)
}

// TooManyBuckets is an aggregation with more buckets than allowed (400).
func TooManyBuckets(limit int) *Error {
	return New(http.StatusBadRequest, "too_many_buckets_exception",
		"Trying to create too many buckets. Must be less than or equal to: [%d] but this number of buckets was exceeded. This limit can be set by changing the [search.max_buckets] cluster level setting.", limit).
		With("max_buckets", limit)
}

// SearchContextMissing names a scroll or point in time that is gone (404).
func SearchContextMissing(id string) *Error {
	return New(http.StatusNotFound, "search_context_missing_exception", "No search context found for id [%s]", id)
}

// ShardFailure is what failed on one index of a search. Index is "" when it failed before any was asked.
type ShardFailure struct {
	Index string
	Err   *Error
}

// MarshalJSON prints the failure as it stands among the failed shards of a search.
func (f ShardFailure) MarshalJSON() ([]byte, error) {
	dst := []byte(`{"shard":0,"index":`)
	if f.Index == "" {
		dst = append([]byte(nil), `{"shard":-1,"index":`...)
		dst = append(dst, "null"...)
	} else {
		dst = appendValue(dst, f.Index)
	}
	dst = append(dst, `,"reason":`...)
	return append(f.Err.AppendItem(dst), '}'), nil
}

const searchPhaseType = "search_phase_execution_exception"

// SearchPhase wraps what failed on the indices of one search, with the status
// of the first failure. failures must not be empty. What is refused by name stays as it is: no index is to
// blame, and clients show the outermost reason only.
func SearchPhase(phase string, failures ...ShardFailure) *Error {
	first := failures[0].Err
	if first.Refused {
		return first
	}
	e := New(first.Status, searchPhaseType, "all shards failed").
		With("phase", phase).With("grouped", true).With("failed_shards", failures)
	for _, f := range failures {
		e.RootCause = append(e.RootCause, f.Err)
	}
	e.CausedBy = first
	return e
}

// SearchReduce wraps what failed when the answers of a search's indices were put together: no index is to
// blame, so there is no root cause.
func SearchReduce(cause *Error) *Error {
	e := New(cause.Status, searchPhaseType, "").
		With("phase", "rank-feature").With("grouped", true).With("failed_shards", []ShardFailure{})
	e.RootCause = []*Error{}
	e.CausedBy = cause
	return e
}

// SecurityException is a missing or insufficient identity (401 or 403).
func SecurityException(status int, format string, args ...any) *Error {
	return New(status, "security_exception", format, args...)
}

// Unsupported refuses, by name, something this store does not do (400). What
// names the thing as the caller wrote it, such as "query [percolate]".
func Unsupported(what string) *Error {
	e := IllegalArgument("%s is not supported", what)
	e.Refused = true
	return e
}

func (e *Error) at(line, col int) *Error {
	if line > 0 {
		e.With("line", line).With("col", col)
	}
	return e
}
