package io.mlops.api.spi;

import io.mlops.api.common.Limits;
import io.mlops.api.common.ModelVersionId;
import io.mlops.api.common.RunId;
import io.mlops.api.tracker.RunEnvironment;
import io.mlops.api.tracker.RunFact;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunInput;
import java.util.Map;
import java.util.function.Function;

/**
 * The room that a run still has, by {@link Limits}. The tracker asks before it records, every store before it changes.
 * What a run has already stays, even if it is too much: several processes may have recorded it. Not thread-safe.
 */
public final class RunRoom {
    private final RunId run;
    private final Function<String, RuntimeException> refusal;
    private int params;
    private int tags;
    private int references;
    private long characters;

    /**
     * The full room of a run that has nothing yet.
     *
     * @param refusal makes the exception for when there is no room left, from its message
     */
    public RunRoom(RunId run, Function<String, RuntimeException> refusal) {
        this.run = run;
        this.refusal = refusal;
    }

    /** Takes the room for all that a run has. */
    public void fill(RunInfo info) {
        // Loops, since each lambda costs the first run of a process half a millisecond.
        for (Map.Entry<String, String> param : info.params().entrySet()) {
            params++;
            characters += param.getKey().length() + param.getValue().length();
        }
        for (Map.Entry<String, String> tag : info.tags().entrySet()) {
            if (counts(tag.getKey())) {
                tags++;
                characters += tag.getKey().length() + tag.getValue().length();
            }
        }
        references += info.inputs().size() + info.outputs().size();
        for (RunInput input : info.inputs()) {
            characters += sizeOf(input);
        }
        for (ModelVersionId model : info.outputs()) {
            characters += sizeOf(model);
        }
    }

    /** Takes the room for a new param. */
    public void addParam(String key, String value) {
        int more = key.length() + value.length();
        checkCount(params, Limits.PARAMS, "params", "'" + key + "'");
        checkCharacters(more, "'" + key + "'");
        params++;
        characters += more;
    }

    /** Takes the room for a new tag with a value of this length. */
    public void addTag(String key, int length) {
        if (counts(key)) {
            int more = key.length() + length;
            checkCount(tags, Limits.TAGS, "tags", "'" + key + "'");
            checkCharacters(more, "'" + key + "'");
            tags++;
            characters += more;
        }
    }

    /** Takes the room for the new value of a tag, and frees that of the one before. */
    public void changeTag(String key, int lengthBefore, int length) {
        if (counts(key)) {
            int more = length - lengthBefore;
            checkCharacters(more, "'" + key + "'");
            characters += more;
        }
    }

    /** Frees the room of a tag with a value of this length. */
    public void removeTag(String key, int length) {
        if (counts(key)) {
            tags--;
            characters -= key.length() + length;
        }
    }

    /** Takes the room for data that the run did not use before. */
    public void addInput(RunInput input) {
        addReference("'" + input.name() + "'", sizeOf(input));
    }

    /** Takes the room for a model that the run did not make before. */
    public void addOutput(ModelVersionId model) {
        addReference("'" + model + "'", sizeOf(model));
    }

    private void addReference(String name, int more) {
        checkCount(references, Limits.REFERENCES, "data sets and models", name);
        checkCharacters(more, name);
        references++;
        characters += more;
    }

    private void checkCount(int has, int most, String what, String name) {
        if (has >= most) {
            throw refused(most + " " + what, name);
        }
    }

    private void checkCharacters(int more, String name) {
        if (more > 0 && characters + more > Limits.RUN_CHARACTERS) {
            throw refused(Limits.RUN_CHARACTERS + " characters of params and tags", name);
        }
    }

    private RuntimeException refused(String takes, String name) {
        return refusal.apply("run " + run + " has no room for " + name + ": it takes " + takes
                + "; store what is that much as an artifact");
    }

    /** Whether a tag takes room: those that the tracker sets, of the environment, the name and the parent, do not. */
    private static boolean counts(String tag) {
        return !RunEnvironment.TAGS.contains(tag) && !tag.equals(RunFact.NAME_TAG) && !tag.equals(RunFact.PARENT_TAG);
    }

    private static int sizeOf(RunInput input) {
        return input.name().length()
                + input.digest().hex().length()
                + input.source().length()
                + input.role().length();
    }

    private static int sizeOf(ModelVersionId model) {
        return model.toString().length();
    }
}
