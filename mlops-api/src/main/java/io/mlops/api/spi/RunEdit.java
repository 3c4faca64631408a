package io.mlops.api.spi;

import io.mlops.api.common.ConflictException;
import io.mlops.api.common.ModelVersionId;
import io.mlops.api.common.RunId;
import io.mlops.api.tracker.RunChange;
import io.mlops.api.tracker.RunFact;
import io.mlops.api.tracker.RunInfo;
import io.mlops.api.tracker.RunInput;
import io.mlops.api.tracker.RunOutcome;
import io.mlops.api.tracker.RunStatus;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A run on its way from one state to the next. Not thread-safe. */
final class RunEdit {
    private final RunInfo before;
    private final Map<String, String> params;
    private final Map<String, String> tags;
    private final Set<RunInput> inputs;
    private final Set<ModelVersionId> outputs;
    private final RunRoom room;
    private String name;
    private @Nullable RunId parent;
    private RunStatus status;
    private @Nullable Instant ended;
    private @Nullable RunOutcome outcome;
    private boolean deleted;

    RunEdit(RunInfo before) {
        this.before = before;
        this.params = new TreeMap<>(before.params());
        this.tags = new TreeMap<>(before.tags());
        this.inputs = new LinkedHashSet<>(before.inputs());
        this.outputs = new LinkedHashSet<>(before.outputs());
        this.room = new RunRoom(before.id(), ConflictException::new);
        this.room.fill(before);
        this.name = before.name();
        this.parent = before.parent();
        this.status = before.status();
        this.ended = before.ended();
        this.outcome = before.outcome();
        this.deleted = before.deleted();
    }

    /** Applies a change; one that is refused changes nothing. */
    void apply(RunChange change) {
        if (change instanceof RunChange.Deleted) {
            delete();
        } else if (change instanceof RunChange.Restored) {
            deleted = false;
        } else if (deleted) {
            throw new ConflictException("run " + before.id() + " is deleted: restore it first");
        } else {
            edit(change);
        }
    }

    private void edit(RunChange change) {
        if (change instanceof RunFact.ParamSet param) {
            setParam(param);
        } else if (change instanceof RunFact.Tagged tag) {
            setTag(tag);
        } else if (change instanceof RunFact.Untagged tag) {
            removeTag(tag.key());
        } else if (change instanceof RunFact.Renamed renamed) {
            rename(renamed.name());
        } else if (change instanceof RunFact.Used used) {
            use(used.input());
        } else if (change instanceof RunFact.Produced produced) {
            produce(produced.model());
        } else if (change instanceof RunFact.RanIn ranIn) {
            for (Map.Entry<String, String> tag : ranIn.environment().tags().entrySet()) {
                tags.putIfAbsent(tag.getKey(), tag.getValue());
            }
        } else if (change instanceof RunChange.Ended end) {
            end(end);
        } else if (change instanceof RunChange.Resumed) {
            resume();
        } else {
            throw new IllegalStateException("no case for " + change.getClass().getName());
        }
    }

    RunInfo result() {
        return new RunInfo(
                before.id(),
                before.storeId(),
                before.experiment(),
                name,
                status,
                before.started(),
                ended,
                outcome,
                parent,
                params,
                tags,
                before.metrics(),
                List.copyOf(inputs),
                List.copyOf(outputs),
                deleted,
                false);
    }

    private void delete() {
        if (status == RunStatus.RUNNING) {
            throw new ConflictException("run " + before.id() + " is running and cannot be deleted: end it first");
        }
        if (!outputs.isEmpty()) {
            throw new ConflictException(
                    "run " + before.id() + " made " + outputs + ", whose origin it tells, and cannot be deleted");
        }
        deleted = true;
    }

    private void setParam(RunFact.ParamSet param) {
        String known = params.get(param.key());
        if (known == null) {
            room.addParam(param.key(), param.value());
            params.put(param.key(), param.value());
        } else if (!known.equals(param.value())) {
            throw new ConflictException("param '" + param.key() + "' of run " + before.id() + " is '" + known
                    + "' and cannot become '" + param.value() + "': params are written once, use a tag or another run");
        }
    }

    private void setTag(RunFact.Tagged tag) {
        String known = tags.get(tag.key());
        if (known == null) {
            room.addTag(tag.key(), tag.value().length());
        } else {
            room.changeTag(tag.key(), known.length(), tag.value().length());
        }
        tags.put(tag.key(), tag.value());
        if (tag.key().equals(RunFact.NAME_TAG)) {
            name = tag.value();
        } else if (tag.key().equals(RunFact.PARENT_TAG)) {
            parent = RunDraft.parentIn(tags);
        }
    }

    private void removeTag(String key) {
        String known = tags.remove(key);
        if (known != null) {
            room.removeTag(key, known.length());
        }
        if (key.equals(RunFact.PARENT_TAG)) {
            parent = null;
        }
    }

    /** A tag of the name, if there is one, says the same. */
    private void rename(String newName) {
        if (tags.containsKey(RunFact.NAME_TAG)) {
            setTag(new RunFact.Tagged(RunFact.NAME_TAG, newName));
        }
        name = newName;
    }

    private void use(RunInput input) {
        if (!inputs.contains(input)) {
            room.addInput(input);
            inputs.add(input);
        }
    }

    private void produce(ModelVersionId model) {
        if (!outputs.contains(model)) {
            room.addOutput(model);
            outputs.add(model);
        }
    }

    private void end(RunChange.Ended end) {
        RunStatus wanted = RunStatus.of(end.outcome());
        if (status.ended() && status != wanted) {
            throw new ConflictException(
                    "run " + before.id() + " has ended as " + status + " and cannot end as " + wanted);
        }
        if (!status.ended()) {
            status = wanted;
            outcome = end.outcome();
            ended = end.at();
        }
    }

    private void resume() {
        if (status == RunStatus.FINISHED) {
            throw new ConflictException("run " + before.id() + " has finished and cannot go on: start another one");
        }
        status = RunStatus.RUNNING;
        outcome = null;
        ended = null;
    }
}
