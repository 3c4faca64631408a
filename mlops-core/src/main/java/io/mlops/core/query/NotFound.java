package io.mlops.core.query;

import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.RunId;
import java.util.Collection;
import java.util.List;

/** The exceptions that say that something is not there, where, and what is near. Thread-safe. */
public final class NotFound {
    private static final int FEW = 3;

    private NotFound() {}

    /**
     * Says that a place has no such experiment.
     *
     * @param place the backend's name of itself, such as {@code file:/store}
     * @param experiments the names of the experiments that it has
     */
    public static NotFoundException experiment(String name, String place, Collection<String> experiments) {
        return new NotFoundException("no experiment '" + name + "' in " + place + NearNames.hint(name, experiments));
    }

    /**
     * Says that a place has no such run.
     *
     * @param runs the ids of the runs that it has
     */
    public static NotFoundException run(RunId run, String place, Collection<String> runs) {
        return new NotFoundException("no run " + run + " in " + place + NearNames.hint(run.value(), runs));
    }

    /**
     * Says that a place has no such model.
     *
     * @param place the backend's name of itself, such as {@code file:/store}
     * @param models the names of the models that it has
     */
    public static NotFoundException model(String name, String place, Collection<String> models) {
        return new NotFoundException("no model '" + name + "' in " + place + NearNames.hint(name, models));
    }

    /**
     * Says that a model has no such alias.
     *
     * @param aliases those that it has
     */
    public static NotFoundException alias(String model, String alias, String place, Collection<String> aliases) {
        return new NotFoundException(
                model + " has no alias '" + alias + "'" + NearNames.hint(alias, aliases) + " (in " + place + ")");
    }

    /**
     * Says that a model has no version of this number.
     *
     * @param numbers those of its versions, in ascending order
     */
    public static NotFoundException version(String model, int number, String place, List<Integer> numbers) {
        return new NotFoundException("no model version " + model + "/" + number + " in " + place + only(numbers));
    }

    private static String only(List<Integer> numbers) {
        if (numbers.isEmpty()) {
            return ", and no other";
        }
        int first = numbers.get(0);
        int last = numbers.get(numbers.size() - 1);
        if (numbers.size() <= FEW) {
            return ", only "
                    + String.join(", ", numbers.stream().map(String::valueOf).toList());
        }
        boolean whole = last - first == numbers.size() - 1;
        return whole ? ", only " + first + " to " + last : ", but " + numbers.size() + " others up to " + last;
    }
}
