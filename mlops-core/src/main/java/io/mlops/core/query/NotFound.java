package io.mlops.core.query;

import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.RunId;
import io.mlops.api.common.VersionReference;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The exceptions that say that something is not there, where, and what is near. Thread-safe. */
public final class NotFound {
    private static final int FEW = 3;
    /** An alias that somebody takes for the number of a version. */
    private static final Pattern NUMBER = Pattern.compile("[vV]?([0-9]+)");

    private NotFound() {}

    /**
     * Says that something is not there since nothing is: the place has no store yet.
     *
     * @param what such as {@code model 'churn'}
     * @param place the backend's name of itself, such as {@code file:/store}
     */
    public static NotFoundException store(String what, String place) {
        return new NotFoundException("no " + what + " in " + place
                + ", and no other: nothing was ever stored there, correct the address or mount its disk");
    }

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
     * Says that a run has no such metric.
     *
     * @param metrics the keys of those that it has
     */
    public static NotFoundException metric(RunId run, String metric, String place, Collection<String> metrics) {
        return new NotFoundException("run " + run + " has no metric '" + metric + "'" + NearNames.hint(metric, metrics)
                + " (in " + place + ")");
    }

    /**
     * Says that a run or a model version has nothing of this path.
     *
     * @param what what was asked for: {@code artifact}, {@code folder}
     * @param owner what was asked, such as {@code run 7f3a}
     * @param paths those that it has
     */
    public static NotFoundException artifact(String what, String path, String owner, Collection<String> paths) {
        return new NotFoundException("no " + what + " '" + path + "' of " + owner + NearNames.hint(path, paths));
    }

    /**
     * Says that a place has no such model.
     *
     * @param place the backend's name of itself, such as {@code file:/store}
     * @param models the names of the models that it has
     */
    public static NotFoundException model(String name, String place, Collection<String> models) {
        return new NotFoundException("no model '" + name + "' in " + place + NearNames.hint(name, models)
                + VersionReference.findName(name)
                        .map(model -> ": '" + name + "' reads as a version, the name of its model is '" + model + "'")
                        .orElse(""));
    }

    /**
     * Says that a model has no such alias.
     *
     * @param aliases those that it has
     */
    public static NotFoundException alias(String model, String alias, String place, Collection<String> aliases) {
        Matcher number = NUMBER.matcher(alias);
        return new NotFoundException(
                model + " has no alias '" + alias + "'" + NearNames.hint(alias, aliases) + " (in " + place + ")"
                        + (number.matches() ? ": write " + model + "/" + number.group(1) + " for the version" : ""));
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
