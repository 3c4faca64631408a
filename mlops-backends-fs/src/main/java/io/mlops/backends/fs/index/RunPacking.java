package io.mlops.backends.fs.index;

import io.mlops.api.common.DatasetVersionId;
import io.mlops.api.common.RunId;
import io.mlops.api.tracker.MetricSummary;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunInput;
import io.mlops.api.tracker.RunOutcome;
import io.mlops.core.disk.FileStamp;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The packing of one run into the bytes of a {@link RunRecord}. Not thread-safe. */
final class RunPacking {
    private final KeyTable keys;
    private final RunInfo run;
    private final PackedWriter out = new PackedWriter();

    RunPacking(KeyTable keys, RunInfo run) {
        this.keys = keys;
        this.run = run;
    }

    byte[] pack(String folder, FileStamp stamp) {
        out.fixed(Objects.hashCode(stamp.key()));
        out.fixed(stamp.modified().to(TimeUnit.NANOSECONDS));
        out.fixed(stamp.bytes());
        for (int part : new int[] {RunRecord.PARAMS, RunRecord.TAGS, RunRecord.METRICS, RunRecord.INPUTS}) {
            out.fixed(part);
        }
        head(folder);
        out.fixedAt(RunRecord.PARAMS, out.size());
        texts(run.params());
        out.fixedAt(RunRecord.TAGS, out.size());
        texts(run.tags());
        out.fixedAt(RunRecord.METRICS, out.size());
        out.number(run.metrics().size());
        run.metrics().forEach(this::metric);
        out.fixedAt(RunRecord.INPUTS, out.size());
        out.number(run.inputs().size());
        run.inputs().forEach(this::input);
        out.number(run.outputs().size());
        run.outputs().forEach(version -> out.text(version.toString()));
        return out.toBytes();
    }

    private void head(String folder) {
        Instant ended = run.ended();
        RunId parent = run.parent();
        RunOutcome outcome = run.outcome();
        boolean otherId = !run.id().value().equals(folder);
        boolean otherName = !run.name().equals(run.id().value());
        out.octet((run.deleted() ? RunRecord.DELETED : 0)
                | (run.orphaned() ? RunRecord.ORPHANED : 0)
                | (ended != null ? RunRecord.ENDED : 0)
                | (otherId ? RunRecord.OTHER_ID : 0)
                | (otherName ? RunRecord.OTHER_NAME : 0)
                | (parent != null ? RunRecord.PARENT : 0)
                | (outcome != null ? RunRecord.OUTCOME : 0));
        out.text(folder);
        out.time(run.started(), 0);
        if (ended != null) {
            out.time(ended, run.started().getEpochSecond());
        }
        out.number(keys.numberOf(run.status().name()));
        textIf(otherId, run.id().value());
        textIf(otherName, run.name());
        textIf(parent != null, parent == null ? "" : parent.value());
        outcome(outcome);
    }

    private void textIf(boolean wanted, String text) {
        if (wanted) {
            out.text(text);
        }
    }

    private void outcome(@Nullable RunOutcome outcome) {
        if (outcome instanceof RunOutcome.Killed killed) {
            out.text(killed.reason());
        } else if (outcome instanceof RunOutcome.Failed failed) {
            out.text(failed.message());
            out.text(failed.type());
        } else if (outcome != null && !(outcome instanceof RunOutcome.Finished)) {
            throw new IllegalStateException("no case for " + outcome.getClass().getName());
        }
    }

    private void texts(Map<String, String> texts) {
        out.number(texts.size());
        texts.forEach((key, value) -> {
            out.number(keys.numberOf(key));
            out.text(value);
        });
    }

    private void metric(String key, MetricSummary summary) {
        double value = summary.latest().value();
        MetricSummary.Range range = summary.range();
        boolean otherMin = range != null && !same(range.min(), value);
        boolean otherMax = range != null && !same(range.max(), value);
        out.number(keys.numberOf(key));
        out.octet((range != null ? RunRecord.RANGE : 0)
                | (otherMin ? RunRecord.OTHER_MIN : 0)
                | (otherMax ? RunRecord.OTHER_MAX : 0));
        out.real(value);
        out.signed(summary.latest().step());
        out.time(summary.latest().time(), run.started().getEpochSecond());
        if (range != null) {
            realIf(otherMin, range.min());
            realIf(otherMax, range.max());
            out.number(range.count());
        }
    }

    private void realIf(boolean wanted, double value) {
        if (wanted) {
            out.real(value);
        }
    }

    /** Compares bit for bit, so that neither the sign of a zero nor a NaN is lost. */
    private static boolean same(double a, double b) {
        return Double.doubleToRawLongBits(a) == Double.doubleToRawLongBits(b);
    }

    private void input(RunInput input) {
        DatasetVersionId version = input.version();
        out.text(input.name());
        out.text(input.digest().toString());
        out.text(version == null ? "" : version.toString());
        out.text(input.source());
        out.text(input.role());
    }
}
