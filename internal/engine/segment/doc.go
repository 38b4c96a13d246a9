// Package segment holds write-once sets of documents in columns: the [Segment] interface that batches
// in memory and files on disk share, the file format with its writer and reader, and the rebuilding
// of _source.
//
// Rows are numbered from 0 in order of arrival and are grouped in blocks of at most column.BlockRows
// rows; blocks of one segment may differ in size. Fields are named by their path in the document;
// a multi-field (message.keyword) has no column of its own but is a view of its parent's. Columns
// listed here are the engine's; a document cannot have fields of these names:
//
//	_seq_no   Int64   sequence number of the operation that wrote the row
//	_version  Int64   document version
//	_id       Bytes   explicit id; absent where the id is derived from _seq_no
//	_routing  Bytes   explicit routing; absent in most rows
//	_ignored  Ordinal names of fields whose values were ignored; absent in most rows
//	\x00shape Int64   position in Shapes; -1 where the document is kept whole in \x00raw
//	\x00raw   Bytes   whole documents past the cap of shapes
//	\x00rows:PATH Int64 number of nested objects at PATH; absent for none
//
// The objects of a nested path are a row space of their own ([Space]): rows that belong to the rows
// around, with the doc values of the fields inside. How those fields were written stays with the
// documents, since _source is put together document by document; [SourceReader] takes the values from
// the space.
//
// A row is immutable. Deletes are kept beside the segment, by its owner.
package segment
