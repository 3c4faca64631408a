package io.mlops.core.query;

import io.mlops.api.common.Page;
import io.mlops.api.common.PageRequest;
import io.mlops.api.tracker.Experiment;
import io.mlops.api.tracker.Visibility;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;

/** A search for experiments, parsed once. Immutable. */
public final class ExperimentSearch {
    private final Predicate<Searchable> filter;
    private final Visibility visibility;

    private ExperimentSearch(Predicate<Searchable> filter, Visibility visibility) {
        this.filter = filter;
        this.visibility = visibility;
    }

    /**
     * Parses a filter.
     *
     * @throws IllegalArgumentException naming the position at which it cannot be read, and what was expected
     */
    public static ExperimentSearch of(String filter, Visibility visibility) {
        return new ExperimentSearch(Filter.of(List.of(filter), Field.Subject.EXPERIMENT), visibility);
    }

    /** A page of those that match, by name. */
    public Page<Experiment> page(Collection<Experiment> experiments, PageRequest request) {
        List<Experiment> found = experiments.stream()
                .filter(experiment -> visibility.shows(experiment.deleted()))
                .filter(experiment -> filter.test(new Searchable.OfExperiment(experiment)))
                .toList();
        return Pages.byName(found, Experiment::name, request);
    }
}
