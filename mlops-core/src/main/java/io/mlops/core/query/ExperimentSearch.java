package io.mlops.core.query;

import io.mlops.api.common.Page;
import io.mlops.api.common.PageRequest;
import io.mlops.api.tracker.Experiment;
import io.mlops.api.tracker.Visibility;
import java.util.Collection;
import java.util.List;

/** A search for experiments, parsed once. Immutable. */
public final class ExperimentSearch {
    private static final Subject<Experiment> EXPERIMENTS = Subject.of(
                    Attribute.text("name", Experiment::name),
                    Attribute.id("experiment_id", Experiment::storeId),
                    Attribute.time("creation_time", Experiment::created).or("created"),
                    Attribute.time("last_update_time", Experiment::updated))
            .tags(Experiment::tags);

    private final Search<Experiment> search;
    private final Visibility visibility;

    private ExperimentSearch(Search<Experiment> search, Visibility visibility) {
        this.search = search;
        this.visibility = visibility;
    }

    /**
     * Parses a filter.
     *
     * @throws IllegalArgumentException naming the position at which it cannot be read, and what was expected
     */
    public static ExperimentSearch of(String filter, Visibility visibility) {
        return new ExperimentSearch(Search.of(EXPERIMENTS, List.of(filter), List.of()), visibility);
    }

    /** Whether deleted experiments are searched, too, or only those. */
    public Visibility visibility() {
        return visibility;
    }

    /** What was parsed of the filter, for stores that have others evaluate it: {@code attributes} and {@code tags}. */
    public List<Condition> conditions() {
        return search.conditions();
    }

    /** What was parsed of the order: that of experiments, by their names. */
    public List<OrderTerm> order() {
        return search.order();
    }

    /**
     * A page of the experiments that match, by name.
     *
     * @throws IllegalArgumentException if the token is of another search
     */
    public Page<Experiment> page(Collection<Experiment> experiments, PageRequest request) {
        return search.page(experiments.stream().filter(experiment -> visibility.shows(experiment.deleted())), request);
    }
}
