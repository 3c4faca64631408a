package io.mlops.core.sync;

import io.mlops.api.common.Listing;
import io.mlops.api.common.RunId;
import io.mlops.api.spi.Backend;
import io.mlops.api.tracker.Experiment;
import io.mlops.api.tracker.ExperimentChange;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunQuery;
import io.mlops.api.tracker.Visibility;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Brings the experiments of a store, each by its name, with tags and state. One thread at a time. */
final class ExperimentCopy {
    private final Backend from;
    private final Backend to;
    private final SyncAccount account;
    private final Map<String, Experiment> here = new TreeMap<>();
    private final Map<String, Experiment> there = new TreeMap<>();

    ExperimentCopy(Backend from, Backend to, SyncAccount account) {
        this.from = from;
        this.to = to;
        this.account = account;
    }

    /** Brings all experiments as far as they are shown; returns those whose runs may be brought. */
    List<Experiment> bring() {
        all(from).forEach(experiment -> here.put(experiment.name(), experiment));
        all(to).forEach(experiment -> there.put(experiment.name(), experiment));
        List<Experiment> open = new ArrayList<>();
        for (Experiment experiment : here.values()) {
            account.step("experiment '" + experiment.name() + "'", () -> {
                if (bring(experiment, there.get(experiment.name()))) {
                    open.add(experiment);
                }
            });
        }
        return open;
    }

    /** The names of experiments that the target alone has. */
    List<String> others() {
        return there.keySet().stream().filter(name -> !here.containsKey(name)).toList();
    }

    /** Whether the target had an experiment of this name before. */
    boolean wasThere(String name) {
        return there.containsKey(name);
    }

    private static Listing<Experiment> all(Backend backend) {
        return page -> backend.experiments().search("", Visibility.ALL, page);
    }

    private boolean bring(Experiment experiment, @Nullable Experiment known) {
        if (known != null && known.deleted()) {
            boolean isAlike = experiment.deleted();
            if (!isAlike) {
                account.conflict(
                        "experiment '" + experiment.name() + "'",
                        "it is deleted there, and its runs are not copied: restore it there");
            } else {
                account.count(SyncAccount.Kind.EXPERIMENT, false);
            }
            return isAlike;
        }
        Experiment target = known == null ? to.experiments().ensure(experiment.name(), experiment.created()) : known;
        boolean changed = known == null;
        for (Map.Entry<String, String> tag : experiment.tags().entrySet()) {
            String value = target.tags().get(tag.getKey());
            if (value == null) {
                changed |= tag(experiment, tag.getKey(), tag.getValue());
            } else if (!value.equals(tag.getValue())) {
                account.conflict(
                        "experiment '" + experiment.name() + "'",
                        "tag '" + tag.getKey() + "' is '" + tag.getValue() + "' here and '" + value + "' there");
            }
        }
        account.count(SyncAccount.Kind.EXPERIMENT, changed);
        return true;
    }

    private boolean tag(Experiment experiment, String key, String value) {
        boolean[] done = new boolean[1];
        account.step("tag '" + key + "' of experiment '" + experiment.name() + "'", () -> {
            to.experiments().change(experiment.name(), new ExperimentChange.Tagged(key, value), experiment.updated());
            done[0] = true;
        });
        return done[0];
    }

    /**
     * Deletes the experiments that are deleted here, which comes last, since their runs could not be brought otherwise.
     * One that holds runs of others stays.
     */
    void delete(Instant now, Predicate<RunId> isFromHere) {
        for (Experiment experiment : here.values()) {
            Experiment known = there.get(experiment.name());
            if (experiment.deleted() && (known == null || !known.deleted())) {
                account.step("experiment '" + experiment.name() + "'", () -> delete(experiment, now, isFromHere));
            }
        }
    }

    private void delete(Experiment experiment, Instant now, Predicate<RunId> isFromHere) {
        Iterator<RunInfo> runs =
                to.runs().searchAll(RunQuery.of(experiment.name()).visibility(Visibility.ALL));
        while (runs.hasNext()) {
            RunId run = runs.next().id();
            if (!isFromHere.test(run)) {
                account.conflict(
                        "experiment '" + experiment.name() + "'",
                        "it is deleted here and stays there, where it holds others' runs, such as " + run);
                return;
            }
        }
        to.experiments().change(experiment.name(), new ExperimentChange.Deleted(), now);
    }
}
