package io.mlops.backends.fs.power;

import static org.assertj.core.api.Assertions.assertThat;

import io.mlops.api.common.MlopsException;
import io.mlops.api.common.RunId;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunStatus;
import io.mlops.backends.fs.quiet.QuietExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that the main job survives power cuts, and a disk that refuses to move what is open. */
@QuietExtension.Warned
final class MainJobTest {
    private static final int ROUNDS = Integer.getInteger("mlops.faults", 1);

    @TempDir
    private Path folder;

    @BeforeEach
    void makeModel() throws IOException {
        Files.createDirectories(folder.resolve("model/code"));
        Files.writeString(folder.resolve("model/model.bin"), "weights");
        Files.writeString(folder.resolve("model/code/a.py"), "print()");
    }

    private MainJob job(String id) {
        return new MainJob(id, folder.resolve("model"));
    }

    private static List<Survival> survivals(PowerDisk disk, int moment) {
        List<Survival> all = new ArrayList<>(List.of(Survival.NOTHING, Survival.EVERYTHING, Survival.NAMES));
        for (int lost = 0; lost < disk.unsynced(); lost++) {
            all.add(Survival.without(lost));
        }
        for (int round = 0; round < ROUNDS; round++) {
            all.add(Survival.of(moment * 1000L + round));
        }
        return all;
    }

    @Test
    void whateverIsAcknowledgedIsThereAfterAPowerCut() throws Exception {
        MainJob job = job("run-1");
        Scenario steps = job.steps();
        Recording recording = Recording.of(steps, PowerDisk.Sync.HONEST);
        job.close();
        Set<String> seen = new HashSet<>();
        Map<String, String> violations = new TreeMap<>();
        for (int i = 0; i < recording.moments().size(); i++) {
            Recording.Moment moment = recording.moments().get(i);
            for (Survival survival : survivals(moment.disk(), i)) {
                PowerDisk found = moment.disk().cut(survival);
                if (seen.add(moment.step() + found.fingerprint())) {
                    String wrong = wrong(recording, moment, found);
                    if (!wrong.isEmpty()) {
                        String step = steps.steps().get(moment.step()).name();
                        violations.put(steps + " / power cut / " + step, survival + " before " + moment.next() + wrong);
                    }
                    runAnother(found, survival + " before " + moment.next());
                }
            }
        }
        assertThat(seen).hasSizeGreaterThan(30);
        assertThat(violations).as("what goes wrong").isEmpty();
    }

    private static String wrong(Recording recording, Recording.Moment moment, PowerDisk found) throws IOException {
        try {
            return recording.wrong(moment.step(), StoreView.of(found.copy()));
        } catch (MlopsException e) {
            return e.toString();
        }
    }

    /** Runs another job in the store, to see that it works as before. */
    private void runAnother(PowerDisk disk, String what) throws Exception {
        MainJob job = job("run-2");
        job.steps().repeat(new Machine(disk), 0);
        job.close();
        RunInfo run = new Machine(disk.cut(Survival.NOTHING))
                .store()
                .runs()
                .find(new RunId("run-2"))
                .orElseThrow(() -> new AssertionError(what));
        assertThat(run.status()).as(what).isEqualTo(RunStatus.FINISHED);
    }

    @Test
    void noFolderMovesWhileSomethingBelowItIsOpen() throws Exception {
        PowerDisk disk = Machine.emptyDisk().whereOpen(PowerDisk.Open.HOLDS_FOLDERS);
        Machine machine = new Machine(disk);
        MainJob job = job("run-1");

        job.steps().repeat(machine, 0);
        job.deleteAndRestoreAnother(machine);
        job.close();
        machine.store().close();

        assertThat(StoreView.of(disk)).containsEntry("shown churn/run-1/run.json", "there");
        assertThat(disk.open()).as("channels that nobody closed").isEmpty();
    }
}
