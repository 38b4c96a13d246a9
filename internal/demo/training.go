package demo

import (
	"fmt"
	"math"
)

// A training run has so many epochs of so many milliseconds; one starts every few hours.
const (
	trainingEpochs    = 20
	trainingEpoch     = 2.5 * minute
	trainingGap       = 4 * 60 * minute
	trainingFirst     = 5 * minute
	trainingModel     = "collaborative_filtering_v3"
	trainingPatience  = 3 // epochs without improvement until a warning
	trainingBestEpoch = 14
)

// startTraining retrains the recommendation model again and again: epochs with falling loss, which
// begins to rise again towards the end.
func (w *Workload) startTraining(start int64) {
	rng := w.rng.fork()
	var begin func(int64)
	begin = func(now int64) {
		w.after(now, trainingGap, begin)
		r := rng.fork()
		run := "run-" + hexID(&r, 8)
		o := w.trainingEvent(now, "INFO", "training_start", run)
		o.integer("total_epochs", trainingEpochs)
		o.integer("num_gpus", 4)
		w.finish(now, trainingIndex, fmt.Sprintf("Training started: %s model=%s epochs=%d gpus=4", run, trainingModel, trainingEpochs))
		w.after(now, trainingEpoch, func(now int64) { w.trainEpoch(&r, now, run, 1) })
	}
	w.after(start, trainingFirst, begin)
}

func (w *Workload) trainingEvent(at int64, level, event, run string) *object {
	o := w.begin(at, level, "training-pipeline")
	o.text("event_type", event)
	o.text("environment", "production")
	o.text("run_id", run)
	o.text("model_name", trainingModel)
	return o
}

func (w *Workload) trainEpoch(r *random, now int64, run string, epoch int) {
	train := 0.9*math.Exp(-float64(epoch)/6) + 0.11 + 0.01*r.normal()
	validation := train + 0.02
	if epoch > trainingBestEpoch {
		validation += 0.012 * float64(epoch-trainingBestEpoch)
	}
	level, remark := "INFO", ""
	if epoch > trainingBestEpoch+trainingPatience {
		level, remark = "WARN", " no improvement"
	}
	o := w.trainingEvent(now, level, "epoch_end", run)
	o.integer("epoch", epoch)
	o.integer("total_epochs", trainingEpochs)
	o.decimal("train_loss", train, 4)
	o.decimal("val_loss", validation, 4)
	o.decimal("learning_rate", 0.001*math.Pow(0.9, float64(epoch)), 6)
	o.integer("gpu_memory_mb", r.between(18_200, 18_900))
	o.integer("duration_ms", int(trainingEpoch))
	w.finish(now, trainingIndex, fmt.Sprintf("Epoch %d/%d: train_loss=%.4f val_loss=%.4f%s", epoch, trainingEpochs, train, validation, remark))
	if epoch < trainingEpochs {
		w.after(now, trainingEpoch, func(now int64) { w.trainEpoch(r, now, run, epoch+1) })
	}
}
