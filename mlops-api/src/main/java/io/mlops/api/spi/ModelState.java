package io.mlops.api.spi;

import static java.util.Objects.requireNonNull;

import io.mlops.api.common.AliasEvent;
import io.mlops.api.common.CheckReturnValue;
import io.mlops.api.registry.Model;
import io.mlops.api.registry.ModelChange;
import java.util.Map;
import java.util.TreeMap;

/**
 * A model, and what a change does to it, the same on every backend: {@code ModelState.of(model).apply(change).model()}.
 */
@CheckReturnValue
public record ModelState(Model model) {
    public ModelState {
        requireNonNull(model, "model");
    }

    /** A model as the store has it. */
    public static ModelState of(Model model) {
        return new ModelState(model);
    }

    /** The model after a change. */
    public ModelState apply(ModelChange.OfModel change) {
        Map<String, String> tags = new TreeMap<>(model.tags());
        if (change instanceof ModelChange.Described described) {
            return copy(described.text(), model.aliases(), tags);
        } else if (change instanceof ModelChange.Tagged tag) {
            tags.put(tag.key(), tag.value());
            return copy(model.description(), model.aliases(), tags);
        } else if (change instanceof ModelChange.Untagged tag) {
            tags.remove(tag.key());
            return copy(model.description(), model.aliases(), tags);
        }
        throw new IllegalStateException("no case for " + change.getClass().getName());
    }

    /** The model after the move of an alias. */
    public ModelState apply(AliasEvent event) {
        Map<String, Integer> aliases =
                AliasState.of(model.aliases()).apply(event).aliases();
        return copy(model.description(), aliases, model.tags());
    }

    private ModelState copy(String description, Map<String, Integer> aliases, Map<String, String> tags) {
        return new ModelState(new Model(model.name(), description, aliases, tags, model.created()));
    }
}
