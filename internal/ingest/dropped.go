package ingest

import (
	"net/http"

	"elkhorn/internal/es"
)

// withoutDropped are the operations that are left.
func withoutDropped(ops []es.BulkOp, tasks []task) []es.BulkOp {
	kept := make([]es.BulkOp, 0, len(ops))
	next := 0
	for i := range ops {
		for next < len(tasks) && tasks[next].at < i {
			next++
		}
		if next < len(tasks) && tasks[next].at == i && tasks[next].dropped {
			continue
		}
		kept = append(kept, ops[i])
	}
	return kept
}

// withDropped puts the items of dropped documents between those that the store answered.
func withDropped(ops []es.BulkOp, tasks []task, answered []es.BulkItem) []es.BulkItem {
	items := make([]es.BulkItem, 0, len(ops))
	next := 0
	for i := range ops {
		for next < len(tasks) && tasks[next].at < i {
			next++
		}
		if next < len(tasks) && tasks[next].at == i && tasks[next].dropped {
			items = append(items, droppedItem(&ops[i]))
			continue
		}
		items = append(items, answered[0])
		answered = answered[1:]
	}
	return items
}

// droppedItem is the answer for a document that a pipeline dropped: success, with nothing done.
func droppedItem(op *es.BulkOp) es.BulkItem {
	item := es.BulkItem{Action: op.Action, Index: op.Index, ID: op.ID, Version: es.NoVersion, SeqNo: es.NoSeqNo, Result: "noop", Status: http.StatusOK}
	if item.ID == "" {
		item.ID = es.NoID
	}
	return item
}
