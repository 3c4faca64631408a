package io.mlops.backends.fs.index;

import io.mlops.api.tracker.RunInfo;
import io.mlops.core.disk.FileStamp;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** An index with a sound checksum that tells of runs in folders of somebody's choice. */
public final class ForgedIndex {
    private ForgedIndex() {}

    /** Makes the index of an experiment name these folders, as if this run were in each. */
    public static void write(Path experiment, RunInfo run, String... folders) throws IOException {
        KeyTable keys = new KeyTable(experiment);
        FileStamp stamp = FileStamp.of(experiment.resolve("run-1/run.json"));
        List<RunRecord> records = new ArrayList<>();
        for (String folder : folders) {
            records.add(RunRecord.of(folder, stamp, run, keys));
        }
        try (OutputStream out = Files.newOutputStream(IndexFile.of(experiment))) {
            IndexFile.write(out, keys, records);
        }
    }

    /** Whether the index of an experiment is taken for one. */
    public static boolean counts(Path experiment) {
        return IndexFile.read(experiment) != null;
    }
}
