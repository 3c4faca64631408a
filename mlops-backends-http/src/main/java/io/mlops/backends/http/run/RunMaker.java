package io.mlops.backends.http.run;

import io.mlops.api.common.RunId;
import io.mlops.api.spi.RunDraft;
import io.mlops.api.tracker.RunFact;
import io.mlops.api.tracker.RunInfo;
import io.mlops.backends.http.server.Answers;
import io.mlops.backends.http.server.ExperimentIds;
import io.mlops.backends.http.server.FoundRun;
import io.mlops.backends.http.server.KeyValues;
import io.mlops.backends.http.server.Reserved;
import io.mlops.backends.http.server.RunIds;
import io.mlops.backends.http.server.ServerFacts;
import io.mlops.backends.http.server.ServerRun;
import io.mlops.backends.http.server.StoredName;
import io.mlops.backends.http.wire.Answer;
import io.mlops.backends.http.wire.AnswerReader;
import io.mlops.backends.http.wire.Call;
import io.mlops.backends.http.wire.JsonBody;
import io.mlops.backends.http.wire.Wire;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Makes runs on a server, each id once as far as this process can tell. Thread-safe. */
final class RunMaker {
    private static final AnswerReader<ServerRun> ONE = Answers.field("run", ServerRun::read);

    private final Wire wire;
    private final ServerFacts facts;
    private final ExperimentIds experiments;
    private final RunIds ids;
    private final KnownRuns known;

    RunMaker(Wire wire, ServerFacts facts, ExperimentIds experiments, RunIds ids, KnownRuns known) {
        this.wire = wire;
        this.facts = facts;
        this.experiments = experiments;
        this.ids = ids;
        this.known = known;
    }

    RunInfo create(RunDraft draft) {
        RunInfo begun = draft.begun("not made yet");
        KnownRun run = known.of(draft.id());
        run.changing().lock();
        try {
            boolean mayBeThere = !draft.fresh() || ids.remembered(draft.id()) != null;
            Optional<ServerRun> there = mayBeThere ? ids.find(draft.id()) : Optional.empty();
            return ids.info(there.isPresent() ? there.get() : make(draft, begun, run));
        } finally {
            run.changing().unlock();
        }
    }

    private ServerRun make(RunDraft draft, RunInfo begun, KnownRun run) {
        SortedMap<String, String> tags = tags(begun);
        facts.checkRunTags(draft.id(), tags);
        List<Batches.Batch> batches = Batches.ofBegun(tags);
        String experiment = experiments.ensure(draft.experiment(), draft.started(), Map.of());
        Answer<ServerRun> answer = wire.ask(create(experiment, begun, batches.get(0)), ONE);
        if (answer.hasStatus(400) || answer.hasStatus(404)) {
            // The experiment that was believed to be there may have been deleted or renamed meanwhile.
            experiments.forget(experiment);
            experiment = experiments.ensure(draft.experiment(), draft.started(), Map.of());
            answer = wire.ask(create(experiment, begun, batches.get(0)), ONE);
        }
        if (answer instanceof Answer.Unknown<ServerRun>) {
            Optional<ServerRun> there = ids.find(draft.id());
            if (there.isPresent()) {
                return there.get();
            }
        }
        ServerRun made = answer.orThrow();
        FoundRun unused = ids.remember(draft.id(), made);
        for (Batches.Batch batch : batches.subList(1, batches.size())) {
            boolean ignored = wire.call(
                    Call.post(Call.mlflow("runs/log-batch"))
                            .about(ids.described(FoundRun.of(draft.id(), made)))
                            .body(JsonBody.of(Map.of("run_id", made.storeId(), "tags", KeyValues.list(batch.tags())))),
                    AnswerReader.ignoring());
        }
        ServerRun whole = batches.size() == 1 ? made : ids.read(draft.id());
        run.made(whole);
        return whole;
    }

    private static Call create(String experiment, RunInfo begun, Batches.Batch first) {
        return Call.post(Call.mlflow("runs/create"))
                .about("experiment '" + begun.experiment() + "'")
                .body(JsonBody.of(Map.of(
                        "experiment_id", experiment,
                        "run_name", StoredName.RUN.of(begun.name()),
                        "start_time", begun.started().toEpochMilli(),
                        "tags", KeyValues.list(first.tags()))))
                .once();
    }

    private SortedMap<String, String> tags(RunInfo begun) {
        SortedMap<String, String> tags = new TreeMap<>();
        begun.tags().forEach((key, value) -> {
            boolean ofMlflow = key.equals(RunFact.NAME_TAG) || key.equals(RunFact.PARENT_TAG);
            tags.put(ofMlflow ? Reserved.TAG + key : key, value);
        });
        tags.put(Reserved.ID, begun.id().value());
        if (StoredName.RUN.shortens(begun.name())) {
            tags.put(Reserved.NAME, begun.name());
        }
        RunId parent = begun.parent();
        if (parent != null) {
            tags.put(Reserved.PARENT, parent.value());
            String storeId = ids.storeIdOf(parent);
            if (storeId != null) {
                tags.put(RunFact.PARENT_TAG, storeId);
            }
        }
        return tags;
    }
}
